// Answers that are cut, changed, or of somebody else: an error each time, and never a price that
// nobody named.
#include <algorithm>
#include <functional>

#include "base/random.h"
#include "venues/bybit/test_client.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::ClientRequest;
using gateway::ClientResponse;
using gateway::Verdict;

// ---- what may be said at all --------------------------------------------------------------------

void expect_above(const std::optional<Decimal>& value) { EXPECT_TRUE(!value || value->units > 0); }
void expect_time(Timestamp time) { EXPECT_GT(time.ns, 0); }

void expect_sane(const unified::Market& market) {
  EXPECT_EQ(market.symbol.substr(0, market.base.size() + 1), market.base + "/");
  EXPECT_EQ(market.settle.empty(), market.kind == unified::MarketKind::spot);
  EXPECT_FALSE(market.id.empty() || market.base.empty() || market.quote.empty());
  for (const Decimal& step :
       {market.tick, market.quantity_step, market.quantity_min, market.quantity_max}) {
    expect_above(step);
  }
  expect_above(market.notional_min);
}
void expect_sane(Timestamp time) { expect_time(time); }
void expect_sane(const unified::Ticker& ticker) {
  EXPECT_EQ(ticker.symbol, kLinear);
  expect_time(ticker.time);
  for (const auto& price : {ticker.bid, ticker.ask, ticker.last, ticker.mark, ticker.index,
                            ticker.high, ticker.low, ticker.bid_quantity, ticker.ask_quantity}) {
    expect_above(price);
  }
}
void expect_sane(const unified::OrderBook& book) {
  expect_time(book.time);
  for (const auto* levels : {&book.bids, &book.asks}) {
    for (const unified::BookLevel& level : *levels) {
      expect_above(level.price);
      expect_above(level.quantity);
    }
  }
}
void expect_sane(const unified::PublicTrade& trade) {
  EXPECT_FALSE(trade.id.empty());
  expect_above(trade.price);
  expect_above(trade.quantity);
  expect_time(trade.time);
}
void expect_sane(const unified::Candle& candle) {
  expect_time(candle.start);
  for (const Decimal& price : {candle.open, candle.high, candle.low, candle.close})
    expect_above(price);
  EXPECT_GE(candle.volume.units, 0);
}
void expect_sane(const unified::AssetBalance& balance) { EXPECT_FALSE(balance.asset.empty()); }
void expect_sane(const unified::PositionRow& position) {
  EXPECT_EQ(position.symbol, kLinear);
  expect_above(position.quantity);
  for (const auto& value : {position.entry_price, position.mark_price, position.leverage})
    expect_above(value);
}
void expect_sane(const std::string& id) { EXPECT_FALSE(id.empty()); }
void expect_sane(const unified::OrderRow& order) {
  EXPECT_FALSE(order.id.empty());
  EXPECT_TRUE(order.symbol == kLinear || order.symbol == kSpot);
  expect_above(order.quantity);
  EXPECT_GE(order.filled.units, 0);
  for (const auto& price : {order.price, order.trigger_price, order.average_price})
    expect_above(price);
  EXPECT_EQ(order.price.has_value(), order.type == OrderType::limit);
  expect_time(order.created);
  expect_time(order.updated);
}
void expect_sane(const unified::FillRow& fill) {
  EXPECT_FALSE(fill.id.empty() || fill.order.empty() || fill.fee_asset.empty());
  expect_above(fill.price);
  expect_above(fill.quantity);
  expect_time(fill.time);
}
template <class T>
void expect_sane(const std::vector<T>& rows) {
  for (const T& row : rows)
    expect_sane(row);
}

// ---- one true answer to each call ---------------------------------------------------------------

enum class Kind : std::uint8_t { text, price, amount, number, time, flag };
struct Required {
  std::string_view name;  // its first place in the answer counts
  Kind kind;
};

struct Answer {
  std::string_view call;
  ClientResponse response;
  std::vector<Required> required;
  std::function<bool(const ClientResponse&)> reads;  // and says nothing that cannot be
};

template <class Read>
std::function<bool(const ClientResponse&)> reading(Read read) {
  return [read](const ClientResponse& response) {
    const auto result = read(response);
    if (!result) {
      EXPECT_FALSE(result.error().detail.empty());
      return false;
    }
    expect_sane(*result);
    return true;
  };
}

struct ClientHostile : testing::Test {
  ClientHostile() {
    unified::NewOrder order;
    order.symbol = kLinear;
    order.type = OrderType::market;
    order.quantity = decimal("0.5");
    wire.place(order);
    add_markets();
    add_public();
    add_account();
    order.type = OrderType::limit;
    order.price = decimal("36000");
    order.client_order_id = "resting";
    add("created order", *client_dialect.create_order(order, linear), {{"orderId", Kind::text}},
        reading(client_dialect.read_created_order));
    add_orders();
  }

  static bool is_ok(const ClientResponse& response) {
    return client_dialect.judge({}, response).verdict == Verdict::ok;
  }
  const Answer& answer_to(std::string_view call) const {
    const auto found = std::ranges::find(answers, call, &Answer::call);
    VENUEBOX_ASSERT(found != answers.end());
    return *found;
  }

  Wire wire;
  const unified::Market& linear = wire.market(kLinear);
  std::vector<Answer> answers;

 private:
  void add(std::string_view call, const ClientRequest& request, std::vector<Required> required,
           std::function<bool(const ClientResponse&)> reads) {
    answers.push_back({call, wire.send(request), std::move(required), std::move(reads)});
  }
  // Readers that want a market to compare with, and those that want all of them.
  template <class Read>
  auto on_linear(Read read) {
    return reading([read, this](const ClientResponse& r) { return read(r, linear); });
  }
  template <class Read>
  auto in_all(Read read) {
    return reading([read, this](const ClientResponse& r) { return read(r, wire.markets); });
  }

  void add_markets() {
    using enum Kind;
    const auto read_markets = reading(
        [](const ClientResponse& r) { return client_dialect.read_markets(std::span(&r, 1)); });
    // clang-format off
    add("spot markets", client_dialect.fetch_markets()[0],
        {{"category", text}, {"symbol", text}, {"baseCoin", text}, {"quoteCoin", text},
         {"status", text}, {"basePrecision", price}, {"minOrderQty", price}, {"tickSize", price}},
        read_markets);
    add("linear markets", client_dialect.fetch_markets()[1],
        {{"category", text}, {"symbol", text}, {"baseCoin", text}, {"quoteCoin", text},
         {"settleCoin", text}, {"contractType", text}, {"status", text}, {"qtyStep", price},
         {"minOrderQty", price}, {"maxOrderQty", price}, {"tickSize", price}},
        read_markets);
    // clang-format on
  }
  void add_public() {
    using enum Kind;
    // clang-format off
    add("time", client_dialect.fetch_time(), {{"timeNano", time}},
        reading(client_dialect.read_time));
    add("ticker", client_dialect.fetch_ticker(linear), {{"category", text}, {"symbol", text}},
        on_linear(client_dialect.read_ticker));
    add("book", client_dialect.fetch_order_book(linear, 50),
        {{"s", text}, {"ts", time}, {"seq", amount}},
        on_linear(client_dialect.read_order_book));
    add("trades", client_dialect.fetch_trades(linear, 50),
        {{"category", text}, {"execId", text}, {"symbol", text}, {"price", price}, {"size", price},
         {"side", text}, {"time", time}},
        on_linear(client_dialect.read_trades));
    add("candles", client_dialect.fetch_ohlcv(linear, 1, 50, {}),
        {{"category", text}, {"symbol", text}},
        on_linear(client_dialect.read_ohlcv));
    // clang-format on
  }
  void add_account() {
    using enum Kind;
    // clang-format off
    add("balance", client_dialect.fetch_balance(),
        {{"accountType", text}, {"coin\":\"", text}, {"walletBalance", number}},
        reading(client_dialect.read_balance));
    add("positions", client_dialect.fetch_positions(),
        {{"category", text}, {"symbol", text}, {"size", amount}, {"side", text}},
        in_all(client_dialect.read_positions));
    // clang-format on
  }
  void add_orders() {
    using enum Kind;
    // clang-format off
    add("open orders", client_dialect.fetch_open_orders(linear),
        {{"category", text}, {"orderId", text}, {"symbol", text}, {"side", text},
         {"orderType", text}, {"timeInForce", text}, {"orderStatus", text}, {"price", price},
         {"qty", price}, {"cumExecQty", amount}, {"reduceOnly", flag}, {"createdTime", time},
         {"updatedTime", time}},
        in_all(client_dialect.read_orders));
    add("executions", client_dialect.fetch_my_trades(linear, 50),
        {{"category", text}, {"execId", text}, {"orderId", text}, {"symbol", text},
         {"side", text}, {"execType", text}, {"execPrice", price}, {"execQty", price},
         {"execFee", number}, {"isMaker", flag}, {"execTime", time}},
        in_all(client_dialect.read_my_trades));
    // clang-format on
  }
};

TEST_F(ClientHostile, TheTrueAnswersAreRead) {
  for (const Answer& answer : answers) {
    EXPECT_TRUE(is_ok(answer.response)) << answer.call;
    EXPECT_TRUE(answer.reads(answer.response)) << answer.call;
  }
  EXPECT_EQ(answers.size(), 12u);
}

TEST_F(ClientHostile, CutAtEveryByte) {
  for (const Answer& answer : answers) {
    ClientResponse cut = answer.response;
    for (std::size_t size = 0; size < answer.response.body.size(); ++size) {
      cut.body = answer.response.body.substr(0, size);
      EXPECT_EQ(client_dialect.judge({}, cut).verdict, Verdict::garbled) << cut.body;
      EXPECT_FALSE(answer.reads(cut)) << answer.call << " at " << size;
      EXPECT_FALSE(client_dialect.next_page({}, cut));
    }
  }
}

// ---- members ------------------------------------------------------------------------------------

// The place of a member's value: a scalar's, from its first to past its last byte.
std::pair<std::size_t, std::size_t> place_of(const std::string& body, std::string_view name) {
  const std::string key =
      name.ends_with('"') ? "\"" + std::string(name) : "\"" + std::string(name) + "\":";
  std::size_t at = body.find(key);
  if (at == std::string::npos) return {0, 0};
  at += name.ends_with('"') ? key.size() - 1 : key.size();
  const std::size_t end =
      body[at] == '"' ? body.find('"', at + 1) + 1 : body.find_first_of(",}]", at);
  return {at, end};
}

std::vector<std::string_view> bad_values(Kind kind) {
  std::vector<std::string_view> values{"null", "{}", "[]", "\"\""};
  const auto add = [&](std::initializer_list<std::string_view> more) {
    values.insert(values.end(), more);
  };
  if (kind != Kind::flag) add({"true"});
  if (kind == Kind::text || kind == Kind::flag) add({"1", "-0.5"});
  if (kind == Kind::flag) add({"\"true\""});
  if (kind == Kind::text || kind == Kind::flag) return values;
  add({"\"abc\"", "\"NaN\"", "\"Infinity\"", "\"0x10\"", "\" 1\"", "\"1,5\"", "\"1e999\"",
       "\"1e-999\"", "\"999999999999999999999999999999999999999999\""});
  if (kind != Kind::number) add({"-1", "\"-0.0001\""});
  if (kind == Kind::price || kind == Kind::time) add({"0", "\"0\"", "\"0.000\"", "\"-0\""});
  if (kind == Kind::time) add({"1.5", "\"9223372036854775808\""});
  return values;
}

TEST_F(ClientHostile, WhatIsRequiredIsThereAndOfItsKind) {
  for (const Answer& answer : answers) {
    for (const Required& required : answer.required) {
      const std::string& body = answer.response.body;
      const auto [begin, end] = place_of(body, required.name);
      ASSERT_GT(end, begin) << answer.call << " " << required.name;
      for (const std::string_view value : bad_values(required.kind)) {
        ClientResponse changed = answer.response;
        changed.body.replace(begin, end - begin, value);
        EXPECT_FALSE(answer.reads(changed)) << answer.call << " " << changed.body;
      }
      ClientResponse renamed = answer.response;
      renamed.body.insert(body.rfind('"', begin - 3) + 1, "x");
      EXPECT_FALSE(answer.reads(renamed)) << answer.call << " " << renamed.body;
    }
  }
}

TEST_F(ClientHostile, LevelsAndCandlesAreWhole) {
  const auto with_bids = [&](std::string_view levels) {
    ClientResponse changed{.status = 200, .headers = {}, .body = {}};
    changed.body = std::string(R"({"retCode":0,"time":1700000000000,"result":{"s":"BTCUSDT",)"
                               R"("ts":1700000000000,"u":1,"seq":1,"a":[],"b":)") +
                   std::string(levels) + "}}";
    return client_dialect.read_order_book(changed, linear);
  };
  EXPECT_TRUE(with_bids(R"([["2.5","1"],[2,"1"]])"));
  EXPECT_TRUE(with_bids(R"([["9e36","1"],["1e-30","1"]])")) << "they fit no common scale";
  EXPECT_FALSE(with_bids(R"([["1e-30","1"],["9e36","1"]])"));
  for (const char* levels :
       {"{}", "[1]", R"(["2","1"])", R"([["2"]])", R"([["2","1","3"]])", R"([["2",null]])",
        R"([["2","0"]])", R"([["0","1"]])", R"([["-2","1"]])", R"([["2","1"],["2","1"]])",
        R"([["2","1"],["2.000001","1"]])", R"([[["2"],"1"]])", "[[]]"}) {
    EXPECT_FALSE(with_bids(levels)) << levels;
  }
  const auto with_candle = [&](std::string_view candle) {
    ClientResponse changed{.status = 200, .headers = {}, .body = {}};
    changed.body = std::string(R"({"retCode":0,"time":1700000000000,"result":{"category":"linear",)"
                               R"("symbol":"BTCUSDT","list":[)") +
                   std::string(candle) + "]}}";
    return client_dialect.read_ohlcv(changed, linear);
  };
  EXPECT_TRUE(with_candle(R"(["60000","2","3","1","2","0","0"])"));
  for (const char* candle :
       {R"(["60000","2","3","1","2"])", R"(["0","2","3","1","2","0","0"])",
        R"(["60000.5","2","3","1","2","0","0"])", R"(["60000","0","3","1","2","0","0"])",
        R"(["60000","2","3","1","2","-1","0"])", R"(["60000","4","3","1","2","0","0"])",
        R"(["60000","2","3","1","0.5","0","0"])", R"(["60000","2","1","3","2","0","0"])",
        R"(["99999999999999999","2","3","1","2","0","0"])", R"(["","","","","","",""])", "{}",
        "null"}) {
    EXPECT_FALSE(with_candle(candle)) << candle;
  }
}

TEST_F(ClientHostile, ARowThatSaysTooMuchOfItselfIsRefused) {
  Answer orders = answer_to("open orders");
  const auto [begin, end] = place_of(orders.response.body, "cumExecQty");
  orders.response.body.replace(begin, end - begin, "\"0.500001\"");  // of 0.5
  EXPECT_FALSE(orders.reads(orders.response));
}

// ---- whole bodies -------------------------------------------------------------------------------

TEST_F(ClientHostile, AnswersToOtherCallsAreNone) {
  for (const Answer& reader : answers) {
    for (const Answer& other : answers) {
      const bool is_same = reader.call == other.call ||
                           (reader.call.ends_with("markets") && other.call.ends_with("markets"));
      EXPECT_EQ(reader.reads(other.response), is_same) << reader.call << " of " << other.call;
    }
  }
}

TEST_F(ClientHostile, BodiesOfOtherVenuesAreNone) {
  for (
      const char* body :
      {"", "null", "[]", "{}", "OK", "<html><body>502 Bad Gateway</body></html>",
       R"({"code":"0","msg":"","data":[{"instId":"BTC-USDT","last":"37000.1","bidPx":"37000"}]})",
       R"({"symbol":"BTCUSDT","price":"37000.10","orderId":28,"status":"NEW"})",
       R"([{"symbol":"BTCUSDT","bidPrice":"4.0","askPrice":"4.1"}])",
       R"({"status":"ok","response":{"type":"order","data":{"statuses":[{"resting":{"oid":1}}]}}})",
       R"({"results":[{"symbol":"BTC-USD-PERP","bid":"37000","ask":"37001"}]})",
       R"({"retCode":0,"retMsg":"OK","result":null,"time":1700000000000})",
       R"({"retCode":0,"retMsg":"OK","result":[],"time":1700000000000})",
       R"({"retCode":0,"retMsg":"OK","result":{},"time":1700000000000})",
       R"({"retCode":0,"retMsg":"OK","result":{"list":[]},"time":1700000000000})",
       R"({"retCode":110001,"retMsg":"","result":{"orderId":"a"},"time":1700000000000})",
       R"({"result":{"orderId":"a"},"time":1700000000000})"}) {
    for (const Answer& answer : answers)
      EXPECT_FALSE(answer.reads({200, {}, body})) << answer.call << " of " << body;
  }
}

TEST_F(ClientHostile, ChangedBytesNeverMakeANonsensePrice) {
  static constexpr std::string_view kBytes = "00991.-e\"\"{}[],:&=%\\x\xff\x00 ";
  constexpr int kMutations = 400;
  RandomStream draws(20240809, "bybit answers");
  int read = 0;
  for (const Answer& answer : answers) {
    for (int i = 0; i < kMutations; ++i) {
      ClientResponse changed = answer.response;
      std::string& body = changed.body;
      for (std::uint64_t n = 1 + draws.below(3); n > 0 && !body.empty(); --n) {
        const std::size_t place = draws.below(body.size());
        switch (draws.below(3)) {
          case 0: body[place] = kBytes[draws.below(kBytes.size())]; break;
          case 1: body.erase(place, 1 + draws.below(3)); break;
          default: body.insert(place, 1, kBytes[draws.below(kBytes.size())]); break;
        }
      }
      client_dialect.judge({}, changed);
      read += answer.reads(changed) ? 1 : 0;
    }
  }
  EXPECT_GT(read, 100) << "or the changes were too coarse to get anywhere";
}

}  // namespace
}  // namespace venuebox::venues::bybit
