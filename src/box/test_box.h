// For tests: a box of one venue, Bybit, that answers without a socket in between.
#pragma once

#include <filesystem>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "box/box.h"

namespace venuebox::box {

struct Folder {
  Folder() {
    path = (std::filesystem::temp_directory_path() / "venuebox-box-XXXXXX").string();
    VENUEBOX_ASSERT(::mkdtemp(path.data()) != nullptr);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::unique_ptr<store::Store> store(bool read_only = false) const {
    auto opened =
        store::open_sqlite_store({path + "/box.db", store::Durability::process, read_only});
    VENUEBOX_ASSERT(bool(opened));
    return std::move(*opened);
  }
  std::string path;
};

inline BoxConfig config(const std::string& market = "synthetic", std::uint64_t seed = 1) {
  BoxConfig config;
  config.seed = seed;
  config.venues = {"bybit"};
  config.symbols = {"BTC"};
  config.market = *market::MarketSpec::from_text(market);
  return config;
}

inline BoxSettings settings(ClockMode mode = ClockMode::manual) {
  BoxSettings settings;
  settings.clock.mode = mode;
  settings.verify_signatures["bybit"] = false;  // everybody is alice
  settings.rate_limits = gateway::RateLimits::off;
  return settings;
}

struct Running {
  Running() = default;
  explicit Running(std::unique_ptr<store::Store> store, const BoxConfig& c = config(),
                   const BoxSettings& s = settings()) {
    open(std::move(store), c, s);
  }
  void open(std::unique_ptr<store::Store> store, const BoxConfig& c, const BoxSettings& s) {
    auto opened = Box::open(c, s, door, std::move(store));
    if (opened) {
      box = std::move(*opened);
    } else {
      error = opened.error().text();
    }
  }

  std::string send(net::Method method, std::string_view path, std::string_view body = "") {
    net::Request request;
    request.method = method;
    request.path = path.substr(0, path.find('?'));
    if (path.contains('?')) request.query = path.substr(path.find('?') + 1);
    request.target = path;
    request.body = body;
    response.reset();
    box->handle(0, request, response);
    return response.body;
  }
  std::string place(std::string_view side, std::string_view price, std::string_view id) {
    return send(
        net::Method::post, "/v5/order/create",
        fmt::format(R"({{"category":"linear","symbol":"BTCUSDT","side":"{}",)"
                    R"("orderType":"Limit","qty":"0.010","price":"{}","orderLinkId":"{}"}})",
                    side, price, id));
  }
  void turn(Nanoseconds step) {
    ASSERT_TRUE(box->advance_clock(box->now() + step));
    ASSERT_TRUE(box->commit());
  }

  ManualClock door{timestamp_from_ms(1'700'000'000'000)};
  std::unique_ptr<Box> box;
  std::string error;
  net::Response response;
};

}  // namespace venuebox::box
