// The picture of a report: two panels with one axis of time.
#include <cmath>

#include <fmt/format.h>

#include "load/report.h"

namespace venuebox::load {
namespace {
constexpr double kLeft = 90, kWidth = 820;
constexpr double kCountsTop = 70, kCountsHeight = 200;
constexpr double kLatencyTop = 340, kLatencyHeight = 200;
constexpr const char* kGood = "#2a7f62";
constexpr const char* kBad = "#c0392b";
constexpr const char* kMiddle = "#2c5f9e";
constexpr const char* kHigh = "#d68910";

// Where a slot begins.
double x_of(std::size_t slot, std::size_t slots) {
  return kLeft + kWidth * static_cast<double>(slot) / static_cast<double>(slots);
}

std::string text_at(double x, double y, std::string_view words, std::string_view more = "") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\"{}>{}</text>\n", x, y, more, words);
}

std::string bar(double x, double width, double top, double height, std::string_view colour) {
  if (height <= 0) return {};
  return fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n", x, top,
      width, height, colour);
}

// A horizontal line with its value at the left.
std::string grid(double y, std::string_view value) {
  return fmt::format(
             "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#ddd\"/>\n",
             kLeft, y, kLeft + kWidth, y) +
         text_at(kLeft - 8, y + 4, value, " text-anchor=\"end\"");
}

std::string counts_panel(const Tally& tally) {
  const auto& slots = tally.slots();
  std::uint64_t most = 1;
  for (const Tally::Slot& slot : slots)
    most = std::max(most, slot.count.attempted);
  const double unit = kCountsHeight / static_cast<double>(most);
  const double bottom = kCountsTop + kCountsHeight;
  std::string out =
      grid(bottom, "0") + grid(kCountsTop, fmt::format("{}", most)) +
      text_at(kLeft, kCountsTop - 12,
              fmt::format("operations per {} s", tally.slot_length().raw / seconds(1).raw)) +
      text_at(kLeft + 300, kCountsTop - 12, "successful", fmt::format(" fill=\"{}\"", kGood)) +
      text_at(kLeft + 380, kCountsTop - 12, "failed", fmt::format(" fill=\"{}\"", kBad));
  const double width = kWidth / static_cast<double>(slots.size()) * 0.85;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const double good = static_cast<double>(slots[i].count.successful) * unit;
    const double bad = static_cast<double>(slots[i].count.failed()) * unit;
    const double x = x_of(i, slots.size());
    out += bar(x, width, bottom - good, good, kGood);
    out += bar(x, width, bottom - good - bad, bad, kBad);
  }
  return out;
}

// The height of a latency: logarithmic, from 1 ms at the bottom to `most_ms`.
double latency_y(double ms, double most_ms) {
  const double part = std::log10(std::max(ms, 1.0)) / std::log10(most_ms);
  return kLatencyTop + kLatencyHeight * (1 - std::min(part, 1.0));
}

// Through the middle of each slot in which something succeeded.
std::string latency_line(const Tally& tally, int per_thousand, double most_ms,
                         std::string_view colour) {
  const auto& slots = tally.slots();
  std::string points;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const auto& latencies = slots[i].count.latencies;
    if (latencies.empty()) continue;
    const double ms = static_cast<double>(percentile(latencies, per_thousand).raw) / 1e6;
    const double x = (x_of(i, slots.size()) + x_of(i + 1, slots.size())) / 2;
    points += fmt::format("{}{:.1f},{:.1f}", points.empty() ? "" : " ", x, latency_y(ms, most_ms));
  }
  return fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"/>\n",
                     points, colour);
}

std::string latency_panel(const Tally& tally) {
  const Nanoseconds longest = percentile(tally.total().latencies, 1'000);
  double most_ms = 10;
  while (most_ms < static_cast<double>(longest.raw) / 1e6)
    most_ms *= 10;
  std::string out;
  for (double ms = 1; ms <= most_ms; ms *= 10)
    out += grid(latency_y(ms, most_ms), fmt::format("{:.0f} ms", ms));
  out += text_at(kLeft, kLatencyTop - 12, "latency of what succeeded") +
         text_at(kLeft + 300, kLatencyTop - 12, "median", fmt::format(" fill=\"{}\"", kMiddle)) +
         text_at(kLeft + 380, kLatencyTop - 12, "99 of 100", fmt::format(" fill=\"{}\"", kHigh));
  return out + latency_line(tally, 500, most_ms, kMiddle) +
         latency_line(tally, 990, most_ms, kHigh);
}

std::string time_axis(const Tally& tally) {
  constexpr std::size_t kMarks = 6;
  const std::size_t slots = tally.slots().size();
  std::string out;
  for (std::size_t i = 0; i <= kMarks; ++i) {
    const std::size_t slot = slots * i / kMarks;
    const Timestamp time =
        tally.start() + nanoseconds(tally.slot_length().raw * static_cast<std::int64_t>(slot));
    out += text_at(x_of(slot, slots), kLatencyTop + kLatencyHeight + 24,
                   iso_text(time).substr(11, 8), " text-anchor=\"middle\"");
  }
  return out;
}
}  // namespace

std::string plot_of(const Report& report) {
  const Tally& tally = report.tally;
  std::string out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"960\" height=\"580\" "
      "viewBox=\"0 0 960 580\" font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"960\" height=\"580\" fill=\"#fff\"/>\n";
  out += text_at(kLeft, 28,
                 fmt::format("{} client{} against {}: {} of {} operations succeeded, seed {}",
                             report.settings.clients, report.settings.clients == 1 ? "" : "s",
                             report.settings.venue, tally.total().successful,
                             tally.total().attempted, report.settings.seed),
                 " font-size=\"16\"");
  return out + counts_panel(tally) + latency_panel(tally) + time_axis(tally) + "</svg>\n";
}

}  // namespace venuebox::load
