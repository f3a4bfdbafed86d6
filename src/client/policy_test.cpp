// Pacing, breaking and retrying: when a client calls, and when it does not.
#include <gtest/gtest.h>

#include "client/breaker.h"
#include "client/pacing.h"
#include "client/retry.h"

namespace venuebox::client {
namespace {
using gateway::Verdict;

constexpr Timestamp kStart = timestamp_from_ms(1'700'000'000'000);

TEST(Pacing, AFullBucketLetsABurstThrough) {
  TokenBucket bucket;
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(bucket.take(1, kStart), Nanoseconds{});
  EXPECT_EQ(bucket.take(1, kStart), milliseconds(100)) << "ten a second";
  EXPECT_EQ(bucket.take(1, kStart), milliseconds(200)) << "behind the one before";
}

TEST(Pacing, RefillsWithTimeAndNoFurther) {
  TokenBucket bucket({.capacity = 5, .refill_per_second = 10});
  bucket.take(5, kStart);
  EXPECT_EQ(bucket.tokens(kStart), 0);
  EXPECT_EQ(bucket.tokens(kStart + milliseconds(350)), 3);
  EXPECT_EQ(bucket.tokens(kStart + seconds(3'600)), 5);
  EXPECT_EQ(bucket.take(6, kStart + seconds(3'600)), milliseconds(100));
}

TEST(Pacing, AClockThatGoesBackGivesNothing) {
  TokenBucket bucket({.capacity = 1, .refill_per_second = 1});
  bucket.take(1, kStart);
  EXPECT_EQ(bucket.take(1, kStart + seconds(-100)), seconds(1));
  EXPECT_EQ(bucket.tokens(kStart + seconds(1)), 0);
}

TEST(Breaker, OpensAfterFiveFailuresInARow) {
  CircuitBreaker breaker;
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(breaker.allow(kStart));
    breaker.failed(kStart);
  }
  breaker.succeeded();
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(breaker.allow(kStart)) << i;
    breaker.failed(kStart);
  }
  EXPECT_FALSE(breaker.allow(kStart + seconds(59)));
  EXPECT_EQ(breaker.state(kStart + seconds(59)), CircuitBreaker::State::open);
}

TEST(Breaker, HalfOpenLetsOneCallTry) {
  CircuitBreaker breaker({.failures_max = 1, .open_for = seconds(60)});
  breaker.failed(kStart);
  const Timestamp later = kStart + seconds(60);
  EXPECT_EQ(breaker.state(later), CircuitBreaker::State::half_open);
  EXPECT_TRUE(breaker.allow(later));
  EXPECT_FALSE(breaker.allow(later)) << "one at a time";
  breaker.failed(later);
  EXPECT_FALSE(breaker.allow(later + seconds(59))) << "open again";
  EXPECT_TRUE(breaker.allow(later + seconds(60)));
  breaker.succeeded();
  EXPECT_EQ(breaker.state(later + seconds(60)), CircuitBreaker::State::closed);
}

TEST(Breaker, WhatWasNotAskedSaysNothing) {
  CircuitBreaker breaker({.failures_max = 2, .open_for = seconds(60)});
  breaker.failed(kStart);
  breaker.abandoned();
  breaker.failed(kStart);
  EXPECT_EQ(breaker.state(kStart), CircuitBreaker::State::open) << "two in a row";
  const Timestamp later = kStart + seconds(60);
  EXPECT_TRUE(breaker.allow(later));
  breaker.abandoned();
  EXPECT_EQ(breaker.state(later), CircuitBreaker::State::half_open);
  EXPECT_TRUE(breaker.allow(later)) << "the next may try instead";
}

Failure answered(Verdict verdict, Nanoseconds retry_after = {}) {
  Failure failure;
  failure.answer.verdict = verdict;
  failure.answer.retry_after = retry_after;
  return failure;
}

TEST(Retry, BacksOffTwiceAsLongEachTime) {
  RandomStream draws(1, "retry");
  const Failure lost{.kind = Failure::Kind::lost};
  const auto first = wait_before_retry({}, 1, lost, false, draws);
  const auto second = wait_before_retry({}, 2, lost, false, draws);
  ASSERT_TRUE(first && second);
  EXPECT_GE(*first, seconds(1));
  EXPECT_LE(first->raw, seconds(1).raw * 5 / 4);
  EXPECT_GE(*second, seconds(2));
  EXPECT_LE(second->raw, seconds(2).raw * 5 / 4);
  EXPECT_FALSE(wait_before_retry({}, 3, lost, false, draws)) << "three attempts in all";
}

TEST(Retry, TheSameSeedWaitsTheSame) {
  const Failure lost{.kind = Failure::Kind::lost};
  RandomStream one(7, "retry"), other(7, "retry");
  EXPECT_EQ(wait_before_retry({}, 1, lost, false, one),
            wait_before_retry({}, 1, lost, false, other));
}

TEST(Retry, NeverRepeatsATradingCallBlindly) {
  RandomStream draws(1, "retry");
  EXPECT_FALSE(wait_before_retry({}, 1, {.kind = Failure::Kind::lost}, true, draws));
  EXPECT_FALSE(wait_before_retry({}, 1, answered(Verdict::uncertain), true, draws));
  EXPECT_FALSE(wait_before_retry({}, 1, answered(Verdict::garbled), true, draws));
  EXPECT_TRUE(wait_before_retry({}, 1, {.kind = Failure::Kind::not_sent}, true, draws));
  EXPECT_TRUE(wait_before_retry({}, 1, answered(Verdict::unavailable), true, draws));
}

TEST(Retry, NeverAsksAgainWhatWasRefused) {
  RandomStream draws(1, "retry");
  for (const Verdict verdict :
       {Verdict::refused, Verdict::insufficient_funds, Verdict::bad_price, Verdict::unknown_order,
        Verdict::duplicate_client_order_id, Verdict::not_authorised, Verdict::stale_clock}) {
    for (const bool is_trading : {false, true})
      EXPECT_FALSE(wait_before_retry({}, 1, answered(verdict), is_trading, draws));
  }
}

TEST(Retry, WaitsForARateLimitAsLongAsItIsTold) {
  RandomStream draws(1, "retry");
  EXPECT_EQ(wait_before_retry({}, 1, answered(Verdict::rate_limited, seconds(3)), true, draws),
            seconds(3));
  EXPECT_EQ(wait_before_retry({}, 1, answered(Verdict::rate_limited), true, draws), seconds(60));
}

}  // namespace
}  // namespace venuebox::client
