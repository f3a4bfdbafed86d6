#include "venues/paradex/codec_account.h"

#include "venues/paradex/find_orders.h"
#include "venues/paradex/history_page.h"
#include "venues/paradex/order_terms.h"
#include "venues/paradex/rows_account.h"

namespace venuebox::venues::paradex {
namespace {
constexpr int kRateDecimals = 9;

std::string_view margin_type(const Call& call, InstrumentId instrument) {
  const MarginMode mode = call.view.margin_mode(call.account, instrument);
  return mode == MarginMode::isolated ? "ISOLATED" : "CROSS";
}

void write_margin_config(JsonWriter& json, const Call& call, const Instrument& instrument) {
  const int leverage = call.view.leverage(call.account, instrument.id);
  json.open().text("market", instrument.symbol).number("leverage", leverage);
  json.text("margin_type", margin_type(call, instrument.id));
  json.number("isolated_margin_leverage", leverage).close();
}

// What the account pays in the first market; rates are the same in all.
void write_fees(JsonWriter& json, const Call& call) {
  const FeeRates rates = call.view.fee_rates(call.account, call.view.instruments().front().id);
  json.key("fees").open();
  json.key("maker_rate").trimmed(rates.maker.raw, kRateDecimals);
  json.key("taker_rate").trimmed(rates.taker.raw, kRateDecimals).close();
}
}  // namespace

void answer_positions(Call& call) {
  const HistoryQuery query(call);
  if (auto no = query.wrong()) return void(refuse(call, *no));
  const std::string wanted = Params(call).text("status");
  const RowSource source = source_of(call);
  reply_results(call, [&](JsonWriter& json) {
    for (const Instrument& instrument : call.view.instruments()) {
      if (instrument.is_spot() || !query.is_meant(instrument.id)) continue;
      const Position position = call.view.position(call.account, instrument.id);
      if (position.updated == Timestamp{}) continue;  // never traded
      const std::string_view status = position.size.raw == 0 ? "CLOSED" : "OPEN";
      if (!wanted.empty() && wanted != status) continue;
      write_position(json, call.account, position, source);
    }
  });
}

void answer_balance(Call& call) {
  reply_results(call, [&](JsonWriter& json) {
    write_balance(json, call.account, settlement_asset(call.view), source_of(call));
  });
}

void answer_account(Call& call) {
  JsonWriter json(call.response.body);
  write_account(json, call.account, source_of(call));
}

void answer_account_info(Call& call) {
  const std::string_view key =
      call.credential ? std::string_view(call.credential->public_key) : std::string_view();
  reply_results(call, [&](JsonWriter& json) {
    json.open().text("account", source_of(call).address).text("kind", "main");
    json.text("public_key", key).text("parent_account", "").number("created_at", 0);
    json.text("username", call.account_name).text("isolated_market", "");
    json.text("derivation_path", "");
    write_fees(json, call);
    json.close();
  });
}

void answer_account_profile(Call& call) {
  JsonWriter json(call.response.body);
  json.open().text("username", call.account_name).text("referral_code", "").close();
}

void answer_account_settings(Call& call) {
  JsonWriter json(call.response.body);
  json.open().text("trading_value_display", "SPOT_NOTIONAL").close();
}

void answer_account_summary(Call& call) { answer_account(call); }

void answer_margin(Call& call) {
  const HistoryQuery query(call);
  if (auto no = query.wrong()) return void(refuse(call, *no));
  JsonWriter json(call.response.body);
  json.open().text("account", source_of(call).address);
  json.text("margin_methodology", "cross_margin").key("configs").open_list();
  for (const Instrument& instrument : call.view.instruments()) {
    if (!instrument.is_spot() && query.is_meant(instrument.id)) {
      write_margin_config(json, call, instrument);
    }
  }
  json.close_list().close();
}

// Only what differs from what is set becomes a command: to say the same again is no error here.
bool decode_margin(Call& call) {
  if (auto no = parse_body(call)) return refuse(call, *no);
  Body body(call.json);
  const Instrument* instrument = nullptr;
  if (auto no = read_market(call, argument(call, 0), instrument)) return refuse(call, *no);
  call.response.tag.symbol = instrument->symbol;
  const std::string_view type = body.text("margin_type");
  const std::string_view text = body.number("leverage");
  if (auto no = wrong_kind(body)) return refuse(call, *no);
  if (!type.empty() && type != "CROSS" && type != "ISOLATED") {
    return refuse(call, bad_field("margin_type", "must be CROSS or ISOLATED"));
  }
  if (type.empty() && text.empty()) return refuse(call, bad_field("leverage", "is required"));
  const auto leverage = gateway::integer_from_text(text);
  if (!text.empty() && (!leverage || *leverage < 1 || *leverage > instrument->leverage_max)) {
    return refuse(call, refusal_for(RejectReason::leverage_out_of_range));
  }
  if (!type.empty() && type != margin_type(call, instrument->id)) {
    const MarginMode mode = type == "ISOLATED" ? MarginMode::isolated : MarginMode::cross;
    call.commands.emplace_back(SetMarginMode{call.account, instrument->id, mode});
  }
  if (leverage && *leverage != call.view.leverage(call.account, instrument->id)) {
    call.commands.emplace_back(
        SetLeverage{call.account, instrument->id, static_cast<int>(*leverage)});
  }
  return true;
}

void encode_margin(Call& call, const gateway::Outcomes& outcomes) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (const auto reason = rejection_in(outcomes[i])) {
      return void(refuse(call, refusal_for(*reason)));
    }
  }
  const Instrument& instrument = *find_market(call, argument(call, 0));
  JsonWriter json(call.response.body);
  json.open().text("account", source_of(call).address).text("market", instrument.symbol);
  json.number("leverage", call.view.leverage(call.account, instrument.id));
  json.text("margin_type", margin_type(call, instrument.id)).close();
}

}  // namespace venuebox::venues::paradex
