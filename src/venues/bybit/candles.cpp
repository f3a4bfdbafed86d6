#include "venues/bybit/candles.h"

#include <algorithm>

namespace venuebox::venues::bybit {
namespace {
using Calendar = CandleInterval::Calendar;

constexpr Interval kIntervals[] = {
    {"1", {Calendar::minutes, 1}},     {"3", {Calendar::minutes, 3}},
    {"5", {Calendar::minutes, 5}},     {"15", {Calendar::minutes, 15}},
    {"30", {Calendar::minutes, 30}},   {"60", {Calendar::minutes, 60}},
    {"120", {Calendar::minutes, 120}}, {"240", {Calendar::minutes, 240}},
    {"360", {Calendar::minutes, 360}}, {"720", {Calendar::minutes, 720}},
    {"D", {Calendar::minutes, 1'440}}, {"W", {Calendar::week, 10'080}},
    {"M", {Calendar::month, 44'640}},
};
}  // namespace

std::span<const Interval> intervals() { return kIntervals; }

const Interval* find_interval(std::string_view name) {
  const auto* interval = std::ranges::find(kIntervals, name, &Interval::name);
  return interval == std::end(kIntervals) ? nullptr : interval;
}

}  // namespace venuebox::venues::bybit
