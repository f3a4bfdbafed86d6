// The part of a plan that requests and frames pass through.
#include <algorithm>

#include <fmt/core.h>

#include "faults/fields.h"
#include "faults/plan.h"

namespace venuebox::faults {
namespace {
bool is_of_streams(const Fault& fault) {
  return !info_of(fault.action.type).layers.meets(kRequestLayers);
}
}  // namespace

void Plan::enter(const Tag& tag) {
  ++calls_;
  if (tag.request != 0 && tag.request == request_) return;
  request_ = tag.request;
  has_ended_ = is_struck_ = false;
  timeline_.count_occasion();
}

void Plan::strike_any(const Tag& tag, Timestamp now, Layers layers, std::vector<Strike>& out) {
  enter(tag);
  const Occasion occasion{tag, now};
  hits_.clear();
  const auto selected = selection_.match(tag);
  // Those that others go with are judged first, whatever their priority.
  for (const bool follows : {false, true}) {
    for (const std::uint32_t place : selected) {
      if ((entries_[place].leader != kNone) == follows) look(place, occasion, layers);
    }
  }
  std::ranges::sort(hits_, {}, &Hit::entry);
  for (const Hit& hit : hits_)
    settle(hit, occasion, out);
}

void Plan::look(std::size_t place, const Occasion& occasion, Layers layers) {
  Entry& entry = entries_[place];
  FaultState& state = entry.state;
  const Tag& tag = occasion.tag;
  if (!info_of(entry.fault.action.type).layers.meets(layers)) return;
  // A compound action is drawn when the first layer of a request asks, and stands for the others.
  const bool compound = is_compound(entry.fault.action.type);
  Judgement judgement{.n = state.occasions};
  if (compound && tag.request != 0 && state.last_request == tag.request) {
    if (!state.last_struck || !state.last_drawn) return;
    judgement.type = *state.last_drawn;
  } else {
    judgement = judge(entry.fault, entry.terms, state, occasion, with_holds(entry, tag));
    state.last_call = calls_;
    state.last_request = tag.request;
    state.last_struck = strikes(judgement.verdict);
    report(entry, occasion, judgement);
    if (!state.last_struck) return;
  }
  if (!compound || info_of(judgement.type).layers.meets(layers))
    hits_.push_back({place, judgement});
}

bool Plan::with_holds(const Entry& entry, const Tag& tag) const {
  if (entry.leader == kNone) return true;
  const Entry& leader = entries_[entry.leader];
  // A frame belongs to no request, and goes by how the other fared last.
  if (is_of_streams(entry.fault) != is_of_streams(leader.fault)) return leader.state.last_struck;
  const bool same_occasion = leader.state.last_call == calls_ ||
                             (tag.request != 0 && leader.state.last_request == tag.request);
  return same_occasion && leader.state.last_struck;
}

void Plan::settle(const Hit& hit, const Occasion& occasion, std::vector<Strike>& out) {
  Entry& entry = entries_[hit.entry];
  // What befell the trading goes on by itself.
  const bool is_of_trading = info_of(hit.judgement.type).layers == Layers(Layer::trading);
  if (is_of_trading && hit.judgement.verdict == Verdict::lasting) return;
  if (has_ended_ && info_of(hit.judgement.type).effect == Effect::ending) {
    Judgement yielded = hit.judgement;
    yielded.verdict = Verdict::yielded;
    return report(entry, occasion, yielded);
  }
  out.push_back(book(entry, hit.judgement, occasion));
}

Strike Plan::book(Entry& entry, const Judgement& judgement, const Occasion& occasion) {
  if (info_of(judgement.type).effect == Effect::ending) has_ended_ = true;
  if (judgement.verdict == Verdict::struck) {
    begin(entry.fault, entry.terms, entry.state, occasion);
  }
  if (!is_struck_) timeline_.count_struck();
  is_struck_ = true;
  Strike strike = strike_of(entry.fault, entry.terms, judgement);
  timeline_.add(strike, occasion.tag, occasion.now);
  return strike;
}

Result<void> Plan::check_by_name(std::string_view name, std::string_view operation) const {
  constexpr std::size_t kNamesShown = 20;
  const std::size_t place = place_of(name);
  if (place == kNone) {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < std::min(entries_.size(), kNamesShown); ++i)
      names.push_back(entries_[i].fault.name);
    return Error{ErrorKind::not_found, "",
                 fmt::format("there is no fault '{}' in this box, which has {}; add it first, or "
                             "leave the header out",
                             name, names.empty() ? "none" : listed(names))};
  }
  const ActionInfo& info = info_of(entries_[place].fault.action.type);
  if (!info.layers.meets(kRequestLayers | Layer::clock)) {
    return invalid("", fmt::format("'{}' is {}, which befalls what streams tell and no request; "
                                   "let it strike by its trigger",
                                   name, info.name));
  }
  if (!operation.empty() && !concerns(info.subject, operation)) {
    return invalid("", fmt::format("'{}' is {}, which befalls only {}, and this is {}", name,
                                   info.name, name_of(info.subject), operation));
  }
  return {};
}

std::optional<Strike> Plan::strike_by_name(std::string_view name, const Tag& tag, Timestamp now) {
  const std::size_t place = place_of(name);
  if (place == kNone) return std::nullopt;
  Entry& entry = entries_[place];
  Judgement judgement{.n = ++entry.state.occasions, .type = entry.fault.action.type};
  if (is_compound(judgement.type)) {
    Action certain = entry.fault.action;
    if (!certain.values.empty()) certain.values.front().number = kWhole.raw;
    const auto drawn = drawn_action(certain, entry.terms.draws, judgement.n, tag);
    if (!drawn) return std::nullopt;
    judgement.type = *drawn;
  }
  enter(tag);
  const Occasion occasion{tag, now};
  report(entry, occasion, judgement);
  return book(entry, judgement, occasion);
}

void Plan::report(const Entry& entry, const Occasion& occasion, const Judgement& judgement) const {
  if (hook_) hook_({entry.fault.name, occasion.tag, occasion.now, judgement});
}

std::vector<Plan::DryStrike> Plan::dry_run(const Tag& tag, Timestamp now, Nanoseconds interval,
                                           std::uint64_t occasions, Layers layers) const {
  Plan copy = *this;
  copy.hook_ = nullptr;
  std::vector<DryStrike> struck;
  std::vector<Strike> strikes;
  Tag each = tag;
  each.request = 0;
  const std::uint64_t most = std::min<std::uint64_t>(occasions, kDryRunMax);
  for (std::uint64_t i = 0; i < most; ++i) {
    strikes.clear();
    const Timestamp time = now + Nanoseconds{interval.raw * static_cast<std::int64_t>(i)};
    copy.strike(each, time, layers, strikes);
    for (Strike& strike : strikes)
      struck.push_back({i + 1, std::move(strike)});
  }
  return struck;
}

}  // namespace venuebox::faults
