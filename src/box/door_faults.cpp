// Faults of the venue's door: credentials, nonces and clocks.
#include "box/struck.h"

namespace venuebox::box {
namespace {
using gateway::Trouble;
using T = faults::ActionType;

Trouble nonce_trouble(std::string_view kind) {
  if (kind == "duplicate") return Trouble::nonce_duplicate;
  return kind == "gap" ? Trouble::nonce_gap : Trouble::timestamp_too_old;
}

Trouble credential_trouble(std::string_view kind) {
  if (kind == "unknown_key") return Trouble::key_unknown;
  if (kind == "address") return Trouble::address_not_allowed;
  return kind == "permission" ? Trouble::permission_missing : Trouble::signature_wrong;
}

std::optional<Trouble> trouble_of(const faults::Action& action) {
  switch (action.type) {
    case T::expire_auth: return Trouble::session_expired;
    case T::revoke_key: return Trouble::key_unknown;
    case T::reject_nonce: return nonce_trouble(action.choice("kind"));
    case T::authentication_failure: return credential_trouble(action.choice("kind"));
    default: return std::nullopt;
  }
}
}  // namespace

gateway::Moment skewed(gateway::Moment moment, std::span<const faults::Strike> strikes) {
  for (const faults::Strike& strike : strikes) {
    if (strike.action.type != T::clock_skew) continue;
    moment.clock_skew += milliseconds(strike.action.number("ms"));
  }
  return moment;
}

bool refused_at_door(Struck& struck) {
  for (const faults::Strike& strike : struck.strikes) {
    const auto trouble = trouble_of(strike.action);
    if (!trouble) continue;
    tell(struck, *trouble);
    return true;
  }
  return false;
}

void tell(Struck& struck, gateway::Trouble trouble, const faults::Strike* strike,
          std::string_view message) {
  struck.exchange.door().tell(
      struck.admission, struck.request, struck.response, struck.exchange.engine(), struck.moment,
      {.trouble = trouble,
       .wait = milliseconds(strike && strike->drawn > 0 ? strike->drawn : faults::kWaitMs),
       .message = message,
       .is_on_stream = struck.is_on_stream});
}

}  // namespace venuebox::box
