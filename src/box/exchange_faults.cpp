// Faults of the exchange as such that come before a request is carried out: it refuses, shows less
// than there is, or says no to what trading would allow.
#include <algorithm>

#include "box/bent_desk.h"
#include "box/struck.h"
#include "box/struck_desk.h"

namespace venuebox::box {
namespace {
using faults::Strike;
using gateway::Trouble;
using T = faults::ActionType;

std::optional<Trouble> trouble_of(const Strike& strike) {
  const faults::Action& action = strike.action;
  switch (action.type) {
    case T::rate_limit: return Trouble::rate_limited;
    case T::ban:
      return action.choice("scope") == "address" ? Trouble::address_banned
                                                 : Trouble::account_banned;
    case T::budget_spent: return Trouble::budget_spent;
    case T::overloaded: return Trouble::overloaded;
    case T::maintenance:
      if (action.choice("phase") != "closed") return std::nullopt;
      return Trouble::maintenance;
    case T::unknown_outcome:
      if (strike.drawn != 0) return std::nullopt;  // carried out first
      return gateway::trouble_of_status(action.choice("status"));
    default: return std::nullopt;
  }
}

// Says so where the venue lists its own work; elsewhere all goes on.
bool is_announced(Struck& struck, const Strike& strike) {
  if (strike.action.type != T::maintenance) return false;
  const gateway::Door& door = struck.exchange.door();
  if (!door.venue().announce || !struck.admission.route) return false;
  if (struck.admission.route->operation != "fetch_status") return false;
  const Timestamp now = struck.moment.box_time;
  const bool is_ongoing = strike.action.choice("phase") != "announced";
  const Timestamp end = now + milliseconds(strike.drawn);
  struck.exchange.door().announce(struck.admission, struck.request, struck.response,
                                  struck.exchange.engine(), struck.moment,
                                  {.begin = is_ongoing ? now : end,
                                   .end = end,
                                   .is_ongoing = is_ongoing,
                                   .message = strike.action.text("message")});
  return true;
}

RejectReason reason_from_name(std::string_view name) {
  for (int i = 0; i < kRejectReasons; ++i) {
    if (name_of(static_cast<RejectReason>(i)) == name) return static_cast<RejectReason>(i);
  }
  VENUEBOX_ASSERT(false);  // The table of actions names reasons that there are.
  return {};
}

void bend_by_phase(std::string_view phase, Bent& bent) {
  if (phase == "cancel_only") {
    bent.refuses = Refuses::new_terms;
    bent.reason = RejectReason::instrument_cancel_only;
  } else if (phase == "post_only") {
    bent.refuses = Refuses::takers;
    bent.reason = RejectReason::instrument_post_only;
  }
}

void bend(const Strike& strike, Timestamp now, Bent& bent) {
  const faults::Action& action = strike.action;
  const auto refuse = [&](RejectReason reason) {
    bent.refuses = Refuses::everything;
    bent.reason = reason;
  };
  switch (action.type) {
    case T::invalid_order: return refuse(reason_from_name(action.choice("reason")));
    case T::insufficient_balance: return refuse(RejectReason::insufficient_balance);
    case T::invalid_symbol:
      bent.blinds.instruments = true;
      return refuse(RejectReason::unknown_instrument);
    case T::maintenance: return bend_by_phase(action.choice("phase"), bent);
    case T::history_gap:
      bent.blinds.shown_before = now + -milliseconds(action.number("hide_ms"));
      return;
    case T::balance_mismatch:
      if (action.choice("kind") == "zero") bent.blinds.balances = true;
      return;
    default: return;
  }
}

bool is_bent(const Bent& bent) {
  return bent.refuses != Refuses::nothing || bent.blinds.instruments || bent.blinds.balances ||
         bent.blinds.shown_before != kNever;
}

bool repeats_pages(std::span<const Strike> strikes) {
  return std::ranges::any_of(strikes, [](const Strike& strike) {
    return strike.action.type == T::history_gap && strike.action.flag("cursor_repeats");
  });
}

// Without this parameter: every page is the first.
std::string query_without(std::string_view query, std::string_view name) {
  std::string kept;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (part.substr(0, part.find('=')) == name) continue;
    if (!kept.empty()) kept.push_back('&');
    kept += part;
  }
  return kept;
}
}  // namespace

bool refused_by_exchange(Struck& struck) {
  for (const Strike& strike : struck.strikes) {
    if (is_announced(struck, strike)) return true;
    const auto trouble = trouble_of(strike);
    if (!trouble) continue;
    const bool has_message = strike.action.type == T::maintenance;
    tell(struck, *trouble, &strike, has_message ? strike.action.text("message") : "");
    return true;
  }
  return false;
}

void carry_out_bent(Struck& struck) {
  gateway::Door& door = struck.exchange.door();
  Bent bent;
  for (const Strike& strike : struck.strikes)
    bend(strike, struck.exchange.engine().time(), bent);
  StruckDesk acting(struck.exchange, struck.moment.box_time, struck.strikes);
  BentDesk bent_desk(acting, bent);
  Desk& desk = is_bent(bent) ? static_cast<Desk&>(bent_desk) : acting;
  net::Request request = struck.request;
  std::string query;
  if (repeats_pages(struck.strikes)) {
    query = query_without(request.query, door.venue().page_parameter);
    request.query = query;
  }
  door.carry_out(struck.admission, request, struck.response, desk, struck.moment);
}

}  // namespace venuebox::box
