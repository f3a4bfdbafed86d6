// What a venue says when something is amiss that no check of its own found: words for clients'
// tests of a bad day. Where trading says no there is RejectReason; this is what stands in front of
// it and behind it. Each venue has a table of these, and one function that tells them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace venuebox::gateway {

enum class Trouble : std::uint8_t {
  // Who asks is not believed.
  signature_wrong,
  key_unknown,
  session_expired,  // of the key, token or listen key
  address_not_allowed,
  permission_missing,
  timestamp_too_old,
  nonce_duplicate,
  nonce_gap,
  // Too much is asked.
  rate_limited,
  account_banned,
  address_banned,
  budget_spent,
  // Nobody can be served.
  maintenance,
  overloaded,
  // Something broke, and nothing is known of the outcome.
  internal_error,  // by the venue's own words
  server_error,    // from here on by the status alone: 500, 502, 503, 504
  bad_gateway,
  unavailable,
  gateway_timeout,
};
inline constexpr std::size_t kTroubles = static_cast<std::size_t>(Trouble::gateway_timeout) + 1;
std::string_view name_of(Trouble);

// Of "500", "502", "503" or "504".
Trouble trouble_of_status(std::string_view status);

// How the words are wrapped.
enum class TroubleForm : std::uint8_t {
  envelope,  // the venue's own error
  text,      // the words and nothing else
  page,      // of a proxy in front of the venue, in HTML
};

// A row of a venue's table. On a stream, where no proxy speaks, all of them are envelopes.
struct TroubleWords {
  Trouble trouble = Trouble::signature_wrong;
  int status = 200;
  std::string_view code;  // as the venue writes it; empty: it has none
  std::string_view text;
  TroubleForm form = TroubleForm::envelope;
};

// One occasion to tell of it.
struct TroubleTold {
  Trouble trouble = Trouble::signature_wrong;
  Nanoseconds wait = {};          // that clients are told
  std::string_view message = {};  // in place of the venue's own words; empty: those
  int limit = 0;                  // calls that the route has otherwise
  bool is_on_stream = false;      // the answer is a frame
};

// Scheduled work, for venues that list it.
struct MaintenanceNotice {
  Timestamp begin;
  Timestamp end;
  bool is_ongoing = false;
  std::string_view message = {};
};

// The error page of nginx, which stands in front of most venues.
std::string nginx_page(int status, std::string_view message = {});

}  // namespace venuebox::gateway
