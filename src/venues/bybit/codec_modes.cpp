#include "venues/bybit/codec_modes.h"

#include <algorithm>

#include "venues/bybit/account_rows.h"
#include "venues/bybit/order_terms.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::Outcomes;

Refusal derivatives_refusal(RejectReason reason) {
  return refusal_for(reason, InstrumentKindOf::linear_perpetual);
}

// `category` and `symbol` of a body about a perpetual.
std::optional<Refusal> read_perpetual(const Call& call, Body& body, const Instrument*& instrument) {
  if (auto no = read_instrument(call.view, body.text("category"), body, instrument)) return no;
  if (instrument->is_spot()) return bad_parameter("category");
  return std::nullopt;
}

// ---- position mode ------------------------------------------------------------------------------

// By coin the mode is that of each symbol which settles in it, one command for each: those that
// have an order or a position keep theirs.
std::optional<Refusal> read_position_mode(Call& call, Body& body) {
  const std::string_view mode = body.number("mode");
  const std::string_view symbol = body.text("symbol");
  const std::string_view coin = body.text("coin");
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(body.text("category"), kind)) return no;
  if (body.wrong()) return body.wrong();
  if (!kind || *kind == InstrumentKindOf::spot) return bad_parameter("category");
  if (mode != "0" && mode != "3") return bad_parameter("mode");
  if (symbol.empty() && coin.empty()) return bad_parameter("symbol");
  SetPositionMode command;
  command.account = call.account;
  command.mode = mode == "3" ? PositionMode::hedge : PositionMode::one_way;
  for (const Instrument& instrument : call.view.instruments()) {
    if (instrument.kind != *kind) continue;
    const bool is_meant = symbol.empty() ? asset_of(call.view, instrument.settle).name == coin
                                         : instrument.symbol == symbol;
    if (!is_meant) continue;
    command.instrument = instrument.id;
    call.commands.emplace_back(command);
  }
  if (call.commands.empty()) return bad_parameter(symbol.empty() ? "coin" : "symbol");
  if (*kind == InstrumentKindOf::inverse_perpetual && mode == "3") {
    return Refusal{kNoHedgeMode, "Hedge mode is not available for this symbol."};
  }
  return std::nullopt;
}

// ---- margin mode --------------------------------------------------------------------------------

// Why the margin mode stays as it is.
struct MarginModeReason {
  std::string_view code;
  std::string_view text;
};

MarginModeReason margin_mode_reason(RejectReason reason) {
  switch (reason) {
    case RejectReason::orders_are_open:
      return {"3400102", "Please ensure that there are no active orders in your account"};
    case RejectReason::insufficient_margin:
      return {"3400000", "The available balance does not cover the margin of all positions"};
    case RejectReason::margin_below_requirement:
      return {"3400000", "A position would be liquidated with its own margin alone"};
    default: return {"3400000", "The margin mode cannot be changed now"};
  }
}

bool refuse_margin_mode(Call& call, const MarginModeReason& reason) {
  JsonWriter json(call.response.body);
  json.open().number("retCode", kMarginModeFailed).text("retMsg", "Set margin mode failed");
  json.key("result").open().key("reasons").open_list().open();
  json.text("reasonCode", reason.code).text("reasonMsg", reason.text);
  json.close().close_list().close();
  end_reply(json, "{}", call.now.ms());
  return false;
}

// ---- isolated margin ----------------------------------------------------------------------------

std::optional<Refusal> read_add_margin(const Call& call, Body& body, ChangeMargin& command) {
  const Instrument* instrument = nullptr;
  if (auto no = read_perpetual(call, body, instrument)) return no;
  command.account = call.account;
  command.instrument = instrument->id;
  if (auto no = read_position_index(body, *instrument, command.position_side)) return no;
  const auto units =
      units_from_text(body.text("margin"), asset_of(call.view, instrument->settle).scale);
  const auto* change = std::get_if<Int128>(&units);
  if (!change) return bad_parameter("margin");
  command.change = *change;
  return std::nullopt;
}

Refusal margin_refusal(RejectReason reason, const ChangeMargin& command, const View& view) {
  switch (reason) {
    case RejectReason::margin_not_isolated:
      if (view.margin_mode(command.account, command.instrument) == MarginMode::cross) {
        return {kCrossMargin, "The position is in cross_margin"};
      }
      return {kNoPosition, "Margin cannot be set without an open position"};
    case RejectReason::insufficient_margin:
      return {kTooLittleToAdd, "Available balance not enough to add margin"};
    case RejectReason::amount_not_positive: return {kMarginUnchanged, "Margin is not modified"};
    default: return derivatives_refusal(reason);
  }
}
}  // namespace

bool decode_switch_position_mode(Call& call) {
  if (auto no = parse_body(call)) return refuse(call, *no);
  Body body(call.json);
  call.response.tag.symbol = body.text("symbol");
  if (auto no = read_position_mode(call, body)) {
    call.commands.clear();
    return refuse(call, *no);
  }
  return true;
}

// It is enough that one symbol has changed; where none has, what keeps one from it goes before
// having had that mode already.
void encode_switch_position_mode(Call& call, const Outcomes& outcomes) {
  std::optional<RejectReason> refused;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto reason = rejection_in(outcomes[i]);
    if (!reason) return reply_empty(call);
    if (!refused || *refused == RejectReason::mode_unchanged) refused = reason;
  }
  refuse(call, derivatives_refusal(*refused));
}

bool decode_set_margin_mode(Call& call) {
  if (auto no = parse_body(call)) return refuse(call, *no);
  Body body(call.json);
  const std::string_view mode = body.text("setMarginMode");
  if (mode == "PORTFOLIO_MARGIN") {
    return refuse_margin_mode(call, {"3400000", "PORTFOLIO_MARGIN is not supported by venuebox"});
  }
  if (mode != "REGULAR_MARGIN" && mode != "ISOLATED_MARGIN") {
    return refuse(call, bad_parameter("setMarginMode"));
  }
  SetMarginMode command;
  command.account = call.account;
  command.mode = mode == "ISOLATED_MARGIN" ? MarginMode::isolated : MarginMode::cross;
  call.commands.emplace_back(command);
  return true;
}

// Asking for the mode that stands is no error.
void encode_set_margin_mode(Call& call, const Outcomes& outcomes) {
  const auto reason = rejection_in(outcomes[0]);
  if (reason && *reason != RejectReason::mode_unchanged) {
    refuse_margin_mode(call, margin_mode_reason(*reason));
    return;
  }
  reply(call,
        [](JsonWriter& json) { json.open().key("reasons").open_list().close_list().close(); });
}

bool decode_add_margin(Call& call) {
  return decode_command<ChangeMargin>(call, [&](Body& body, ChangeMargin& command) {
    return read_add_margin(call, body, command);
  });
}

void encode_add_margin(Call& call, const Outcomes& outcomes) {
  const auto& command = std::get<ChangeMargin>(call.commands.front());
  if (const auto reason = rejection_in(outcomes[0])) {
    return void(refuse(call, margin_refusal(*reason, command, call.view)));
  }
  const Position position =
      call.view.position(call.account, command.instrument, command.position_side);
  reply(call, [&](JsonWriter& json) {
    json.open().text("category", category_name(instrument_of(call.view, command.instrument).kind));
    write_position_row(json, call.account, position, call.view);
    json.close();
  });
}

// A unified account has one margin mode for all, which account/set-margin-mode sets.
void answer_switch_isolated(Call& call) {
  refuse(call, {kNotUnified, "The API cannot be accessed by unified account users."});
}

// The tier follows the position by itself; setting one is answered, and changes nothing.
void answer_set_risk_limit(Call& call) {
  if (auto no = parse_body(call)) return void(refuse(call, *no));
  Body body(call.json);
  const Instrument* instrument = nullptr;
  if (auto no = read_perpetual(call, body, instrument)) return void(refuse(call, *no));
  const auto id = integer_from_text(body.number("riskId"));
  if (auto no = body.wrong()) return void(refuse(call, *no));
  const auto tiers = static_cast<std::int64_t>(instrument->tiers.size());
  if (!id || *id < 1 || *id > tiers) {
    return void(refuse(call, {kNoRiskLimit, "The risk limit info does not exist"}));
  }
  const RiskTier& tier = instrument->tiers[static_cast<std::size_t>(*id - 1)];
  reply(call, [&](JsonWriter& json) {
    json.open().text("category", category_name(instrument->kind)).number("riskId", *id);
    write_money(json, "riskLimitValue", {tier.notional_max, instrument->settle}, call.view);
    json.close();
  });
}

void answer_set_auto_add_margin(Call& call) {
  if (auto no = parse_body(call)) return void(refuse(call, *no));
  Body body(call.json);
  const Instrument* instrument = nullptr;
  if (auto no = read_perpetual(call, body, instrument)) return void(refuse(call, *no));
  const std::string_view wanted = body.number("autoAddMargin");
  if (auto no = body.wrong()) return void(refuse(call, *no));
  if (wanted == "1") return void(refuse(call, not_supported("autoAddMargin 1")));
  if (wanted != "0") return void(refuse(call, bad_parameter("autoAddMargin")));
  reply_empty(call);
}

}  // namespace venuebox::venues::bybit
