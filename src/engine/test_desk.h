// A desk for tests: an engine in the world of TestWorld with a clock that steps by hand, and the
// law of the house checked after every command.
#pragma once

#include <gtest/gtest.h>

#include "engine/test_world.h"
#include "model/desk.h"

namespace venuebox::engine {

class TestDesk final : public Desk, public TestWorld {
 public:
  TestDesk() {
    for (const CommandBody& command : commands())
      execute(command);
  }

  std::span<const Event> execute(const CommandBody& body) override {
    const auto events = engine.execute({engine.sequence() + 1, clock, body});
    const std::string broken = check_laws ? engine.broken_law() : "";
    EXPECT_EQ(broken, "") << "after command " << engine.sequence();
    return events;
  }
  const View& view() const override { return engine; }

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
  Timestamp clock = kStart;
  bool check_laws = true;
};

}  // namespace venuebox::engine
