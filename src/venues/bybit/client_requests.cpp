#include "venues/bybit/client_requests.h"

#include <algorithm>

#include "base/json_writer.h"

namespace venuebox::venues::bybit {
namespace {
using unified::Market;
using unified::MarketKind;

constexpr std::size_t kClientIdMax = 36;
constexpr int kBookLevelsMax = 1'000;
constexpr int kCandlesMax = 1'000;
constexpr int kTradesMax = 1'000;
constexpr int kSpotTradesMax = 60;
constexpr int kExecutionsMax = 100;
constexpr int kClosedOrdersMax = 50;
constexpr std::string_view kOrdersMax = "50";
constexpr std::string_view kPositionsMax = "200";

// ---- queries and bodies -------------------------------------------------------------------------

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

void append_encoded(std::string& out, std::string_view text, std::string_view also_plain = "") {
  static constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(c) || also_plain.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
}

using Parameters = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Bybit takes an empty parameter for an absent one, so none is sent.
ClientRequest query(std::string_view path, bool is_private, Parameters parameters) {
  ClientRequest request{.method = net::Method::get,
                        .path = std::string(path),
                        .query = {},
                        .headers = {},
                        .body = {},
                        .is_private = is_private};
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    if (!request.query.empty()) request.query.push_back('&');
    request.query.append(name).push_back('=');
    append_encoded(request.query, value);
  }
  return request;
}

// `write` adds members to the body, in which the market stands already.
template <class Write>
ClientRequest order_call(std::string_view path, const Market& market, Write write) {
  ClientRequest request{.method = net::Method::post,
                        .path = std::string(path),
                        .query = {},
                        .headers = {{"Content-Type", "application/json"}},
                        .body = {},
                        .is_private = true};
  JsonWriter json(request.body);
  json.open().text("category", category_of(market.kind)).text("symbol", market.id);
  write(json);
  json.close();
  return request;
}

void write_decimal(JsonWriter& json, std::string_view name, const Decimal& value) {
  json.key(name).trimmed(value.units, value.scale);
}

void write_name(JsonWriter& json, std::string_view id, std::string_view client_order_id) {
  if (!id.empty()) return void(json.text("orderId", id));
  json.text("orderLinkId", client_order_id);
}

std::string clamped(int number, int highest) {
  return std::to_string(std::clamp(number, 1, highest));
}

// ---- what cannot be said ------------------------------------------------------------------------

Error unsupported(std::string where, std::string detail) {
  return {ErrorKind::unsupported, std::move(where), std::move(detail)};
}

bool is_positive(const std::optional<Decimal>& value) { return value && value->units > 0; }

Result<void> check_name(std::string_view id, std::string_view client_order_id) {
  if (!id.empty() || !client_order_id.empty()) return {};
  return invalid("id", "name the order by its id or by its client order id");
}

Result<void> check_client_id(std::string_view id) {
  const bool plain =
      std::ranges::all_of(id, [](char c) { return is_unreserved(c) && c != '.' && c != '~'; });
  if (plain && id.size() <= kClientIdMax) return {};
  return invalid("client_order_id", "Bybit takes up to 36 of letters, digits, - and _");
}

// Bybit has one word for how an order rests and ends, and spot has no positions to reduce. What it
// would leave out without a word is refused here: an order without it is another order.
Result<void> check_manner(const unified::NewOrder& order, const Market& market) {
  const bool is_limit = order.type == OrderType::limit;
  const bool is_gtc = order.time_in_force == TimeInForce::gtc;
  if (order.time_in_force == TimeInForce::gtd) {
    return unsupported("time_in_force", "Bybit has no orders with an expiry; cancel it in time");
  }
  if (order.is_post_only && !(is_limit && is_gtc)) {
    return invalid("is_post_only", "only a limit order that may rest can be post-only");
  }
  if (!is_limit && order.time_in_force == TimeInForce::fok) {
    return unsupported("time_in_force", "Bybit's market orders are IOC; give a limit for FOK");
  }
  if (order.is_reduce_only && market.kind == MarketKind::spot) {
    return unsupported("is_reduce_only", "a spot order has no position to reduce");
  }
  return {};
}

Result<void> check_order(const unified::NewOrder& order, const Market& market) {
  if (order.quantity.units <= 0) return invalid("quantity", "must be above 0");
  if (order.type == OrderType::limit && !is_positive(order.price)) {
    return invalid("price", "a limit order has one above 0; give it, or place a market order");
  }
  if (order.trigger_price && !is_positive(order.trigger_price)) {
    return invalid("trigger_price", "must be above 0");
  }
  if (order.trigger_price && !order.trigger_direction && market.kind == MarketKind::perpetual) {
    return invalid("trigger_direction",
                   "Bybit is told whether the price rises or falls to the trigger price");
  }
  if (auto manner = check_manner(order, market); !manner) return manner;
  return check_client_id(order.client_order_id);
}

// Empty where Bybit's own choice is what is wanted.
std::string_view time_in_force_of(const unified::NewOrder& order) {
  if (order.is_post_only) return "PostOnly";
  if (order.type == OrderType::market) return {};
  if (order.time_in_force == TimeInForce::ioc) return "IOC";
  return order.time_in_force == TimeInForce::fok ? "FOK" : std::string_view();
}

// Spot takes the direction from the last price, and keeps what waits under a filter of its own.
void write_trigger(JsonWriter& json, const unified::NewOrder& order, const Market& market) {
  if (!order.trigger_price) return;
  write_decimal(json, "triggerPrice", *order.trigger_price);
  if (market.kind == MarketKind::spot) return void(json.text("orderFilter", "StopOrder"));
  json.number("triggerDirection", order.trigger_direction == TriggerDirection::rises ? 1 : 2);
}
}  // namespace

std::string interval_of(int minutes) {
  constexpr int kDay = 24 * 60;
  if (minutes == kDay) return "D";
  if (minutes == 7 * kDay) return "W";
  if (minutes == 30 * kDay) return "M";
  return std::to_string(minutes);
}

std::string_view category_of(MarketKind kind) {
  return kind == MarketKind::spot ? "spot" : "linear";
}

// ---- public -------------------------------------------------------------------------------------

std::vector<ClientRequest> fetch_markets() {
  constexpr std::string_view kPath = "/v5/market/instruments-info";
  return {query(kPath, false, {{"category", "spot"}}),
          query(kPath, false, {{"category", "linear"}, {"limit", "1000"}})};
}

ClientRequest fetch_time() { return query("/v5/market/time", false, {}); }

ClientRequest fetch_ticker(const Market& market) {
  return query("/v5/market/tickers", false,
               {{"category", category_of(market.kind)}, {"symbol", market.id}});
}

std::vector<ClientRequest> fetch_tickers() {
  std::vector<ClientRequest> requests;
  for (const MarketKind kind : {MarketKind::spot, MarketKind::perpetual})
    requests.push_back(query("/v5/market/tickers", false, {{"category", category_of(kind)}}));
  return requests;
}

ClientRequest fetch_order_book(const Market& market, int levels) {
  return query("/v5/market/orderbook", false,
               {{"category", category_of(market.kind)},
                {"symbol", market.id},
                {"limit", clamped(levels, kBookLevelsMax)}});
}

ClientRequest fetch_trades(const Market& market, int limit) {
  const int highest = market.kind == MarketKind::spot ? kSpotTradesMax : kTradesMax;
  return query("/v5/market/recent-trade", false,
               {{"category", category_of(market.kind)},
                {"symbol", market.id},
                {"limit", clamped(limit, highest)}});
}

ClientRequest fetch_ohlcv(const Market& market, int minutes, int limit, Timestamp) {
  return query("/v5/market/kline", false,
               {{"category", category_of(market.kind)},
                {"symbol", market.id},
                {"interval", interval_of(minutes)},
                {"limit", clamped(limit, kCandlesMax)}});
}

// ---- account ------------------------------------------------------------------------------------

ClientRequest fetch_balance() {
  return query("/v5/account/wallet-balance", true, {{"accountType", "UNIFIED"}});
}

ClientRequest fetch_positions() {
  return query("/v5/position/list", true,
               {{"category", "linear"}, {"settleCoin", "USDT"}, {"limit", kPositionsMax}});
}

ClientRequest fetch_my_trades(const Market& market, int limit) {
  return query("/v5/execution/list", true,
               {{"category", category_of(market.kind)},
                {"symbol", market.id},
                {"execType", "Trade"},
                {"limit", clamped(limit, kExecutionsMax)}});
}

// One for both directions, since positions are one-way.
Result<ClientRequest> set_leverage(const Market& market, const Decimal& leverage) {
  if (market.kind == MarketKind::spot) {
    return unsupported("leverage", "a spot market has none; margin trading is not supported");
  }
  if (leverage.units <= 0) return invalid("leverage", "must be above 0");
  return order_call("/v5/position/set-leverage", market, [&](JsonWriter& json) {
    write_decimal(json, "buyLeverage", leverage);
    write_decimal(json, "sellLeverage", leverage);
  });
}

// ---- orders -------------------------------------------------------------------------------------

Result<ClientRequest> create_order(const unified::NewOrder& order, const Market& market) {
  if (auto checked = check_order(order, market); !checked) return checked.error();
  return order_call("/v5/order/create", market, [&](JsonWriter& json) {
    const bool is_market = order.type == OrderType::market;
    json.text("side", order.side == Side::buy ? "Buy" : "Sell");
    json.text("orderType", is_market ? "Market" : "Limit");
    write_decimal(json, "qty", order.quantity);
    // Without this a spot market order to buy counts in quote.
    if (is_market && market.kind == MarketKind::spot) json.text("marketUnit", "baseCoin");
    if (!is_market) write_decimal(json, "price", *order.price);
    const std::string_view force = time_in_force_of(order);
    if (!force.empty()) json.text("timeInForce", force);
    if (!order.client_order_id.empty()) json.text("orderLinkId", order.client_order_id);
    write_trigger(json, order, market);
    if (order.is_reduce_only) json.boolean("reduceOnly", true);
  });
}

// A market order's price is how far it may slip and none that can be changed.
Result<ClientRequest> edit_order(const Market& market, const unified::OrderRow& changed) {
  if (auto named = check_name(changed.id, changed.client_order_id); !named) return named.error();
  const bool has_price = changed.type == OrderType::limit && changed.price;
  const bool has_trigger = changed.state == unified::OrderState::untriggered;
  if (changed.quantity.units <= 0) return invalid("quantity", "must be above 0");
  if (has_price && !is_positive(changed.price)) return invalid("price", "must be above 0");
  if (has_trigger && !is_positive(changed.trigger_price)) {
    return invalid("trigger_price", "an order that waits for its trigger has one above 0");
  }
  return order_call("/v5/order/amend", market, [&](JsonWriter& json) {
    write_name(json, changed.id, changed.client_order_id);
    write_decimal(json, "qty", changed.quantity);
    if (has_price) write_decimal(json, "price", *changed.price);
    if (has_trigger) write_decimal(json, "triggerPrice", *changed.trigger_price);
  });
}

// A spot order is only found under its own filter.
Result<ClientRequest> cancel_order(const Market& market, const unified::OrderName& name) {
  if (auto named = check_name(name.id, name.client_order_id); !named) return named.error();
  return order_call("/v5/order/cancel", market, [&](JsonWriter& json) {
    write_name(json, name.id, name.client_order_id);
    if (market.kind != MarketKind::spot) return;
    json.text("orderFilter", name.is_untriggered ? "StopOrder" : "Order");
  });
}

std::vector<ClientRequest> cancel_all_orders(const Market& market) {
  constexpr std::string_view kPath = "/v5/order/cancel-all";
  if (market.kind != MarketKind::spot) return {order_call(kPath, market, [](JsonWriter&) {})};
  std::vector<ClientRequest> requests;
  for (const std::string_view filter : {"Order", "StopOrder", "tpslOrder"}) {
    requests.push_back(
        order_call(kPath, market, [&](JsonWriter& json) { json.text("orderFilter", filter); }));
  }
  return requests;
}

// By an id this finds the last 500 orders that closed, too.
Result<ClientRequest> fetch_order(const Market& market, const unified::OrderName& name) {
  if (auto named = check_name(name.id, name.client_order_id); !named) return named.error();
  const bool by_id = !name.id.empty();
  return query("/v5/order/realtime", true,
               {{"category", category_of(market.kind)},
                {"symbol", market.id},
                {by_id ? "orderId" : "orderLinkId", by_id ? name.id : name.client_order_id}});
}

ClientRequest fetch_open_orders(const Market& market) {
  return query("/v5/order/realtime", true,
               {{"category", category_of(market.kind)},
                {"symbol", market.id},
                {"openOnly", "0"},
                {"limit", kOrdersMax}});
}

ClientRequest fetch_closed_orders(const Market& market, int limit) {
  return query("/v5/order/history", true,
               {{"category", category_of(market.kind)},
                {"symbol", market.id},
                {"limit", clamped(limit, kClosedOrdersMax)}});
}

// ---- pages --------------------------------------------------------------------------------------

ClientRequest with_cursor(const ClientRequest& asked, std::string_view cursor) {
  constexpr std::string_view kCursor = "&cursor=";  // always behind a category
  ClientRequest request = asked;
  request.query.resize(std::min(request.query.find(kCursor), request.query.size()));
  request.query.append(kCursor);
  append_encoded(request.query, cursor, "%");  // Bybit hands cursors out as they are to be sent.
  return request;
}

}  // namespace venuebox::venues::bybit
