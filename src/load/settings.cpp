#include "load/settings.h"

#include <set>

#include <fmt/core.h>

#include "box/clock.h"
#include "faults/modes.h"
#include "faults/plan.h"
#include "venues/all.h"

namespace venuebox::load {
namespace {
using faults::Fault;

constexpr int kDayMinutes = 24 * 60;

Result<void> check_range(std::string_view name, std::int64_t value, std::int64_t least,
                         std::int64_t most, std::string_view unit) {
  if (value >= least && value <= most) return {};
  return invalid(std::string(name),
                 fmt::format("{} is out of range; choose {} to {}{}", value, least, most, unit));
}

Result<void> check_venue(const std::string& name) {
  std::string names;
  for (const gateway::Venue* venue : venues::all()) {
    if (!venue->client) continue;
    if (venue->name == name) return {};
    names += (names.empty() ? "" : ", ") + std::string(venue->name);
  }
  return invalid("venue", fmt::format("'{}' is none that the client library speaks to; choose {}",
                                      name, names));
}

// Each mode once, and none of them struck by what the plan would not take.
Result<void> check_modes(const Settings& settings) {
  std::set<std::string_view> seen;
  for (const Mode& mode : settings.modes) {
    if (!seen.insert(mode.name).second)
      return invalid("modes", fmt::format("{} stands there twice; name each once", mode.name));
    if (!mode.probability) continue;
    if (mode.probability->raw >= 0 && *mode.probability <= faults::kWhole) continue;
    return invalid("probabilities", "must be 0 to 1, such as 0.1 for one request in ten");
  }
  return {};
}

Fault rate_limit_of(std::int64_t per_minute) {
  Fault fault{.name = "rate-limit",
              .action = faults::default_action(faults::ActionType::rate_limit)};
  fault.action.values.front().number = per_minute;
  return fault;
}
}  // namespace

Result<void> check(const Settings& settings) {
  if (auto known = check_venue(settings.venue); !known) return known;
  const Result<void> ranges[] = {
      check_range("clients", settings.clients, 1, kClientsMax, ""),
      check_range("duration", settings.duration_s, 1, kDurationMax_s, " seconds"),
      check_range("rate", settings.rate, 1, kRateMax, " per minute"),
      check_range("orders-each", settings.orders_each, 0, 1'000'000, ""),
      check_range("rate-limit", settings.rate_limit, 0, 10'000, " per minute, 0 for none"),
      check_range("timeout", settings.timeout_s, 1, 3'600, " seconds"),
  };
  for (const Result<void>& range : ranges) {
    if (!range) return range;
  }
  if (settings.maintenance) {
    if (auto in_day = check_range("maintenance-start", settings.maintenance->start_minute, 0,
                                  kDayMinutes - 1, " minutes of the day");
        !in_day)
      return in_day;
    if (auto length = check_range("maintenance-duration", settings.maintenance->minutes, 1,
                                  kDayMinutes - 1, " minutes");
        !length)
      return length;
  }
  if (auto latency = gateway::LatencyModel::from_text(settings.latency); !latency)
    return invalid("latency", latency.error().detail);
  if (auto modes = check_modes(settings); !modes) return modes;
  auto faults = faults_of(settings);
  if (!faults) return faults.error();
  faults::Plan plan(settings.seed);
  if (auto put = plan.put_all(std::move(*faults), start_of(settings)); !put)
    return invalid("faults", put.error().text());
  return {};
}

Result<std::vector<Fault>> faults_of(const Settings& settings) {
  std::vector<Fault> all;
  for (const Mode& mode : settings.modes) {
    auto fault = faults::fault_of_mode(mode.name, mode.probability);
    if (!fault) return fault.error();
    all.push_back(std::move(*fault));
  }
  if (settings.rate_limit > 0) all.push_back(rate_limit_of(settings.rate_limit));
  if (settings.maintenance) {
    Fault fault{.name = "maintenance-window",
                .action = faults::default_action(faults::ActionType::maintenance)};
    fault.when.daily = settings.maintenance;
    all.push_back(std::move(fault));
  }
  all.insert(all.end(), settings.faults.begin(), settings.faults.end());
  return all;
}

Timestamp start_of(const Settings& settings) {
  if (!settings.maintenance) return box::kManualStart;
  const Timestamp begins =
      box::kManualStart + seconds((kDayMinutes + settings.maintenance->start_minute) * 60);
  return begins + seconds(-settings.duration_s / 3);
}

}  // namespace venuebox::load
