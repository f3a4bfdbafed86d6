#include "client/caller.h"

#include <gtest/gtest.h>

#include "client/test_transport.h"

namespace venuebox::client {
namespace {
using gateway::ClientRequest;
using gateway::ClientResponse;
using gateway::Verdict;
using Kind = CallOutcome::Kind;

// A venue of one word per answer: its body is the verdict's number, its status the HTTP one.
Result<void> sign(ClientRequest& request, const gateway::ClientKeys& keys, Timestamp now) {
  if (keys.key.empty()) return invalid("ACME_API_KEY", "is no key of acme");
  request.headers.clear();
  request.headers.emplace_back("Key", keys.key);
  request.headers.emplace_back("Time", std::to_string(now.ms()));
  return {};
}
gateway::VenueAnswer judge(const ClientRequest&, const ClientResponse& response) {
  gateway::VenueAnswer answer;
  answer.verdict = static_cast<Verdict>(std::stoi(response.body));
  answer.code = response.status;
  answer.words = "so it is";
  return answer;
}
gateway::ClientDialect acme() {
  gateway::ClientDialect dialect;
  dialect.name = "acme";
  dialect.key_variables = {"ACME_API_KEY", "ACME_SECRET"};
  dialect.sign = sign;
  dialect.judge = judge;
  dialect.fetch_time = [] {
    ClientRequest request;
    request.path = "/time";
    return request;
  };
  dialect.read_time = [](const ClientResponse& answer) -> Result<Timestamp> {
    return timestamp_from_ms(answer.status);
  };
  return dialect;
}
const gateway::ClientDialect kAcme = acme();

TransportResult says(Verdict verdict) {
  return ClientResponse{
      .status = 200, .headers = {}, .body = std::to_string(static_cast<int>(verdict))};
}
TransportResult lost(bool may_have_arrived) {
  return TransportError{TransportError::Kind::timeout, may_have_arrived, "acme: no answer in 10 s"};
}

struct CallerTest : testing::Test {
  void call(bool is_trading = false, bool is_private = false) {
    ClientRequest request;
    request.path = "/x";
    request.is_private = is_private;
    caller.call(std::move(request), is_trading,
                [this](CallOutcome outcome) { outcomes.push_back(std::move(outcome)); });
  }
  TestScheduler scheduler;
  ScriptedTransport transport{scheduler};
  Caller caller{kAcme, gateway::ClientKeys{"key", "secret"}, transport, scheduler};
  std::vector<CallOutcome> outcomes;
};

TEST_F(CallerTest, AnAnswerIsHandedOnInALaterTurn) {
  transport.answers = {says(Verdict::ok)};
  call();
  EXPECT_TRUE(outcomes.empty());
  scheduler.run_for({});
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_EQ(outcomes[0].kind, Kind::answered);
  EXPECT_EQ(outcomes[0].attempts, 1);
  EXPECT_TRUE(transport.sent[0].headers.empty()) << "a public call is not signed";
}

TEST_F(CallerTest, EachAttemptIsSignedAnew) {
  transport.answers = {lost(true), says(Verdict::ok)};
  call(false, true);
  scheduler.run_for(seconds(2));
  ASSERT_EQ(transport.sent.size(), 2u);
  EXPECT_EQ(transport.sent[0].headers.size(), 2u);
  EXPECT_NE(transport.sent[0].headers[1], transport.sent[1].headers[1]) << "another time";
  EXPECT_EQ(outcomes.at(0).kind, Kind::answered);
  EXPECT_EQ(outcomes[0].attempts, 2);
}

TEST_F(CallerTest, ATradingCallWithoutAnAnswerIsUnknownAndNotRepeated) {
  transport.answers = {lost(true)};
  call(true, true);
  scheduler.run_for(seconds(600));
  EXPECT_EQ(transport.sent.size(), 1u);
  EXPECT_EQ(outcomes.at(0).kind, Kind::unknown);
  EXPECT_EQ(outcomes[0].text, "acme: no answer in 10 s");
}

TEST_F(CallerTest, WhatWasNeverSentIsRepeatedEvenWhenItTrades) {
  transport.answers = {lost(false), lost(false), says(Verdict::ok)};
  call(true, true);
  scheduler.run_for(seconds(10));
  EXPECT_EQ(outcomes.at(0).kind, Kind::answered);
  EXPECT_EQ(outcomes[0].attempts, 3);
}

TEST_F(CallerTest, ARefusalIsFinal) {
  transport.answers = {says(Verdict::insufficient_funds), says(Verdict::ok)};
  call(true, true);
  scheduler.run_for(seconds(600));
  EXPECT_EQ(transport.sent.size(), 1u);
  EXPECT_EQ(outcomes.at(0).kind, Kind::refused);
  EXPECT_EQ(outcomes[0].answer.verdict, Verdict::insufficient_funds);
  EXPECT_EQ(outcomes[0].text, "acme answered 200: so it is");
}

// ---- a clock that is off ------------------------------------------------------------------------

TEST_F(CallerTest, AClockThatIsOffIsRefusedAndNotTriedAgain) {
  transport.answers = {says(Verdict::stale_clock), says(Verdict::ok)};
  call(true, true);
  scheduler.run_for(seconds(600));
  EXPECT_EQ(transport.sent.size(), 1u);
  EXPECT_EQ(outcomes.at(0).kind, Kind::refused);
  EXPECT_EQ(outcomes[0].answer.verdict, Verdict::stale_clock);
  EXPECT_EQ(caller.clock_ahead(), Nanoseconds{});
}

struct AdjustingCaller : CallerTest {
  AdjustingCaller() {
    CallerSettings settings;
    settings.adjust_for_time_difference = true;
    adjusting.emplace(kAcme, gateway::ClientKeys{"key", "secret"}, transport, scheduler, settings);
  }
  void place() {
    ClientRequest request;
    request.path = "/x";
    request.is_private = true;
    adjusting->call(request, true, [this](CallOutcome outcome) { outcomes.push_back(outcome); });
    scheduler.run_for(seconds(600));
  }
  // The venue's clock stands at a few milliseconds after 1970.
  static TransportResult time_is(int ms) {
    return ClientResponse{.status = ms, .headers = {}, .body = "0"};
  }
  std::optional<Caller> adjusting;
};

TEST_F(AdjustingCaller, SignsByTheVenuesClockOnceItHasAsked) {
  transport.answers = {says(Verdict::stale_clock), time_is(5'000), says(Verdict::ok),
                       says(Verdict::ok)};
  place();
  EXPECT_EQ(outcomes.at(0).kind, Kind::answered);
  ASSERT_EQ(transport.sent.size(), 3u);
  EXPECT_EQ(transport.sent[1].path, "/time");
  EXPECT_EQ(transport.sent[2].headers.at(1).second, "5000");
  place();
  EXPECT_EQ(transport.sent.size(), 4u) << "it is known now";
  EXPECT_EQ(transport.sent[3].headers.at(1).second, "605000") << "ten minutes later";
}

TEST_F(AdjustingCaller, AsksOnceForACall) {
  transport.answers = {says(Verdict::stale_clock), time_is(5'000), says(Verdict::stale_clock),
                       says(Verdict::ok)};
  place();
  EXPECT_EQ(outcomes.at(0).answer.verdict, Verdict::stale_clock);
  EXPECT_EQ(transport.sent.size(), 3u);
}

TEST_F(AdjustingCaller, WithoutTheVenuesTimeTheCallIsRefused) {
  transport.answers = {says(Verdict::stale_clock), says(Verdict::not_authorised)};
  place();
  EXPECT_EQ(transport.sent.size(), 2u);
  EXPECT_EQ(outcomes.at(0).kind, Kind::refused);
  EXPECT_EQ(outcomes[0].answer.verdict, Verdict::stale_clock);
  EXPECT_NE(outcomes[0].text.find("asking for its time"), std::string::npos);
}

TEST_F(CallerTest, ARateLimitIsWaitedOut) {
  transport.answers = {says(Verdict::rate_limited), says(Verdict::ok)};
  call(true, true);
  scheduler.run_for(seconds(59));
  EXPECT_EQ(transport.sent.size(), 1u);
  scheduler.run_for(seconds(1));
  EXPECT_EQ(outcomes.at(0).kind, Kind::answered);
}

TEST_F(CallerTest, ABurstIsPaced) {
  for (int i = 0; i < 102; ++i) {
    transport.answers.push_back(says(Verdict::ok));
    call();
  }
  scheduler.run_for({});
  EXPECT_EQ(transport.sent.size(), 100u);
  scheduler.run_for(milliseconds(200));
  EXPECT_EQ(transport.sent.size(), 102u);
  EXPECT_EQ(transport.sent_at[100] - transport.sent_at[0], milliseconds(100));
}

TEST_F(CallerTest, RepeatedAttemptsArePacedToo) {
  transport.answers = {lost(false), says(Verdict::ok)};
  call();
  scheduler.run_for({});
  for (int i = 0; i < 130; ++i) {
    transport.answers.push_back(says(Verdict::ok));
    call();
  }
  scheduler.run_for(seconds(60));
  ASSERT_EQ(transport.sent.size(), 132u);
  for (std::size_t i = 0; i < transport.sent_at.size(); ++i) {
    const Nanoseconds passed = transport.sent_at[i] - transport.sent_at[0];
    EXPECT_LE(i + 1, 100 + static_cast<std::size_t>(passed.raw / milliseconds(100).raw)) << i;
  }
}

TEST_F(CallerTest, AVenueThatDoesNotAnswerIsLeftAloneForAMinute) {
  for (int i = 0; i < 5; ++i)
    transport.answers.push_back(lost(true));
  call(), call();
  scheduler.run_for(seconds(20));
  EXPECT_EQ(transport.sent.size(), 5u) << "the sixth attempt was not made";
  EXPECT_EQ(caller.breaker(), CircuitBreaker::State::open);
  call();
  scheduler.run_for(seconds(20));
  EXPECT_EQ(transport.sent.size(), 5u);
  EXPECT_EQ(outcomes.back().kind, Kind::refused);
  EXPECT_NE(outcomes.back().text.find("did not answer"), std::string::npos);
  transport.answers = {says(Verdict::ok)};
  scheduler.run_for(seconds(60));
  call();
  scheduler.run_for({});
  EXPECT_EQ(outcomes.back().kind, Kind::answered);
  EXPECT_EQ(caller.breaker(), CircuitBreaker::State::closed);
}

TEST_F(CallerTest, WithoutKeysNothingPrivateIsSent) {
  Caller reader{kAcme, std::nullopt, transport, scheduler};
  ClientRequest request;
  request.is_private = true;
  std::optional<CallOutcome> outcome;
  reader.call(request, true, [&](CallOutcome given) { outcome = std::move(given); });
  scheduler.run_for(seconds(600));
  EXPECT_EQ(transport.sent.size(), 0u);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->kind, Kind::refused);
  EXPECT_EQ(outcome->text, "read-only: set ACME_API_KEY and ACME_SECRET to trade on acme");
}

TEST_F(CallerTest, KeysThatAreNoneOfTheVenueSendNothing) {
  Caller broken{kAcme, gateway::ClientKeys{"", "secret"}, transport, scheduler};
  ClientRequest request;
  request.is_private = true;
  std::optional<CallOutcome> outcome;
  broken.call(request, true, [&](CallOutcome given) { outcome = std::move(given); });
  scheduler.run_for(seconds(600));
  EXPECT_EQ(transport.sent.size(), 0u);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->text, "ACME_API_KEY: is no key of acme");
}

TEST_F(CallerTest, TheGuardsRefusalIsNoFaultOfTheVenue) {
  for (int i = 0; i < 6; ++i) {
    transport.answers.push_back(
        TransportError{TransportError::Kind::guarded, false, "acme: the network is not allowed"});
    call();
  }
  scheduler.run_for(seconds(1));
  EXPECT_EQ(transport.sent.size(), 6u) << "and none is repeated";
  EXPECT_EQ(caller.breaker(), CircuitBreaker::State::closed);
}

TEST_F(CallerTest, NothingHappensAfterItsEnd) {
  int calls = 0;
  {
    Caller ending{kAcme, std::nullopt, transport, scheduler};
    transport.answers = {says(Verdict::ok)};
    ending.call({}, false, [&](CallOutcome) { ++calls; });
  }
  scheduler.run_for(seconds(600));
  EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace venuebox::client
