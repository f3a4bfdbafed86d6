// For tests: a box of Bybit that is served in this process, over real sockets.
#pragma once

#include <gtest/gtest.h>

#include "control/router.h"

namespace venuebox::control {

constexpr std::string_view kSymbol = "BTC/USDT:USDT";

inline Decimal decimal(std::string_view text) { return std::get<Decimal>(decimal_from_text(text)); }

struct Served {
  Served() {
    box::BoxConfig config;
    config.venues = {"bybit"};
    config.symbols = {"BTC"};
    config.market = *market::MarketSpec::from_text("pinned");
    settings.clock.mode = box::ClockMode::manual;
    settings.rate_limits = gateway::RateLimits::off;  // by a clock that stands still
    auto made = boxes.create(config, settings.clock, store::make_memory_store());
    VENUEBOX_ASSERT(bool(made));
    box = *made;
    api.emplace(boxes, ApiSettings{"1.2.3", "", "http://127.0.0.1", config, settings.clock});
    router.emplace(boxes, *api);
    listen(0);
    loop.at_end_of_turn([this] { VENUEBOX_ASSERT(bool(boxes.commit())); });
    loop.at_end_of_turn([this] {
      if (server) server->flush();
    });
  }
  // After server.reset(), which ends all connections, on the port that it had.
  void listen(std::uint16_t at) {
    server.emplace(loop, door, *router);
    const auto endpoint = server->listen("127.0.0.1", at);
    VENUEBOX_ASSERT(bool(endpoint));
    port = endpoint->port;
    url = "http://127.0.0.1:" + std::to_string(port) + "/bybit";
  }
  void quote(std::int64_t bid, std::int64_t ask) {
    const InstrumentId perpetual =
        box->exchanges()[0]
            ->engine()
            .find_instrument("BTCUSDT", InstrumentKindOf::linear_perpetual)
            ->id;
    const market::Quote quote{Ticks{bid}, Ticks{ask}, {}, Lots{100}, Lots{100}};
    VENUEBOX_ASSERT(bool(box->set_quote(0, perpetual, quote)));
    // It shows when time passes.
    VENUEBOX_ASSERT(bool(box->advance_clock(box->now() + seconds(1))));
  }
  template <class Condition>
  void until(const Condition& condition) {
    for (int turns = 0; !condition(); ++turns) {
      ASSERT_LT(turns, 10'000) << "it never came";
      loop.turn(milliseconds(10));
    }
  }

  ManualClock door{timestamp_from_ms(1'700'000'000'000)};
  box::BoxSettings settings;
  net::Loop loop;
  Boxes boxes{door, settings};
  box::Box* box = nullptr;
  std::optional<Api> api;
  std::optional<Router> router;
  std::optional<net::HttpServer> server;  // absent: nobody listens
  std::uint16_t port = 0;
  std::string url;  // of Bybit
};

}  // namespace venuebox::control
