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

// ---- positions ----------------------------------------------------------------------------------

// Which positions are asked for. A symbol's are shown even when they are flat.
struct PositionFilter {
  std::optional<InstrumentKindOf> kind;  // none: options, of which there are none
  std::string symbol;
  std::string base;
  std::string settle;

  bool names_instruments() const { return !(symbol.empty() && base.empty() && settle.empty()); }

  bool passes(const Instrument& instrument, const Position& position, const View& view) const {
    if (!kind || instrument.kind != *kind) return false;
    if (!symbol.empty()) return instrument.symbol == symbol;
    if (position.size.raw == 0) return false;
    if (!base.empty()) return asset_of(view, instrument.base).name == base;
    return settle.empty() || asset_of(view, instrument.settle).name == settle;
  }
};

void write_positions(JsonWriter& json, const Call& call, const PositionFilter& filter,
                     Pager& pager) {
  const View& view = call.view;
  for (const Instrument& instrument : view.instruments()) {
    if (instrument.is_spot()) continue;
    for (const PositionSide side : sides_of(view.position_mode(call.account, instrument.id))) {
      const Position position = view.position(call.account, instrument.id, side);
      const auto index = static_cast<std::uint64_t>(position_index(side));
      if (!filter.passes(instrument, position, view)) continue;
      if (!pager.takes(4 * (instrument.id.raw + std::uint64_t{1}) + index)) continue;
      json.open();
      write_position_row(json, call.account, position, view);
      json.close();
    }
  }
}

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
  if (!kind || *kind == InstrumentKindOf::spot) return not_supported(category);
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
    const bool is_isolated = account_margin_mode(call.account, call.view) == MarginMode::isolated;
    json.open().number("unifiedMarginStatus", 6);
    json.text("marginMode", is_isolated ? "ISOLATED_MARGIN" : "REGULAR_MARGIN");
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
      const FeeRates rates = call.view.fee_rates(call.account, instrument.id);
      json.key("takerFeeRate").trimmed(rates.taker.raw, 9);
      json.key("makerFeeRate").trimmed(rates.maker.raw, 9).close();
    }
    json.close_list().close();
  });
}

void answer_positions(Call& call) {
  Params params(call);
  const std::string category = params.text("category");
  PositionFilter filter;
  if (auto no = read_category(category, filter.kind)) return void(refuse(call, *no));
  if (filter.kind == InstrumentKindOf::spot) return void(refuse(call, bad_parameter("category")));
  filter.symbol = params.text("symbol");
  filter.base = params.text("baseCoin");
  filter.settle = params.text("settleCoin");
  call.response.tag.symbol = filter.symbol;
  Pager pager(params, 200, 20);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  if (category == "linear" && !filter.names_instruments()) {
    return void(refuse(call, {kParameterError, "params error: symbol or settleCoin is required"}));
  }
  if (filter.kind && !filter.symbol.empty() &&
      !call.view.find_instrument(filter.symbol, *filter.kind)) {
    return void(refuse(call, bad_parameter("symbol")));
  }
  reply(call, [&](JsonWriter& json) {
    json.open().text("category", category).key("list").open_list();
    write_positions(json, call, filter, pager);
    json.close_list().text("nextPageCursor", pager.next_cursor()).close();
  });
}

bool decode_set_leverage(Call& call) {
  return decode_command<SetLeverage>(call, [&](Body& body, SetLeverage& command) {
    return read_set_leverage(call, body, command);
  });
}

void encode_set_leverage(Call& call, const Outcomes& outcomes) {
  if (const auto reason = rejection_in(outcomes[0])) {
    return void(refuse(call, refusal_for(*reason, InstrumentKindOf::linear_perpetual)));
  }
  reply_empty(call);
}

}  // namespace venuebox::venues::bybit
