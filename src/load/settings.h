// What a load test is asked to do, and the faults that follow from it.
#pragma once

#include <string>
#include <vector>

#include "faults/fault.h"
#include "gateway/latency.h"

namespace venuebox::load {

inline constexpr int kClientsMax = 1'000;
inline constexpr std::int64_t kDurationMax_s = 30 * 24 * 3'600;
inline constexpr std::int64_t kRateMax = 6'000;

// A named mode of faults::fault_of_mode, and how often it strikes.
struct Mode {
  std::string name;
  std::optional<faults::Ratio> probability = {};  // none: the mode's own
};

struct Settings {
  std::string venue = "bybit";
  std::uint64_t seed = 1;
  int clients = 1;
  std::int64_t duration_s = 3'600;  // of virtual time in which operations begin
  std::int64_t rate = 30;           // operations that each client begins per minute, at most
  std::int64_t orders_each = 0;     // each client places so many orders and ends; 0: the usual mix
  std::int64_t rate_limit = 60;  // of an account, and without a key, that pass per minute; 0: all
  std::int64_t timeout_s = 5;    // of each attempt
  std::string latency = "lognormal:40ms:0.4";  // of a request and its answer together
  std::vector<Mode> modes = {};
  std::optional<faults::Daily> maintenance = {};
  std::vector<faults::Fault> faults = {};  // beside those of the modes
};

// Whatever is wrong is refused with the setting's name, the cause and the mend.
Result<void> check(const Settings& settings);

// The faults of the modes, the rate limit, the maintenance, and those that were given, in this
// order.
Result<std::vector<faults::Fault>> faults_of(const Settings& settings);

// When the test begins: 2025-01-01T00:00Z or, so that a maintenance falls into it, a third of the
// duration before that begins.
Timestamp start_of(const Settings& settings);

}  // namespace venuebox::load
