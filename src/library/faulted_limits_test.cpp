// What users assert of a client whose venue will not be asked: at its limit, and in maintenance.
#include "client/maintenance_queue.h"
#include "library/test_faulted_exchange.h"

namespace venuebox::library {
namespace {
using client::CallOutcome;
using gateway::Verdict;

// Asks all at once.
client::CallerSettings hasty(int attempts_max) {
  client::CallerSettings settings;
  settings.pacing.capacity = 1'000;
  settings.retry.attempts_max = attempts_max;
  return settings;
}

struct FaultedBurst : FaultedExchange {
  explicit FaultedBurst(int attempts_max = 1) : FaultedExchange(hasty(attempts_max)) {
    strike(R"({"name":"limit","action":{"type":"rate_limit","calls_per_minute":60}})");
  }
  void ask_all(int count) {
    for (int i = 0; i < count; ++i) {
      exchange->fetch_ticker(
          kSymbol, [this](const Reply<unified::Ticker>& reply) { replies.push_back(reply); });
    }
  }
  long served() const {
    return std::ranges::count_if(replies, [](const auto& reply) { return bool(reply); });
  }

  std::vector<Reply<unified::Ticker>> replies;
};

TEST_F(FaultedBurst, IsServedUpToItsLimitAndTheRestIsToldHowLongToWait) {
  ask_all(100);
  scheduler.run_for(seconds(1));
  ASSERT_EQ(replies.size(), 100u);
  EXPECT_EQ(served(), 60);
  for (const auto& reply : replies) {
    if (reply) continue;
    EXPECT_EQ(reply.verdict, Verdict::rate_limited) << reply.text;
    EXPECT_GT(reply.retry_after, seconds(58)) << "the window rolls, and has just begun";
    EXPECT_LE(reply.retry_after, seconds(60));
  }
  const Nanoseconds wait = replies.back().retry_after;
  replies.clear();
  scheduler.run_for(wait);
  ask_all(40);
  scheduler.run_for(seconds(1));
  EXPECT_EQ(served(), 40) << "who waits as told is served";
}

// One more try, made when the venue said, is enough.
struct PatientBurst : FaultedBurst {
  PatientBurst() : FaultedBurst(2) {}
};

TEST_F(PatientBurst, IsServedWhole) {
  ask_all(100);
  scheduler.run_for(seconds(58));
  EXPECT_EQ(served(), 60);
  scheduler.run_for(seconds(10));
  EXPECT_EQ(served(), 100);
}

struct FaultedMaintenance : FaultedExchange {
  FaultedMaintenance() {
    strike(R"({"name":"night","times":1,"action":{"type":"maintenance","closed_ms":600000,)"
           R"("message":"System maintenance until 02:40"}})");
  }
  template <class T>
  void expect_closed(const char* call, const Reply<T>& reply) {
    EXPECT_EQ(reply.kind, CallOutcome::Kind::refused) << call;
    EXPECT_EQ(reply.verdict, Verdict::maintenance) << call;
    EXPECT_NE(reply.text.find("System maintenance until 02:40"), std::string::npos)
        << call << ": " << reply.text;
  }
  std::size_t open_orders() {
    const auto open = ask<std::vector<unified::OrderRow>>(
        [&](auto then) { exchange->fetch_open_orders(kSymbol, std::move(then)); });
    EXPECT_TRUE(open) << open.text;
    return open.value ? open.value->size() : 0;
  }
};

TEST_F(FaultedMaintenance, FailsEveryCallWithItsMessage) {
  expect_closed("ticker", ticker());
  expect_closed("time", ask<Timestamp>([&](auto then) { exchange->fetch_time(then); }));
  expect_closed("balance",
                ask<unified::Balances>([&](auto then) { exchange->fetch_balance(then); }));
  expect_closed("create", place("0.01", "50000"));
  expect_closed("cancel", ask<client::PlacedOrder>([&](auto then) {
                  exchange->cancel_order(kSymbol, {.id = "1"}, then);
                }));
  scheduler.run_for(seconds(600));
  EXPECT_TRUE(ticker()) << "it is over";
  EXPECT_EQ(open_orders(), 0u) << "what was refused was not carried out";
}

TEST_F(FaultedMaintenance, LetsQueuedOrdersOutOnceWhenItIsOver) {
  client::MaintenanceQueue queue(*exchange, scheduler,
                                 {.orders = client::MaintenanceSettings::Orders::queue});
  int answered = 0;
  for (int i = 0; i < 5; ++i) {
    unified::NewOrder order{.symbol = kSymbol, .side = Side::buy, .quantity = *decimal("0.01")};
    order.price = *decimal("50000");
    queue.create_order(order, [&](const Reply<client::PlacedOrder>& reply) {
      EXPECT_TRUE(reply) << reply.text;
      ++answered;
    });
    scheduler.run_for(seconds(1));
  }
  scheduler.run_for(seconds(590));
  EXPECT_EQ(answered, 0) << "it is not over yet";
  EXPECT_EQ(queue.queued(), 5u);
  scheduler.run_for(seconds(60));
  EXPECT_EQ(answered, 5);
  EXPECT_EQ(queue.count(client::MaintenanceQueue::Fate::sent), 5u);
  scheduler.run_for(seconds(600));
  EXPECT_EQ(answered, 5);
  EXPECT_EQ(open_orders(), 5u);
}

}  // namespace
}  // namespace venuebox::library
