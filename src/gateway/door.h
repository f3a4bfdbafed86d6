// The door of one venue in one box: routing, credentials, rate limits. It carries a request through
// the venue's translations to the desk and back, and knows nothing of what trading means.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/address_limiter.h"
#include "gateway/rate_limiter.h"
#include "gateway/venue.h"
#include "model/desk.h"

namespace venuebox::gateway {

enum class RateLimits : std::uint8_t {
  account,  // counted and enforced per account
  all,      // and per client address
  headers,  // counted and shown, never enforced
  off,
};

struct DoorSettings {
  bool verify_signatures = true;  // off: everybody acts as the first demo account
  RateLimits rate_limits = RateLimits::account;
  VenueOptions options = {};
};

// When a request is handled, by the clocks that matter, and in which box.
struct Moment {
  Timestamp box_time;
  Timestamp door_time;  // the clock by which signatures and rate limits are judged
  std::uint64_t box_key = 0;
  Nanoseconds clock_skew = {};  // how far the venue tells and judges by other times than these
};

// Who has been let in, and what for.
struct Admission {
  const Route* route = nullptr;
  AccountId account;
  int granted = 0;  // Call::granted

  bool carries_commands() const { return route->decode != nullptr; }
};

class Door {
 public:
  Door(const Venue& venue, const DoorSettings& settings);

  void handle(const Request& request, Response& response, Desk& desk, const Moment& moment);
  // The same for one who has proved already whom it acts for.
  void handle_for(AccountId account, const Request& request, Response& response, Desk& desk,
                  const Moment& moment);

  // The same in two halves, between which time may pass: who asks is judged by when they asked, and
  // what they ask for is read and done when it is carried out. `response` gathers the answer over
  // both.
  //   known    absent: who asks has to be found out
  //   returns  nothing when the request is not let in, which the response says
  std::optional<Admission> admit(const Request& request, Response& response, const View& view,
                                 const Moment& moment, std::optional<AccountId> known);
  void carry_out(const Admission& admission, const Request& request, Response& response, Desk& desk,
                 const Moment& moment);
  // Instead of carrying it out, or of not letting it in: `admission` may have no route. What the
  // response held but for its tag is gone.
  void tell(const Admission& admission, const Request& request, Response& response,
            const View& view, const Moment& moment, TroubleTold told);
  // Answers who asks for the venue's state; only where the venue lists its own work.
  void announce(const Admission& admission, const Request& request, Response& response,
                const View& view, const Moment& moment, const MaintenanceNotice& notice);
  void refuse(const Admission& admission, const Request& request, Response& response,
              const View& view, const Moment& moment, RejectReason reason);

  // False when another account has the key already.
  bool add_credential(const Credential& credential, std::string account_name);
  const Credential* find(std::string_view key) const;
  const CredentialsByKey& credentials() const { return credentials_; }
  std::string_view account_name(AccountId account) const;
  const Credential* credential_of(AccountId account) const;  // the newest; null: it has none
  // Whom requests act as while signatures are not verified.
  void set_anonymous(AccountId account) { anonymous_ = account; }
  AccountId anonymous() const { return anonymous_; }
  void set_onboarding(Onboarding onboarding) { onboarding_ = std::move(onboarding); }
  // What it would be routed to; empty: nothing.
  std::string_view operation_of(const Request& request) {
    bool other_method_exists = false;
    const Route* route = find_route(request, other_method_exists);
    return route ? route->operation : std::string_view();
  }
  bool verifies() const { return settings_.verify_signatures; }
  const VenueOptions& options() const { return settings_.options; }

  const Venue& venue() const { return venue_; }

 private:
  const Route* find_route(const Request& request, bool& other_method_exists);
  void handle(const Request& request, Response& response, Desk& desk, const Moment& moment,
              std::optional<AccountId> known);
  Call call_of(const Request& request, Response& response, const View& view, const Moment& moment);
  Call call_of(const Admission& admission, const Request& request, Response& response,
               const View& view, const Moment& moment);
  const Route* let_in(Call& call, std::optional<AccountId> known);
  void carry_out(Call& call, const Route& route, Desk& desk);
  bool admit(Call& call, const Route& route, std::optional<AccountId> known);
  bool admit_address(Call& call);
  void name_asker(Call& call) const;
  bool charge(Call& call, const Route& route);

  const Venue& venue_;
  DoorSettings settings_;
  CredentialsByKey credentials_;
  std::map<AccountId, std::string> account_names_;
  std::map<AccountId, const Credential*> credentials_of_;  // the newest of each account
  AccountId anonymous_;
  Onboarding onboarding_;
  std::vector<const Route*> plain_routes_;    // whose path is exact
  std::vector<const Route*> pattern_routes_;  // looked at after those
  RateLimiter limiter_;
  AddressLimiter addresses_;

  // Scratch of one request, kept for its memory.
  JsonObject json_;
  std::vector<CommandBody> commands_;
  std::vector<std::string_view> arguments_;
  Outcomes outcomes_;
};

}  // namespace venuebox::gateway
