// A load test: clients of the client library against a box of this process, under faults and in
// virtual time. Equal settings give equal reports.
#pragma once

#include "load/settings.h"
#include "load/tally.h"

namespace venuebox::load {

struct Report {
  Settings settings;
  Timestamp start;  // by the box's clock
  Timestamp end;    // when the last operation had ended
  Tally tally;
  std::string faults;            // what struck: {"total","by_type":{…},"rate"}
  std::uint64_t state_hash = 0;  // of the venue at the end
};

// Is told now and then how far the test is: virtual time that has passed, of how much.
using Progress = std::function<void(Nanoseconds passed, Nanoseconds of)>;

// Fails on settings that check() refuses.
Result<Report> run(const Settings& settings, const Progress& progress = {});

}  // namespace venuebox::load
