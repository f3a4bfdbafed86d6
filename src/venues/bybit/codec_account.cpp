#include "venues/bybit/codec_account.h"

#include <algorithm>

#include "venues/bybit/account_rows.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::Outcomes;

constexpr int kUserIdBase = 24'600'000;
constexpr std::int64_t kKeyExpiryMs = 4'102'358'400'000;  // 2099-12-31
constexpr std::int64_t kDayMs = 86'400'000;

// ---- leverage -----------------------------------------------------------------------------------

// Bybit takes hundredths of a leverage; the engine takes whole ones.
std::optional<Refusal> read_leverage(std::string_view text, int& leverage) {
  constexpr int kFarTooHigh = 1'000'000;  // the engine says what is out of range
  const auto units = units_from_text(text, 2);
  if (std::holds_alternative<DecimalError>(units)) return bad_parameter("buyLeverage");
  const Int128 hundredths = std::get<Int128>(units);
  if (hundredths % 100 != 0) return not_supported("fractional leverage");
  leverage = static_cast<int>(std::clamp<Int128>(hundredths / 100, 0, kFarTooHigh));
  return std::nullopt;
}

std::optional<Refusal> read_set_leverage(const Call& call, Body& body, SetLeverage& command) {
  const std::string_view category = body.text("category");
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(category, kind)) return no;
  if (kind != InstrumentKindOf::linear_perpetual) return not_supported(category);
  const Instrument* instrument = call.view.find_instrument(body.text("symbol"), *kind);
  if (!instrument) return refusal_for(RejectReason::unknown_instrument, *kind);
  int buy = 0;
  int sell = 0;
  if (auto no = read_leverage(body.text("buyLeverage"), buy)) return no;
  if (auto no = read_leverage(body.text("sellLeverage"), sell)) return no;
  if (buy != sell) {
    return Refusal{kParameterError, "params error: buyLeverage must equal sellLeverage"};
  }
  command = {.account = call.account, .instrument = instrument->id, .leverage = buy};
  return std::nullopt;
}
}  // namespace

void answer_api_key(Call& call) {
  reply(call, [&](JsonWriter& json) {
    const std::int64_t number = static_cast<std::int64_t>(call.account.raw);
    json.open().number_text("id", 13'770'000 + number).text("note", call.account_name);
    json.text("apiKey", call.request.header("X-BAPI-API-KEY").value_or(""));
    json.number("readOnly", 0).text("secret", "");
    json.key("permissions")
        .raw(R"({"ContractTrade":["Order","Position"],"Spot":["SpotTrade"],)"
             R"("Wallet":["AccountTransfer"],"Options":[],"Derivatives":["DerivativesTrade"],)"
             R"("Exchange":[],"CopyTrading":[],"BlockTrade":[],"NFT":[],"Affiliate":[]})");
    json.key("ips").raw(R"(["*"])").number("type", 1);
    json.number("deadlineDay", (kKeyExpiryMs - call.now.ms()) / kDayMs);
    json.text("expiredAt", "2099-12-31T00:00:00Z").text("createdAt", "2023-01-01T00:00:00Z");
    json.number("unified", 0).number("uta", 1).number("userID", kUserIdBase + number);
    json.number("inviterID", 0).text("vipLevel", "No VIP").text("mktMakerLevel", "0");
    json.number("affiliateID", 0).text("rsaPublicKey", "").boolean("isMaster", true);
    json.text("parentUid", "0").close();
  });
}

void answer_account_info(Call& call) {
  reply(call, [&](JsonWriter& json) {
    const Timestamp due = call.view.dead_man_due(call.account);
    const bool armed = due != kNever;
    const std::int64_t left_ms = armed ? std::max<std::int64_t>(0, due.ms() - call.now.ms()) : 0;
    json.open().number("unifiedMarginStatus", 6).text("marginMode", "REGULAR_MARGIN");
    json.text("updatedTime", "1697078946000").text("dcpStatus", armed ? "ON" : "OFF");
    json.number("timeWindow", (left_ms + 999) / 1'000);  // seconds until it strikes
    json.number("smpGroup", 0).boolean("isMasterTrader", false);
    json.text("spotHedgingStatus", "OFF").close();
  });
}

// No coin can be deposited or withdrawn over a chain.
void answer_coin_info(Call& call) {
  reply(call, [](JsonWriter& json) { json.open().key("rows").open_list().close_list().close(); });
}

void answer_wallet_balance(Call& call) {
  const Params params(call);
  if (params.text("accountType") != "UNIFIED") {
    return void(refuse(call, {kParameterError, "accountType only support UNIFIED."}));
  }
  const std::string coins = params.text("coin");
  reply(call, [&](JsonWriter& json) {
    json.open().key("list").open_list().open();
    write_wallet_row(json, call.account, coins, call.view);
    json.close().close_list().close();
  });
}

void answer_fee_rates(Call& call) {
  const Params params(call);
  std::optional<InstrumentKindOf> kind;
  // ccxt asks for the fees of all markets without saying of which category.
  const std::string category = params.text("category");
  if (auto no = read_category(category.empty() ? "linear" : category, kind)) {
    return void(refuse(call, *no));
  }
  const std::string symbol = params.text("symbol");
  call.response.tag.symbol = symbol;
  if (!symbol.empty() && !(kind && call.view.find_instrument(symbol, *kind))) {
    return void(refuse(call, bad_parameter("symbol")));
  }
  reply(call, [&](JsonWriter& json) {
    json.open().key("list").open_list();
    for (const Instrument& instrument : call.view.instruments()) {
      if (!kind || instrument.kind != *kind) continue;
      if (!symbol.empty() && instrument.symbol != symbol) continue;
      json.open().text("symbol", instrument.symbol);
      json.key("takerFeeRate").trimmed(instrument.taker_fee.raw, 9);
      json.key("makerFeeRate").trimmed(instrument.maker_fee.raw, 9).close();
    }
    json.close_list().close();
  });
}

void answer_positions(Call& call) {
  Params params(call);
  const std::string category = params.text("category");
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(category, kind)) return void(refuse(call, *no));
  if (kind == InstrumentKindOf::spot) return void(refuse(call, bad_parameter("category")));
  const std::string symbol = params.text("symbol");
  const std::string base = params.text("baseCoin");
  const std::string settle = params.text("settleCoin");
  call.response.tag.symbol = symbol;
  Pager pager(params, 200, 20);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  if (kind && symbol.empty() && settle.empty() && base.empty()) {
    return void(refuse(call, {kParameterError, "params error: symbol or settleCoin is required"}));
  }
  if (kind && !symbol.empty() && !call.view.find_instrument(symbol, *kind)) {
    return void(refuse(call, bad_parameter("symbol")));
  }
  const auto wanted = [&](const Instrument& instrument) {
    if (!kind || instrument.kind != *kind) return false;
    if (!symbol.empty()) return instrument.symbol == symbol;  // shown even when flat
    if (call.view.position(call.account, instrument.id).size.raw == 0) return false;
    if (!base.empty()) return asset_of(call.view, instrument.base).name == base;
    return asset_of(call.view, instrument.settle).name == settle;
  };
  reply(call, [&](JsonWriter& json) {
    json.open().text("category", category).key("list").open_list();
    for (const Instrument& instrument : call.view.instruments()) {
      if (!wanted(instrument) || !pager.takes(instrument.id.raw + 1)) continue;
      json.open();
      write_position_row(json, call.account, instrument, call.view);
      json.close();
    }
    json.close_list().text("nextPageCursor", pager.next_cursor()).close();
  });
}

bool decode_set_leverage(Call& call) {
  return decode_command<SetLeverage>(call, [&](Body& body, SetLeverage& command) {
    return read_set_leverage(call, body, command);
  });
}

void encode_set_leverage(Call& call, const Outcomes& outcomes) {
  for (const Event& event : outcomes[0]) {
    if (const auto* rejected = std::get_if<Rejected>(&event)) {
      return void(refuse(call, refusal_for(rejected->reason, InstrumentKindOf::linear_perpetual)));
    }
  }
  reply_empty(call);
}

// Positions are one-way (mode 0), so asking for that changes nothing, which is an error to Bybit.
void answer_switch_position_mode(Call& call) {
  if (auto no = parse_body(call)) return void(refuse(call, *no));
  Body body(call.json);
  const std::string_view mode = body.number("mode");
  std::optional<InstrumentKindOf> kind;
  if (auto no = read_category(body.text("category"), kind)) return void(refuse(call, *no));
  if (auto no = body.wrong()) return void(refuse(call, *no));
  if (mode == "3") return void(refuse(call, not_supported("hedge mode")));
  if (mode != "0") return void(refuse(call, bad_parameter("mode")));
  refuse(call, {kPositionModeUnchanged, "Position mode is not modified"});
}

void answer_set_margin_mode(Call& call) {
  if (auto no = parse_body(call)) return void(refuse(call, *no));
  Body body(call.json);
  const std::string_view mode = body.text("setMarginMode");
  if (mode == "REGULAR_MARGIN") {
    return reply(call, [](JsonWriter& json) {
      json.open().key("reasons").open_list().close_list().close();
    });
  }
  if (mode != "ISOLATED_MARGIN" && mode != "PORTFOLIO_MARGIN") {
    return void(refuse(call, bad_parameter("setMarginMode")));
  }
  JsonWriter json(call.response.body);
  json.open().number("retCode", kMarginModeFailed).text("retMsg", "Set margin mode failed");
  json.key("result").open().key("reasons").open_list().open();
  json.text("reasonCode", "3400000").text("reasonMsg", "Only REGULAR_MARGIN is supported here");
  json.close().close_list().close();
  end_reply(json, "{}", call.now.ms());
}

}  // namespace venuebox::venues::bybit
