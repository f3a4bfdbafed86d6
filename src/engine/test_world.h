// The world that tests, scenarios' random cousins and the fuzz target trade in: two instruments and
// a few accounts. Knows no test framework.
#pragma once

#include "base/decimal.h"
#include "engine/engine.h"

namespace venuebox::engine {

struct TestWorld {
  static constexpr AccountId kMarket{0}, kMarket2{1}, kMarketTaker{2}, kAlice{3}, kBob{4};
  static constexpr InstrumentId kPerpetual{0}, kSpot{1};
  static constexpr AssetId kBtc{0}, kUsdt{1};

  static constexpr Timestamp kStart = timestamp_from_ms(1'700'000'000'000);

  // What makes an empty exchange this world, in order.
  static std::vector<CommandBody> commands() {
    std::vector<CommandBody> all;
    all.emplace_back(AddAsset{{kBtc, "BTC", 14}});
    all.emplace_back(AddAsset{{kUsdt, "USDT", 14}});
    all.emplace_back(ListInstrument{terms(kPerpetual, InstrumentKindOf::linear_perpetual)});
    all.emplace_back(ListInstrument{terms(kSpot, InstrumentKindOf::spot)});
    for (const AccountId market : {kMarket, kMarket2, kMarketTaker}) {
      all.emplace_back(OpenAccount{market, AccountKindOf::market, "market"});
    }
    for (const AccountId user : {kAlice, kBob}) {
      all.emplace_back(OpenAccount{user, AccountKindOf::user, user == kAlice ? "alice" : "bob"});
      all.emplace_back(Deposit{user, usdt(1'000'000)});
      all.emplace_back(Deposit{user, btc(100)});
    }
    return all;
  }

  static Money usdt(std::int64_t whole) { return {whole * power_of_ten(14), kUsdt}; }
  static Money btc(std::int64_t whole) { return {whole * power_of_ten(14), kBtc}; }
  static Money usdt(std::string_view text) {
    return {std::get<Int128>(units_from_text(text, 14)), kUsdt};
  }

  // Price in units of 0.10, quantity in units of 0.001 BTC; fees maker 0.02 %, taker 0.055 %.
  static Instrument terms(InstrumentId id, InstrumentKindOf kind) {
    const Instrument wanted{.id = id,
                            .symbol = "BTCUSDT",
                            .kind = kind,
                            .base = kBtc,
                            .quote = kUsdt,
                            .settle = kUsdt,
                            .tick = {10, 2},
                            .lot = {1, 3},
                            .quantity_min = Lots{1},
                            .quantity_max = Lots{1'000'000},
                            .market_quantity_max = Lots{500'000},
                            .price_max = Ticks{20'000'000},
                            .notional_min = usdt(5),
                            .maker_fee = Rate{200'000},
                            .taker_fee = Rate{550'000},
                            .leverage_max = 100,
                            .units_per_tick_lot = 0};
    return *checked_listing(wanted, {kBtc, "BTC", 14}, {kUsdt, "USDT", 14});
  }
};

}  // namespace venuebox::engine
