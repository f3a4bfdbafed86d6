#include "venues/bybit/wire.h"

#include <algorithm>

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

Refusal refusal_for(RejectReason reason, InstrumentKindOf kind) {
  const VenueError& error = venue_error(reason, kind);
  return {error.code, std::string(error.text), error.status};
}

Refusal bad_parameter(std::string_view name) {
  return {kParameterError, fmt::format("params error: {} invalid", name)};
}

std::optional<Refusal> refusal_of_parameter(std::string_view wrong_name) {
  if (wrong_name.empty()) return std::nullopt;
  return bad_parameter(wrong_name);
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

}  // namespace venuebox::venues::bybit
