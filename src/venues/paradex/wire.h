// What all of Paradex's REST messages share: errors, parameters and bodies. Knows no single route.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/reading.h"
#include "gateway/venue.h"
#include "gateway/writing.h"
#include "venues/paradex/errors.h"

namespace venuebox::venues::paradex {

using gateway::asset_of;
using gateway::Body;
using gateway::Call;
using gateway::instrument_of;
using gateway::write_empty;
using gateway::write_money;
using gateway::write_price;
using gateway::write_quantity;

// Why a request, or one entry of a batch, is not carried out.
struct Refusal {
  int status = 400;
  std::string code;  // empty: the body has words alone
  std::string text;
};

Refusal refusal_of(const VenueError& error);
Refusal refusal_for(RejectReason reason);
Refusal bad_field(std::string_view name, std::string_view why);  // of a body: VALIDATION_ERROR
Refusal bad_query(std::string_view name);                        // INVALID_REQUEST_PARAMETER
Refusal missing_query(std::string_view name);
Refusal not_supported(std::string_view what);  // well formed, but not built here

// {"error":"CODE","message":"words","data":null}. Always false, so that a decoder can hand it on.
bool refuse(Call& call, const Refusal& refusal);
// The same object as an entry of a batch.
void write_error(JsonWriter& json, const Refusal& refusal);

class Params : public gateway::Params {
 public:
  explicit Params(const Call& call) : gateway::Params(call.request.query) {}
  std::optional<Refusal> wrong() const;
};

// Parses the body into the call's scratch, once; BINDING_ERROR.
std::optional<Refusal> parse_body(Call& call);
// A member of the wrong JSON kind; BINDING_ERROR.
std::optional<Refusal> wrong_kind(const Body& body);

// The market of this symbol; null: there is none. Paradex has perpetuals alone here.
const Instrument* find_market(const Call& call, std::string_view symbol);

// What is left of a call's rate limit.
void write_limit_headers(gateway::Response& response, int limit, int remaining, Timestamp reset);

}  // namespace venuebox::venues::paradex
