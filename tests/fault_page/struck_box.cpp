#include "struck_box.h"

#include <algorithm>

#include <fmt/format.h>

#include "box/box.h"
#include "faults/parse.h"

namespace venuebox::fault_page {
namespace {
using net::Method;

constexpr VenueRequest kBybit[] = {
    {"orders", Method::get, "/v5/order/realtime?category=linear&symbol=BTCUSDT"},
    {"ticker", Method::get, "/v5/market/tickers?category=linear&symbol=BTCUSDT"},
    {"place", Method::post, "/v5/order/create",
     R"({"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.010",)"
     R"("price":"59000.00"})"},
};
constexpr VenueRequest kParadex[] = {
    {"orders", Method::get, "/v1/orders?market=BTC-USD-PERP"},
    {"ticker", Method::get, "/v1/markets/summary?market=BTC-USD-PERP"},
    {"place", Method::post, "/v1/orders",
     R"({"market":"BTC-USD-PERP","side":"BUY","type":"LIMIT","size":"0.01","price":"59000"})"},
};
constexpr StruckVenue kVenues[] = {{"bybit", kBybit}, {"paradex", kParadex}};
}  // namespace

std::span<const StruckVenue> struck_venues() { return kVenues; }

Told told_by(const StruckVenue& venue, std::string_view call, std::string_view action) {
  box::BoxConfig config;
  config.venues = {std::string(venue.name)};
  config.symbols = {"BTC"};
  config.market = *market::MarketSpec::from_text("pinned");
  box::BoxSettings settings;
  settings.clock.mode = box::ClockMode::manual;
  settings.verify_signatures[std::string(venue.name)] = false;
  settings.rate_limits = gateway::RateLimits::off;
  const ManualClock door{timestamp_from_ms(1'700'000'000'000)};
  const auto opened = box::Box::open(config, settings, door, store::make_memory_store());
  VENUEBOX_ASSERT(opened);
  box::Box& box = **opened;
  const auto fault =
      faults::fault_from_json(fmt::format(R"({{"name":"struck","action":{}}})", action));
  VENUEBOX_ASSERT(fault);
  const auto put = box.plan().put(*fault, box.now());
  VENUEBOX_ASSERT(put);

  const auto asked = std::ranges::find(venue.requests, call, &VenueRequest::call);
  VENUEBOX_ASSERT(asked != venue.requests.end());
  net::Request request;
  request.method = asked->method;
  request.target = asked->target;
  net::split_target(request);
  request.body = asked->body;
  net::Response response;
  box.handle(0, request, response);
  return {response.status, response.headers, response.body};
}

}  // namespace venuebox::fault_page
