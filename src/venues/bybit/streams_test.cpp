// Bybit's streams: what clients are answered and what they are told, byte for byte.
#include "gateway/streams.h"

#include <fstream>
#include <sstream>

#include "gateway/test_socket.h"
#include "venues/bybit/test_streams.h"

namespace venuebox::venues::bybit {
using gateway::TestSocket;

struct BybitStreams::Parts {
  struct Observed final : Desk {
    Observed(Exchange& behind, gateway::Streams& told) : exchange(behind), streams(told) {}
    std::span<const Event> execute(const CommandBody& body) override {
      const auto events = exchange.execute(body);
      streams.observe(events, exchange.view());
      return events;
    }
    const View& view() const override { return exchange.view(); }
    Exchange& exchange;
    gateway::Streams& streams;
  };
  explicit Parts(Exchange& exchange) : desk(exchange, streams) {}

  gateway::Door door{venue, {}};
  TestSocket socket;
  gateway::RequestLog log;
  gateway::Streams streams{venue, door};
  Observed desk;
};

BybitStreams::BybitStreams()
    : parts_(std::make_unique<Parts>(exchange)),
      door(parts_->door),
      socket(parts_->socket),
      log(parts_->log),
      streams(parts_->streams),
      desk(parts_->desk) {
  door.add_credential({Exchange::kAlice, std::string(kKey), std::string(kSecret)}, "alice");
}

BybitStreams::~BybitStreams() = default;

gateway::Moment BybitStreams::moment() const {
  return {exchange.now, exchange.door_time, Exchange::kBoxKey};
}

void BybitStreams::open(std::string_view path, std::string_view query) {
  const gateway::StreamRoute* route = streams.find_route(path);
  ASSERT_NE(route, nullptr) << path;
  streams.open(socket, *route, query);
}

std::string BybitStreams::say(std::string_view message, bool is_text) {
  streams.receive(socket, message, is_text, desk, moment(), log);
  const Messages answers = socket.take();
  EXPECT_EQ(answers.size(), 1U) << message;
  return answers.empty() ? std::string() : answers.front();
}

Messages BybitStreams::end_turn() {
  streams.publish(exchange.view(), moment(), false);
  return socket.take();
}

std::string BybitStreams::subscribe(std::string_view topic) {
  return say(R"({"op":"subscribe","args":[")" + std::string(topic) + R"("]})");
}

void BybitStreams::quote(std::int64_t bid, std::int64_t ask, std::int64_t lots) {
  for (const auto& [side, price] : {std::pair{Side::buy, bid}, {Side::sell, ask}}) {
    place(side, price, lots, Exchange::kMarket);
  }
}

OrderId BybitStreams::place(Side side, std::int64_t price, std::int64_t lots, AccountId account,
                            InstrumentKindOf kind) {
  PlaceOrder order;
  order.account = account;
  order.instrument = exchange.view().find_instrument("BTCUSDT", kind)->id;
  order.side = side;
  order.price = Ticks{price};
  order.quantity = Lots{lots};
  order.value = {0, AssetId{0}};
  const auto events = desk.execute(order);
  const auto* accepted = std::get_if<OrderAccepted>(&events.front());
  return accepted ? accepted->order.id : OrderId{};
}

BybitPrivate::BybitPrivate() {
  open("/v5/private");
  EXPECT_EQ(at(say(kLogin), "success"), "true");
  quote(599'990, 600'010);
}

namespace {
// ---- what clients say ---------------------------------------------------------------------------

struct Frame {
  std::string path;
  std::string body;
  std::int64_t clock_ms = 0;
};

std::vector<Frame> captured_frames() {
  std::ifstream file(VENUEBOX_SOURCE_DIR "/src/venues/bybit/golden/stream_requests.json");
  std::stringstream text;
  text << file.rdbuf();
  std::vector<Frame> frames;
  for (std::size_t i = 0; i < size_of_list(text.str(), "requests"); ++i) {
    const std::string row = "requests/" + std::to_string(i) + "/";
    frames.push_back({at(text.str(), row + "path_and_query"), at(text.str(), row + "body"),
                      std::stoll(at(text.str(), row + "clock_ms"))});
  }
  return frames;
}

TEST_F(BybitStreams, EveryCapturedFrameIsAnswered) {
  const auto frames = captured_frames();
  ASSERT_EQ(frames.size(), 15U);
  std::map<std::string, std::unique_ptr<TestSocket>> sockets;
  for (const Frame& frame : frames) {
    auto& own = sockets[frame.path];
    if (!own) {
      own = std::make_unique<TestSocket>();
      streams.open(*own, *streams.find_route(frame.path), "");
    }
    exchange.door_time = timestamp_from_ms(frame.clock_ms);
    streams.receive(*own, frame.body, true, desk, moment(), log);
    const Messages answers = own->take();
    ASSERT_EQ(answers.size(), 1U) << frame.body;
    const std::string& answer = answers.front();
    // Nobody has placed the order "o1" that two of them name.
    const bool names_o1 = frame.body.find("\"o1\"") != std::string::npos;
    if (frame.path == "/v5/trade") {
      EXPECT_EQ(at(answer, "retCode"), names_o1 ? "110001" : "0") << frame.body;
    } else {
      EXPECT_EQ(at(answer, "success"), "true") << frame.body << answer;
    }
    EXPECT_EQ(at(answer, "op"), at(frame.body, "op"));
  }
  streams.publish(exchange.view(), moment(), false);
  EXPECT_EQ(sockets["/v5/private"]->take().size(), 3U) << "order, position and wallet news";
  for (auto& [path, own] : sockets)
    streams.close(*own);
}

TEST_F(BybitStreams, AnswersPingsAsEachStreamDoes) {
  const std::string ping = R"({"op":"ping","req_id":"7"})";
  open("/v5/public/linear");
  EXPECT_EQ(say(ping), R"({"success":true,"ret_msg":"pong","conn_id":"000000000000004d-1",)"
                       R"("req_id":"7","op":"ping"})");
  streams.close(socket);
  open("/v5/private");
  EXPECT_EQ(say(ping), R"({"req_id":"7","op":"pong","args":["1700000000123"],)"
                       R"("conn_id":"000000000000004d-2"})");
  streams.close(socket);
  open("/v5/trade");
  EXPECT_EQ(say(ping), R"({"retCode":0,"retMsg":"OK","op":"pong","data":["1700000000123"],)"
                       R"("connId":"000000000000004d-3"})");
}

TEST_F(BybitStreams, AnswersSubscriptionsAsEachStreamDoes) {
  const std::string both = R"(["orderbook.50.BTCUSDT","publicTrade.BTCUSDT"])";
  const std::string request = R"({"op":"subscribe","req_id":1,"args":)" + both + "}";
  open("/v5/public/linear");
  EXPECT_EQ(say(request), R"({"success":true,"ret_msg":"","conn_id":"000000000000004d-1",)"
                          R"("req_id":"1","op":"subscribe"})");
  streams.close(socket);
  open("/v5/public/spot");
  EXPECT_EQ(say(request), R"({"success":true,"ret_msg":"subscribe",)"
                          R"("conn_id":"000000000000004d-2","req_id":"1","op":"subscribe"})");
}

TEST_F(BybitStreams, OneBadTopicFailsTheWholeRequest) {
  open("/v5/public/linear");
  EXPECT_EQ(say(R"({"op":"subscribe","args":["publicTrade.BTCUSDT","xyz"]})"),
            R"({"success":false,"ret_msg":"error:handler not found,topic:xyz",)"
            R"("conn_id":"000000000000004d-1","op":"subscribe"})");
  quote(599'990, 600'010);
  place(Side::buy, 600'010, 10, Exchange::kBob);
  EXPECT_EQ(end_turn(), Messages{});
}

TEST_F(BybitStreams, RefusesWhatIsNoTopic) {
  open("/v5/public/linear");
  for (const char* topic :
       {"", ".", "orderbook", "orderbook.", "orderbook.50", "orderbook.50.", "orderbook.51.BTCUSDT",
        "orderbook.50.NOPE", "orderbook.50.BTCUSDT.", "kline.2.BTCUSDT", "kline.D", "tickers.",
        "order", "wallet", "publicTrade.btcusdt", "allLiquidation.", "\xff"}) {
    EXPECT_EQ(at(subscribe(topic), "success"), "false") << topic;
  }
  streams.close(socket);
  open("/v5/public/inverse");
  EXPECT_EQ(at(subscribe("tickers.BTCUSDT"), "success"), "false") << "that one is linear";
  streams.close(socket);
  open("/v5/public/spot");
  EXPECT_EQ(at(subscribe("allLiquidation.BTCUSDT"), "success"), "false");
}

TEST_F(BybitStreams, AnswersWhatItCannotRead) {
  open("/v5/public/linear");
  for (const char* message :
       {"", "{", "[]", "null", "{}", R"({"op":1})", R"({"op":"dance"})", R"({"op":"subscribe"})",
        R"({"op":"subscribe","args":"x"})", R"({"op":"subscribe","args":[]})",
        R"({"op":"subscribe","args":[1]})", R"({"op":"subscribe","args":[["tickers.BTCUSDT"]]})"}) {
    EXPECT_EQ(at(say(message), "success"), "false") << message;
  }
  EXPECT_EQ(at(say("{\"op\":\"ping\"}", false), "success"), "false") << "a binary frame";
  EXPECT_EQ(at(say(R"({"op":"ping"})"), "success"), "true") << "and it goes on";
}

TEST_F(BybitStreams, SpotTakesTenTopicsAtATime) {
  open("/v5/public/spot");
  std::string eleven;
  for (int i = 0; i < 11; ++i)
    eleven += std::string(i ? "," : "") + R"("tickers.BTCUSDT")";
  EXPECT_EQ(at(say(R"({"op":"subscribe","args":[)" + eleven + "]}"), "ret_msg"),
            "error:args size >10");
}

// ---- who they are -------------------------------------------------------------------------------

TEST_F(BybitStreams, LogsInByHmacOverTheExpiry) {
  open("/v5/private");
  EXPECT_EQ(subscribe("order"),
            R"({"success":false,"ret_msg":"Request not authorized","retCode":10004,)"
            R"("conn_id":"000000000000004d-1","op":"subscribe"})");
  std::string forged(kLogin);
  forged[forged.size() - 5] = '0';
  EXPECT_EQ(at(say(forged), "retCode"), "10004");
  EXPECT_EQ(say(kLogin),
            R"({"success":true,"ret_msg":"","conn_id":"000000000000004d-1","op":"auth"})");
  EXPECT_EQ(at(subscribe("order"), "success"), "true");
}

TEST_F(BybitStreams, RefusesALoginThatIsPastOrStrange) {
  open("/v5/private");
  exchange.door_time = timestamp_from_ms(1'700'000'010'123);
  EXPECT_EQ(at(say(kLogin), "retCode"), "10004") << "expires is not ahead any more";
  exchange.door_time = timestamp_from_ms(1'700'000'000'000);
  for (const char* message :
       {R"({"op":"auth"})", R"({"op":"auth","args":[]})", R"({"op":"auth","args":["k","1"]})"}) {
    EXPECT_EQ(at(say(message), "retCode"), "10001") << message;
  }
  EXPECT_EQ(at(say(R"({"op":"auth","args":["nobody","1700000010123","x"]})"), "retCode"), "10003");
  EXPECT_EQ(at(say(R"({"op":"auth","args":["mockxBybitKey000001",-1,"x"]})"), "retCode"), "10004");
}

TEST_F(BybitStreams, ASecondLoginOnTheTradeStreamIsNoHarm) {
  open("/v5/trade");
  EXPECT_EQ(at(say(kLogin), "retCode"), "0");
  EXPECT_EQ(at(say(kLogin), "retCode"), "20001");
  EXPECT_EQ(socket.closed_with, 0);
}

TEST_F(BybitStreams, AConnectionStaysWithItsAccount) {
  door.add_credential({Exchange::kBob, "bobsKey", std::string(kSecret)}, "bob");
  std::string bob(kLogin);
  bob.replace(bob.find(kKey), kKey.size(), "bobsKey");
  open("/v5/private");
  EXPECT_EQ(at(say(kLogin), "success"), "true");
  subscribe("order");
  EXPECT_EQ(at(say(bob), "success"), "false");
  EXPECT_EQ(at(say(kLogin), "success"), "true") << "the same again is no harm";
  place(Side::buy, 599'980, 10, Exchange::kAlice);
  EXPECT_EQ(end_turn().size(), 1u) << "still alice's";
  streams.close(socket);
  place(Side::buy, 599'970, 10, Exchange::kAlice);
  EXPECT_EQ(end_turn(), Messages{});
}

TEST_F(BybitStreams, AnswersAnOptionsSubscriptionWithoutTopics) {
  open("/v5/public/option");
  const std::string answer = say(R"({"op":"subscribe","req_id":"1"})");
  EXPECT_EQ(at(answer, "data/failTopics"), "[]");
  EXPECT_EQ(at(answer, "success"), "false");
}

TEST_F(BybitStreams, AClientSaysHowLongItMayBeSilent) {
  open("/v5/private", "max_active_time=1m");
  EXPECT_EQ(socket.idle_timeout, seconds(60));
  streams.close(socket);
  open("/v5/private", "max_active_time=5s");
  EXPECT_EQ(socket.idle_timeout, seconds(30)) << "half a minute at least";
  streams.close(socket);
  open("/v5/trade", "max_active_time=99999999999m");
  EXPECT_EQ(socket.idle_timeout, seconds(600));
  streams.close(socket);
  open("/v5/public/spot", "max_active_time=30s");
  EXPECT_EQ(socket.idle_timeout, seconds(600)) << "public streams know no such option";
}

// ---- public data --------------------------------------------------------------------------------

TEST_F(BybitStreams, TellsABookByUAndSeq) {
  open("/v5/public/linear");
  quote(599'990, 600'010);
  subscribe("orderbook.50.BTCUSDT");
  EXPECT_EQ(end_turn(),
            Messages{R"({"topic":"orderbook.50.BTCUSDT","type":"snapshot","ts":1700000000000,)"
                     R"("data":{"s":"BTCUSDT","b":[["59999.00","1.000"]],"a":[["60001.00",)"
                     R"("1.000"]],"u":1,"seq":2},"cts":1700000000000})"});
  place(Side::buy, 600'010, 1'000, Exchange::kBob);
  EXPECT_EQ(end_turn(),
            Messages{R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1700000000000,)"
                     R"("data":{"s":"BTCUSDT","b":[],"a":[["60001.00","0"]],"u":2,"seq":3},)"
                     R"("cts":1700000000000})"});
}

TEST_F(BybitStreams, ABookOfOneLevelIsAlwaysWhole) {
  open("/v5/public/linear");
  quote(599'990, 600'010);
  subscribe("orderbook.1.BTCUSDT");
  end_turn();
  place(Side::buy, 599'991, 5, Exchange::kBob);
  const Messages news = end_turn();
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(at(news[0], "type"), "snapshot");
  EXPECT_EQ(at(news[0], "data/b"), R"([["59999.10","0.005"]])");
  EXPECT_EQ(at(news[0], "data/a"), R"([["60001.00","1.000"]])");
  exchange.now = exchange.now + seconds(3);
  EXPECT_EQ(at(end_turn().at(0), "data/u"), "2") << "repeated with its number";
}

TEST_F(BybitStreams, TellsTradesWithTheirDirection) {
  open("/v5/public/linear");
  quote(599'990, 600'010);
  subscribe("publicTrade.BTCUSDT");
  place(Side::buy, 600'010, 10, Exchange::kBob);
  place(Side::buy, 600'010, 20, Exchange::kBob);
  place(Side::sell, 599'990, 30, Exchange::kBob);
  const Messages news = end_turn();
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(at(news[0], "type"), "snapshot");
  EXPECT_EQ(size_of_list(news[0], "data"), 3U);
  EXPECT_EQ(at(news[0], "data/0/v"), "0.010");
  EXPECT_EQ(at(news[0], "data/0/p"), "60001.00");
  EXPECT_EQ(at(news[0], "data/0/S"), "Buy");
  EXPECT_EQ(at(news[0], "data/1/L"), "ZeroPlusTick");
  EXPECT_EQ(at(news[0], "data/2/L"), "MinusTick");
  EXPECT_EQ(at(news[0], "data/2/S"), "Sell");
}

TEST_F(BybitStreams, TradesAndTickersAgreeOnTheDirection) {
  open("/v5/public/linear");
  quote(599'990, 600'010);
  subscribe("publicTrade.BTCUSDT");
  subscribe("tickers.BTCUSDT");
  end_turn();
  for (const auto& [side, price, direction] : {std::tuple{Side::buy, 600'010, "PlusTick"},
                                               {Side::buy, 600'010, "ZeroPlusTick"},
                                               {Side::sell, 599'990, "MinusTick"},
                                               {Side::sell, 599'990, "ZeroMinusTick"}}) {
    place(side, price, 10, Exchange::kBob);
    const Messages news = end_turn();
    ASSERT_EQ(news.size(), 2u);
    EXPECT_EQ(at(news[0], "data/0/L"), direction);
    EXPECT_EQ(at(news[1], "data/tickDirection"), direction);
  }
}

TEST_F(BybitStreams, NobodyHearsOfTradesBeforeTheySubscribed) {
  open("/v5/public/linear");
  quote(599'990, 600'010);
  subscribe("tickers.BTCUSDT");
  place(Side::buy, 600'010, 10, Exchange::kBob);
  subscribe("publicTrade.BTCUSDT");
  place(Side::buy, 600'010, 20, Exchange::kBob);
  for (const std::string& message : end_turn()) {
    if (at(message, "topic") != "publicTrade.BTCUSDT") continue;
    EXPECT_EQ(size_of_list(message, "data"), 1u);
    EXPECT_EQ(at(message, "data/0/v"), "0.020");
  }
}

TEST_F(BybitStreams, ATickerIsWholeAndThenWhatChanged) {
  open("/v5/public/linear");
  quote(599'990, 600'010);
  place(Side::buy, 600'010, 10, Exchange::kBob);
  subscribe("tickers.BTCUSDT");
  const Messages whole = end_turn();
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_EQ(at(whole[0], "type"), "snapshot");
  EXPECT_EQ(at(whole[0], "data/lastPrice"), "60001.00");
  EXPECT_EQ(at(whole[0], "data/openInterestValue"), "600.01") << "never absent: 0.01 at 60001";
  EXPECT_EQ(end_turn(), Messages{});
  place(Side::sell, 600'009, 7, Exchange::kAlice);
  const Messages delta = end_turn();
  ASSERT_EQ(delta.size(), 1U);
  EXPECT_EQ(at(delta[0], "type"), "delta");
  EXPECT_EQ(at(delta[0], "data/symbol"), "BTCUSDT");
  EXPECT_EQ(at(delta[0], "data/ask1Price"), "60000.90");
  EXPECT_EQ(at(delta[0], "data/ask1Size"), "0.007");
  EXPECT_EQ(at(delta[0], "data/bid1Price"), "(absent)");
}

TEST_F(BybitStreams, ASpotTickerHasNoBestPrices) {
  open("/v5/public/spot");
  subscribe("tickers.BTCUSDT");
  const Messages news = end_turn();
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(at(news[0], "data/bid1Price"), "(absent)");
  EXPECT_EQ(at(news[0], "data/openInterestValue"), "(absent)");
  EXPECT_NE(at(news[0], "data/usdIndexPrice"), "(absent)");
}

TEST_F(BybitStreams, CandlesGrowAndAreConfirmed) {
  open("/v5/public/linear");
  quote(599'990, 600'010);
  place(Side::buy, 600'010, 10, Exchange::kBob);
  subscribe("kline.1.BTCUSDT");
  const Messages first = end_turn();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(at(first[0], "data/0/start"), "1699999980000");
  EXPECT_EQ(at(first[0], "data/0/end"), "1700000039999");
  EXPECT_EQ(at(first[0], "data/0/confirm"), "false");
  place(Side::sell, 599'990, 20, Exchange::kBob);
  const Messages grown = end_turn();
  ASSERT_EQ(grown.size(), 1U);
  EXPECT_EQ(at(grown[0], "data/0/open"), "60001.00");
  EXPECT_EQ(at(grown[0], "data/0/close"), "59999.00");
  EXPECT_EQ(at(grown[0], "data/0/volume"), "0.030");
  EXPECT_EQ(end_turn(), Messages{});
  exchange.now = exchange.now + seconds(60);
  const Messages over = end_turn();
  ASSERT_EQ(over.size(), 1U);
  EXPECT_EQ(at(over[0], "data/0/confirm"), "true");
  EXPECT_EQ(at(over[0], "data/0/start"), "1699999980000");
  EXPECT_EQ(at(over[0], "data/1/open"), "59999.00") << "the next begins flat";
  EXPECT_EQ(at(over[0], "data/1/confirm"), "false");
}

TEST_F(BybitStreams, AStepOverManyCandlesTellsAllOfThem) {
  open("/v5/public/linear");
  quote(599'990, 600'010);
  place(Side::buy, 600'010, 10, Exchange::kBob);
  subscribe("kline.1.BTCUSDT");
  end_turn();
  exchange.now = exchange.now + seconds(60 * 2'000);
  place(Side::buy, 600'010, 10, Exchange::kBob);
  const Messages news = end_turn();
  ASSERT_EQ(news.size(), 3u);
  EXPECT_EQ(size_of_list(news[0], "data"), 1'000u);
  EXPECT_EQ(at(news[0], "data/0/start"), "1699999980000") << "the one that was open";
  EXPECT_EQ(at(news[0], "data/0/confirm"), "true");
  EXPECT_EQ(size_of_list(news[2], "data"), 1u);
  EXPECT_EQ(at(news[2], "data/0/confirm"), "false");
}

// ---- an account's own ---------------------------------------------------------------------------

TEST_F(BybitPrivate, TellsAnOrderAsItsQueryWould) {
  subscribe("order");
  place(Side::buy, 599'980, 10, Exchange::kAlice);
  const Messages news = end_turn();
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(at(news[0], "topic"), "order");
  EXPECT_EQ(at(news[0], "creationTime"), "1700000000000");
  EXPECT_EQ(at(news[0], "id").size(), 36U);
  EXPECT_EQ(at(news[0], "data/0/category"), "linear");
  EXPECT_EQ(at(news[0], "data/0/orderStatus"), "New");
  EXPECT_NE(at(news[0], "data/0/tpslMode"), "(absent)") << "clients tell derivatives by this key";
  const std::string asked = exchange.get("/v5/order/realtime?category=linear&symbol=BTCUSDT");
  JsonObject row;
  ASSERT_TRUE(row.parse(at(asked, "result/list/0")));
  for (const auto& member : row.members()) {
    EXPECT_EQ(at(news[0], "data/0/" + std::string(member.key)), member.value.text) << member.key;
  }
}

TEST_F(BybitPrivate, SpotAndLinearNeverShareAMessage) {
  subscribe("order");
  place(Side::buy, 599'980, 10, Exchange::kAlice);
  place(Side::buy, 600'000, 10'000, Exchange::kAlice, InstrumentKindOf::spot);
  const Messages news = end_turn();
  ASSERT_EQ(news.size(), 2U);
  EXPECT_NE(at(news[0], "id"), at(news[1], "id"));
  EXPECT_EQ(at(news[0], "data/0/category"), "linear");
  EXPECT_EQ(at(news[1], "data/0/category"), "spot");
  EXPECT_EQ(at(news[1], "data/0/tpslMode"), "(absent)");
}

TEST_F(BybitPrivate, TopicsByCategoryCarryTheirOwnAlone) {
  subscribe("order.spot");
  place(Side::buy, 599'980, 10, Exchange::kAlice);
  EXPECT_EQ(end_turn(), Messages{});
  EXPECT_EQ(at(subscribe("order.nope"), "success"), "false");
}

TEST_F(BybitPrivate, TellsFillsFastAndInFull) {
  subscribe("execution");
  subscribe("execution.fast.linear");
  place(Side::buy, 600'010, 10, Exchange::kAlice);
  const Messages news = end_turn();
  ASSERT_EQ(news.size(), 2U);
  EXPECT_EQ(at(news[0], "data/0/execType"), "Trade");
  EXPECT_EQ(at(news[0], "data/0/execPrice"), "60001.00");
  EXPECT_EQ(at(news[0], "data/0/isMaker"), "false");
  EXPECT_EQ(at(news[0], "data/0/execFee"), "0.3300055") << "0.055 % of 600.01";
  EXPECT_EQ(at(news[1], "topic"), "execution.fast.linear");
  EXPECT_EQ(at(news[1], "data/0/execId"), at(news[0], "data/0/execId"));
  EXPECT_EQ(at(news[1], "data/0/execFee"), "(absent)");
}

TEST_F(BybitPrivate, TellsPositionsAndTheWallet) {
  subscribe("position");
  subscribe("wallet");
  place(Side::buy, 600'010, 10, Exchange::kAlice);
  const Messages news = end_turn();
  ASSERT_EQ(news.size(), 2U);
  EXPECT_EQ(at(news[0], "data/0/entryPrice"), "60001");
  EXPECT_EQ(at(news[0], "data/0/avgPrice"), "(absent)");
  EXPECT_EQ(at(news[0], "data/0/side"), "Buy");
  EXPECT_EQ(at(news[0], "data/0/size"), "0.010");
  EXPECT_EQ(at(news[1], "data/0/accountType"), "UNIFIED");
  EXPECT_EQ(at(news[1], "data/0/coin/0/coin"), "USDT");
  EXPECT_EQ(at(news[1], "data/0/coin/0/walletBalance"), "999999.6699945");
  place(Side::sell, 599'990, 10, Exchange::kAlice);
  EXPECT_EQ(at(end_turn().at(0), "data/0/size"), "0");
}

TEST_F(BybitPrivate, AConditionalOrderIsTriggeredBeforeItIsWhatItBecomes) {
  subscribe("order");
  PlaceOrder stop;
  stop.account = Exchange::kAlice;
  stop.instrument =
      exchange.view().find_instrument("BTCUSDT", InstrumentKindOf::linear_perpetual)->id;
  stop.price = Ticks{599'000};
  stop.quantity = Lots{10};
  stop.value = {0, AssetId{0}};
  stop.trigger = Trigger{.direction = TriggerDirection::rises, .price = Ticks{600'010}};
  desk.execute(stop);
  EXPECT_EQ(at(end_turn().at(0), "data/0/orderStatus"), "Untriggered");
  place(Side::buy, 600'010, 1, Exchange::kBob);
  const Messages news = end_turn();
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(at(news[0], "data/0/orderStatus"), "Triggered");
  EXPECT_EQ(at(news[0], "data/1/orderStatus"), "New");
}

TEST_F(BybitPrivate, TellsWhatAnOrderClosedWithItsFees) {
  place(Side::buy, 600'010, 10, Exchange::kAlice);
  subscribe("order");
  end_turn();
  place(Side::sell, 599'990, 10, Exchange::kAlice);
  const Messages news = end_turn();
  const std::string asked = exchange.get("/v5/position/closed-pnl?category=linear");
  // 0.01 * (59999 - 60001) less 0.055 % of 599.99
  EXPECT_EQ(at(news.at(0), "data/0/closedPnl"), "-0.3499945");
  EXPECT_EQ(at(news.at(0), "data/0/closedPnl"), at(asked, "result/list/0/closedPnl"));
}

TEST_F(BybitPrivate, HearsNothingOfOthers) {
  for (const char* topic : {"order", "execution", "position", "wallet"})
    subscribe(topic);
  place(Side::buy, 600'010, 10, Exchange::kBob);
  EXPECT_EQ(end_turn(), Messages{});
}

// ---- orders over the stream ---------------------------------------------------------------------

struct BybitTrade : BybitStreams {
  BybitTrade() {
    open("/v5/trade");
    quote(599'990, 600'010);
  }
  std::string operate(std::string_view op, std::string_view body, std::string_view id = "10",
                      std::string_view sent = "1700000000123") {
    return say(R"({"op":")" + std::string(op) + R"(","reqId":")" + std::string(id) +
               R"(","args":[)" + std::string(body) + R"(],"header":{"X-BAPI-TIMESTAMP":")" +
               std::string(sent) + R"(","X-BAPI-RECV-WINDOW":"5000"}})");
  }
  static constexpr std::string_view kOrder =
      R"({"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.01",)"
      R"("price":"59000"})";
};

TEST_F(BybitTrade, AnOrderIsAnsweredInTheStreamsEnvelope) {
  EXPECT_EQ(at(operate("order.create", kOrder), "retCode"), "10004") << "nobody has logged in";
  say(kLogin);
  const std::string answer = operate("order.create", kOrder, "11");
  EXPECT_EQ(at(answer, "reqId"), "11");
  EXPECT_EQ(at(answer, "retCode"), "0");
  EXPECT_EQ(at(answer, "retMsg"), "OK");
  EXPECT_EQ(at(answer, "op"), "order.create");
  EXPECT_EQ(at(answer, "data/orderId").size(), 36U);
  EXPECT_EQ(at(answer, "header/X-Bapi-Limit"), "10");
  EXPECT_EQ(at(answer, "header/X-Bapi-Limit-Status"), "9");
  EXPECT_EQ(at(answer, "connId"), kConnection);
  const std::string cancel = R"({"category":"linear","symbol":"BTCUSDT","orderId":")" +
                             at(answer, "data/orderId") + R"("})";
  EXPECT_EQ(at(operate("order.cancel", cancel, "12"), "data/orderId"), at(answer, "data/orderId"));
}

TEST_F(BybitTrade, RefusesInTheStreamsWords) {
  say(kLogin);
  EXPECT_EQ(at(operate("order.dance", kOrder, "1"), "retCode"), "10404");
  EXPECT_EQ(at(operate("order.create", "1", "2"), "retCode"), "10001");
  EXPECT_EQ(
      at(operate("order.create", std::string(kOrder) + "," + std::string(kOrder), "3"), "retCode"),
      "10001")
      << "one item";
  EXPECT_EQ(at(operate("order.create", kOrder, "4", "1699999990000"), "retCode"), "10002");
  EXPECT_EQ(at(operate("order.create", kOrder, std::string(37, 'x')), "retCode"), "10001");
  EXPECT_EQ(at(operate("order.create", kOrder, "5"), "retCode"), "0");
  EXPECT_EQ(at(operate("order.create", kOrder, "5"), "retCode"), "20006");
  const std::string unknown = at(operate("order.cancel",
                                         R"({"category":"linear",)"
                                         R"("symbol":"BTCUSDT","orderId":"o1"})",
                                         "6"),
                                 "retCode");
  EXPECT_EQ(unknown, "110001");
}

TEST_F(BybitTrade, BatchesAnswerEachEntry) {
  say(kLogin);
  const std::string answer = operate(
      "order.create-batch", R"({"category":"linear","request":[)" + std::string(kOrder) +
                                R"(,{"symbol":"BTCUSDT","side":"Buy","orderType":"Limit"}]})");
  EXPECT_EQ(at(answer, "retCode"), "0");
  EXPECT_EQ(at(answer, "data/list/0/orderId").size(), 36U);
  EXPECT_EQ(at(answer, "data/list/1/orderId"), "");
  EXPECT_EQ(at(answer, "retExtInfo/list/0/code"), "0");
  EXPECT_EQ(at(answer, "retExtInfo/list/1/code"), "10001");
}

}  // namespace
}  // namespace venuebox::venues::bybit
