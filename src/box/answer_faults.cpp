// Faults of the exchange that come after a request was carried out: the answer says something else
// than what was done, is old, differs from the documentation, or is lost.
#include "box/struck.h"
#include "faults/drift.h"

namespace venuebox::box {
namespace {
using faults::Strike;
using gateway::Trouble;
using T = faults::ActionType;

Trouble trouble_although_done(std::string_view how) {
  if (how == "rate_limited") return Trouble::rate_limited;
  return how == "overloaded" ? Trouble::overloaded : Trouble::internal_error;
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at))
    text.replace(at, what.size(), by), at += by.size();
}

//   moves  the times in it that told when it was made tell the present
void tell_old(Struck& struck, const AnswerMemory& memory, Nanoseconds age, bool moves) {
  const Timestamp now = struck.moment.box_time;
  const auto* old = memory.find(struck.request, struck.response, now, age);
  if (!old) return;
  struck.response.body = old->body;
  if (!moves) return;
  replace_all(struck.response.body, std::to_string(old->time.ms()), std::to_string(now.ms()));
}

void lose(Struck& struck, const faults::Action& action) {
  const std::string_view how = action.choice("how");
  const bool is_told_by_proxy = how == "502" || how == "504";
  // Nobody stands between a stream and its venue, so there the answer does not come.
  if (!is_told_by_proxy || struck.is_on_stream) {
    return lose_answer(struck, is_told_by_proxy ? "timeout" : how, action.number("hold_ms"));
  }
  tell(struck, gateway::trouble_of_status(how));
}

void change(Struck& struck, const AnswerMemory& memory, const Strike& strike) {
  const faults::Action& action = strike.action;
  switch (action.type) {
    case T::stale_data:
      return tell_old(struck, memory, milliseconds(action.number("age_ms")),
                      !action.flag("time_frozen"));
    case T::balance_mismatch:
      if (action.choice("kind") != "lag") return;
      return tell_old(struck, memory, milliseconds(action.number("lag_ms")), true);
    case T::schema_drift: {
      // A stream takes its answer apart before it sends it, and needs what holds it together.
      const int depth = struck.is_on_stream ? 2 : 1;
      struck.response.body = faults::drifted(struck.response.body, action.choice("kind"),
                                             action.text("field"), strike.own_draw, depth);
      return;
    }
    case T::error_although_accepted:
      return tell(struck, trouble_although_done(action.choice("how")), &strike);
    case T::unknown_outcome:
      return tell(struck, gateway::trouble_of_status(action.choice("status")));
    case T::response_lost: return lose(struck, action);
    default: return;
  }
}
}  // namespace

// The old goes in before the new form, and what replaces the answer comes last.
void change_answer(Struck& struck, AnswerMemory& memory) {
  const auto is_last = [](const Strike& strike) {
    return faults::info_of(strike.action.type).effect == faults::Effect::ending;
  };
  for (const Strike& strike : struck.strikes) {
    if (!is_last(strike) && strike.action.type != T::schema_drift) change(struck, memory, strike);
  }
  for (const Strike& strike : struck.strikes) {
    if (strike.action.type == T::schema_drift) change(struck, memory, strike);
  }
  for (const Strike& strike : struck.strikes) {
    if (is_last(strike)) change(struck, memory, strike);
  }
}

}  // namespace venuebox::box
