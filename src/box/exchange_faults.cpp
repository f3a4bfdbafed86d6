// Faults of the exchange as such: it refuses, or answers something else than what it did.
#include "box/struck.h"

namespace venuebox::box {
namespace {
std::optional<RejectReason> reason_of(const faults::Strike& strike) {
  switch (strike.action.type) {
    case faults::ActionType::rate_limit: return RejectReason::rate_limited;
    case faults::ActionType::overloaded: return RejectReason::overloaded;
    case faults::ActionType::maintenance: return RejectReason::maintenance;
    default: return std::nullopt;
  }
}
}  // namespace

bool refused_by_exchange(Struck& struck) {
  for (const faults::Strike& strike : struck.strikes) {
    const auto reason = reason_of(strike);
    if (!reason) continue;
    struck.exchange.door().refuse(struck.admission, struck.request, struck.response,
                                  struck.exchange.engine(), struck.moment, *reason);
    return true;
  }
  return false;
}

void change_answer(Struck& /*struck*/) {}

}  // namespace venuebox::box
