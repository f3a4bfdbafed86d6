#include "venues/paradex/client_requests.h"

#include <algorithm>

#include "base/json_writer.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::ClientRequest;
using net::Method;
using unified::Market;

constexpr std::size_t kClientIdMax = 64;
constexpr int kBookLevelsMax = 100;
constexpr int kTradesMax = 1'000;
constexpr int kRowsMax = 5'000;
constexpr int kCandlesMax = 1'000;
constexpr std::string_view kCursor = "&cursor=";  // always behind a market

bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_';
}

std::string clamped(int number, int highest) {
  return std::to_string(std::clamp(number, 1, highest));
}

ClientRequest request(Method method, std::string path, std::string query, bool is_private) {
  return {.method = method,
          .path = std::move(path),
          .query = std::move(query),
          .headers = {},
          .body = {},
          .is_private = is_private};
}

ClientRequest public_query(std::string path, std::string query = {}) {
  return request(Method::get, std::move(path), std::move(query), false);
}

ClientRequest own_query(std::string path, std::string query = {}) {
  return request(Method::get, std::move(path), std::move(query), true);
}

ClientRequest removal(std::string path, std::string query = {}) {
  return request(Method::del, std::move(path), std::move(query), true);
}

// `write` adds the members of the body.
template <class Write>
ClientRequest call(Method method, std::string path, const Write& write) {
  ClientRequest made = request(method, std::move(path), {}, true);
  made.headers = {{"Content-Type", "application/json"}};
  JsonWriter json(made.body);
  json.open();
  write(json);
  json.close();
  return made;
}

void write_decimal(JsonWriter& json, std::string_view name, const Decimal& value) {
  json.key(name).trimmed(value.units, value.scale);
}

std::string market_query(const Market& market) { return "market=" + market.id; }

// ---- what cannot be said ------------------------------------------------------------------------

Error unsupported(std::string where, std::string detail) {
  return {ErrorKind::unsupported, std::move(where), std::move(detail)};
}

bool is_positive(const std::optional<Decimal>& value) { return value && value->units > 0; }

Result<void> check_client_id(std::string_view id) {
  if (std::ranges::all_of(id, is_plain) && id.size() <= kClientIdMax) return {};
  return invalid("client_order_id", "Paradex takes up to 64 of letters, digits, - and _");
}

// An order without what would be left out is another order.
Result<void> check_manner(const unified::NewOrder& order) {
  const bool is_limit = order.type == OrderType::limit;
  if (order.time_in_force == TimeInForce::gtd)
    return unsupported("time_in_force", "Paradex has no orders with an expiry; cancel it in time");
  if (order.time_in_force == TimeInForce::fok)
    return unsupported("time_in_force", "Paradex has no FOK; IOC fills what it can");
  if (order.is_post_only && !(is_limit && order.time_in_force == TimeInForce::gtc))
    return invalid("is_post_only", "only a limit order that may rest can be post-only");
  return {};
}

Result<void> check_order(const unified::NewOrder& order) {
  if (order.quantity.units <= 0) return invalid("quantity", "must be above 0");
  if (order.type == OrderType::limit && !is_positive(order.price))
    return invalid("price", "a limit order has one above 0; give it, or place a market order");
  if (order.trigger_price && !is_positive(order.trigger_price))
    return invalid("trigger_price", "must be above 0");
  if (auto manner = check_manner(order); !manner) return manner;
  return check_client_id(order.client_order_id);
}

// The path that names one order.
Result<std::string> order_path(std::string_view id, std::string_view client_order_id) {
  if (!id.empty()) {
    if (std::ranges::all_of(id, is_plain)) return "/v1/orders/" + std::string(id);
    return invalid("id", "is no order id of Paradex, which is digits");
  }
  if (client_order_id.empty())
    return invalid("id", "name the order by its id or by its client order id");
  if (auto checked = check_client_id(client_order_id); !checked) return checked.error();
  return "/v1/orders/by_client_id/" + std::string(client_order_id);
}

std::string_view type_of(OrderType type, bool waits) {
  if (type == OrderType::limit) return waits ? "STOP_LIMIT" : "LIMIT";
  return waits ? "STOP_MARKET" : "MARKET";
}

std::string_view instruction_of(const unified::NewOrder& order) {
  if (order.is_post_only) return "POST_ONLY";
  return order.time_in_force == TimeInForce::ioc ? "IOC" : "GTC";
}

void write_flags(JsonWriter& json, const unified::NewOrder& order) {
  const bool is_pointed = order.trigger_price && order.trigger_direction;
  if (!order.is_reduce_only && !is_pointed) return;
  json.key("flags").open_list();
  if (order.is_reduce_only) json.text("REDUCE_ONLY");
  if (is_pointed) {
    const bool rises = order.trigger_direction == TriggerDirection::rises;
    json.text(rises ? "STOP_CONDITION_ABOVE_TRIGGER" : "STOP_CONDITION_BELOW_TRIGGER");
  }
  json.close_list();
}
}  // namespace

// ---- public -------------------------------------------------------------------------------------

std::vector<ClientRequest> fetch_markets() { return {public_query("/v1/markets")}; }

ClientRequest fetch_time() { return public_query("/v1/system/time"); }

ClientRequest fetch_ticker(const Market& market) {
  return public_query("/v1/markets/summary", market_query(market));
}

std::vector<ClientRequest> fetch_tickers() {
  return {public_query("/v1/markets/summary", "market=ALL")};
}

ClientRequest fetch_order_book(const Market& market, int levels) {
  return public_query("/v1/orderbook/" + market.id, "depth=" + clamped(levels, kBookLevelsMax));
}

ClientRequest fetch_trades(const Market& market, int limit) {
  return public_query("/v1/trades",
                      market_query(market) + "&page_size=" + clamped(limit, kTradesMax));
}

ClientRequest fetch_ohlcv(const Market& market, int minutes, int limit, Timestamp now) {
  const Nanoseconds span = seconds(60 * std::int64_t{minutes} * std::clamp(limit, 1, kCandlesMax));
  return public_query("/v1/markets/klines",
                      "symbol=" + market.id + "&resolution=" + std::to_string(minutes) +
                          "&start_at=" + std::to_string((now + Nanoseconds{-span.raw}).ms() + 1) +
                          "&end_at=" + std::to_string(now.ms()));
}

// ---- account ------------------------------------------------------------------------------------

ClientRequest fetch_balance() { return own_query("/v1/account"); }

ClientRequest fetch_positions() { return own_query("/v1/positions"); }

ClientRequest fetch_my_trades(const Market& market, int limit) {
  return own_query("/v1/fills", market_query(market) + "&page_size=" + clamped(limit, kRowsMax));
}

Result<ClientRequest> set_leverage(const Market& market, const Decimal& leverage) {
  const auto whole = rescale(leverage, 0);
  const auto* times = std::get_if<Int128>(&whole);
  if (!times || *times <= 0 || *times > INT32_MAX)
    return invalid("leverage", "is a whole number above 0 at Paradex");
  return call(Method::post, "/v1/account/margin/" + market.id, [&](JsonWriter& json) {
    json.number("leverage", static_cast<std::int64_t>(*times)).text("margin_type", "CROSS");
  });
}

// ---- orders -------------------------------------------------------------------------------------

Result<ClientRequest> create_order(const unified::NewOrder& order, const Market& market) {
  if (auto checked = check_order(order); !checked) return checked.error();
  return call(Method::post, "/v1/orders", [&](JsonWriter& json) {
    json.text("market", market.id).text("side", order.side == Side::buy ? "BUY" : "SELL");
    json.text("type", type_of(order.type, order.trigger_price.has_value()));
    write_decimal(json, "size", order.quantity);
    if (order.type == OrderType::limit) {
      write_decimal(json, "price", *order.price);
      json.text("instruction", instruction_of(order));
    }
    if (order.trigger_price) write_decimal(json, "trigger_price", *order.trigger_price);
    if (!order.client_order_id.empty()) json.text("client_id", order.client_order_id);
    write_flags(json, order);
  });
}

// A modification is signed with the venue's own id.
Result<ClientRequest> edit_order(const Market& market, const unified::OrderRow& changed) {
  if (changed.id.empty())
    return unsupported("client_order_id", "Paradex changes orders by its own id; fetch the order");
  auto path = order_path(changed.id, {});
  if (!path) return path.error();
  const bool is_limit = changed.type == OrderType::limit;
  if (is_limit && !is_positive(changed.price)) return invalid("price", "must be above 0");
  if (changed.quantity.units <= 0) return invalid("quantity", "must be above 0");
  return call(Method::put, std::move(*path), [&](JsonWriter& json) {
    json.text("id", changed.id).text("market", market.id);
    json.text("side", changed.side == Side::buy ? "BUY" : "SELL");
    json.text("type", type_of(changed.type, changed.trigger_price.has_value()));
    write_decimal(json, "size", changed.quantity);
    if (is_limit) write_decimal(json, "price", *changed.price);
    if (changed.trigger_price) write_decimal(json, "trigger_price", *changed.trigger_price);
  });
}

Result<ClientRequest> cancel_order(const Market& market, const unified::OrderName& name) {
  auto path = order_path(name.id, name.client_order_id);
  if (!path) return path.error();
  return removal(std::move(*path), name.id.empty() ? market_query(market) : std::string());
}

std::vector<ClientRequest> cancel_all_orders(const Market& market) {
  return {removal("/v1/orders", market_query(market))};
}

Result<ClientRequest> fetch_order(const Market&, const unified::OrderName& name) {
  auto path = order_path(name.id, name.client_order_id);
  if (!path) return path.error();
  return own_query(std::move(*path));
}

ClientRequest fetch_open_orders(const Market& market) {
  return own_query("/v1/orders", market_query(market));
}

ClientRequest fetch_closed_orders(const Market& market, int limit) {
  return own_query("/v1/orders-history",
                   market_query(market) + "&status=CLOSED&page_size=" + clamped(limit, kRowsMax));
}

// ---- pages --------------------------------------------------------------------------------------

ClientRequest with_cursor(const ClientRequest& asked, std::string_view cursor) {
  ClientRequest next = asked;
  next.query.resize(std::min(next.query.find(kCursor), next.query.size()));
  next.query.append(kCursor).append(cursor);
  return next;
}

}  // namespace venuebox::venues::paradex
