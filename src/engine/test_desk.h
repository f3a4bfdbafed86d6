// A desk for tests: an engine with a clock that steps by hand, two instruments and a few accounts,
// and the law of the house checked after every command.
#pragma once

#include <gtest/gtest.h>

#include "engine/engine.h"
#include "model/desk.h"

namespace venuebox::engine {

class TestDesk final : public Desk {
 public:
  static constexpr AccountId kMarket{0}, kMarket2{1}, kMarketTaker{2}, kAlice{3}, kBob{4};
  static constexpr InstrumentId kPerpetual{0}, kSpot{1};
  static constexpr AssetId kBtc{0}, kUsdt{1};

  TestDesk() {
    run(AddAsset{{kBtc, "BTC", 14}});
    run(AddAsset{{kUsdt, "USDT", 14}});
    run(ListInstrument{terms(kPerpetual, InstrumentKindOf::linear_perpetual)});
    run(ListInstrument{terms(kSpot, InstrumentKindOf::spot)});
    for (const AccountId market : {kMarket, kMarket2, kMarketTaker}) {
      run(OpenAccount{market, AccountKindOf::market, "market"});
    }
    for (const AccountId user : {kAlice, kBob}) {
      run(OpenAccount{user, AccountKindOf::user, user == kAlice ? "alice" : "bob"});
      run(Deposit{user, usdt(1'000'000)});
      run(Deposit{user, btc(100)});
    }
  }

  std::span<const Event> execute(const CommandBody& body) override {
    const auto events = engine.execute({engine.sequence() + 1, clock, body});
    const std::string broken = check_laws ? engine.broken_law() : "";
    EXPECT_EQ(broken, "") << "after command " << engine.sequence();
    return events;
  }
  const View& view() const override { return engine; }

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

  PlaceOrder limit(AccountId account, Side side, std::int64_t price, std::int64_t quantity,
                   InstrumentId instrument = kPerpetual) const {
    PlaceOrder order;
    order.account = account;
    order.instrument = instrument;
    order.side = side;
    order.price = Ticks{price};
    order.quantity = Lots{quantity};
    order.value = {0, kUsdt};
    return order;
  }
  AmendOrder amend(AccountId account, OrderId order, std::int64_t quantity,
                   InstrumentId instrument = kPerpetual) const {
    AmendOrder amend;
    amend.account = account;
    amend.instrument = instrument;
    amend.order = order;
    amend.quantity = Lots{quantity};
    return amend;
  }
  PlaceOrder market(AccountId account, Side side, std::int64_t quantity,
                    InstrumentId instrument = kPerpetual) const {
    PlaceOrder order = limit(account, side, 0, quantity, instrument);
    order.type = OrderType::market;
    return order;
  }

  Engine engine;
  Timestamp clock = timestamp_from_ms(1'700'000'000'000);
  bool check_laws = true;

 private:
  void run(const CommandBody& body) { execute(body); }
};

}  // namespace venuebox::engine
