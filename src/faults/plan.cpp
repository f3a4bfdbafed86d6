#include "faults/plan.h"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "faults/modes.h"
#include "faults/parse.h"

namespace venuebox::faults {
namespace {
std::uint8_t lowest(Layers layers) { return static_cast<std::uint8_t>(layers.bits & -layers.bits); }
bool is_of_streams(const Fault& fault) {
  return info_of(fault.action.type).layers == Layers(Layer::stream);
}

Error refused_with(const Fault& fault, std::string detail) {
  return invalid(fault.name + ".when.with", std::move(detail));
}
}  // namespace

Result<void> check_followers(std::span<const Fault* const> faults) {
  std::map<std::string_view, const Fault*> by_name;
  for (const Fault* fault : faults)
    by_name[fault->name] = fault;
  for (const Fault* fault : faults) {
    if (fault->when.with.empty()) continue;
    const auto found = by_name.find(fault->when.with);
    if (found == by_name.end()) {
      return refused_with(*fault, fmt::format("there is no fault '{}'; add it first, or both in "
                                              "one list",
                                              fault->when.with));
    }
    const Fault& leader = *found->second;
    if (!leader.when.with.empty()) {
      return refused_with(*fault, fmt::format("'{}' goes with '{}' itself; name that instead",
                                              leader.name, leader.when.with));
    }
    const Layers mine = info_of(fault->action.type).layers;
    const Layers its = info_of(leader.action.type).layers;
    // The highest layer of the follower comes before the lowest of its leader.
    if (!is_of_streams(*fault) && !is_of_streams(leader) && mine.bits < lowest(its)) {
      return refused_with(
          *fault,
          fmt::format("{} ({}) is decided before {} ({}); let '{}' go with '{}' instead",
                      name_of(fault->action.type), layer_name(mine), name_of(leader.action.type),
                      layer_name(its), leader.name, fault->name));
    }
  }
  return {};
}

std::size_t Plan::place_of(std::string_view name) const {
  const auto found = std::ranges::find(
      entries_, name, [](const Entry& entry) { return std::string_view(entry.fault.name); });
  return found == entries_.end() ? kNone : static_cast<std::size_t>(found - entries_.begin());
}

Result<void> Plan::put(Fault fault, Timestamp now) {
  std::vector<Fault> one;
  one.push_back(std::move(fault));
  return put_all(std::move(one), now);
}

Result<void> Plan::put_all(std::vector<Fault> faults, Timestamp now) {
  return exchange_all({}, std::move(faults), now);
}

Result<void> Plan::exchange_all(std::span<const std::string> gone, std::vector<Fault> faults,
                                Timestamp now) {
  std::map<std::string_view, const Fault*> after;
  for (const Entry& entry : entries_)
    after[entry.fault.name] = &entry.fault;
  for (const std::string& name : gone)
    after.erase(name);
  for (const Fault& fault : faults)
    after[fault.name] = &fault;
  if (after.size() > kFaultsMax) {
    return invalid("faults",
                   fmt::format("there would be {}, and a plan has at most {}; remove some",
                               after.size(), kFaultsMax));
  }
  std::vector<const Fault*> all;
  for (const auto& [name, fault] : after)
    all.push_back(fault);
  if (auto followers = check_followers(all); !followers) return followers;
  std::erase_if(entries_, [&](const Entry& entry) {
    return std::ranges::find(gone, entry.fault.name) != gone.end();
  });
  for (Fault& fault : faults)
    insert(std::move(fault), now);
  arrange();
  return {};
}

void Plan::insert(Fault fault, Timestamp now) {
  Terms terms = terms_of(fault, seed_);
  if (const std::size_t place = place_of(fault.name); place != kNone) {
    Entry& entry = entries_[place];
    FaultState kept;
    kept.occasions = entry.state.occasions;
    kept.in_burst = entry.state.in_burst;
    kept.added = now;
    entry.fault = std::move(fault);
    entry.terms = terms;
    entry.state = std::move(kept);
    return;
  }
  Entry entry{.fault = std::move(fault), .terms = terms, .state = {}, .order = next_order_++};
  entry.state.added = now;
  entries_.push_back(std::move(entry));
}

// After any change: the order, who goes with whom, and what selects.
void Plan::arrange() {
  std::ranges::sort(entries_, [](const Entry& a, const Entry& b) {
    const auto key = [](const Entry& entry) {
      return std::tuple(-entry.fault.priority, entry.fault.when.with.empty(), entry.order);
    };
    return key(a) < key(b);
  });
  selection_.clear();
  waiting_ = {};
  types_.reset();
  for (std::size_t place = 0; place < entries_.size(); ++place) {
    Entry& entry = entries_[place];
    const Trigger& when = entry.fault.when;
    entry.leader = when.with.empty() ? kNone : place_of(when.with);
    selection_.add(entry.fault.where, info_of(entry.fault.action.type));
    types_.set(static_cast<std::size_t>(entry.fault.action.type));
    if (when.after) waiting_[static_cast<std::size_t>(when.after->event)].push_back(place);
  }
}

Result<void> Plan::remove(std::string_view name) {
  const std::size_t place = place_of(name);
  if (place == kNone) {
    return Error{ErrorKind::not_found, "name", fmt::format("there is no fault '{}'", name)};
  }
  for (const Entry& entry : entries_) {
    if (entry.fault.when.with == name) {
      return Error{ErrorKind::conflict, "name",
                   fmt::format("'{}' goes with '{}'; remove that first", entry.fault.name, name)};
    }
  }
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(place));
  arrange();
  return {};
}

Result<void> Plan::set_failure_rate(std::string_view name, Ratio rate) {
  const std::size_t place = place_of(name);
  if (place == kNone) {
    return Error{ErrorKind::not_found, "name", fmt::format("there is no fault '{}'", name)};
  }
  if (rate < Ratio{} || rate > kWhole) return invalid("rate", "must be from 0 to 1");
  Fault& fault = entries_[place].fault;
  if (const auto at = find_parameter(info_of(fault.action.type), "base_failure_rate")) {
    fault.action.values[*at].number = rate.raw;
  } else if (fault.when.probability) {
    fault.when.probability = rate;
  } else {
    return invalid("rate", fmt::format("'{}' has no base_failure_rate and no probability to "
                                       "change; put it anew",
                                       name));
  }
  return {};
}

void Plan::set_base_failure_rate(Ratio rate) {
  VENUEBOX_ASSERT(rate >= Ratio{} && rate <= kWhole);
  for (Entry& entry : entries_) {
    Action& action = entry.fault.action;
    if (const auto at = find_parameter(info_of(action.type), "base_failure_rate")) {
      action.values[*at].number = rate.raw;
    }
  }
}

void Plan::reset(Timestamp now) {
  for (Entry& entry : entries_) {
    entry.state = FaultState();
    entry.state.added = now;
  }
  request_ = 0;
  timeline_.clear();
}

std::vector<Fault> Plan::faults() const {
  std::vector<Fault> all;
  for (const Entry& entry : entries_)
    all.push_back(entry.fault);
  return all;
}

const Fault* Plan::find(std::string_view name) const {
  const std::size_t place = place_of(name);
  return place == kNone ? nullptr : &entries_[place].fault;
}

std::string Plan::faults_json() const { return json_of(faults()); }

void Plan::count_event(Happening happening, const Tag& tag) {
  const auto agrees = [](const std::string& asked, std::string_view is) {
    return asked.empty() || asked == is;
  };
  for (const std::size_t place : waiting_[static_cast<std::size_t>(happening)]) {
    Entry& entry = entries_[place];
    const Selector& where = entry.fault.where;
    if (agrees(where.venue, tag.venue) && agrees(where.account, tag.account) &&
        agrees(where.symbol, tag.symbol) &&
        (tag.channel.empty() || agrees(where.channel, tag.channel))) {
      ++entry.state.events;
    }
  }
}

}  // namespace venuebox::faults
