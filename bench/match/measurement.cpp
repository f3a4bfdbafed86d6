#include "measurement.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include <unistd.h>

#include <fmt/core.h>

namespace venuebox::bench {
namespace {

double tsc_per_ns() {
  const double begin = now_ns();
  const std::uint64_t count = read_tsc();
  while (now_ns() - begin < 2e8) {
  }
  return static_cast<double>(read_tsc() - count) / (now_ns() - begin);
}

double percentile(std::vector<std::uint32_t>& values, double fraction) {
  const auto place =
      std::min(values.size() - 1, static_cast<std::size_t>(fraction * double(values.size())));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

std::optional<std::uint32_t> count_from_text(const char* text) {
  std::uint32_t count = 0;
  const char* end = text + std::strlen(text);
  const auto parsed = std::from_chars(text, end, count);
  if (parsed.ec != std::errc() || parsed.ptr != end || count == 0) return std::nullopt;
  return count;
}

}  // namespace

double now_ns() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<double>(std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
}

std::int64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t total_pages = 0, resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return resident_pages * sysconf(_SC_PAGESIZE);
}

Latency latency_from_tsc(std::vector<std::uint32_t>& counts) {
  const double scale = tsc_per_ns();
  return {percentile(counts, 0.5) / scale, percentile(counts, 0.99) / scale,
          percentile(counts, 0.999) / scale, percentile(counts, 1) / scale};
}

Size size_from_arguments(int argc, char** argv) {
  const auto resting = argc > 1 ? count_from_text(argv[1]) : std::nullopt;
  const auto commands = argc > 2 ? count_from_text(argv[2]) : std::optional(5'000'000u);
  if (argc > 3 || !resting || !commands) {
    fmt::print(stderr, "usage: {} RESTING [COMMANDS]\n", argv[0]);
    std::exit(2);
  }
  return {*resting, *commands};
}

void print_json(std::string_view engine, const Size& size, const Measurement& measured) {
  const Latency& latency = measured.latency;
  fmt::print(
      "{{\"engine\":\"{}\",\"resting\":{},\"commands\":{},\"mcmd_per_s\":{:.3f},\"p50_ns\":{:.0f},"
      "\"p99_ns\":{:.0f},\"p999_ns\":{:.0f},\"max_ns\":{:.0f},\"bytes_per_resting_order\":{:.1f},"
      "\"same_result\":{}",
      engine, size.resting, size.run_commands, measured.mcmd_per_s, latency.p50, latency.p99,
      latency.p999, latency.max, measured.bytes_per_resting_order, measured.same_result);
  if (measured.state_hash) fmt::print(",\"state_hash\":\"{:016x}\"", *measured.state_hash);
  if (measured.depth50_ns) fmt::print(",\"depth50_ns\":{:.0f}", *measured.depth50_ns);
  fmt::print("}}\n");
}

}  // namespace venuebox::bench
