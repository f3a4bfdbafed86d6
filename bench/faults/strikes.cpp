// What faults cost a request: none loaded, many loaded that do not match, and many that match and
// draw without striking. A request is asked for in all its layers at once.
//   fault_strikes [FAULTS]   one line of JSON, nanoseconds
#include <chrono>
#include <cstdlib>

#include <fmt/core.h>

#include "faults/plan.h"

namespace venuebox::faults {
namespace {
constexpr int kRequests = 200'000;
constexpr Timestamp kStart = timestamp_from_ms(1'700'000'000'000);

double now_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<double>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

// The best of five, since others use the machine as well.
double nanoseconds_per_request(Plan& plan) {
  const std::string_view operations[] = {"place_order", "cancel_order", "fetch_ticker",
                                         "fetch_balance"};
  const std::string_view symbols[] = {"BTCUSDT", "ETHUSDT", "SOLUSDT"};
  std::vector<Strike> strikes;
  double best = 1e18;
  std::uint64_t number = 0;
  for (int round = 0; round < 5; ++round) {
    const double begin = now_ns();
    for (int i = 0; i < kRequests; ++i) {
      ++number;
      const Tag tag{.venue = "bybit",
                    .account = number % 2 == 0 ? "alice" : "bob",
                    .symbol = symbols[number % 3],
                    .operation = operations[number % 4],
                    .request = number};
      plan.strike(tag, kStart, kRequestLayers, strikes);
    }
    best = std::min(best, (now_ns() - begin) / kRequests);
  }
  VENUEBOX_ASSERT(strikes.empty());
  return best;
}

// Each fault chooses by another field, and none of what it names comes.
Fault unmatched(int i) {
  Fault fault{.name = fmt::format("f{}", i), .action = default_action(ActionType::overloaded)};
  switch (i % 4) {
    case 0: fault.where.account = fmt::format("account{}", i); break;
    case 1: fault.where.symbol = fmt::format("SYMBOL{}", i); break;
    case 2: fault.where.venue = "okx"; break;
    default: fault.where.operation = "fetch_ledger"; break;
  }
  return fault;
}

double with_faults(int count, Fault (*make)(int)) {
  Plan plan(1);
  std::vector<Fault> faults;
  for (int i = 0; i < count; ++i)
    faults.push_back(make(i));
  const auto put = plan.put_all(std::move(faults), kStart);
  VENUEBOX_ASSERT(put);
  return nanoseconds_per_request(plan);
}
}  // namespace
}  // namespace venuebox::faults

int main(int argc, char** argv) {
  using namespace venuebox::faults;
  const int count = argc > 1 ? std::atoi(argv[1]) : 1'000;
  const auto drawing = [](int i) {
    Fault fault{.name = fmt::format("f{}", i), .action = default_action(ActionType::overloaded)};
    fault.when.probability = Ratio{};
    return fault;
  };
  fmt::print(
      R"({{"bench":"fault_strikes","faults":{},"none_loaded_ns":{:.1f},"unmatched_ns":{:.1f},)"
      R"("ten_drawing_ns":{:.1f}}})"
      "\n",
      count, with_faults(0, unmatched), with_faults(count, unmatched), with_faults(10, drawing));
}
