// The clock of one box. In wall mode it follows the door's clock at a fixed distance; in scaled
// mode it runs N times as fast; in manual mode it moves only when told. It never goes back.
#pragma once

#include <algorithm>

#include "base/time.h"

namespace venuebox::box {

enum class ClockMode : std::uint8_t { wall, scaled, manual };

struct ClockSettings {
  ClockMode mode = ClockMode::wall;
  int scale = 1;                   // box seconds per door second, in scaled mode
  std::optional<Timestamp> start;  // none: the door's now, or kManualStart in manual mode
  bool at_recording = false;       // start is where the market's recording begins
};

// Where a manual box begins unless it is told otherwise: the same in every run.
inline constexpr Timestamp kManualStart = timestamp_from_ms(1'735'689'600'000);  // 2025-01-01

// Where every box's clock stops: beyond it, sums of times would not hold.
inline constexpr Timestamp kLatest = timestamp_from_ms(7'258'118'400'000);  // 2200-01-01

class BoxClock {
 public:
  BoxClock(const Clock& door, const ClockSettings& settings) : door_(door), settings_(settings) {
    const Timestamp fallback = settings.mode == ClockMode::manual ? kManualStart : door.now();
    restart(settings.start.value_or(fallback));
  }

  Timestamp now() {
    if (settings_.mode == ClockMode::manual) return last_;
    const std::int64_t passed = (door_.now() - anchor_door_).raw;
    const int scale = settings_.mode == ClockMode::scaled ? settings_.scale : 1;
    const std::int64_t left = (kLatest - anchor_box_).raw;
    const bool is_last = passed >= left / scale;
    last_ = std::max(last_, is_last ? kLatest : anchor_box_ + nanoseconds(passed * scale));
    return last_;
  }

  // How long the door's clock takes until this one shows `time`, rounded up; not in manual mode.
  Nanoseconds door_time_until(Timestamp time) {
    const int scale = settings_.mode == ClockMode::scaled ? settings_.scale : 1;
    const std::int64_t left = std::max<std::int64_t>(0, (time - now()).raw);
    return nanoseconds((left + scale - 1) / scale);
  }
  // From here on the clock shows `time` and goes on in its mode.
  void restart(Timestamp time) {
    last_ = anchor_box_ = time;
    anchor_door_ = door_.now();
  }
  // Forwards only.
  void advance_to(Timestamp time) {
    if (time > now()) restart(time);
  }
  void set_mode(ClockMode mode, int scale) {
    const Timestamp time = now();
    settings_.mode = mode;
    settings_.scale = scale;
    restart(time);
  }
  ClockMode mode() const { return settings_.mode; }
  int scale() const { return settings_.scale; }

 private:
  const Clock& door_;
  ClockSettings settings_;
  Timestamp anchor_door_;
  Timestamp anchor_box_;
  Timestamp last_;
};

}  // namespace venuebox::box
