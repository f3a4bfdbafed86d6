// A steady state allocates nothing. Replaces operator new for this program, to count.
#include <charconv>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "engine/test_world.h"

namespace {
std::uint64_t allocations = 0;

void* counted(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
}  // namespace

void* operator new(std::size_t bytes) { return counted(bytes); }
void* operator new[](std::size_t bytes) { return counted(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace venuebox::engine {
namespace {

// One round of everything that orders do: rest, trade, amend, wait, fire, expire, protect, end.
class Rounds {
 public:
  Rounds() {
    for (const CommandBody& command : TestWorld::commands())
      run(command);
    place_.account = TestWorld::kAlice;
    place_.instrument = TestWorld::kPerpetual;
    place_.value = {0, TestWorld::kUsdt};
  }
  void run(const CommandBody& body) {
    command_.body = body;
    execute();
  }
  void round() {
    time_ = time_ + milliseconds(1);
    for (std::int64_t i = 0; i < 5; ++i) {
      place(TestWorld::kMarket, Side::sell, 600'010 + i, 4);
      place(TestWorld::kMarket2, Side::buy, 600'000 - i, 4);
    }
    PlaceOrder order = place_;
    order.price = Ticks{600'011};
    order.quantity = Lots{7};
    order.client_order_id = next_name();
    order.take_profit = StopTerms{.trigger_price = Ticks{600'100}};
    order.stop_loss = StopTerms{.trigger_price = Ticks{599'900}};
    order.stops = Attachment::partial;
    run(order);
    AmendOrder amend;
    amend.account = TestWorld::kBob;
    amend.instrument = TestWorld::kPerpetual;
    amend.client_order_id = next_name();
    order = place_;
    order.account = TestWorld::kBob;
    order.side = Side::sell;
    order.price = Ticks{600'050};
    order.quantity = Lots{9};
    order.display = Lots{2};
    order.client_order_id = amend.client_order_id;
    run(order);
    amend.price = Ticks{600'040};
    run(amend);
    order = place_;
    order.account = TestWorld::kBob;
    order.price = Ticks{590'000};
    order.quantity = Lots{1};
    order.time_in_force = TimeInForce::gtd;
    order.expires = time_ + microseconds(500);
    run(order);
    order = place_;
    order.account = TestWorld::kBob;
    order.type = OrderType::market;
    order.quantity = Lots{1};
    order.trigger = Trigger{.direction = TriggerDirection::falls, .price = Ticks{599'999}};
    run(order);
    place(TestWorld::kMarketTaker, Side::sell, 599'998, 9);  // fires the stop
    run(ArmDeadManSwitch{TestWorld::kBob, microseconds(700), {}});
    order = place_;
    order.side = Side::sell;
    order.type = OrderType::market;
    order.close_position = true;
    run(order);
    time_ = time_ + milliseconds(1);
    run(Tick{});
    for (const AccountId account :
         {TestWorld::kMarket, TestWorld::kMarket2, TestWorld::kMarketTaker, TestWorld::kAlice}) {
      run(cancel_all(account, TestWorld::kPerpetual));
    }
  }
  const Engine& engine() const { return engine_; }

 private:
  // Another one each time: those of closed orders stay taken while they are remembered.
  ClientOrderId next_name() {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, ++names_).ptr;
    return ClientOrderId(std::string_view(digits, end));
  }
  void place(AccountId account, Side side, std::int64_t price, std::int64_t quantity) {
    PlaceOrder order = place_;
    order.account = account;
    order.side = side;
    order.price = Ticks{price};
    order.quantity = Lots{quantity};
    run(order);
  }
  void execute() {
    ++command_.sequence;
    command_.time = time_;
    engine_.execute(command_);
  }

  Engine engine_;
  Command command_;
  PlaceOrder place_;
  Timestamp time_ = TestWorld::kStart;
  std::uint64_t names_ = 0;
};

TEST(Allocations, ASteadyStateMakesNone) {
  Rounds rounds;
  int executions = 0;
  for (int i = 0; i < 8'000; ++i)
    rounds.round();
  // The rings of the past are full, so nothing grows any more.
  rounds.engine().executions(TestWorld::kAlice, [&](const Execution&) { return ++executions > 0; });
  rounds.engine().executions(TestWorld::kBob, [&](const Execution&) { return ++executions > 0; });
  ASSERT_EQ(executions, static_cast<int>(kExecutionsMax));
  const std::uint64_t before = allocations;
  for (int i = 0; i < 2'000; ++i)
    rounds.round();
  EXPECT_EQ(allocations - before, 0u);
}

}  // namespace
}  // namespace venuebox::engine
