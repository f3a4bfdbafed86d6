// Venues that give out tokens: when one is asked for, who shares it, and when it is asked for anew.
#include <gtest/gtest.h>

#include "client/caller.h"
#include "client/test_transport.h"

namespace venuebox::client {
namespace {
using gateway::ClientRequest;
using gateway::ClientResponse;
using gateway::Verdict;
using Kind = CallOutcome::Kind;

constexpr Nanoseconds kLife = seconds(240);

// A call for a token is signed by the key, any other by the token.
Result<void> sign(ClientRequest& request, const gateway::ClientKeys& keys, Timestamp) {
  request.headers = {{"Proof", request.path == "/token" ? keys.key : keys.token}};
  return {};
}
// The body is the verdict's number; of a token, the status is what it is called by.
gateway::VenueAnswer judge(const ClientRequest&, const ClientResponse& response) {
  gateway::VenueAnswer answer;
  answer.verdict = static_cast<Verdict>(std::stoi(response.body));
  answer.words = "so it is";
  return answer;
}
gateway::ClientDialect acme() {
  gateway::ClientDialect dialect;
  dialect.name = "acme";
  dialect.key_variables = {"ACME_API_KEY", "ACME_SECRET"};
  dialect.prepare = [](const gateway::ClientKeys& keys) -> Result<std::shared_ptr<const void>> {
    if (keys.key == "bad") return invalid("ACME_API_KEY", "is no key of acme");
    return std::shared_ptr<const void>(std::make_shared<const std::string>(keys.key));
  };
  dialect.ask_token = [] {
    ClientRequest request;
    request.path = "/token";
    request.is_private = true;
    return request;
  };
  dialect.read_token = [](const ClientResponse& answer,
                          Timestamp asked) -> Result<gateway::ClientToken> {
    return gateway::ClientToken{.text = "token-" + std::to_string(answer.status),
                                .renew_at = asked + kLife};
  };
  dialect.sign = sign;
  dialect.judge = judge;
  return dialect;
}
const gateway::ClientDialect kAcme = acme();

TransportResult says(Verdict verdict, int status = 200) {
  return ClientResponse{
      .status = status, .headers = {}, .body = std::to_string(static_cast<int>(verdict))};
}
TransportResult token(int number) { return says(Verdict::ok, number); }

struct CallerTokens : testing::Test {
  void call(bool is_trading = false) {
    ClientRequest request;
    request.path = "/x";
    request.is_private = true;
    caller.call(std::move(request), is_trading,
                [this](CallOutcome outcome) { outcomes.push_back(std::move(outcome)); });
    scheduler.run_for(seconds(1));
  }
  // "/token key", "/x token-1" …
  std::vector<std::string> sent() const {
    std::vector<std::string> lines;
    for (const ClientRequest& request : transport.sent)
      lines.push_back(request.path + " " + request.headers.at(0).second);
    return lines;
  }
  TestScheduler scheduler;
  ScriptedTransport transport{scheduler};
  Caller caller{kAcme, gateway::ClientKeys{"key", "secret"}, transport, scheduler};
  std::vector<CallOutcome> outcomes;
};

TEST_F(CallerTokens, OneIsAskedForFirstAndServesForAWhile) {
  transport.answers = {token(1), says(Verdict::ok), says(Verdict::ok), token(2), says(Verdict::ok)};
  call();
  call(true);
  scheduler.run_for(kLife);
  call();
  EXPECT_EQ(sent(), (std::vector<std::string>{"/token key", "/x token-1", "/x token-1",
                                              "/token key", "/x token-2"}));
  ASSERT_EQ(outcomes.size(), 3u);
  for (const CallOutcome& outcome : outcomes)
    EXPECT_EQ(outcome.kind, Kind::answered);
}

TEST_F(CallerTokens, WhoeverWaitsTogetherSharesOne) {
  transport.answers = {token(1), says(Verdict::ok), says(Verdict::ok)};
  ClientRequest request;
  request.path = "/x";
  request.is_private = true;
  for (int i = 0; i < 2; ++i) {
    caller.call(request, false,
                [this](CallOutcome outcome) { outcomes.push_back(std::move(outcome)); });
  }
  scheduler.run_for(seconds(1));
  EXPECT_EQ(sent(), (std::vector<std::string>{"/token key", "/x token-1", "/x token-1"}));
  EXPECT_EQ(outcomes.size(), 2u);
}

TEST_F(CallerTokens, OneThatEndedBeforeItsTimeIsAskedForAnewOnce) {
  transport.answers = {token(1), says(Verdict::not_authorised), token(2), says(Verdict::ok)};
  call(true);
  EXPECT_EQ(outcomes.at(0).kind, Kind::answered);
  EXPECT_EQ(sent().back(), "/x token-2");
  transport.answers = {says(Verdict::not_authorised), token(3), says(Verdict::not_authorised)};
  call(true);
  EXPECT_EQ(outcomes.at(1).kind, Kind::refused) << "the keys are wrong, or not allowed to";
}

TEST_F(CallerTokens, WithoutOneNothingElseIsSent) {
  transport.answers = {says(Verdict::not_authorised)};
  call(true);
  EXPECT_EQ(sent(), (std::vector<std::string>{"/token key"}));
  EXPECT_EQ(outcomes.at(0).kind, Kind::refused);
  EXPECT_EQ(outcomes[0].text, "asking for a token: acme answered 0: so it is");
}

TEST_F(CallerTokens, StreamsGetKeysWithOne) {
  transport.answers = {token(1)};
  std::vector<std::string> tokens;
  for (int i = 0; i < 2; ++i) {
    caller.with_token([&](const Result<gateway::ClientKeys>& keys) {
      tokens.push_back(keys ? keys->token : keys.error().text());
    });
    scheduler.run_for(seconds(1));
  }
  EXPECT_EQ(tokens, (std::vector<std::string>{"token-1", "token-1"}));
}

TEST_F(CallerTokens, KeysThatCannotBePreparedSendNothing) {
  Caller broken{kAcme, gateway::ClientKeys{"bad", "secret"}, transport, scheduler};
  ClientRequest request;
  request.is_private = true;
  std::optional<CallOutcome> outcome;
  broken.call(request, false, [&](CallOutcome given) { outcome = std::move(given); });
  scheduler.run_for(seconds(1));
  EXPECT_TRUE(transport.sent.empty());
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->text, "ACME_API_KEY: is no key of acme");
}

}  // namespace
}  // namespace venuebox::client
