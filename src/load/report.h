// A load test's report: for programs as JSON, for people as text and as a picture.
#pragma once

#include <string>

#include "load/run.h"

namespace venuebox::load {

// Times are ISO 8601 by the box's clock, latencies milliseconds, rates parts of one.
std::string json_of(const Report& report);

// A screen of text.
std::string summary_of(const Report& report);

// An SVG picture: what succeeded and failed over time, above how long it took.
std::string plot_of(const Report& report);

// A part of a whole as decimal text with four digits, rounded down; "0.0000" of nothing.
std::string rate_text(std::uint64_t part, std::uint64_t whole);
// Milliseconds with three decimals.
std::string ms_text(Nanoseconds time);

}  // namespace venuebox::load
