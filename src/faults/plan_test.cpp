// What a plan does with several faults, over their lives, and with equal seeds.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "faults/test_plan.h"

namespace venuebox::faults {
namespace {
using Names = std::vector<std::string>;

constexpr std::string_view kDrawn =
    R"({"name":"drawn","when":{"probability":0.3},"action":{"type":"latency"}})";

TEST(Plan, WithoutFaultsStrikesNothing) {
  TestPlan test({});
  EXPECT_EQ(test.pattern(3), "...");
  EXPECT_EQ(test.plan.timeline().statistics_json(), R"({"total":0,"by_type":{},"rate":0})");
}

TEST(Plan, SelectsByEveryPartOfATag) {
  const Tag tag{.venue = "bybit",
                .account = "alice",
                .symbol = "BTCUSDT",
                .operation = "stream",
                .channel = "orders",
                .transport = Transport::ws};
  const std::pair<std::string_view, bool> rows[] = {
      {R"({})", true},
      {R"({"venue":"bybit"})", true},
      {R"({"venue":"okx"})", false},
      {R"({"account":"alice"})", true},
      {R"({"account":"bob"})", false},
      {R"({"symbol":"BTCUSDT"})", true},
      {R"({"symbol":"ETHUSDT"})", false},
      {R"({"operation":"stream"})", true},
      {R"({"channel":"orders"})", true},
      {R"({"channel":"order"})", true},
      {R"({"channel":"book"})", false},
      {R"({"transport":"ws"})", true},
      {R"({"venue":"bybit","account":"alice","symbol":"BTCUSDT","channel":"orders"})", true},
      {R"({"venue":"bybit","account":"alice","symbol":"BTCUSDT","channel":"trades"})", false},
  };
  for (const auto& [where, strikes] : rows) {
    TestPlan test({fmt::format(R"({{"name":"f","where":{},"action":{{"type":"drop"}}}})", where)});
    EXPECT_EQ(test.is_struck(tag), strikes) << where;
  }
}

TEST(Plan, StrikesWhatTheActionCanBefall) {
  TestPlan test({R"({"name":"part","action":{"type":"partial_fill"}})"});
  EXPECT_TRUE(test.is_struck({.operation = "place_order"}));
  EXPECT_FALSE(test.is_struck({.operation = "fetch_ticker"}));
  EXPECT_FALSE(test.is_struck({.operation = "cancel_order"}));
  TestPlan frames({R"({"name":"drop","action":{"type":"drop"}})"});
  EXPECT_FALSE(frames.is_struck({.operation = "place_order"}));
  TestPlan again({R"({"name":"again","action":{"type":"duplicate_execution"}})"});
  Tag frame{.operation = "stream", .channel = "executions", .transport = Transport::ws};
  EXPECT_TRUE(again.is_struck(frame));
  frame.channel = "orders";
  EXPECT_FALSE(again.is_struck(frame));
}

TEST(Plan, StrikesOnlyInTheLayersAskedFor) {
  TestPlan test({R"({"name":"slow","action":{"type":"latency"}})",
                 R"({"name":"limit","action":{"type":"rate_limit","threshold":0}})"});
  const Tag tag{.operation = "fetch_time"};
  EXPECT_EQ(test.request(tag, Layer::http), Names{"slow"});
  EXPECT_EQ(test.request(tag, Layer::exchange), Names{"limit"});
  EXPECT_EQ(test.request(tag, Layer::door), Names{});
  EXPECT_EQ(test.request(tag, kRequestLayers), (Names{"slow", "limit"}));
}

TEST(Plan, EqualSeedsMisbehaveEqually) {
  TestPlan first({std::string(kDrawn)}, 7);
  TestPlan second({std::string(kDrawn)}, 7);
  TestPlan other({std::string(kDrawn)}, 8);
  const std::string pattern = first.pattern(200);
  EXPECT_EQ(pattern, second.pattern(200));
  EXPECT_NE(pattern, other.pattern(200));
}

TEST(Plan, AnAddedFaultChangesNothingOfAnother) {
  TestPlan alone({std::string(kDrawn)});
  TestPlan among({R"({"name":"first","when":{"probability":0.5},"action":{"type":"latency"}})",
                  std::string(kDrawn)});
  std::vector<std::uint64_t> numbers;
  std::vector<std::uint64_t> numbers_among;
  for (int i = 0; i < 300; ++i) {
    if (i == 100) {
      among.put(R"({"name":"late","priority":9,"when":{"burst":{"enter":0.2,"leave":0.3}},
                    "action":{"type":"hang"}})");
    }
    if (alone.is_struck()) numbers.push_back(alone.strikes.front().n);
    among.request();
    for (const Strike& strike : among.strikes) {
      if (strike.fault == "drawn") numbers_among.push_back(strike.n);
    }
  }
  EXPECT_GT(numbers.size(), 50u);
  EXPECT_EQ(numbers, numbers_among);
}

TEST(Plan, TheFirstEndingWinsAndTheRestGoesAlong) {
  TestPlan test({R"({"name":"reset","action":{"type":"connection_reset"}})",
                 R"({"name":"slow","action":{"type":"latency"}})",
                 R"({"name":"slower","action":{"type":"latency","ms":500}})",
                 R"({"name":"over","priority":5,"times":2,"action":{"type":"overloaded"}})"});
  EXPECT_EQ(test.request(), (Names{"over", "slow", "slower"}));
  EXPECT_EQ(test.request(), (Names{"over", "slow", "slower"}));
  EXPECT_EQ(test.request(), (Names{"reset", "slow", "slower"}));
}

TEST(Plan, AnEndingHoldsForTheFurtherLayersOfItsRequest) {
  TestPlan test({R"({"name":"reset","action":{"type":"connection_reset"}})",
                 R"({"name":"over","action":{"type":"overloaded"}})"});
  std::vector<Strike> strikes;
  test.plan.strike({.request = 1}, kNoon, Layer::exchange, strikes);
  test.plan.strike({.request = 1}, kNoon, Layer::http, strikes);
  ASSERT_EQ(strikes.size(), 1u);
  EXPECT_EQ(strikes[0].fault, "over");
  test.plan.strike({.request = 2}, kNoon, Layer::http, strikes);
  EXPECT_EQ(strikes.back().fault, "reset");
}

TEST(Plan, WhatYieldsUsesUpNoneOfItsTimes) {
  TestPlan test({R"({"name":"low","times":1,"action":{"type":"hang"}})",
                 R"({"name":"high","priority":1,"times":2,"action":{"type":"overloaded"}})"});
  EXPECT_EQ(test.request(), Names{"high"});
  EXPECT_EQ(test.request(), Names{"high"});
  EXPECT_EQ(test.request(), Names{"low"});
  EXPECT_EQ(test.request(), Names{});
}

TEST(Plan, EndsAFaultByCountAndByBoxTime) {
  TestPlan counted({R"({"name":"f","times":3,"when":{"every":2},"action":{"type":"latency"}})"});
  EXPECT_EQ(counted.pattern(10), ".x.x.x....");
  TestPlan timed({R"({"name":"f","for_ms":1000,"action":{"type":"latency"}})"});
  timed.now = kNoon + milliseconds(999);
  EXPECT_TRUE(timed.is_struck());
  timed.now = kNoon + milliseconds(1'000);
  EXPECT_FALSE(timed.is_struck());
}

TEST(Plan, PuttingAFaultAnewLetsItsNumbersGoOn) {
  TestPlan test({R"({"name":"f","times":1,"when":{"nth":2},"action":{"type":"latency"}})"});
  EXPECT_EQ(test.pattern(3), ".x.");
  test.put(R"({"name":"f","times":1,"when":{"nth":5},"action":{"type":"hang"}})");
  EXPECT_EQ(test.pattern(4), "..x.");  // Occasions 3, 4, 5: none was counted after the end.
  EXPECT_EQ(test.plan.size(), 1u);
}

TEST(Plan, RemovesFaults) {
  TestPlan test({R"({"name":"a","action":{"type":"latency"}})",
                 R"({"name":"b","when":{"with":"a"},"action":{"type":"latency"}})"});
  const auto in_use = test.plan.remove("a");
  ASSERT_FALSE(in_use);
  EXPECT_EQ(in_use.error().text(), "name: 'b' goes with 'a'; remove that first");
  EXPECT_TRUE(test.plan.remove("b"));
  EXPECT_TRUE(test.plan.remove("a"));
  const auto gone = test.plan.remove("a");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, ErrorKind::not_found);
  EXPECT_FALSE(test.is_struck());
}

TEST(Plan, RefusesFollowersThatCannotGoAlong) {
  const std::tuple<std::string_view, std::string_view, std::string_view> rows[] = {
      {"nobody", "latency", "there is no fault 'nobody'"},
      {"follower", "latency", "'follower' goes with 'slow' itself; name that instead"},
      {"slow", "overloaded", "is decided before latency (wire, HTTP)"},
  };
  for (const auto& [leader, type, text] : rows) {
    TestPlan test({R"({"name":"slow","action":{"type":"latency"}})",
                   R"({"name":"follower","when":{"with":"slow"},"action":{"type":"latency"}})"});
    const auto done = test.plan.put(
        fault(fmt::format(R"({{"name":"f","when":{{"with":"{}"}},"action":{{"type":"{}"}}}})",
                          leader, type)),
        kNoon);
    ASSERT_FALSE(done) << leader;
    EXPECT_EQ(done.error().where, "f.when.with");
    EXPECT_NE(done.error().detail.find(text), std::string::npos) << done.error().detail;
    EXPECT_EQ(test.plan.size(), 2u);
  }
}

TEST(Plan, IsBounded) {
  Plan plan(1);
  std::vector<Fault> faults;
  for (std::size_t i = 0; i <= kFaultsMax; ++i) {
    faults.push_back(
        {.name = fmt::format("f{}", i), .action = default_action(ActionType::latency)});
  }
  EXPECT_FALSE(plan.put_all(faults, kNoon));
  EXPECT_EQ(plan.size(), 0u);
  faults.pop_back();
  EXPECT_TRUE(plan.put_all(faults, kNoon));
  EXPECT_EQ(plan.size(), kFaultsMax);
  std::vector<Strike> strikes;
  for (std::uint64_t request = 1; request <= 6; ++request)
    plan.strike({.operation = "fetch_time", .request = request}, kNoon, kAllLayers, strikes);
  EXPECT_EQ(strikes.size(), 6 * kFaultsMax);
  EXPECT_EQ(plan.timeline().size(), kTimelineMax);
  EXPECT_EQ(plan.timeline().total(), 6 * kFaultsMax);
}

TEST(Plan, ResetsItsCounts) {
  TestPlan test({R"({"name":"f","when":{"nth":2},"action":{"type":"latency"}})"});
  EXPECT_EQ(test.pattern(4), ".x..");
  test.plan.reset(kNoon);
  EXPECT_EQ(test.plan.timeline().total(), 0u);
  EXPECT_EQ(test.plan.timeline().timeline_json(), "[]");
  EXPECT_EQ(test.pattern(4), ".x..");
}

TEST(Plan, StrikesByNameWhateverTheTriggerSays) {
  TestPlan test({R"({"name":"f","where":{"venue":"okx"},"when":{"probability":0},
                     "action":{"type":"html_error_page","status":502}})",
                 R"({"name":"any","action":{"type":"random","base_failure_rate":0}})"});
  const Tag tag{.venue = "bybit", .operation = "place_order", .request = 1};
  const auto strike = test.plan.strike_by_name("f", tag, kNoon);
  ASSERT_TRUE(strike);
  EXPECT_EQ(strike->action.choice("status"), "502");
  EXPECT_EQ(strike->n, 1u);
  EXPECT_TRUE(test.plan.strike_by_name("any", tag, kNoon));
  EXPECT_FALSE(test.plan.strike_by_name("nobody", tag, kNoon));
  EXPECT_EQ(test.plan.timeline().total(), 2u);
}

TEST(Plan, TellsWhatStruck) {
  TestPlan test({R"({"name":"part","when":{"nth":2},
                     "action":{"type":"partial_fill","fill_ratio":0.25}})"});
  const Tag tag{
      .venue = "bybit", .account = "alice", .symbol = "BTCUSDT", .operation = "place_order"};
  EXPECT_EQ(test.pattern(4, tag), ".x..");
  EXPECT_EQ(test.plan.timeline().statistics_json(),
            R"({"total":1,"by_type":{"partial_fill":1},"rate":0.25})");
  EXPECT_EQ(
      test.plan.timeline().timeline_json(),
      R"([{"timestamp":"2025-06-02T12:00:00.000Z","type":"partial_fill","fault":"part","n":2,)"
      R"("request":{"number":2,"venue":"bybit","account":"alice","operation":"place_order",)"
      R"("symbol":"BTCUSDT"},"details":{"fill_ratio":0.25}}])");
}

TEST(Plan, ShowsEveryLookIncludingThoseThatCameToNothing) {
  TestPlan test({R"({"name":"f","when":{"probability":0.5},"times":1,
                     "action":{"type":"overloaded"}})",
                 R"({"name":"g","priority":1,"when":{"nth":1},"action":{"type":"hang"}})"});
  std::map<std::string, int> looks;
  test.plan.on_look([&](const Look& look) {
    ++looks[fmt::format("{} {}", look.fault, name_of(look.judgement.verdict))];
    if (look.fault == "f" && look.judgement.verdict == Verdict::draw_missed) {
      EXPECT_GE(look.judgement.draw, look.judgement.chance);
      EXPECT_EQ(look.judgement.chance, Ratio{500'000'000});
    }
  });
  test.pattern(50);
  EXPECT_EQ(looks["g struck"], 1);
  EXPECT_EQ(looks["g not_its_turn"], 49);
  EXPECT_GT(looks["f expired"], 0);
  EXPECT_EQ(looks["f struck"] - looks["f yielded"] + looks["f draw_missed"] + looks["f expired"],
            50 - looks["f yielded"]);
}

TEST(Plan, RehearsesWithoutChangingAnything) {
  TestPlan test({std::string(kDrawn), R"({"name":"n","when":{"nth":[3]},"times":1,
                                          "action":{"type":"hang"}})"});
  const Tag tag{.operation = "place_order"};
  test.request(tag);
  const std::string before = test.plan.save();
  const auto dry = test.plan.dry_run(tag, test.now, seconds(1), 100);
  EXPECT_EQ(test.plan.save(), before);
  EXPECT_EQ(test.plan.timeline().total(), test.strikes.size());
  std::vector<std::pair<std::uint64_t, std::string>> expected;
  for (const auto& [occasion, strike] : dry)
    expected.emplace_back(occasion, strike.fault);
  std::vector<std::pair<std::uint64_t, std::string>> real;
  for (std::uint64_t i = 1; i <= 100; ++i) {
    for (const std::string& name : test.request(tag))
      real.emplace_back(i, name);
  }
  EXPECT_EQ(expected, real);
}

TEST(Plan, GoesOnFromASnapshot) {
  const std::vector<std::string> faults = {
      std::string(kDrawn),
      R"({"name":"burst","when":{"burst":{"enter":0.1,"leave":0.3}},"action":{"type":"latency"}})",
      R"({"name":"limit","action":{"type":"rate_limit","calls_per_minute":20}})",
      R"({"name":"load","when":{"load_above":{"per_s":5}},"action":{"type":"bandwidth"}})",
      R"({"name":"any","action":{"type":"MIXED"}})",
  };
  TestPlan original(faults);
  original.pattern(50);
  TestPlan restored(faults);
  ASSERT_TRUE(restored.plan.load(original.plan.save(), kNoon));
  restored.requests = original.requests;
  for (int i = 0; i < 200; ++i) {
    original.now = restored.now = original.now + milliseconds(150);
    ASSERT_EQ(original.request(), restored.request()) << i;
  }
  EXPECT_EQ(original.plan.timeline().statistics_json(), restored.plan.timeline().statistics_json());
}

TEST(Plan, RefusesADamagedSnapshot) {
  TestPlan test({std::string(kDrawn)});
  test.pattern(20);
  const std::string before = test.plan.save();
  for (std::size_t size = 0; size < before.size(); ++size) {
    ASSERT_FALSE(test.plan.load(before.substr(0, size), kNoon)) << size;
  }
  EXPECT_FALSE(test.plan.load(before + "x", kNoon));
  EXPECT_EQ(test.plan.save(), before);
}

TEST(Plan, ChangesARateWhileRunning) {
  TestPlan test({R"({"name":"any","action":{"type":"MIXED"}})",
                 R"({"name":"p","when":{"probability":0},"action":{"type":"latency"}})",
                 R"({"name":"fixed","when":{"nth":1},"action":{"type":"bandwidth"}})"});
  const auto struck = [&] {
    const std::string pattern = test.pattern(2'000);
    return static_cast<double>(std::ranges::count(pattern, 'x')) / 2'000;
  };
  EXPECT_NEAR(struck(), 0.24, 0.03);
  test.plan.set_base_failure_rate(Ratio{600'000'000});
  EXPECT_NEAR(struck(), 0.6, 0.03);
  ASSERT_TRUE(test.plan.set_failure_rate("p", kWhole));
  EXPECT_EQ(struck(), 1);
  EXPECT_FALSE(test.plan.set_failure_rate("fixed", kWhole));
  EXPECT_FALSE(test.plan.set_failure_rate("p", Ratio{kWhole.raw + 1}));
}

TEST(Plan, WhatLastsInTheTradingIsOneStrikeAndARefusalThatLastsIsMany) {
  for (const auto& [action, strikes] :
       {std::pair(R"({"type":"halt","lasts_ms":1000})", 1u),
        std::pair(R"({"type":"overloaded","lasts_ms":1000})", 3u)}) {
    TestPlan test({fmt::format(R"({{"name":"f","when":{{"nth":[1,5]}},"action":{}}})", action)});
    test.pattern(3);
    EXPECT_EQ(test.plan.timeline().total(), strikes) << action;
    test.now = test.now + seconds(2);
    test.pattern(2);
    EXPECT_EQ(test.plan.timeline().total(), strikes + 1) << "it begins again: " << action;
  }
}

}  // namespace
}  // namespace venuebox::faults
