// What is right in each part of a fault, and contradictory or impossible together.
#include <algorithm>

#include <fmt/core.h>

#include "base/decimal.h"
#include "faults/actions.h"
#include "faults/calendar.h"
#include "faults/parse.h"

namespace venuebox::faults {
namespace {
constexpr int kNotionalDecimals = 8;

struct Objection {
  std::string_view field;
  std::string detail;
};
using Objected = std::optional<Objection>;

Objected check_transport(const Fault& fault) {
  const ActionInfo& info = info_of(fault.action.type);
  const Transport asked = fault.where.transport;
  if (asked == Transport::any || info.transport == Transport::any || asked == info.transport) {
    return std::nullopt;
  }
  return Objection{"where.transport",
                   fmt::format("is {}, and {} happens on {} only; leave it out", name_of(asked),
                               info.name, name_of(info.transport))};
}

Objected check_channel(const Fault& fault) {
  const Selector& where = fault.where;
  if (where.channel.empty()) return std::nullopt;
  const ActionInfo& info = info_of(fault.action.type);
  if (info.transport == Transport::http) {
    return Objection{"where.channel", fmt::format("is of streams, and {} happens on http only; "
                                                  "leave it out",
                                                  info.name)};
  }
  if (!info.layers.meets(Layer::stream | Layer::subscription)) {
    return Objection{"where.channel", fmt::format("is of what streams tell, and {} befalls "
                                                  "requests only; leave it out",
                                                  info.name)};
  }
  if (!info.channel.empty() && where.channel != info.channel) {
    return Objection{"where.channel", fmt::format("is {}, and {} befalls only {}", where.channel,
                                                  info.name, info.channel)};
  }
  if (where.transport == Transport::http) {
    return Objection{"where.channel", "is of streams, and the transport is http; leave one out"};
  }
  if (!where.operation.empty() && where.operation != kStreamOperation) {
    return Objection{"where.channel", fmt::format("is of streams, and the operation is {}; "
                                                  "leave one out",
                                                  where.operation)};
  }
  return std::nullopt;
}

// The venue's clock is looked at before it is known who asks.
Objected check_account(const Fault& fault) {
  const ActionInfo& info = info_of(fault.action.type);
  if (fault.where.account.empty() || info.layers != Layers(Layer::clock)) return std::nullopt;
  return Objection{"where.account", fmt::format("is asked for, and {} befalls whoever asks; leave "
                                                "it out",
                                                info.name)};
}

Objected check_operation(const Fault& fault) {
  const std::string& operation = fault.where.operation;
  if (operation.empty()) return std::nullopt;
  const ActionInfo& info = info_of(fault.action.type);
  if (concerns(info.subject, operation)) return std::nullopt;
  return Objection{"where.operation", fmt::format("is {}, and {} befalls only {}", operation,
                                                  info.name, name_of(info.subject))};
}

Objected check_trigger(const Fault& fault) {
  const Trigger& when = fault.when;
  if (when.probability && when.hourly_rate) {
    return Objection{"when.hourly_rate", "and probability both say how often; leave one out"};
  }
  if (when.every != 0 && !when.nth.empty() &&
      std::ranges::none_of(when.nth, [&](auto n) { return n % when.every == 0; })) {
    return Objection{"when.nth", fmt::format("names no {}-th occasion, and every asks for these; "
                                             "leave one out",
                                             when.every)};
  }
  if (when.with == fault.name && !when.with.empty()) {
    return Objection{"when.with", "is the fault itself; name another"};
  }
  const bool several = (when.window ? 1 : 0) + (when.daily ? 1 : 0) + (when.weekly ? 1 : 0) > 1;
  if (several && !times_can_hold(when)) {
    return Objection{when.weekly ? "when.weekly" : "when.daily",
                     "never holds together with the other times; leave one out"};
  }
  return std::nullopt;
}

Objected check_latency(const Fault& fault) {
  if (fault.action.type != ActionType::latency) return std::nullopt;
  const Action& action = fault.action;
  if (action.number("ms") <= action.number("max_ms")) return std::nullopt;
  return Objection{"action.ms", fmt::format("is more than max_ms, which is {}; raise that",
                                            action.number("max_ms"))};
}

Objected check_maintenance(const Fault& fault) {
  if (fault.action.type != ActionType::maintenance) return std::nullopt;
  const Action& action = fault.action;
  const bool timed = action.number("announced_ms") > 0 || action.number("closed_ms") > 0 ||
                     action.number("cancel_only_ms") > 0 || action.number("post_only_ms") > 0;
  if (!timed || action.choice("phase") == "closed") return std::nullopt;
  return Objection{"action.phase",
                   "and times of phases stand here; the times say which phase it "
                   "is, so leave it out"};
}

Objected check_html_page(const Fault& fault) {
  if (fault.action.type != ActionType::html_error_page) return std::nullopt;
  if (fault.action.choice("status") != "520" || fault.action.choice("proxy") == "cloudflare") {
    return std::nullopt;
  }
  return Objection{"action.status", "is 520, which only cloudflare has; change the proxy"};
}

Objected check_wrong_length(const Fault& fault) {
  if (fault.action.type != ActionType::wrong_length || fault.action.number("by") != 0) {
    return std::nullopt;
  }
  return Objection{"action.by", "is 0, which is the right length; choose another number"};
}

Objected check_terms(const Fault& fault) {
  const Action& action = fault.action;
  if (action.type == ActionType::funding_spike && action.number("interval_ms") % 60'000 != 0) {
    return Objection{"action.interval_ms", "must be whole minutes, of 60000 each"};
  }
  if (action.type != ActionType::filter_change || action.text("notional_min").empty()) {
    return std::nullopt;
  }
  const auto units = units_from_text(action.text("notional_min"), kNotionalDecimals);
  const Int128* value = std::get_if<Int128>(&units);
  if (value && *value >= 0) return std::nullopt;
  return Objection{
      "action.notional_min",
      fmt::format("must be a number >= 0 with at most {} decimals, as text", kNotionalDecimals)};
}

// What no exchange of this program can do.
Objected check_possible(const Fault& fault) {
  const Action& action = fault.action;
  switch (action.type) {
    case ActionType::liquidation:
      if (action.ratio("ratio") == kWhole) return std::nullopt;
      return Objection{"action.ratio",
                       "must be 1: the exchange itself decides how much of a position it "
                       "liquidates; adl closes a part"};
    default: return std::nullopt;
  }
}
}  // namespace

void check_combination(const Fault& fault, std::string_view path, Failure& failure) {
  using Check = Objected (*)(const Fault&);
  constexpr Check kChecks[] = {check_transport,   check_channel,   check_account,
                               check_operation,   check_trigger,   check_latency,
                               check_maintenance, check_html_page, check_wrong_length,
                               check_terms,       check_possible};
  for (const Check check : kChecks) {
    if (auto objection = check(fault)) {
      const std::string_view dot = path.empty() ? "" : ".";
      return failure.set(fmt::format("{}{}{}", path, dot, objection->field),
                         std::move(objection->detail));
    }
  }
}

}  // namespace venuebox::faults
