// For tests: the client library against a box of this process that faults strike, in virtual time
// and from a seed.
#pragma once

#include "client/exchange.h"
#include "faults/parse.h"
#include "library/in_process_transport.h"
#include "library/numbers.h"
#include "library/test_box.h"
#include "venues/all.h"

namespace venuebox::library {
using client::Exchange;
using client::Reply;

inline constexpr const char* kSymbol = "BTC/USDT:USDT";

inline box::BoxSettings unlimited() {
  box::BoxSettings settings;
  settings.rate_limits = gateway::RateLimits::off;
  return settings;
}

struct FaultedExchange : BoxTest {
  explicit FaultedExchange(client::CallerSettings caller = {}) : BoxTest(unlimited()) {
    quote();
    const gateway::Credential alice = venues::find("bybit")->demo_credential("alice");
    client::ExchangeSettings settings;
    settings.caller = caller;
    settings.caller.breaker.failures_max = 1'000;  // what is asserted is the retries
    exchange.emplace(*venues::find("bybit")->client, gateway::ClientKeys{alice.key, alice.secret},
                     transport, scheduler, settings);
    const auto loaded = ask<std::vector<unified::Market>>(
        [&](auto then) { exchange->load_markets(std::move(then)); });
    EXPECT_TRUE(loaded) << loaded.text;
  }
  // A market maker's 1 BTC on either side, anew.
  void quote() {
    const auto* perpetual = box->exchanges()[0]->engine().find_instrument(
        "BTCUSDT", InstrumentKindOf::linear_perpetual);
    EXPECT_TRUE(box->set_quote(0, perpetual->id,
                               {Ticks{600'000}, Ticks{600'010}, {}, Lots{1'000}, Lots{1'000}}));
  }
  void strike(std::string_view json) {
    const auto fault = faults::fault_from_json(json);
    ASSERT_TRUE(fault) << fault.error().text();
    ASSERT_TRUE(box->plan().put(*fault, box->now()));
  }
  template <class T>
  Reply<T> ask(const std::function<void(client::Then<T>)>& start) {
    std::optional<Reply<T>> reply;
    start([&](Reply<T> given) { reply = std::move(given); });
    for (int second = 0; !reply && second < 300; ++second)
      scheduler.run_for(seconds(1));
    EXPECT_TRUE(reply) << "no answer";
    return reply ? std::move(*reply)
                 : Reply<T>{.kind = client::CallOutcome::Kind::unknown, .value = {}};
  }
  Reply<unified::Ticker> ticker() {
    return ask<unified::Ticker>(
        [&](auto then) { exchange->fetch_ticker(kSymbol, std::move(then)); });
  }
  Reply<client::PlacedOrder> place(std::string_view quantity, std::string_view price) {
    unified::NewOrder order{.symbol = kSymbol, .side = Side::buy, .quantity = *decimal(quantity)};
    order.price = *decimal(price);
    return ask<client::PlacedOrder>(
        [&](auto then) { exchange->create_order(order, std::move(then)); });
  }
  Reply<unified::OrderRow> order(const std::string& id) {
    return ask<unified::OrderRow>(
        [&](auto then) { exchange->fetch_order(kSymbol, {.id = id}, std::move(then)); });
  }

  InProcessTransport transport{*box, 0, scheduler};
  std::optional<Exchange> exchange;
};

}  // namespace venuebox::library
