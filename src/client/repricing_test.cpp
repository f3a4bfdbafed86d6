#include "client/repricing.h"

#include "client/test_acme.h"

namespace venuebox::client {
namespace {
using gateway::Verdict;
using Kind = CallOutcome::Kind;

const TransportResult kBadPrice = says("", Verdict::bad_price);

struct RepricingTest : AcmeTest {
  RepricingTest() { venue.pages["/ticker/M1"] = says("99.9 100.5"); }
  Reply<PlacedOrder> place(RepricingSettings settings, unified::NewOrder order) {
    Repricer repricer(exchange, settings);
    return ask<PlacedOrder>([&](auto then) { repricer.create_order(order, then); });
  }
  // What the venue was asked to place: "venuebox-1 at 100" …
  std::vector<std::string> placed() const {
    std::vector<std::string> bodies;
    for (std::size_t i = 0; i < venue.sent.size(); ++i) {
      if (venue.sent[i] == "/buy" || venue.sent[i] == "/sell") bodies.push_back(venue.bodies[i]);
    }
    return bodies;
  }
  using Bodies = std::vector<std::string>;
};

TEST_F(RepricingTest, IsOffUnlessItIsAllowedAttempts) {
  venue.pages["/buy"] = kBadPrice;
  const auto reply = place({}, limit("100"));
  EXPECT_EQ(reply.verdict, Verdict::bad_price);
  EXPECT_EQ(venue.sent, Bodies{"/buy"});
}

TEST_F(RepricingTest, PlacesAnewUnderAnotherNameAtTheMarketsPrice) {
  Repricer repricer(exchange, {.attempts_max = 2, .ticks_max = 100});
  venue.pages["/buy"] = kBadPrice;
  std::optional<Reply<PlacedOrder>> reply;
  venue.latency = milliseconds(10);
  repricer.create_order(limit("100"), into(reply));
  scheduler.run_for(milliseconds(15));
  venue.pages["/buy"] = says("42");
  scheduler.run_for(seconds(1));
  ASSERT_TRUE(reply && *reply);
  EXPECT_EQ(placed(), (Bodies{"venuebox-1 at 100", "venuebox-2 at 100.5"}));
  EXPECT_EQ(reply->value->client_order_id, "venuebox-2");
  EXPECT_EQ(repricer.repriced(), 1u);
}

TEST_F(RepricingTest, NeverAnswersAnotherRefusalSo) {
  for (const Verdict verdict :
       {Verdict::refused, Verdict::insufficient_funds, Verdict::unknown_order,
        Verdict::duplicate_client_order_id, Verdict::not_authorised, Verdict::stale_clock,
        Verdict::maintenance}) {
    venue.forget();
    venue.pages["/buy"] = says("", verdict);
    EXPECT_EQ(place({.attempts_max = 3, .ticks_max = 100}, limit("100")).verdict, verdict);
    EXPECT_EQ(venue.sent, Bodies{"/buy"});
  }
  venue.forget();
  venue.pages["/buy"] = kLost;
  place({.attempts_max = 3, .ticks_max = 100}, limit("100"));
  EXPECT_EQ(venue.count("/buy"), 1);
}

TEST_F(RepricingTest, StopsAfterThatManyAttempts) {
  venue.pages["/buy"] = kBadPrice;
  int asked = 0;
  Repricer repricer(exchange, {.attempts_max = 2, .ticks_max = 100},
                    [&](unified::NewOrder order, Then<PlacedOrder> then) {
                      // A market that moves each time.
                      venue.pages["/ticker/M1"] = says(++asked == 1 ? "99 100.1" : "99 100.2");
                      exchange.create_order(std::move(order), std::move(then));
                    });
  const auto reply = ask<PlacedOrder>([&](auto then) { repricer.create_order(limit(), then); });
  EXPECT_EQ(reply.verdict, Verdict::bad_price);
  EXPECT_EQ(placed(), (Bodies{"venuebox-1 at 100", "venuebox-2 at 100.1", "venuebox-3 at 100.2"}));
}

TEST_F(RepricingTest, GivesUpWhereThereIsNoOtherPrice) {
  venue.pages["/buy"] = kBadPrice;
  struct Case {
    TransportResult ticker;
    const char* words;
  };
  const Case cases[] = {{kLost, "there is no price of now"},
                        {says("99"), "the market is farther away than is allowed"},
                        {says("99 110.1"), "the market is farther away than is allowed"},
                        {says("99 100"), "the market is where it was"}};
  for (const Case& row : cases) {
    venue.forget();
    venue.pages["/ticker/M1"] = row.ticker;
    const auto reply = place({.attempts_max = 3, .ticks_max = 100}, limit("100"));
    EXPECT_EQ(reply.kind, Kind::refused);
    EXPECT_EQ(reply.verdict, Verdict::bad_price);
    EXPECT_NE(reply.text.find(row.words), std::string::npos) << reply.text;
    EXPECT_EQ(placed().size(), 1u);
  }
}

TEST_F(RepricingTest, OnlyALimitsOwnPriceIsChanged) {
  venue.pages["/buy"] = kBadPrice;
  unified::NewOrder waiting = limit("100");
  waiting.trigger_price = decimal("90");
  unified::NewOrder at_market = limit("100");
  at_market.type = OrderType::market;
  at_market.price.reset();
  for (const unified::NewOrder& order : {waiting, at_market}) {
    venue.forget();
    place({.attempts_max = 3, .ticks_max = 100}, order);
    EXPECT_EQ(venue.sent, Bodies{"/buy"});
  }
}

TEST(NewPrice, IsTheMarketsWithinBounds) {
  struct Case {
    const char* what;
    Side side;
    bool is_post_only;
    RepricingSettings settings;
    const char* price;  // "": none
  };
  // Wished for at 100; bid 99.95, ask 100.55, ticks of 0.1.
  const Case cases[] = {{"buys at the offer", Side::buy, false, {1, 10, 0}, "100.5"},
                        {"buys behind the bid", Side::buy, true, {1, 10, 0}, "99.9"},
                        {"sells at the bid", Side::sell, false, {1, 10, 0}, "100"},
                        {"sells behind the offer", Side::sell, true, {1, 10, 0}, "100.6"},
                        {"five ticks are enough", Side::buy, false, {1, 5, 0}, "100.5"},
                        {"four are not", Side::buy, false, {1, 4, 0}, ""},
                        {"50 basis points are enough", Side::buy, false, {1, 0, 50}, "100.5"},
                        {"49 are not", Side::buy, false, {1, 0, 49}, ""},
                        {"both hold", Side::buy, false, {1, 4, 50}, ""},
                        {"both hold, the other way", Side::buy, false, {1, 5, 49}, ""},
                        {"without a bound none is allowed", Side::buy, false, {1, 0, 0}, ""}};
  unified::Ticker ticker;
  ticker.bid = decimal("99.95");
  ticker.ask = decimal("100.55");
  for (const Case& row : cases) {
    unified::NewOrder wished;
    wished.side = row.side;
    wished.is_post_only = row.is_post_only;
    wished.price = decimal("100");
    const auto price = new_price(wished, ticker, decimal("0.1"), row.settings);
    EXPECT_EQ(price ? text_of(*price) : "", row.price) << row.what;
  }
}

}  // namespace
}  // namespace venuebox::client
