// Runs the flow through a matching engine and measures it, the same way for every engine. A program
// is an adapter and a main that calls drive(); one process measures one engine at one size, so that
// memory is its own, and bench/run sets the processes side by side.
//
// The adapter is made anew for each replay, before it is initialised, and destroyed after it:
//
//   struct Adapter {
//     void init(std::uint32_t id_limit, std::uint32_t resting);
//         once; ids are 1 to id_limit - 1, and about `resting` orders rest at any time
//     void add(std::uint32_t id, Side side, std::int32_t price, std::uint32_t qty);
//         a good-till-cancelled limit that may cross; ticks about 100,000, lots 1 to 100; ids rise
//     void cancel(std::uint32_t id);
//         names an order that rests
//     std::uint64_t trades();      so far
//     std::uint64_t volume();      lots traded so far
//     std::uint64_t live();        orders that rest now
//     std::uint64_t state_hash();  optional: of the whole state, at the end of every replay
//     double depth50_ns();         optional: one read of 50 levels, as the adapter times it; last
//   };
//
//   int main(int argc, char** argv) { return bench::drive<Adapter>("book", argc, argv); }
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "flow.h"
#include "measurement.h"

namespace venuebox::bench {

// One life of an engine: filled on construction, then run once.
template <class Adapter>
class Replay {
 public:
  explicit Replay(const Flow& flow) : flow_(flow) {
    engine_->init(flow.id_limit(), flow.resting);
    for (const FlowCommand& command : flow.fill())
      apply(*engine_, command);
    trades_filled_ = engine_->trades();
    volume_filled_ = engine_->volume();
  }

  // Millions of commands per second.
  double run() {
    Adapter& engine = *engine_;
    const double begin = now_ns();
    for (const FlowCommand& command : flow_.run())
      apply(engine, command);
    return static_cast<double>(flow_.run().size()) / (now_ns() - begin) * 1e3;
  }

  // `counts` gets what each command took.
  void run_timed(std::span<std::uint32_t> counts) {
    Adapter& engine = *engine_;
    std::size_t at = 0;
    for (const FlowCommand& command : flow_.run()) {
      const std::uint64_t begin = read_tsc();
      apply(engine, command);
      counts[at++] = static_cast<std::uint32_t>(read_tsc() - begin);
    }
  }

  // Compares the end of the run with the reference's, and with the hash of the replay before.
  void check(Measurement& measured) {
    const Outcome outcome{engine_->trades() - trades_filled_, engine_->volume() - volume_filled_,
                          engine_->live()};
    if (outcome != flow_.expected) measured.same_result = false;
    if constexpr (requires { engine_->state_hash(); }) {
      const std::uint64_t hash = engine_->state_hash();
      if (measured.state_hash.value_or(hash) != hash) measured.same_result = false;
      measured.state_hash = hash;
    }
  }

  Adapter& engine() { return *engine_; }

 private:
  [[gnu::always_inline]] static void apply(Adapter& engine, const FlowCommand& command) {
    if (command.operation == Operation::add)
      engine.add(command.id, command.side, command.price, command.qty);
    else
      engine.cancel(command.id);
  }

  const Flow& flow_;
  std::unique_ptr<Adapter> engine_ = std::make_unique<Adapter>();
  std::uint64_t trades_filled_ = 0, volume_filled_ = 0;
};

template <class Adapter>
Measurement measure(const Flow& flow) {
  Measurement measured;
  std::array<double, 3> rates;
  for (std::size_t round = 0; round < rates.size(); ++round) {
    const std::int64_t bytes_before = resident_bytes();
    Replay<Adapter> replay(flow);
    // Only the first: later ones partly live in memory that malloc kept from the one before.
    if (round == 0)
      measured.bytes_per_resting_order =
          static_cast<double>(resident_bytes() - bytes_before) / flow.resting;
    rates[round] = replay.run();
    replay.check(measured);
  }
  std::sort(rates.begin(), rates.end());
  measured.mcmd_per_s = rates[1];

  std::vector<std::uint32_t> counts(flow.run().size());
  Replay<Adapter> replay(flow);
  replay.run_timed(counts);
  replay.check(measured);
  measured.latency = latency_from_tsc(counts);
  if constexpr (requires { replay.engine().depth50_ns(); })
    measured.depth50_ns = replay.engine().depth50_ns();
  return measured;
}

// The whole program: RESTING [COMMANDS] in, one line of JSON out.
template <class Adapter>
int drive(std::string_view name, int argc, char** argv) {
  const Size size = size_from_arguments(argc, argv);
  const Flow flow = make_flow_apart(size.resting, size.run_commands);
  print_json(name, size, measure<Adapter>(flow));
  return 0;
}

}  // namespace venuebox::bench
