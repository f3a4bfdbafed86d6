// A step of the clock: what it brings is told in order of time, to who listens.
#include "box/test_streaming.h"

namespace venuebox::box {
namespace {

struct Stepping : Streaming {
  explicit Stepping(const BoxSettings& s = settings()) : Streaming(s) {
    view = &box->exchanges()[0]->engine();
    perpetual = view->find_instrument("BTCUSDT", InstrumentKindOf::linear_perpetual)->id;
    const market::Quote quote{Ticks{600'000}, Ticks{600'010}, {}, Lots{100'000}, Lots{100'000}};
    VENUEBOX_ASSERT(bool(box->set_quote(0, perpetual, quote)));
    start = box->now();
  }
  // Time since the start at which a message says that it was told, in ms.
  std::int64_t told_at(std::string_view message) const {
    JsonObject json;
    VENUEBOX_ASSERT(bool(json.parse(message)));
    const JsonValue* time = json.find("creationTime");
    if (!time) time = json.find("ts");
    VENUEBOX_ASSERT(time != nullptr);
    return std::stoll(std::string(time->text)) - start.ms();
  }
  struct Told {
    std::int64_t at = 0;
    std::string message;
  };
  std::vector<Told> take(std::size_t socket) {
    std::vector<Told> all;
    for (std::string& message : sockets[socket].take())
      all.push_back({told_at(message), std::move(message)});
    return all;
  }
  const View* view = nullptr;
  InstrumentId perpetual;
  Timestamp start;
};

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;

TEST(BoxStep, AnHourIsToldInOrderOfTime) {
  Stepping box;
  box.place("Buy", "60010.00", "opens");
  box.turn(milliseconds(7 * kHourMs + 30 * kMinuteMs));
  box.say(0, R"({"op":"subscribe","args":["order","execution","wallet"]})");
  box.say(1, R"({"op":"subscribe","args":["kline.1.BTCUSDT","kline.60.BTCUSDT"]})");
  PlaceOrder order;
  order.account = AccountId{market::kAccounts};
  order.instrument = box.perpetual;
  order.price = Ticks{590'000};
  order.quantity = Lots{10};
  order.time_in_force = TimeInForce::gtd;
  for (const std::int64_t minutes : {479, 481, 465}) {  // a minute around the funding, and before
    order.expires = box.start + milliseconds(minutes * kMinuteMs + 30'000);
    box.box->exchanges()[0]->desk().execute(order);
  }
  ASSERT_TRUE(box.box->commit());
  box.take(0), box.take(1);
  box.turn(milliseconds(kHourMs));

  std::vector<std::int64_t> ended, paid;
  std::int64_t last = 0;
  for (const auto& [at, message] : box.take(0)) {
    EXPECT_LE(last, at) << message;
    last = at;
    if (message.contains("\"Deactivated\"") || message.contains("\"Cancelled\"")) {
      ended.push_back(at);
    }
    if (message.contains("\"execType\":\"Funding\"")) paid.push_back(at);
  }
  EXPECT_EQ(ended, (std::vector<std::int64_t>{465 * kMinuteMs + 30'000, 479 * kMinuteMs + 30'000,
                                              481 * kMinuteMs + 30'000}));
  EXPECT_EQ(paid, std::vector<std::int64_t>{8 * kHourMs});

  std::vector<std::int64_t> minutes, hours;
  last = 0;
  for (const auto& [at, message] : box.take(1)) {
    EXPECT_LE(last, at) << message;
    last = at;
    if (!message.contains("\"confirm\":true")) continue;
    (message.contains("kline.60.") ? hours : minutes).push_back(at);
  }
  ASSERT_EQ(minutes.size(), 60u);
  for (std::size_t i = 0; i < minutes.size(); ++i)
    EXPECT_EQ(minutes[i], (451 + static_cast<std::int64_t>(i)) * kMinuteMs);
  EXPECT_EQ(hours, std::vector<std::int64_t>{8 * kHourMs});
}

// No command carries the exchange's own time forward meanwhile.
TEST(BoxStep, TheLastDayOfAQuietMarketEndsWithTheClock) {
  Stepping box;
  box.place("Buy", "60010.00", "trades");
  ASSERT_TRUE(box.box->commit());
  const auto ticker = [&](const char* category) {
    return box.send(net::Method::get,
                    fmt::format("/v5/market/tickers?category={}&symbol=BTCUSDT", category));
  };
  box.turn(seconds(86'400 - 120));
  EXPECT_TRUE(ticker("linear").contains(R"("volume24h":"0.010")")) << ticker("linear");
  box.turn(seconds(180));
  const std::string quiet = ticker("linear");
  for (const char* member :
       {R"("volume24h":"0.000")", R"("prevPrice24h":"60001.00")", R"("highPrice24h":"60001.00")",
        R"("lowPrice24h":"60001.00")", R"("price24hPcnt":"0")"})
    EXPECT_TRUE(quiet.contains(member)) << member << " in " << quiet;
}

TEST(BoxStep, ListenersChangeNothing) {
  Stepping heard, alone;
  heard.say(0, R"({"op":"subscribe","args":["order","execution","wallet"]})");
  heard.say(1, R"({"op":"subscribe","args":["kline.1.BTCUSDT","publicTrade.BTCUSDT"]})");
  for (Stepping* box : {&heard, &alone}) {
    box->place("Buy", "60010.00", "opens");
    ASSERT_TRUE(box->box->commit());
    box->turn(milliseconds(9 * kHourMs));
  }
  EXPECT_EQ(heard.box->event_hash(), alone.box->event_hash());
  EXPECT_EQ(heard.box->state_hash(), alone.box->state_hash());
}

TEST(BoxStep, YearsShowASmallNumberOfMoments) {
  Stepping box;
  box.place("Buy", "60010.00", "trades");
  box.say(1, R"({"op":"subscribe","args":["kline.1.BTCUSDT"]})");
  ASSERT_TRUE(box.box->commit());
  box.take(1);
  box.turn(seconds(86'400 * 365));
  const auto told = box.take(1);
  EXPECT_LT(told.size(), 3'000u);
  EXPECT_EQ(told.back().at, seconds(86'400 * 365).raw / 1'000'000);
}

// As fast as a scaled clock goes, a turn is longer than a minute.
TEST(BoxStep, AFastClockIsToldInOrderToo) {
  Stepping box(settings(ClockMode::scaled));
  box.box->clock().set_mode(ClockMode::scaled, 100'000);
  box.say(1, R"({"op":"subscribe","args":["kline.1.BTCUSDT"]})");
  ASSERT_TRUE(box.box->commit());
  box.place("Buy", "60010.00", "trades");
  ASSERT_TRUE(box.box->commit());
  box.take(1);
  box.door.advance(milliseconds(10));  // 1,000 s of the box
  box.box->advance();
  ASSERT_TRUE(box.box->commit());
  std::vector<std::int64_t> closed;
  for (const auto& [at, message] : box.take(1)) {
    if (message.contains("\"confirm\":true")) closed.push_back(at);
  }
  ASSERT_GE(closed.size(), 16u);
  EXPECT_LT(closed[0], 2 * kMinuteMs);
  for (std::size_t i = 1; i < closed.size(); ++i)
    EXPECT_EQ(closed[i] - closed[i - 1], kMinuteMs);
}

}  // namespace
}  // namespace venuebox::box
