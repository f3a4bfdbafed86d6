// What all of Bybit's V5 messages share: the envelope around results and errors, and the reading of
// query parameters and bodies. Knows no single route.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/venue.h"
#include "venues/bybit/errors.h"

namespace venuebox::venues::bybit {

using gateway::Call;

// Why a request, or one entry of a batch, is not carried out.
struct Refusal {
  int code = 0;
  std::string text;
  int status = 200;
};

Refusal refusal_for(RejectReason reason, InstrumentKindOf kind);
Refusal bad_parameter(std::string_view name);  // "params error: qty invalid"
Refusal not_supported(std::string_view what);  // well formed, but not built here

std::optional<std::int64_t> integer_from_text(std::string_view text);

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

// Query parameters. The first that is wrong is remembered, so that a route reads all it needs and
// asks once.
class Params {
 public:
  explicit Params(const Call& call) : query_(call.request.query) {}

  // Percent-decoded; empty when absent, which Bybit does not tell apart either.
  std::string text(std::string_view name) const;
  std::int64_t integer(std::string_view name, std::int64_t lowest, std::int64_t highest,
                       std::int64_t fallback);
  std::optional<Refusal> wrong() const { return wrong_; }

 private:
  std::string_view query_;
  std::optional<Refusal> wrong_;
};

// Members of a body, in the same manner. Absent, null and "" are the same to Bybit.
class Body {
 public:
  explicit Body(const JsonObject& json) : json_(json) {}

  std::string_view text(std::string_view name);    // a JSON text; prices and quantities are these
  std::string_view number(std::string_view name);  // a JSON number, or a text of one
  bool flag(std::string_view name);                // a JSON boolean; false when absent
  std::string_view list(std::string_view name);    // raw JSON
  std::optional<Refusal> wrong() const { return wrong_; }

 private:
  const JsonValue* member(std::string_view name) const;
  void remember(std::string_view name);

  const JsonObject& json_;
  std::optional<Refusal> wrong_;
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

// By number; the exchange gives numbers in the order of its lists.
const Instrument& instrument_of(const View& view, InstrumentId id);
const Asset& asset_of(const View& view, AssetId id);

// A price or quantity with the decimals of its step; an unknown price is empty.
void write_price(JsonWriter& json, std::string_view key, std::optional<Ticks> price,
                 const Instrument& instrument);
void write_quantity(JsonWriter& json, std::string_view key, Lots quantity,
                    const Instrument& instrument);
// What was traded as a value, in quote or of inverse contracts in coin; see DayStatistics.
void write_turnover(JsonWriter& json, Int128 turnover, const Instrument& instrument,
                    const View& view);
inline constexpr int kAverageDecimals = 4;  // of an average price, beyond those of the tick
// What a quantity cost on average: the price at which it has this value, which is positive and in
// settlement units. Rounded half to even.
void write_average(JsonWriter& json, std::string_view key, Int128 value, Lots quantity,
                   const Instrument& instrument);
// A mark price as one that can be ordered at: rounded to a tick, up or down.
Ticks ticks_from_mark(MarkPrice mark, bool up);
// Members that are there, and empty.
void write_empty(JsonWriter& json, std::initializer_list<std::string_view> keys);
// Money as text without trailing zeros.
void write_money(JsonWriter& json, std::string_view key, const Money& money, const View& view);

// Cuts a list into pages. A row's key is unique, and the cursor is the key of the last row that was
// shown.
class Pager {
 public:
  // What becomes of rows between two pages: they stay, and the next page begins behind the last
  // one; or they can vanish, but their keys fall from row to row, and it begins below the last one.
  enum class Rows : std::uint8_t { stay, fall };

  // Reads `limit` and `cursor`.
  Pager(Params& params, std::int64_t limit_max, std::int64_t limit_default, Rows rows = Rows::stay);

  // Whether the row is on this page; sets done() when the page is full and there is more.
  bool takes(std::uint64_t key);
  bool done() const { return more_; }
  std::string next_cursor() const { return more_ ? std::to_string(last_) : std::string(); }

 private:
  Rows rows_;
  std::int64_t left_;
  std::uint64_t after_;  // 0: from the start
  std::uint64_t last_ = 0;
  bool more_ = false;
};

}  // namespace venuebox::venues::bybit
