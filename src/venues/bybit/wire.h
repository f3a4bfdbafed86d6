// What all of Bybit's V5 messages share: the envelope around results and errors, and the reading of
// query parameters and bodies. Knows no single route.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/reading.h"
#include "gateway/venue.h"
#include "gateway/writing.h"
#include "venues/bybit/errors.h"

namespace venuebox::venues::bybit {

using gateway::asset_of;
using gateway::Call;
using gateway::instrument_of;
using gateway::integer_from_text;
using gateway::kAverageDecimals;
using gateway::ticks_from_mark;
using gateway::write_average;
using gateway::write_empty;
using gateway::write_money;
using gateway::write_price;
using gateway::write_quantity;
using gateway::write_turnover;

// Why a request, or one entry of a batch, is not carried out.
struct Refusal {
  int code = 0;
  std::string text;
  int status = 200;
};

Refusal refusal_for(RejectReason reason, InstrumentKindOf kind);
Refusal bad_parameter(std::string_view name);  // "params error: qty invalid"
Refusal not_supported(std::string_view what);  // well formed, but not built here

// Writes the error envelope. Always false, so that a decoder can hand it on.
bool refuse(Call& call, const Refusal& refusal);

// What is left of a call's rate limit.
void write_limit_headers(gateway::Response& response, int limit, int remaining, Timestamp reset);

// Ends the envelope after its result.
void end_reply(JsonWriter& json, std::string_view extra_info, std::int64_t time_ms);

// {"retCode":0,"retMsg":"OK","result":…,"retExtInfo":…,"time":…}; `result` writes one value.
template <class WriteResult>
void reply(Call& call, WriteResult&& result, std::string_view extra_info = "{}") {
  call.response.body.append(R"({"retCode":0,"retMsg":"OK","result":)");
  JsonWriter json(call.response.body);
  result(json);
  end_reply(json, extra_info, call.now.ms());
}

void reply_empty(Call& call);  // with {} as its result

std::optional<Refusal> refusal_of_parameter(std::string_view wrong_name);  // none: it is empty

// What is wrong with them is told in Bybit's words.
class Params : public gateway::Params {
 public:
  explicit Params(const Call& call) : gateway::Params(call.request.query) {}
  std::optional<Refusal> wrong() const { return refusal_of_parameter(wrong_name()); }
};
class Body : public gateway::Body {
 public:
  using gateway::Body::Body;
  std::optional<Refusal> wrong() const { return refusal_of_parameter(wrong_name()); }
};

class Pager : public gateway::Pager {
 public:
  // Reads `limit` and `cursor`.
  Pager(Params& params, std::int64_t limit_max, std::int64_t limit_default, Rows rows = Rows::stay)
      : gateway::Pager(params.integer("limit", 1, limit_max, limit_default),
                       params.integer("cursor", 1, INT64_MAX, 0), rows) {}
};

// Parses the body into the call's scratch, once.
std::optional<Refusal> parse_body(Call& call);

// Leaves one command in the call: `read` takes the body and the command, and says why not. A member
// of the wrong kind reads as absent, so its error goes before what that led to.
template <class Command, class ReadBody>
bool decode_command(Call& call, const ReadBody& read) {
  if (auto no = parse_body(call)) return refuse(call, *no);
  Body body(call.json);
  call.response.tag.symbol = body.text("symbol");
  Command command;
  const std::optional<Refusal> refusal = read(body, command);
  if (auto no = body.wrong()) return refuse(call, *no);
  if (refusal) return refuse(call, *refusal);
  call.commands.emplace_back(command);
  return true;
}

// Options are known, and have no instruments.
std::optional<Refusal> read_category(std::string_view text, std::optional<InstrumentKindOf>& kind);
std::string_view category_name(InstrumentKindOf kind);

// Which of an instrument's positions is meant: 0 the only one, 1 the long and 2 the short one of
// two that stand side by side.
int position_index(PositionSide side);
std::optional<Refusal> read_position_index(Body&, const Instrument&, PositionSide& side);
std::span<const PositionSide> sides_of(PositionMode mode);

// The worst price that a limit order of this side may have: the band around the mark price where
// the instrument has one, else what is listed.
Ticks price_limit(const Instrument&, Side, const View&);

}  // namespace venuebox::venues::bybit
