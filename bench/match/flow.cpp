#include "flow.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/wide.h"
#include "reference.h"

namespace venuebox::bench {
namespace {

constexpr std::int32_t kMid = 100'000;
constexpr std::int32_t kReach = 10;               // ticks a marketable limit may eat through
constexpr std::uint32_t kLeanCommands = 100'000;  // how long the marketable flow leans one way

// xorshift64 with the one seed of all flows. Not base/random.h: the sequence is the benchmark.
class Random {
 public:
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  std::uint32_t below(std::uint64_t bound) {
    return static_cast<std::uint32_t>((static_cast<UInt128>(next()) * bound) >> 64);
  }

 private:
  std::uint64_t state_ = 88172645463325252;
};

// The ids that rest, such that one can be picked and removed in constant time.
class LiveIds {
 public:
  explicit LiveIds(std::size_t id_limit) : place_(id_limit) {}

  std::size_t size() const { return ids_.size(); }
  std::uint32_t at(std::size_t place) const { return ids_[place]; }
  void insert(std::uint32_t id) {
    place_[id] = static_cast<std::uint32_t>(ids_.size());
    ids_.push_back(id);
  }
  void erase(std::uint32_t id) {
    const std::uint32_t last = ids_.back();
    ids_[place_[id]] = last;
    place_[last] = place_[id];
    ids_.pop_back();
  }

 private:
  std::vector<std::uint32_t> ids_;
  std::vector<std::uint32_t> place_;  // by id
};

// Draws commands and runs them through the reference as it goes: what comes next depends on the
// best prices and on who still rests. The order of the draws is part of the flow.
class Generator {
 public:
  Generator(std::uint32_t resting, std::uint32_t run_commands)
      : resting_(resting), live_(std::size_t{resting} + run_commands + 1) {
    reference_.init(std::size_t{resting} + run_commands + 1);
    commands_.reserve(std::size_t{resting} + run_commands);
  }

  Flow make(std::uint32_t run_commands) {
    for (std::uint32_t i = 0; i < resting_; ++i)
      add_around(kMid, kMid);
    const std::uint64_t trades = reference_.trades(), volume = reference_.volume();
    for (std::uint32_t i = 0; i < run_commands; ++i)
      draw(i);
    const Outcome expected{reference_.trades() - trades, reference_.volume() - volume,
                           live_.size()};
    return {resting_, std::move(commands_), expected};
  }

 private:
  void draw(std::uint32_t step) {
    if (random_.below(1000) < 100) {
      add_marketable(step);
    } else if (live_.size() == 0 || wants_add()) {
      add_passive();
    } else {
      cancel_one();
    }
  }

  // Steers back to the wanted count: 52.8% adds at it, 30% more or fewer when it is about 2% off.
  // Whole numbers only, so that no compiler's floating point decides.
  bool wants_add() {
    const std::int64_t wanted = resting_, full_tilt = wanted + 500;
    const std::int64_t missing = wanted - static_cast<std::int64_t>(live_.size());
    const std::int64_t tilt = std::clamp(50 * missing, -full_tilt, full_tilt);
    return (std::int64_t{random_.below(1000)} - 528) * full_tilt < 300 * tilt;
  }

  void add_marketable(std::uint32_t step) {
    const bool leans_to_sell = step / kLeanCommands % 2 == 1;
    const Side side = random_.below(100) < (leans_to_sell ? 55 : 45) ? Side::sell : Side::buy;
    add(side, side == Side::sell ? reference_.best_bid() - kReach : reference_.best_ask() + kReach);
  }

  void add_passive() {
    const std::int32_t bid = reference_.best_bid(), ask = reference_.best_ask();
    add_around(bid == Reference::kNoBid ? kMid - 1 : bid,
               ask == Reference::kNoAsk ? kMid + 1 : ask);
  }

  // A buy below the ask or a sell above the bid.
  void add_around(std::int32_t bid, std::int32_t ask) {
    const Side side = random_.next() % 2 == 1 ? Side::sell : Side::buy;
    const auto distance = static_cast<std::int32_t>(1 + random_.below(50));
    add(side, side == Side::sell ? bid + distance : ask - distance);
  }

  void add(Side side, std::int32_t price) {
    const std::uint32_t id = next_id_++, qty = 1 + random_.below(100);
    commands_.push_back({id, price, qty, Operation::add, side});
    const auto drop_filled = [this](std::uint32_t maker, std::uint32_t left) {
      if (left == 0) live_.erase(maker);
    };
    if (reference_.add(id, side, price, qty, drop_filled) > 0) live_.insert(id);
  }

  void cancel_one() {
    const std::uint32_t id = live_.at(random_.below(live_.size()));
    commands_.push_back({id, 0, 0, Operation::cancel, Side::buy});
    reference_.cancel(id);
    live_.erase(id);
  }

  std::uint32_t resting_;
  std::uint32_t next_id_ = 1;
  Random random_;
  Reference reference_;
  LiveIds live_;
  std::vector<FlowCommand> commands_;
};

}  // namespace

Flow make_flow(std::uint32_t resting, std::uint32_t run_commands) {
  return Generator(resting, run_commands).make(run_commands);
}

Flow make_flow_apart(std::uint32_t resting, std::uint32_t run_commands) {
  const std::size_t count = std::size_t{resting} + run_commands;
  const std::size_t bytes = sizeof(Outcome) + count * sizeof(FlowCommand);
  void* const shared =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto* const outcome = static_cast<Outcome*>(shared);
  auto* const commands = reinterpret_cast<FlowCommand*>(outcome + 1);
  const pid_t child = shared == MAP_FAILED ? -1 : fork();
  if (child == 0) {
    const Flow flow = make_flow(resting, run_commands);
    *outcome = flow.expected;
    std::copy(flow.commands.begin(), flow.commands.end(), commands);
    _exit(0);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
    std::perror("make_flow_apart");
    std::exit(1);
  }
  Flow flow{resting, {commands, commands + count}, *outcome};
  munmap(shared, bytes);
  return flow;
}

}  // namespace venuebox::bench
