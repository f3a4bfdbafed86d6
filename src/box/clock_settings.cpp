#include "box/clock_settings.h"

#include <charconv>

#include <fmt/core.h>

#include "market/factory.h"

namespace venuebox::box {

Result<void> set_clock_mode(std::string_view text, ClockSettings& clock) {
  constexpr std::string_view kScaled = "scaled:";
  if (text == "wall" || text == "manual") {
    clock.mode = text == "wall" ? ClockMode::wall : ClockMode::manual;
    clock.scale = 1;
    return {};
  }
  if (!text.starts_with(kScaled)) {
    return invalid("", fmt::format("'{}' is not wall, scaled:N or manual", text));
  }
  int scale = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + kScaled.size(), end, scale);
  if (error != std::errc{} || stop != end || scale < 1 || scale > kScaleMax) {
    return invalid("", fmt::format("scaled:N takes a whole number from 1 to {}", kScaleMax));
  }
  clock.mode = ClockMode::scaled;
  clock.scale = scale;
  return {};
}

Result<void> set_clock_start(std::string_view text, const market::MarketSpec& market,
                             const Clock& door, ClockSettings& clock) {
  if (text.empty()) return {};
  clock.start.reset();
  clock.at_recording = text == "recording";
  if (text == "now") {
    // A clock that runs begins at the present by itself, and again at every reset.
    if (clock.mode == ClockMode::manual) clock.start = door.now();
    return {};
  }
  const auto start =
      clock.at_recording ? market::recording_start(market) : timestamp_from_iso(text);
  if (!start) {
    const std::string& cause = start.error().detail;
    return invalid("", clock.at_recording ? cause : cause + "; or say now or recording");
  }
  clock.start = *start;
  return {};
}

}  // namespace venuebox::box
