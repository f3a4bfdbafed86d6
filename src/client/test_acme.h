// For tests: Acme, a venue of a few words. The HTTP status of its answers is the verdict's number,
// and what they say is rows of words: "42 mine-1 o 10 0 1000; 43 …".
#pragma once

#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "client/exchange.h"
#include "client/test_transport.h"

namespace venuebox::client {

inline Decimal decimal(std::string_view text) {
  const auto parsed = decimal_from_text(text);
  return std::holds_alternative<Decimal>(parsed) ? std::get<Decimal>(parsed) : Decimal{};
}

namespace acme {
using gateway::ClientRequest;
using gateway::ClientResponse;
using gateway::Verdict;
using Markets = gateway::ClientDialect::Markets;

inline std::vector<std::vector<std::string>> rows_of(const std::string& body) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line, ';');) {
    std::istringstream words(line);
    std::vector<std::string> row;
    for (std::string word; words >> word;)
      row.push_back(word);
    if (!row.empty()) rows.push_back(row);
  }
  return rows;
}

inline ClientRequest get(std::string path, bool is_private = false) {
  ClientRequest request;
  request.path = std::move(path);
  request.is_private = is_private;
  return request;
}
inline ClientRequest post(std::string path, std::string body = {}) {
  ClientRequest request = get(std::move(path), true);
  request.method = net::Method::post;
  request.body = std::move(body);
  return request;
}

inline Result<std::vector<unified::Market>> read_markets(std::span<const ClientResponse> answers) {
  std::vector<unified::Market> markets;
  for (const ClientResponse& answer : answers) {
    if (answer.body.empty()) return invalid("markets", "acme's answer is empty");
    unified::Market market;
    market.symbol = answer.body;
    market.id = "M" + std::to_string(markets.size());
    market.base = "BTC";
    market.quote = "USDT";
    const bool is_spot = answer.body.find(':') == std::string::npos;
    if (!is_spot) market.settle = "USDT";
    market.kind = is_spot ? unified::MarketKind::spot : unified::MarketKind::perpetual;
    market.tick = decimal("0.1");
    market.quantity_step = decimal("0.001");
    market.quantity_min = decimal("0.001");
    market.quantity_max = decimal("100");
    market.notional_min = decimal("5");
    markets.push_back(std::move(market));
  }
  return markets;
}

// "last" or "bid ask".
inline Result<unified::Ticker> read_ticker(const ClientResponse& answer,
                                           const unified::Market& market) {
  const auto rows = rows_of(answer.body);
  const auto price = decimal_from_text(rows.empty() ? "" : rows[0][0]);
  if (!std::holds_alternative<Decimal>(price)) return invalid("ticker", "acme tells no price");
  unified::Ticker ticker;
  ticker.symbol = market.symbol;
  if (rows[0].size() < 2) {
    ticker.last = std::get<Decimal>(price);
  } else {
    ticker.bid = std::get<Decimal>(price);
    ticker.ask = decimal(rows[0][1]);
  }
  return ticker;
}
inline Result<std::vector<unified::Ticker>> read_tickers(const ClientResponse& answer,
                                                         Markets markets) {
  const auto ticker = read_ticker(answer, markets[0]);
  if (!ticker) return ticker.error();
  return std::vector{*ticker};
}
inline Result<Timestamp> read_time(const ClientResponse& answer) {
  return timestamp_from_ms(std::stoll(answer.body));
}

// "USDT 100 20": the last of it used.
inline Result<std::vector<unified::AssetBalance>> read_balance(const ClientResponse& answer) {
  std::vector<unified::AssetBalance> balances;
  for (const auto& row : rows_of(answer.body)) {
    unified::AssetBalance balance{.asset = row[0], .total = {}, .used = {}};
    if (row.size() > 1) balance.total = decimal(row[1]);
    if (row.size() > 2) balance.used = decimal(row[2]);
    balances.push_back(balance);
  }
  return balances;
}

inline std::optional<ClientRequest> next_page(const ClientRequest& asked,
                                              const ClientResponse& answer) {
  if (!answer.body.ends_with("+")) return std::nullopt;
  return get(asked.path.substr(0, asked.path.find('?')) + "?page=more", true);
}
// "BTC/USDT:USDT -0.5"
inline Result<std::vector<unified::PositionRow>> read_positions(const ClientResponse& answer,
                                                                Markets) {
  std::vector<unified::PositionRow> positions;
  for (const auto& words : rows_of(answer.body)) {
    unified::PositionRow& row = positions.emplace_back();
    row.symbol = words[0];
    row.quantity = words.size() > 1 ? decimal(words[1]) : Decimal{};
    row.side = row.quantity.units < 0 ? Side::sell : Side::buy;
    if (row.quantity.units < 0) row.quantity = negated(row.quantity);
  }
  return positions;
}

inline unified::OrderState state_of(const std::string& letter) {
  using enum unified::OrderState;
  if (letter == "u") return untriggered;
  if (letter == "f") return filled;
  if (letter == "c") return cancelled;
  return letter == "r" ? rejected : open;
}
// "id client_order_id state quantity filled updated_ms", in the perpetual.
inline Result<std::vector<unified::OrderRow>> read_orders(const ClientResponse& answer, Markets) {
  std::vector<unified::OrderRow> orders;
  for (const auto& words : rows_of(answer.body)) {
    unified::OrderRow& row = orders.emplace_back();
    row.id = words[0];
    row.symbol = "BTC/USDT:USDT";
    if (words.size() < 6) continue;
    if (words[1] != "-") row.client_order_id = words[1];
    row.state = state_of(words[2]);
    row.quantity = decimal(words[3]);
    row.filled = decimal(words[4]);
    row.updated = timestamp_from_ms(std::stoll(words[5]));
  }
  return orders;
}

inline std::string name_in(const std::string& id, const std::string& client_order_id) {
  return id.empty() ? "client/" + client_order_id : id;
}

inline gateway::ClientDialect dialect() {
  gateway::ClientDialect acme;
  acme.name = "acme";
  acme.key_variables = {"ACME_API_KEY", "ACME_SECRET"};
  acme.sign = [](ClientRequest& request, const gateway::ClientKeys&, Timestamp now) {
    request.headers = {{"Time", std::to_string(now.ms())}};
    return Result<void>{};
  };
  acme.judge = [](const ClientRequest&, const ClientResponse& answer) {
    gateway::VenueAnswer verdict;
    verdict.verdict = static_cast<Verdict>(answer.status);
    verdict.words = "so it is";
    return verdict;
  };
  acme.next_page = next_page;
  acme.fetch_markets = [] { return std::vector{get("/spot"), get("/perpetual")}; };
  acme.read_markets = read_markets;
  acme.fetch_time = [] { return get("/time"); };
  acme.read_time = read_time;
  acme.fetch_ticker = [](const unified::Market& market) { return get("/ticker/" + market.id); };
  acme.read_ticker = read_ticker;
  acme.fetch_tickers = [] { return std::vector{get("/tickers")}; };
  acme.read_tickers = read_tickers;
  acme.fetch_balance = [] { return get("/balance", true); };
  acme.read_balance = read_balance;
  acme.fetch_positions = [] { return get("/positions", true); };
  acme.read_positions = read_positions;
  acme.set_leverage = [](const unified::Market& market, const Decimal& leverage) {
    return Result<ClientRequest>(post("/leverage/" + market.id, text_of(leverage)));
  };
  acme.create_order = [](const unified::NewOrder& order,
                         const unified::Market&) -> Result<ClientRequest> {
    if (order.quantity.units <= 0) return invalid("quantity", "is not positive");
    std::string body = order.client_order_id;
    if (order.price) body += " at " + text_of(*order.price);
    if (order.is_reduce_only) body += " reduce " + text_of(order.quantity);
    return post(order.side == Side::buy ? "/buy" : "/sell", std::move(body));
  };
  acme.read_created_order = [](const ClientResponse& answer) -> Result<std::string> {
    if (answer.body.empty()) return invalid("order", "acme gave no order id");
    return answer.body;
  };
  acme.edit_order = [](const unified::Market&, const unified::OrderRow& changed) {
    return Result<ClientRequest>(post("/edit/" + name_in(changed.id, changed.client_order_id)));
  };
  acme.cancel_order = [](const unified::Market&, const unified::OrderName& name) {
    return Result<ClientRequest>(post("/cancel/" + name_in(name.id, name.client_order_id)));
  };
  acme.cancel_all_orders = [](const unified::Market& market) {
    return std::vector{post("/cancel-all/" + market.id), post("/cancel-waiting/" + market.id)};
  };
  acme.fetch_order = [](const unified::Market&, const unified::OrderName& name) {
    return Result<ClientRequest>(get("/order/" + name_in(name.id, name.client_order_id), true));
  };
  acme.fetch_open_orders = [](const unified::Market& market) {
    return get("/open/" + market.id, true);
  };
  acme.fetch_closed_orders = [](const unified::Market& market, int limit) {
    return get("/closed/" + market.id + "/" + std::to_string(limit), true);
  };
  acme.read_orders = read_orders;
  return acme;
}
}  // namespace acme

inline const gateway::ClientDialect kAcme = acme::dialect();
inline constexpr const char* kPerpetual = "BTC/USDT:USDT";

inline TransportResult says(std::string body, gateway::Verdict verdict = gateway::Verdict::ok) {
  return gateway::ClientResponse{
      .status = static_cast<int>(verdict), .headers = {}, .body = std::move(body)};
}
inline const TransportResult kLost =
    TransportError{TransportError::Kind::timeout, true, "acme: no answer in 10 s"};

// Answers each path by what stands for it, as long as it stands there. What has no answer is empty.
class AcmeVenue final : public Transport {
 public:
  explicit AcmeVenue(Scheduler& scheduler) : scheduler_(scheduler) {
    pages["/spot"] = says("BTC/USDT");
    pages["/perpetual"] = says(kPerpetual);
  }

  void send(const gateway::ClientRequest& request, Nanoseconds,
            std::function<void(TransportResult)> done) override {
    sent.push_back(request.path);
    bodies.push_back(request.body);
    sent_at.push_back(scheduler_.now());
    const auto at = pages.find(request.path);
    const TransportResult answer = at == pages.end() ? says("") : at->second;
    const auto slow = latencies.find(request.path);
    scheduler_.after(slow == latencies.end() ? latency : slow->second,
                     [done = std::move(done), answer] { done(answer); });
  }
  int count(std::string_view path) const {
    return static_cast<int>(std::ranges::count(sent, path));
  }
  void forget() {
    sent.clear();
    bodies.clear();
    sent_at.clear();
  }

  std::map<std::string, TransportResult> pages;
  std::vector<std::string> sent;  // paths
  std::vector<std::string> bodies;
  std::vector<Timestamp> sent_at;
  Nanoseconds latency;
  std::map<std::string, Nanoseconds> latencies;  // of some paths

 private:
  Scheduler& scheduler_;
};

// An exchange with its markets loaded, and a venue that answers as it is told.
struct AcmeTest : testing::Test {
  explicit AcmeTest(ExchangeSettings settings = {})
      : exchange(kAcme, gateway::ClientKeys{"key", "secret"}, venue, scheduler,
                 std::move(settings)) {
    exchange.keep_own_view();
    exchange.load_markets([](const auto& reply) { EXPECT_TRUE(reply) << reply.text; });
    scheduler.run_for({});
    venue.forget();
  }
  template <class T>
  static Then<T> into(std::optional<Reply<T>>& place) {
    return [&place](Reply<T> reply) {
      EXPECT_FALSE(place) << "answered twice";
      place = std::move(reply);
    };
  }
  // Starts a call and waits for its answer.
  template <class T>
  Reply<T> ask(const std::function<void(Then<T>)>& start, Nanoseconds wait = seconds(600)) {
    std::optional<Reply<T>> reply;
    start(into(reply));
    scheduler.run_for(wait);
    EXPECT_TRUE(reply) << "not answered";
    return reply.value_or(Reply<T>{});
  }
  static unified::NewOrder limit(const char* price = "100", const char* quantity = "1") {
    unified::NewOrder order;
    order.symbol = kPerpetual;
    order.quantity = decimal(quantity);
    order.price = decimal(price);
    return order;
  }
  // An order that the venue takes.
  std::string place(std::string id, const char* quantity = "1") {
    venue.pages["/buy"] = says(std::move(id));
    std::optional<Reply<PlacedOrder>> reply;
    exchange.create_order(limit("100", quantity), into(reply));
    scheduler.run_for(venue.latency);
    EXPECT_TRUE(reply && *reply);
    return reply && *reply ? reply->value->client_order_id : "";
  }

  TestScheduler scheduler;
  AcmeVenue venue{scheduler};
  Exchange exchange;
};

}  // namespace venuebox::client
