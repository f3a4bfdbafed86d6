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
      all.emplace_back(OpenAccount{market, AccountKindOf::market, "market", kNoAccount});
    }
    for (const AccountId user : {kAlice, kBob}) {
      const char* name = user == kAlice ? "alice" : "bob";
      all.emplace_back(OpenAccount{user, AccountKindOf::user, name, kNoAccount});
      all.emplace_back(Deposit{user, usdt(1'000'000)});
      all.emplace_back(Deposit{user, btc(100)});
    }
    return all;
  }

  // What the risk side needs besides: users who can lose what they have, an insurance fund, a
  // coin-margined contract whose funding is due each minute and whose losses are shared, one with
  // tiers and continuous funding, and a spot market whose fees are in quote.
  static constexpr AccountId kFund{5};
  static constexpr InstrumentId kInverse{2}, kContinuous{3}, kQuoteFees{4};
  static constexpr AssetId kUsd{2};

  static std::vector<CommandBody> risk_commands() {
    std::vector<CommandBody> all;
    all.emplace_back(AddAsset{{kUsd, "USD", 14}});
    Instrument inverse = terms(kInverse, InstrumentKindOf::linear_perpetual);
    inverse.symbol = "BTCUSD";
    inverse.kind = InstrumentKindOf::inverse_perpetual;
    inverse.quote = kUsd;
    inverse.settle = kBtc;
    inverse.lot = {1, 0};
    inverse.notional_min = {0, kUsd};
    inverse.tiers.clear();
    inverse.loss_sharing = LossSharing::socialise;
    inverse.liquidation_fee = Rate{1'000'000};
    inverse.funding = {.kind = FundingKind::interval, .interval = seconds(60)};
    all.emplace_back(ListInstrument{inverse});
    Instrument continuous = terms(kContinuous, InstrumentKindOf::linear_perpetual);
    continuous.symbol = "BTC-PERP";
    continuous.funding.kind = FundingKind::continuous;
    continuous.tiers = {{usdt(1'000).units, 100, Rate{5'000'000}},
                        {usdt(500'000).units, 50, Rate{10'000'000}},
                        {usdt(10'000'000).units, 20, Rate{25'000'000}}};
    continuous.accepts_before_risk = true;
    all.emplace_back(ListInstrument{continuous});
    Instrument quote_fees = terms(kQuoteFees, InstrumentKindOf::spot);
    quote_fees.symbol = "BTC-USDT";
    quote_fees.spot_fee = SpotFee::quote;
    all.emplace_back(ListInstrument{quote_fees});
    all.emplace_back(OpenAccount{kFund, AccountKindOf::insurance, "fund", kNoAccount});
    all.emplace_back(Deposit{kFund, usdt(10)});
    for (const AccountId user : {kAlice, kBob}) {
      all.emplace_back(TransferMoney{user, kMarket, usdt(997'000)});
      all.emplace_back(TransferMoney{user, kMarket, {99'950 * power_of_ten(11), kBtc}});
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
