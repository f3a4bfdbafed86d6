// What clients of Paradex's streams are answered: JSON-RPC, logins and subscriptions.
#include "gateway/streams.h"

#include <fmt/format.h>

#include "venues/paradex/jwt.h"
#include "venues/paradex/test_streams.h"

namespace venuebox::venues::paradex {

struct ParadexStreams::Parts {
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
  explicit Parts(Exchange& exchange) : streams(venue, exchange.door), desk(exchange, streams) {}

  gateway::RequestLog log;
  gateway::Streams streams;
  Observed desk;
};

ParadexStreams::ParadexStreams(gateway::DoorSettings settings)
    : exchange(std::move(settings)),
      parts_(std::make_unique<Parts>(exchange)),
      log(parts_->log),
      streams(parts_->streams),
      desk(parts_->desk) {
  streams.open(socket, *streams.find_route("/v1"), "");
}

ParadexStreams::~ParadexStreams() = default;

gateway::Moment ParadexStreams::moment() const {
  return {exchange.now, exchange.now, Exchange::kBoxKey};
}

std::string ParadexStreams::say(std::string_view message, bool is_text) {
  streams.receive(socket, message, is_text, desk, moment(), log);
  const Messages answers = socket.take();
  EXPECT_EQ(answers.size(), 1U) << message;
  return answers.empty() ? std::string() : answers.front();
}

std::string ParadexStreams::subscribe(std::string_view channel) {
  return say(fmt::format(
      R"({{"jsonrpc":"2.0","method":"subscribe","params":{{"channel":"{}"}},"id":5}})", channel));
}

std::string ParadexStreams::log_in(AccountId account) {
  const std::string address(exchange.door.credential_of(account)->key);
  const std::string token = issued_token(Exchange::kBoxKey, address, exchange.now);
  return say(fmt::format(R"({{"jsonrpc":"2.0","id":1,"method":"auth","params":{{"bearer":"{}"}}}})",
                         token));
}

Messages ParadexStreams::end_turn(bool is_paced) {
  streams.publish(exchange.view(), moment(), is_paced);
  return socket.take();
}

std::string ParadexStreams::data_of_turn() {
  const Messages told = end_turn();
  EXPECT_EQ(told.size(), 1U);
  return told.empty() ? std::string() : at(told.front(), "params/data");
}

OrderId ParadexStreams::place(Side side, std::int64_t price, std::int64_t lots, AccountId account,
                              std::string_view symbol) {
  PlaceOrder order;
  order.account = account;
  order.instrument =
      exchange.view().find_instrument(symbol, InstrumentKindOf::linear_perpetual)->id;
  order.side = side;
  order.price = Ticks{price};
  order.quantity = Lots{lots};
  const auto events = desk.execute(order);
  const auto* accepted = std::get_if<OrderAccepted>(&events.front());
  return accepted ? accepted->order.id : OrderId{};
}

namespace {
constexpr std::string_view kTimes =
    R"("usIn":1750000000000000,"usOut":1750000000000000,"usDiff":0)";

std::string error_text(std::string_view id, int code, std::string_view message,
                       std::string_view data) {
  return fmt::format(
      R"({{"jsonrpc":"2.0","id":{},"error":{{"code":{},"message":"{}","data":"{}"}},{}}})", id,
      code, message, data, kTimes);
}

// ---- JSON-RPC -----------------------------------------------------------------------------------

TEST_F(ParadexStreams, AnswersWithTheIdAsItWasSent) {
  const auto subscribe_with = [&](std::string_view id, std::string_view channel) {
    return say(fmt::format(
        R"({{"jsonrpc":"2.0","method":"subscribe","params":{{"channel":"{}"}}{}}})", channel, id));
  };
  const auto acknowledged = [&](std::string_view channel, std::string_view id) {
    return fmt::format(R"({{"jsonrpc":"2.0","result":{{"channel":"{}"}},{},"id":{}}})", channel,
                       kTimes, id);
  };
  EXPECT_EQ(subscribe_with("", "trades.BTC-USD-PERP"), acknowledged("trades.BTC-USD-PERP", "0"));
  EXPECT_EQ(subscribe_with(R"(,"id":1750000000000037)", "trades.ALL"),
            acknowledged("trades.ALL", "1750000000000037"));
  EXPECT_EQ(subscribe_with(R"(,"id":"17")", "bbo.BTC-USD-PERP"),
            acknowledged("bbo.BTC-USD-PERP", R"("17")"));
  EXPECT_EQ(subscribe_with(R"(,"id":"a\"b")", "bbo.ETH-USD-PERP"),
            acknowledged("bbo.ETH-USD-PERP", R"("a\u0022b")"));
  EXPECT_EQ(subscribe_with(R"(,"id":null)", "funding_data"), acknowledged("funding_data", "null"));
}

TEST_F(ParadexStreams, RefusesWhatIsNoRequest) {
  EXPECT_EQ(say("{"), error_text("0", -32700, "parse error", "not JSON"));
  EXPECT_EQ(say(""), error_text("0", -32700, "parse error", "not JSON"));
  EXPECT_EQ(say("{}", false), error_text("0", -32700, "parse error", "not a text frame"));
  for (const char* other :
       {"[]", R"([{"jsonrpc":"2.0","method":"subscribe","id":1}])", "5", "\"x\"", "null"}) {
    EXPECT_EQ(say(other), error_text("0", -32600, "invalid request",
                                     "not an object; batches are not supported"))
        << other;
  }
}

TEST_F(ParadexStreams, RefusesMembersOfTheWrongType) {
  const auto why = [&](std::string_view members) {
    const std::string told = say(fmt::format("{{{}}}", members));
    return at(told, "error/code") + " " + at(told, "error/data");
  };
  EXPECT_EQ(why(R"("method":"auth")"), "-32600 jsonrpc: not \"2.0\"");
  EXPECT_EQ(why(R"("jsonrpc":2.0,"method":"auth")"), "-32600 jsonrpc: not \"2.0\"");
  EXPECT_EQ(why(R"("jsonrpc":"2.0")"), "-32600 method: not a text");
  EXPECT_EQ(why(R"("jsonrpc":"2.0","method":7)"), "-32600 method: not a text");
  EXPECT_EQ(why(R"("jsonrpc":"2.0","method":"auth","id":[1])"),
            "-32600 id: neither a number nor a text");
  EXPECT_EQ(why(R"("jsonrpc":"2.0","method":"auth","id":true)"),
            "-32600 id: neither a number nor a text");
  EXPECT_EQ(why(R"("jsonrpc":"2.0","method":"fly","id":1)"), "-32601 fly");
  EXPECT_EQ(why(R"("jsonrpc":"2.0","method":"auth")"), "-32602 params: not an object");
  EXPECT_EQ(why(R"("jsonrpc":"2.0","method":"subscribe","params":["trades.ALL"])"),
            "-32602 params: not an object");
  EXPECT_EQ(why(R"("jsonrpc":"2.0","method":"subscribe","params":{})"),
            "-32602 params.channel: not a text");
  EXPECT_EQ(why(R"("jsonrpc":"2.0","method":"unsubscribe","params":{"channel":1})"),
            "-32602 params.channel: not a text");
}

// ---- logins -------------------------------------------------------------------------------------

TEST_F(ParadexStreams, ATokenLogsInForTheLifeOfTheConnection) {
  EXPECT_EQ(
      log_in(),
      fmt::format(R"({{"jsonrpc":"2.0","result":{{"node_id":"000000000000004d"}},{},"id":1}})",
                  kTimes));
  exchange.now = exchange.now + seconds(301);
  EXPECT_EQ(at(subscribe("orders.ALL"), "result/channel"), "orders.ALL") << "the token has expired";
  EXPECT_EQ(at(log_in(), "result/node_id"), "000000000000004d") << "again, with a new one";
  EXPECT_EQ(at(log_in(Exchange::kBob), "error/data"),
            "this connection is authenticated for another account");
}

TEST_F(ParadexStreams, RefusesBearersThatStandForNobody) {
  const auto why = [&](std::string_view params) {
    const std::string told =
        say(fmt::format(R"({{"jsonrpc":"2.0","id":1,"method":"auth","params":{}}})", params));
    return at(told, "error/code") + " " + at(told, "error/data");
  };
  const auto bearer = [](const std::string& token) {
    return fmt::format(R"({{"bearer":"{}"}})", token);
  };
  const std::string& address = exchange.door.credential_of(Exchange::kAlice)->key;
  EXPECT_EQ(why("{}"), "40110 params.bearer: not a jwt");
  EXPECT_EQ(why(R"({"bearer":7})"), "40110 params.bearer: not a jwt");
  EXPECT_EQ(why(bearer("valid_mock_token")), "40110 params.bearer: not a jwt");
  EXPECT_EQ(why(bearer(issued_token(Exchange::kBoxKey + 1, address, exchange.now))),
            "40111 not a jwt of this venue");
  EXPECT_EQ(why(bearer(issued_token(Exchange::kBoxKey, address,
                                    timestamp_from_ms(exchange.now.ms() - 300'000)))),
            "40111 the jwt has expired");
  EXPECT_EQ(why(bearer(issued_token(Exchange::kBoxKey, "0x123", exchange.now))),
            "40111 account not found");
  EXPECT_EQ(at(subscribe("account"), "error/code"), "40110");
}

struct ParadexOpenStreams : ParadexStreams {
  ParadexOpenStreams() : ParadexStreams({.verify_signatures = false}) {}
};

TEST_F(ParadexOpenStreams, WhileSignaturesAreOffAnyBearerIsAlice) {
  EXPECT_EQ(at(say(R"({"jsonrpc":"2.0","id":1,"method":"auth",)"
                   R"("params":{"bearer":"valid_mock_token"}})"),
               "result/node_id"),
            "000000000000004d");
  subscribe("orders.ALL");
  place(Side::buy, 500'000, 200, Exchange::kAlice);
  EXPECT_EQ(at(data_of_turn(), "account"), exchange.door.credential_of(Exchange::kAlice)->key);
}

// ---- subscriptions ------------------------------------------------------------------------------

TEST_F(ParadexStreams, KnowsChannelsByTheirNames) {
  log_in();
  for (const char* known : {"trades.BTC-USD-PERP",
                            "trades.ALL",
                            "bbo.ETH-USD-PERP",
                            "markets_summary",
                            "markets_summary.ALL",
                            "markets_summary.BTC-USD-PERP",
                            "funding_data",
                            "funding_data.BTC-USD-PERP",
                            "funding_data.ALL",
                            "order_book.BTC-USD-PERP.snapshot@15@100ms",
                            "order_book.BTC-USD-PERP.snapshot@15@50ms@0_1",
                            "order_book.BTC-USD-PERP.deltas@15@50ms@0.1",
                            "order_book.BTC-USD-PERP.interactive@15@400ms",
                            "order_book.BTC-USD-PERP.interactive_deltas@15@200ms",
                            "orders.ALL",
                            "orders.BTC-USD-PERP",
                            "fills.ALL",
                            "fills.BTC-USD-PERP",
                            "positions",
                            "account",
                            "balance_events",
                            "funding_payments.ALL",
                            "funding_payments.ETH-USD-PERP",
                            "tradebusts",
                            "transaction",
                            "transfers",
                            "block_trades",
                            "orderbook.BTC-USD-PERP"}) {
    EXPECT_EQ(at(subscribe(known), "result/channel"), known);
  }
}

TEST_F(ParadexStreams, RefusesChannelsThatThereAreNot) {
  log_in();
  for (const char* unknown : {"",
                              "trades",
                              "trades.",
                              "trades.XYZ-USD-PERP",
                              "trades.BTC-USD-PERP.x",
                              "bbo.ALL",
                              "bbo",
                              "order_book.BTC-USD-PERP",
                              "order_book.BTC-USD-PERP.snapshot@15",
                              "order_book.BTC-USD-PERP.snapshot@20@100ms",
                              "order_book.BTC-USD-PERP.snapshot@15@200ms",
                              "order_book.BTC-USD-PERP.interactive@15@50ms",
                              "order_book.BTC-USD-PERP.slow@15@100ms",
                              "order_book.BTC-USD-PERP.snapshot@15@100ms@1",
                              "order_book.BTC-USD-PERP.snapshot@15@100ms@x",
                              "order_book.ALL.snapshot@15@100ms",
                              "orderbook.BTC-USD-PERP.x",
                              "orders",
                              "fills",
                              "positions.BTC-USD-PERP",
                              "account.",
                              "weather.ALL"}) {
    EXPECT_EQ(subscribe(unknown),
              error_text("5", -32600, "invalid subscribe request", "invalid channel"))
        << unknown;
  }
}

TEST_F(ParadexStreams, ASecondSubscriptionIsAnErrorAsIsLeavingWhatOneHasNot) {
  subscribe("markets_summary");
  EXPECT_EQ(subscribe("markets_summary"),
            error_text("5", -32600, "invalid subscribe request", "already subscribed"));
  const std::string leave = R"({"jsonrpc":"2.0","method":"unsubscribe",)"
                            R"("params":{"channel":"markets_summary"},"id":"6"})";
  EXPECT_EQ(say(leave), fmt::format(R"({{"jsonrpc":"2.0","result":{{"channel":"markets_summary"}},)"
                                    R"({},"id":"6"}})",
                                    kTimes));
  EXPECT_EQ(say(leave),
            error_text(R"("6")", -32600, "invalid unsubscribe request", "not subscribed"));
  EXPECT_EQ(end_turn(), Messages{});
}

struct ParadexLenientStreams : ParadexStreams {
  ParadexLenientStreams()
      : ParadexStreams({.options = {{"lenient_duplicates", "1"}, {"heartbeat_hz", "2"}}}) {}
};

TEST_F(ParadexLenientStreams, ASecondSubscriptionIsAcceptedWhereThatIsChosen) {
  subscribe("bbo.BTC-USD-PERP");
  EXPECT_EQ(at(subscribe("bbo.BTC-USD-PERP"), "result/channel"), "bbo.BTC-USD-PERP");
  EXPECT_EQ(end_turn().size(), 1U);
}

TEST_F(ParadexLenientStreams, AQuietChannelRepeatsItsStateWhereThatIsChosen) {
  log_in();
  exchange.quote(649'990, 650'010, 1'000);
  for (const char* channel :
       {"bbo.BTC-USD-PERP", "orders.ALL", "fills.ALL", "trades.ALL", "account"})
    subscribe(channel);
  place(Side::buy, 650'010, 200, Exchange::kAlice);
  place(Side::buy, 640'000, 200, Exchange::kAlice);
  EXPECT_EQ(end_turn(true).size(), 6U) << "two orders, a fill, a trade, and the rest";
  exchange.now = exchange.now + milliseconds(499);
  EXPECT_EQ(end_turn(true), Messages{});
  exchange.now = exchange.now + milliseconds(1);
  std::vector<std::string> repeated;
  for (const std::string& message : end_turn(true))
    repeated.push_back(at(message, "params/channel"));
  EXPECT_EQ(repeated, (Messages{"account", "bbo.BTC-USD-PERP", "orders.ALL"}))
      << "what happened once is not told twice";
}

}  // namespace
}  // namespace venuebox::venues::paradex
