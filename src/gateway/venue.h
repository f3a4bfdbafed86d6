// What a venue is: a value made of tables and functions, without state. Bytes become commands or
// answers here, and events become bytes; what a dialect must remember, the gateway keeps for it.
#pragma once

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "gateway/address_limiter.h"
#include "gateway/rate_limiter.h"
#include "gateway/trouble.h"
#include "gateway/venue_options.h"
#include "model/event.h"
#include "model/view.h"
#include "net/message.h"

namespace venuebox::gateway {

using net::Method;
using net::Request;
using net::Response;

enum class Access : std::uint8_t { open, read, trade };

// What a client signs with. `key` is unique within a venue of a box.
struct Credential {
  AccountId account;
  std::string key;
  std::string secret;           // empty: only the client knows it
  std::string public_key = {};  // by which signatures are verified, where the secret does not do it
  std::shared_ptr<const void> prepared = {};  // what Venue::prepare made of it
};

using CredentialsByKey = std::map<std::string, Credential, std::less<>>;

// Finds a credential by its public part; null when nobody has it.
using FindCredential = FunctionRef<const Credential*(std::string_view key)>;

// An entry of a batch that decode refused: encode says so in its place.
struct RefusedEntry {
  std::size_t entry = 0;  // counted from 0
  std::string symbol;     // as the client wrote it
  int code = 0;
  std::string text;
};

// Lets a stranger in, where a venue's protocol has a call for it: opens an account with demo
// balances for who signs with this credential, whose account does not matter. Fails when the key is
// known, or the box full.
using Onboarding = std::function<Result<AccountId>(const Credential& credential)>;

// One request on its way through a venue.
struct Call {
  const Request& request;
  const View& view;
  Response& response;  // an error that is written here ends the call
  AccountId account;   // who asks; meaningless where access is open
  std::string_view account_name;
  Timestamp now;                       // box time
  Timestamp door_time;                 // the clock by which signatures are judged
  JsonObject& json;                    // scratch for the body, so that parsing reuses its memory
  std::vector<CommandBody>& commands;  // what decode leaves here is executed in order
  std::uint64_t box_key;      // differs between boxes with different seeds; for ids that are shown
  bool json_is_read = false;  // `json` holds the body already
  // How many units of its cost the call may carry out; a batch refuses the entries beyond.
  int granted = std::numeric_limits<int>::max();
  std::vector<RefusedEntry> refused = {};  // in order; the other entries are in `commands`
  std::span<const std::string_view> arguments = {};  // of the path, still percent-encoded
  const Onboarding* onboarding = nullptr;            // null: nobody comes in by himself
  Nanoseconds clock_skew = {};                       // in both times, which budgets do not go by
  const Credential* credential = nullptr;            // of who asks; null where access is open
  const VenueOptions* options = &kNoVenueOptions;    // what was chosen of the venue; never null
  const CredentialsByKey* credentials = nullptr;     // of everybody, for calls that let people in
  bool verifies = true;                              // false: signatures are not looked at
};

// What the commands of one call led to, one list of events for each.
class Outcomes {
 public:
  void clear() { events_.clear(), ends_.clear(); }
  void add(std::span<const Event> events) {
    events_.insert(events_.end(), events.begin(), events.end());
    ends_.push_back(events_.size());
  }
  std::size_t size() const { return ends_.size(); }
  std::span<const Event> operator[](std::size_t i) const {
    const std::size_t start = i == 0 ? 0 : ends_[i - 1];
    return std::span(events_).subspan(start, ends_[i] - start);
  }

 private:
  std::vector<Event> events_;
  std::vector<std::size_t> ends_;
};

// Reads the request and leaves commands in the call; false when it has written an error instead.
using Decode = bool (*)(Call&);
// Writes the response from what happened.
using Encode = void (*)(Call&, const Outcomes&);
// Answers a query from the view, or with an error.
using Answer = void (*)(Call&);
// What the call takes from which budget, where the path alone does not tell; may read the body.
using CostOf = Cost (*)(Call&);

// A route with neither is known and not built: clients are told so, and the venue's page as well.
struct Route {
  Method method = Method::get;
  std::string_view path;  // exact, or with {} for what stands there: Call::arguments
  Access access = Access::open;
  std::string_view operation;  // the one set of names for all venues, design section 11
  int calls_per_second = 0;    // per account; 0: not limited
  Decode decode = nullptr;     // commands have decode and encode,
  Encode encode = nullptr;
  Answer answer = nullptr;  // queries have answer
  CostOf cost = nullptr;    // absent: one unit of calls_per_second, a budget of this route's own
};

constexpr bool is_built(const Route& route) {
  return route.answer != nullptr || (route.decode != nullptr && route.encode != nullptr);
}

struct StreamTable;    // gateway/stream.h
struct ClientDialect;  // gateway/client_dialect.h

struct Limits {
  std::size_t body_bytes_max = 64 * 1024;
  AddressRule address = {};  // requests of one client address, of all its accounts together
};

// An instrument as the venue lists it, before an exchange has given numbers to its assets.
struct Listing {
  Instrument terms;
  std::string base;
  std::string quote;
  std::string settle;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.terms, s.base, s.quote, s.settle);
  }
};

// One line of what a client works out on its way to a signature, for people.
struct SigningStep {
  enum class Kind : std::uint8_t { text, json, secret };

  std::string chain;  // where it counts, "testnet"; a venue may sign differently on each
  std::string name;
  std::string value;
  Kind kind = Kind::text;
};

struct Venue {
  std::string_view name;   // folder, URL prefix and configuration key
  std::string_view title;  // for people
  Limits limits;
  std::span<const Route> routes;
  const StreamTable* streams = nullptr;   // null: the venue has none
  const ClientDialect* client = nullptr;  // the other end of the same wire; null: not built

  // The venue's markets for these base assets ("BTC"); unknown bases are left out. Fails when an
  // option that says what is listed does not hold.
  Result<std::vector<Listing>> (*listings)(std::span<const std::string> bases,
                                           const VenueOptions& options) = nullptr;
  std::span<const VenueOption> options = {};  // that users may set

  // Who sent this? False when it has written the venue's refusal into call.response.
  bool (*authenticate)(Call& call, FindCredential find, AccountId& account) = nullptr;
  // The demo credential of an account: a function of the account's name alone.
  Credential (*demo_credential)(std::string_view account_name) = nullptr;
  // ccxt's names and values ("apiKey", "secret" …), in the order in which they are shown.
  std::vector<std::pair<std::string, std::string>> (*credential_fields)(const Credential&) =
      nullptr;
  // Reads the same names; what is left out is generated from the account's name. Fails when what is
  // given cannot be one.
  Result<Credential> (*credential_from)(std::string_view account_name,
                                        const JsonObject& fields) = nullptr;

  // What the request is about, before it is read: the symbol that it names, or none. Null where no
  // request names one.
  std::string (*symbol_of)(const Request&) = nullptr;

  // What is dear to work out of a credential and needed with each request; null: nothing is.
  std::shared_ptr<const void> (*prepare)(const Credential&) = nullptr;

  // How a client with this credential signs the order, a JSON object of the venue's own; `now` is
  // when, unless the order says so itself. Null where there is nothing to show.
  Result<std::vector<SigningStep>> (*explain_order)(const Credential&, std::string_view order,
                                                    Timestamp now) = nullptr;

  // A shell snippet that sends one signed request with curl; $URL is the venue's address.
  std::string (*curl_example)(const Credential&) = nullptr;

  // Errors of doors before any route is known or any command executed.
  void (*refuse_unknown_path)(Call&, bool other_method_exists) = nullptr;
  void (*refuse_not_built)(Call&) = nullptr;  // only a venue without such routes leaves it out
  void (*refuse)(Call&, RejectReason) = nullptr;
  void (*refuse_address)(Call&) = nullptr;  // too many requests of one address
  // Headers that tell a client what is left of its rate limit.
  void (*limit_headers)(Response&, int limit, int remaining, Timestamp reset) = nullptr;

  // What befalls clients on a bad day: all troubles in the order of the enum, and who tells them
  // into a response that holds nothing but its tag.
  std::span<const TroubleWords> (*troubles)() = nullptr;
  void (*tell)(Call&, const TroubleTold&) = nullptr;
  // Answers the operation "fetch_status" while work on the venue is announced or under way; null:
  // the venue has no such list.
  void (*announce)(Call&, const MaintenanceNotice&) = nullptr;
  // The query parameter that names the page of a list; empty: there is none.
  std::string_view page_parameter = {};
};

}  // namespace venuebox::gateway
