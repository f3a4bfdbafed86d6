// For tests: the control API of a server with one box of Bybit, called without a socket.
#pragma once

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "control/router.h"

namespace venuebox::control {

struct ControlTest : testing::Test {
  ControlTest() {
    box::BoxConfig config;
    config.venues = {"bybit"};
    config.symbols = {"BTC"};
    config.market = *market::MarketSpec::from_text("pinned");
    settings.clock.mode = box::ClockMode::manual;
    settings.rate_limits = gateway::RateLimits::off;
    boxes = std::make_unique<Boxes>(door, settings);
    VENUEBOX_ASSERT(bool(boxes->create(config, settings.clock, store::make_memory_store())));
    ApiSettings api_settings{"1.2.3", token, "http://127.0.0.1:8000", config, settings.clock};
    api = std::make_unique<Api>(*boxes, api_settings);
    router = std::make_unique<Router>(*boxes, *api);
  }

  int send(net::Method method, std::string_view target, std::string_view body = "",
           std::vector<net::Header> headers = {{"Host", "127.0.0.1:8000"}}) {
    net::Request request;
    request.method = method;
    request.target = target;
    net::split_target(request);
    request.body = body;
    request.headers = headers;
    request.listener = listener;
    response.reset();
    router->handle(request, response);
    return response.status;
  }
  bool says(std::string_view text) const { return response.body.find(text) != std::string::npos; }

  ManualClock door{timestamp_from_ms(1'700'000'000'000)};
  box::BoxSettings settings;
  std::string token;
  int listener = 0;
  std::unique_ptr<Boxes> boxes;
  std::unique_ptr<Api> api;
  std::unique_ptr<Router> router;
  net::Response response;
};

}  // namespace venuebox::control
