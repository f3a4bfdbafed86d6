// What a run of a matching engine is measured with, and the line of JSON it ends in: clock, memory,
// percentiles. Knows no engine; drive.h does the running.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <x86intrin.h>

namespace venuebox::bench {

// Time-stamp counter; waits for what came before to be done.
inline std::uint64_t read_tsc() {
  unsigned core;
  return __rdtscp(&core);
}
double now_ns();
// Resident memory of this process.
std::int64_t resident_bytes();

struct Latency {  // nanoseconds, each with the timer's own 16 or so
  double p50 = 0, p99 = 0, p999 = 0, max = 0;
};
// From time-stamp counts, which it reorders.
Latency latency_from_tsc(std::vector<std::uint32_t>& counts);

struct Measurement {
  double mcmd_per_s = 0;               // median of the untimed replays
  Latency latency;                     // of the timed replay
  double bytes_per_resting_order = 0;  // resident growth from nothing to filled, tables included
  bool same_result = true;             // each replay ended as the reference did, all in one state
  std::optional<std::uint64_t> state_hash;  // at the end, where the engine has one
  std::optional<double> depth50_ns;         // where the engine measures it
};

struct Size {
  std::uint32_t resting = 0;
  std::uint32_t run_commands = 0;
};
// RESTING [COMMANDS]; says how it is used and ends the program when that is not what was given.
Size size_from_arguments(int argc, char** argv);

void print_json(std::string_view engine, const Size& size, const Measurement& measured);

}  // namespace venuebox::bench
