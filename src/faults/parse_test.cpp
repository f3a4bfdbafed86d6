// What is refused, where, and with which words; and that what is written reads back as equal.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "faults/test_plan.h"

namespace venuebox::faults {
namespace {

struct Refused {
  std::string_view json;
  std::string_view where;
  std::string_view text;  // part of the detail
};

// clang-format off
const Refused kRefused[] = {
    {R"({"name":"f"})", "action", R"(is missing; say what happens, such as {"type":"latency","ms":200})"},
    {R"({"action":{"type":"hang"}})", "name", "must have 1 to 64 of the characters"},
    {R"({"name":"a b","action":{"type":"hang"}})", "name", "must have 1 to 64 of the characters"},
    {R"({"name":7,"action":{"type":"hang"}})", "name", "must be text in quotes, and is a number"},
    {R"({"name":"f","action":{"type":"hang"},"prioriy":1})", "prioriy", "is not known here; known are: name, where, when, action, times, for_ms, priority"},
    {R"({"name":"f","action":{"type":"hang"},"times":0})", "times", "must be a whole number from 1"},
    {R"({"name":"f","action":{"type":"hang"},"for_ms":1.5})", "for_ms", "must be a whole number from 1"},
    {R"({"name":"f","action":{"type":"hang"},"priority":"high"})", "priority", "must be a whole number, and is text"},
    {R"({"name":"f","action":"hang"})", "action", "must be an object in braces, and is text"},
    {R"({"name":"f","action":{}})", "action.type", "is missing; known are: latency, "},
    {R"({"name":"f","action":{"type":"sunshine"}})", "action.type", "'sunshine' is not known; known are: latency, "},
    {R"({"name":"f","action":{"type":"latency","mss":5}})", "action.mss", "is not known here; known are: type, distribution, ms, "},
    {R"({"name":"f","action":{"type":"latency","ms":-1}})", "action.ms", "must be a whole number from 0 to 3600000, and is -1"},
    {R"({"name":"f","action":{"type":"latency","ms":"5"}})", "action.ms", "must be a whole number, and is text"},
    {R"({"name":"f","action":{"type":"latency","distribution":"flat"}})", "action.distribution", "must be one of: fixed, normal, lognormal, spikes"},
    {R"({"name":"f","action":{"type":"latency","ms":2000,"max_ms":1000}})", "action.ms", "is more than max_ms, which is 1000"},
    {R"({"name":"f","action":{"type":"partial_fill","fill_ratio":1}})", "action.fill_ratio", "must be from 0.000000001 to 0.999999999"},
    {R"({"name":"f","action":{"type":"stale_data","time_frozen":1}})", "action.time_frozen", "must be true or false, and is a number"},
    {R"({"name":"f","action":{"type":"close","reason":null}})", "action.reason", "must be text in quotes, and is null"},
    {R"({"name":"f","action":{"type":"rate_limit","calls_per_minute":60,"threshold":5}})", "action.calls_per_minute", "leave one out"},
    {R"({"name":"f","action":{"type":"ban","calls_per_minute":60}})", "action.calls_per_minute", "is not known here"},
    {R"({"name":"f","action":{"type":"maintenance","phase":"announced","closed_ms":5}})", "action.phase", "so leave it out"},
    {R"({"name":"f","action":{"type":"html_error_page","status":520,"proxy":"nginx"}})", "action.status", "only cloudflare has"},
    {R"({"name":"f","action":{"type":"wrong_length","by":0}})", "action.by", "is the right length"},
    {R"({"name":"f","action":{"type":"MIXED","base_failure_rate":1.1}})", "action.base_failure_rate", "must be from 0 to 1"},

    {R"({"name":"f","where":[],"action":{"type":"hang"}})", "where", "must be an object in braces, and is a list"},
    {R"({"name":"f","where":{"venue":""},"action":{"type":"hang"}})", "where.venue", "leave it out to match everything"},
    {R"({"name":"f","where":{"venue":"mtgox"},"action":{"type":"hang"}})", "where.venue", "'mtgox' is not known; known are: bybit, okx"},
    {R"({"name":"f","where":{"operation":"order"},"action":{"type":"hang"}})", "where.operation", "'order' is not known; known are: fetch_time"},
    {R"({"name":"f","where":{"channel":"weather"},"action":{"type":"drop"}})", "where.channel", "'weather' is not known; known are: book"},
    {R"({"name":"f","where":{"transport":"tcp"},"action":{"type":"hang"}})", "where.transport", "must be http or ws"},
    {R"({"name":"f","where":{"transport":"any"},"action":{"type":"hang"}})", "where.transport", "must be http or ws"},
    {R"({"name":"f","where":{"ip":"::1"},"action":{"type":"hang"}})", "where.ip", "is not known here; known are: venue, account"},
    {R"({"name":"f","where":{"transport":"http"},"action":{"type":"drop"}})", "where.transport", "is http, and drop happens on ws only"},
    {R"({"name":"f","where":{"transport":"ws"},"action":{"type":"latency"}})", "where.transport", "is ws, and latency happens on http only"},
    {R"({"name":"f","where":{"channel":"book"},"action":{"type":"empty_body"}})", "where.channel", "empty_body happens on http only"},
    {R"({"name":"f","where":{"channel":"book","transport":"http"},"action":{"type":"hang"}})", "where.channel", "is of streams, and the transport is http"},
    {R"({"name":"f","where":{"channel":"book","operation":"place_order"},"action":{"type":"hang"}})", "where.channel", "the operation is place_order"},
    {R"({"name":"f","where":{"channel":"book"},"action":{"type":"duplicate_execution"}})", "where.channel", "is book, and duplicate_execution befalls only executions"},
    {R"({"name":"f","where":{"channel":"book"},"action":{"type":"clock_skew"}})", "where.channel", "is of what streams tell, and clock_skew befalls requests only"},
    {R"({"name":"f","where":{"channel":"orders"},"action":{"type":"rate_limit"}})", "where.channel", "rate_limit befalls requests only"},
    {R"({"name":"f","where":{"account":"alice"},"action":{"type":"clock_skew"}})", "where.account", "clock_skew befalls whoever asks; leave it out"},
    {R"({"name":"f","where":{"operation":"stream"},"action":{"type":"truncated_body"}})", "where.operation", "is stream, and truncated_body befalls only requests that do not open a stream"},
    {R"({"name":"f","where":{"operation":"stream"},"action":{"type":"stale_data"}})", "where.operation", "is stream, and stale_data befalls only market data"},
    {R"({"name":"f","where":{"operation":"fetch_ticker"},"action":{"type":"PARTIAL_FILL"}})", "where.operation", "is fetch_ticker, and partial_fill befalls only placing orders"},
    {R"({"name":"f","where":{"operation":"fetch_time"},"action":{"type":"invalid_symbol"}})", "where.operation", "requests that name a symbol"},

    {R"({"name":"f","when":{"probability":1.01},"action":{"type":"hang"}})", "when.probability", "must be from 0 to 1, with at most 9 decimals, and is 1.01"},
    {R"({"name":"f","when":{"probability":-0.1},"action":{"type":"hang"}})", "when.probability", "must be from 0 to 1"},
    {R"({"name":"f","when":{"probability":"10%"},"action":{"type":"hang"}})", "when.probability", "must be a number, and is text"},
    {R"({"name":"f","when":{"probability":1e400},"action":{"type":"hang"}})", "when.probability", "must be from 0 to 1"},
    {R"({"name":"f","when":{"nth":[]},"action":{"type":"hang"}})", "when.nth", "must list 1 to 1000 numbers"},
    {R"({"name":"f","when":{"nth":[1,0]},"action":{"type":"hang"}})", "when.nth[1]", "must be a whole number from 1"},
    {R"({"name":"f","when":{"nth":"3"},"action":{"type":"hang"}})", "when.nth", "must be a whole number, and is text"},
    {R"({"name":"f","when":{"every":0},"action":{"type":"hang"}})", "when.every", "must be a whole number from 1"},
    {R"({"name":"f","when":{"window":{}},"action":{"type":"hang"}})", "when.window.from", "is missing; give from, to, or both"},
    {R"({"name":"f","when":{"window":{"from":"2025-01-01T02:00:00Z","to":"2025-01-01T02:00:00Z"}},"action":{"type":"hang"}})", "when.window.to", "would end before it starts"},
    {R"({"name":"f","when":{"window":{"from":"yesterday"}},"action":{"type":"hang"}})", "when.window.from", "must be a time in UTC, and 'yesterday' is not like"},
    {R"({"name":"f","when":{"daily":{"start":"24:00","minutes":5}},"action":{"type":"hang"}})", "when.daily.start", "'24:00' is no time of day"},
    {R"({"name":"f","when":{"daily":{"start":"2:00","minutes":5}},"action":{"type":"hang"}})", "when.daily.start", "'2:00' is no time of day"},
    {R"({"name":"f","when":{"daily":{"start":"02:00"}},"action":{"type":"hang"}})", "when.daily.minutes", "is missing"},
    {R"({"name":"f","when":{"daily":{"start":"02:00","minutes":1441}},"action":{"type":"hang"}})", "when.daily.minutes", "from 1 to 1440"},
    {R"({"name":"f","when":{"weekly":{"start":"02:00","minutes":5}},"action":{"type":"hang"}})", "when.weekly.day", "must be one of: sunday"},
    {R"({"name":"f","when":{"weekly":{"day":"Sun","start":"02:00","minutes":5}},"action":{"type":"hang"}})", "when.weekly.day", "must be one of: sunday"},
    {R"({"name":"f","when":{"hourly_rate":{"24":0.5}},"action":{"type":"hang"}})", "when.hourly_rate.24", "must be an hour from 0 to 23, or default"},
    {R"({"name":"f","when":{"hourly_rate":{"9":0.5,"09":0.5}},"action":{"type":"hang"}})", "when.hourly_rate.09", "stands here already"},
    {R"({"name":"f","when":{"hourly_rate":{"9":2}},"action":{"type":"hang"}})", "when.hourly_rate.9", "must be from 0 to 1"},
    {R"({"name":"f","when":{"hourly_rate":{}},"action":{"type":"hang"}})", "when.hourly_rate.default", "is missing"},
    {R"({"name":"f","when":{"load_above":50},"action":{"type":"hang"}})", "when.load_above", "must be an object in braces"},
    {R"({"name":"f","when":{"load_above":{}},"action":{"type":"hang"}})", "when.load_above.per_s", "is missing"},
    {R"({"name":"f","when":{"burst":{"enter":0.1}},"action":{"type":"hang"}})", "when.burst.leave", "is missing"},
    {R"({"name":"f","when":{"after":{"event":"sunrise"}},"action":{"type":"hang"}})", "when.after.event", "must be one of: order_accepted"},
    {R"({"name":"f","when":{"after":{"event":"fill","n":0}},"action":{"type":"hang"}})", "when.after.n", "from 1 to"},
    {R"({"name":"f","when":{"with":""},"action":{"type":"hang"}})", "when.with", "must be the name of another fault"},
    {R"({"name":"f","when":{"with":"f"},"action":{"type":"hang"}})", "when.with", "is the fault itself"},
    {R"({"name":"f","when":{"chance":0.5},"action":{"type":"hang"}})", "when.chance", "is not known here; known are: probability, nth"},
    {R"({"name":"f","when":{"probability":0.5,"hourly_rate":{"default":0.5}},"action":{"type":"hang"}})", "when.hourly_rate", "leave one out"},
    {R"({"name":"f","when":{"nth":[3,5],"every":2},"action":{"type":"hang"}})", "when.nth", "names no 2-th occasion"},
    {R"({"name":"f","when":{"daily":{"start":"02:00","minutes":5},"weekly":{"day":"monday","start":"03:00","minutes":60}},"action":{"type":"hang"}})", "when.weekly", "never holds together"},
    {R"({"name":"f","when":{"window":{"from":"2025-01-01T02:00:00Z","to":"2025-01-01T03:00:00Z"},"daily":{"start":"04:00","minutes":5}},"action":{"type":"hang"}})", "when.daily", "never holds together"},

    {R"([{"name":"f","action":{"type":"hang"}},{"name":"f","action":{"type":"hang"}}])", "faults[1].name", "stands twice"},
    {R"({"faults":[{"name":"a","action":{"type":"hang"}},{"name":"b","action":{"type":"hang"}},{"name":"c","when":{"probability":7},"action":{"type":"hang"}}]})", "faults[2].when.probability", "must be from 0 to 1"},
    {R"({"faults":[7]})", "faults[0]", "must be an object in braces"},
    {R"({"faults":{}})", "faults", "must be a list in brackets"},
    {R"({"faults":[],"seed":1})", "seed", "is not known here; known are: faults"},
    {R"([{"name":"f","action":{"type":"hang"}})", "faults", "is no JSON list"},
    {"", "", "is no JSON object"},
    {R"({"name":"f","name":"g"})", "", "stands twice"},
};
// clang-format on

TEST(Parse, RefusesWithThePathAndTheMend) {
  constexpr std::string_view kVenues[] = {"bybit", "okx"};
  for (const Refused& row : kRefused) {
    const auto parsed = faults_from_json(row.json, {.venues = kVenues});
    ASSERT_FALSE(parsed) << row.json;
    EXPECT_EQ(parsed.error().where, row.where) << row.json;
    EXPECT_NE(parsed.error().detail.find(row.text), std::string::npos)
        << parsed.error().text() << "\n"
        << row.json;
  }
}

TEST(Parse, ReadsAFaultOfTheContract) {
  const Fault read = fault(R"({
      "name": "night", "times": 3, "for_ms": 60000, "priority": -2,
      "where": {"venue": "bybit", "account": "alice", "symbol": "BTCUSDT",
                "operation": "place_order", "transport": "http"},
      "when": {"probability": 0.1, "nth": [5, 3], "every": 1,
               "window": {"from": "2025-01-01T02:00:00Z", "to": "2025-01-01T03:00:00.5Z"},
               "daily": {"start": "02:00", "minutes": 30},
               "weekly": {"day": "wednesday", "start": "00:00", "minutes": 1440},
               "load_above": {"per_s": 50}, "burst": {"enter": 0.01, "leave": 0.2},
               "after": {"event": "fill", "n": 1}, "with": "other-fault"},
      "action": {"type": "html_error_page", "status": 503, "proxy": "nginx"}})");
  EXPECT_EQ(read.name, "night");
  EXPECT_EQ(read.times, 3u);
  EXPECT_EQ(read.lifetime, seconds(60));
  EXPECT_EQ(read.priority, -2);
  EXPECT_EQ(read.where.account, "alice");
  EXPECT_EQ(read.where.transport, Transport::http);
  EXPECT_EQ(read.when.probability, Ratio{100'000'000});
  EXPECT_EQ(read.when.nth, (std::vector<std::uint64_t>{3, 5}));
  EXPECT_EQ(read.when.window->to, at("2025-01-01T03:00:00.5Z"));
  EXPECT_EQ(read.when.weekly->day, 3);
  EXPECT_EQ(read.when.burst->enter, Ratio{10'000'000});
  EXPECT_EQ(read.when.after->event, Happening::fill);
  EXPECT_EQ(read.when.with, "other-fault");
  EXPECT_EQ(read.action.choice("status"), "503");
  EXPECT_EQ(fault(json_of(read)), read);
}

TEST(Parse, ReadsBackEveryTrigger) {
  for (const std::string_view when : {
           R"({"window":{"from":"2025-01-01T02:00:00.123456789Z"}})",
           R"({"window":{"to":"2025-01-01T02:00:00Z"}})",
           R"({"hourly_rate":{"9":0.05,"2":0.01,"default":0.02}})",
           R"({"hourly_rate":{"23":0.000000001}})",
           R"({"probability":0})",
           R"({"load_above":{"per_s":0}})",
           R"({"every":7})",
       }) {
    const Fault read =
        fault(fmt::format(R"({{"name":"f","when":{},"action":{{"type":"hang"}}}})", when));
    EXPECT_EQ(fault(json_of(read)), read) << json_of(read);
  }
}

TEST(Parse, ReadsBackEveryActionWithItsDefaults) {
  for (const ActionInfo& info : all_actions()) {
    const Fault plain = fault(fmt::format(R"({{"name":"f","action":{{"type":"{}"}}}})", info.name));
    EXPECT_EQ(plain.action, default_action(info.type)) << info.name;
    EXPECT_EQ(fault(json_of(plain)), plain) << json_of(plain);
  }
}

TEST(Parse, NamesWhatNoExchangeHereCanDo) {
  const auto refusal = [](std::string_view action) {
    const auto read = fault_from_json(fmt::format(R"({{"name":"f","action":{{{}}}}})", action));
    return read ? std::string() : read.error().where;
  };
  EXPECT_EQ(refusal(R"("type":"delist")"), "");
  EXPECT_EQ(refusal(R"("type":"filter_change","notional_min":"10.5")"), "");
  EXPECT_EQ(refusal(R"("type":"filter_change","notional_min":"-1")"), "action.notional_min");
  EXPECT_EQ(refusal(R"("type":"filter_change","notional_min":"few")"), "action.notional_min");
  EXPECT_EQ(refusal(R"("type":"filter_change","tick_factor":0)"), "action.tick_factor");
  EXPECT_EQ(refusal(R"("type":"liquidation","ratio":0.5)"), "action.ratio");
  EXPECT_EQ(refusal(R"("type":"funding_spike","interval_ms":3600000)"), "");
  EXPECT_EQ(refusal(R"("type":"funding_spike","interval_ms":90000)"), "action.interval_ms");
  EXPECT_EQ(refusal(R"("type":"liquidation")"), "");
}

TEST(Parse, TakesNamesThatUsersKnow) {
  for (const Alias& alias : all_aliases()) {
    const Fault read = fault(fmt::format(R"({{"name":"f","action":{{"type":"{}"}}}})", alias.name));
    EXPECT_EQ(read.action.type, alias.type);
  }
  EXPECT_EQ(fault(R"({"name":"f","action":{"type":"price_slippage"}})").action.type,
            ActionType::slippage);
}

TEST(Parse, TakesARateLimitByTheMinute) {
  const Fault read = fault(R"({"name":"f","action":{"type":"rate_limit","calls_per_minute":60}})");
  EXPECT_EQ(read.action.number("threshold"), 60);
  EXPECT_EQ(read.action.number("window_ms"), 60'000);
  EXPECT_EQ(fault(json_of(read)), read);
}

TEST(Parse, BoundsAList) {
  std::string many = "[7";
  for (std::size_t i = 0; i < kFaultsMax; ++i)
    many += ",7";
  const auto parsed = faults_from_json(many + "]");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().text(), "faults: has 2001, and a plan at most 2000; remove some");
}

TEST(Parse, TakesTheNameFromTheAddress) {
  const auto named = fault_from_json(R"({"action":{"type":"hang"}})", {.name = "put"});
  ASSERT_TRUE(named);
  EXPECT_EQ(named->name, "put");
  const auto other = fault_from_json(R"({"name":"f","action":{"type":"hang"}})", {.name = "put"});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().text(), "name: is 'f', and the address says 'put'");
}

TEST(Parse, ReadsListsAsTheyAreWritten) {
  const std::vector<Fault> faults = {fault(R"({"name":"a","action":{"type":"drop"}})"),
                                     fault(R"({"name":"b","action":{"type":"hang"}})")};
  const auto list = faults_from_json(json_of(faults));
  ASSERT_TRUE(list) << list.error().text();
  EXPECT_EQ(*list, faults);
  const auto wrapped = faults_from_json(R"({"faults":)" + json_of(faults) + "}");
  ASSERT_TRUE(wrapped) << wrapped.error().text();
  EXPECT_EQ(*wrapped, faults);
}

}  // namespace
}  // namespace venuebox::faults
