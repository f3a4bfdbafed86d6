#include "venues/bybit/wire.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace venuebox::venues::bybit {
namespace {
// Errors quote what the client sent, before anybody has checked its UTF-8.
std::string ascii_only(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  return text;
}
}  // namespace

std::optional<std::int64_t> integer_from_text(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

Refusal refusal_for(RejectReason reason, InstrumentKindOf kind) {
  const VenueError& error = venue_error(reason, kind);
  return {error.code, std::string(error.text), error.status};
}

Refusal bad_parameter(std::string_view name) {
  return {kParameterError, fmt::format("params error: {} invalid", name)};
}

Refusal not_supported(std::string_view what) {
  return {kParameterError, fmt::format("params error: {} not supported by venuebox", what)};
}

bool refuse(Call& call, const Refusal& refusal) {
  call.response.status = refusal.status;
  JsonWriter json(call.response.body);
  json.open().number("retCode", refusal.code).text("retMsg", ascii_only(refusal.text));
  json.key("result").open().close();
  end_reply(json, "{}", call.now.ms());
  return false;
}

void write_limit_headers(gateway::Response& response, int limit, int remaining, Timestamp reset) {
  response.add_header("X-Bapi-Limit", std::to_string(limit));
  response.add_header("X-Bapi-Limit-Status", std::to_string(remaining));
  response.add_header("X-Bapi-Limit-Reset-Timestamp", std::to_string(reset.ms()));
}

void end_reply(JsonWriter& json, std::string_view extra_info, std::int64_t time_ms) {
  json.key("retExtInfo").raw(extra_info).number("time", time_ms).close();
}

void reply_empty(Call& call) {
  reply(call, [](JsonWriter& json) { json.open().close(); });
}

std::string Params::text(std::string_view name) const {
  const auto value = net::query_value(query_, name);
  if (!value) return {};
  if (value->find_first_of("%+") == std::string_view::npos) return std::string(*value);
  Result<std::string> decoded = net::percent_decoded(*value);
  // What does not decode is taken as written: it then names nothing that exists.
  return decoded ? std::move(*decoded) : std::string(*value);
}

std::int64_t Params::integer(std::string_view name, std::int64_t lowest, std::int64_t highest,
                             std::int64_t fallback) {
  const std::string value = text(name);
  if (value.empty()) return fallback;
  const auto number = integer_from_text(value);
  if (number && *number >= lowest && *number <= highest) return *number;
  if (!wrong_) wrong_ = bad_parameter(name);
  return fallback;
}

const JsonValue* Body::member(std::string_view name) const {
  const JsonValue* value = json_.find(name);
  const bool empty = !value || value->kind == JsonKind::null ||
                     (value->kind == JsonKind::text && value->text.empty());
  return empty ? nullptr : value;
}

void Body::remember(std::string_view name) {
  if (!wrong_) wrong_ = bad_parameter(name);
}

std::string_view Body::text(std::string_view name) {
  const JsonValue* value = member(name);
  if (!value) return {};
  if (value->kind == JsonKind::text) return value->text;
  return remember(name), std::string_view{};
}

std::string_view Body::number(std::string_view name) {
  const JsonValue* value = member(name);
  if (!value) return {};
  if (value->kind == JsonKind::number || value->kind == JsonKind::text) return value->text;
  return remember(name), std::string_view{};
}

bool Body::flag(std::string_view name) {
  const JsonValue* value = member(name);
  if (!value) return false;
  if (value->kind == JsonKind::boolean) return value->text == "true";
  return remember(name), false;
}

std::string_view Body::list(std::string_view name) {
  const JsonValue* value = member(name);
  if (value && value->kind == JsonKind::list) return value->text;
  return remember(name), std::string_view{};
}

std::optional<Refusal> parse_body(Call& call) {
  if (call.json_is_read) return std::nullopt;
  const Result<void> parsed = call.json.parse(call.request.body);
  call.json_is_read = bool(parsed);
  if (parsed) return std::nullopt;
  return Refusal{kParameterError,
                 fmt::format("Request parameter error: {}", parsed.error().text())};
}

std::optional<Refusal> read_category(std::string_view text, std::optional<InstrumentKindOf>& kind) {
  kind.reset();
  if (text == "linear") kind = InstrumentKindOf::linear_perpetual;
  if (text == "inverse") kind = InstrumentKindOf::inverse_perpetual;
  if (text == "spot") kind = InstrumentKindOf::spot;
  if (kind || text == "option") return std::nullopt;
  return bad_parameter("category");
}

std::string_view category_name(InstrumentKindOf kind) {
  switch (kind) {
    case InstrumentKindOf::spot: return "spot";
    case InstrumentKindOf::linear_perpetual: return "linear";
    case InstrumentKindOf::inverse_perpetual: return "inverse";
  }
  return "";
}

int position_index(PositionSide side) { return static_cast<int>(side); }

std::optional<Refusal> read_position_index(Body& body, const Instrument& instrument,
                                           PositionSide& side) {
  const std::string_view text = body.number("positionIdx");
  side = PositionSide::both;
  if (text.empty() || text == "0") return std::nullopt;
  if (text != "1" && text != "2") return bad_parameter("positionIdx");
  if (instrument.is_spot()) {
    return refusal_for(RejectReason::position_mode_mismatch, instrument.kind);
  }
  side = text == "1" ? PositionSide::long_side : PositionSide::short_side;
  return std::nullopt;
}

std::span<const PositionSide> sides_of(PositionMode mode) {
  static constexpr PositionSide kOne[] = {PositionSide::both};
  static constexpr PositionSide kTwo[] = {PositionSide::long_side, PositionSide::short_side};
  if (mode == PositionMode::hedge) return kTwo;
  return kOne;
}

Ticks price_limit(const Instrument& instrument, Side side, const View& view) {
  const bool buys = side == Side::buy;
  const Ticks listed = buys ? instrument.price_max : Ticks{1};
  const auto mark = view.mark_price(instrument.id);
  if (instrument.price_band.raw == 0 || !mark) return listed;
  const Int128 far = div_floor(multiply(mark->raw, instrument.price_band.raw), kRateOne);
  const Int128 at =
      buys ? div_floor(mark->raw + far, kMarkPerTick) : div_ceil(mark->raw - far, kMarkPerTick);
  const Ticks limit{static_cast<std::int64_t>(at)};
  return buys ? std::min(limit, listed) : std::max(limit, listed);
}

const Instrument& instrument_of(const View& view, InstrumentId id) {
  VENUEBOX_ASSERT(id.raw < view.instruments().size());
  return view.instruments()[id.raw];
}

const Asset& asset_of(const View& view, AssetId id) {
  VENUEBOX_ASSERT(id.raw < view.assets().size());
  return view.assets()[id.raw];
}

void write_price(JsonWriter& json, std::string_view key, std::optional<Ticks> price,
                 const Instrument& instrument) {
  if (!price) {
    json.text(key, "");
  } else {
    json.key(key).fixed(multiply(price->raw, instrument.tick.units), instrument.tick.scale);
  }
}

void write_quantity(JsonWriter& json, std::string_view key, Lots quantity,
                    const Instrument& instrument) {
  json.key(key).fixed(multiply(quantity.raw, instrument.lot.units), instrument.lot.scale);
}

void write_turnover(JsonWriter& json, Int128 turnover, const Instrument& instrument,
                    const View& view) {
  if (instrument.is_inverse()) {
    return void(json.trimmed(turnover, asset_of(view, instrument.settle).scale));
  }
  const Int128 step = static_cast<Int128>(instrument.tick.units) * instrument.lot.units;
  json.trimmed(multiply(turnover, step), instrument.tick.scale + instrument.lot.scale);
}

void write_average(JsonWriter& json, std::string_view key, Int128 value, Lots quantity,
                   const Instrument& instrument) {
  // The same number either way round: a linear quantity is worth more at a higher price, an inverse
  // one less.
  const bool is_inverse = instrument.is_inverse();
  const Int128 each = is_inverse ? instrument.inverse_units : instrument.units_per_tick_lot;
  const Int128 lots = multiply(quantity.raw, each);
  const Int128 divisor = is_inverse ? value : lots;
  const Int128 steps = multiply(is_inverse ? lots : value, instrument.tick.units);
  const Int128 fine = multiply(steps, power_of_ten(kAverageDecimals));
  const Int128 price = divisor == 0 ? 0 : div_half_even(fine, divisor);
  json.key(key).trimmed(price, instrument.tick.scale + kAverageDecimals);
}

Ticks ticks_from_mark(MarkPrice mark, bool up) {
  const Int128 ticks = up ? div_ceil(mark.raw, kMarkPerTick) : div_floor(mark.raw, kMarkPerTick);
  return Ticks{static_cast<std::int64_t>(ticks)};
}

void write_empty(JsonWriter& json, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    json.text(key, "");
}

void write_money(JsonWriter& json, std::string_view key, const Money& money, const View& view) {
  json.key(key).trimmed(money.units, asset_of(view, money.asset).scale);
}

Pager::Pager(Params& params, std::int64_t limit_max, std::int64_t limit_default, Rows rows)
    : rows_(rows),
      left_(params.integer("limit", 1, limit_max, limit_default)),
      after_(static_cast<std::uint64_t>(params.integer("cursor", 1, INT64_MAX, 0))) {}

bool Pager::takes(std::uint64_t key) {
  if (after_ != 0 && rows_ == Rows::fall) {
    if (key >= after_) return false;
    after_ = 0;
  }
  if (after_ != 0) {
    if (key == after_) after_ = 0;
    return false;
  }
  if (left_ == 0) {
    more_ = true;
    return false;
  }
  --left_;
  last_ = key;
  return true;
}

}  // namespace venuebox::venues::bybit
