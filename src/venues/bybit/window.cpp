#include "venues/bybit/window.h"

namespace venuebox::venues::bybit {
namespace {
constexpr std::int64_t kWindowMaxMs = 7 * 24 * 3'600'000LL;
}  // namespace

std::optional<Refusal> read_window(Params& params, Timestamp now, Window& window) {
  const std::int64_t from = params.integer("startTime", 0, 1LL << 52, -1);
  const std::int64_t to = params.integer("endTime", 0, 1LL << 52, -1);
  if (from >= 0 && to >= 0) {
    window = {from, to};
    if (to < from) return bad_parameter("startTime");
    if (to - from > kWindowMaxMs) {
      return Refusal{kParameterError,
                     "The time range between startTime and endTime cannot exceed 7 days"};
    }
  } else if (from >= 0) {
    window = {from, from + kWindowMaxMs};
  } else if (to >= 0) {
    window = {to - kWindowMaxMs, to};
  } else {
    window = {now.ms() - kWindowMaxMs, INT64_MAX};
  }
  return std::nullopt;
}

}  // namespace venuebox::venues::bybit
