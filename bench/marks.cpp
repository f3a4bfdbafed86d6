// What a change of the mark price costs while many positions are open in one instrument: it should
// grow with those that are near liquidation, and not with all of them. A thousand of the accounts
// are near (they are examined again and again as the mark comes closer), the rest far from it.
//   marks POSITIONS   one line of JSON
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <vector>

#include <fmt/core.h>

#include "base/decimal.h"
#include "engine/engine.h"

namespace venuebox {
namespace {
constexpr AssetId kBtc{0}, kUsdt{1};
constexpr InstrumentId kPerpetual{0};
constexpr AccountId kMaker{0}, kFund{1};
constexpr std::uint32_t kFirstUser = 2;
constexpr std::uint32_t kNear = 1'000;
constexpr std::int64_t kStart = 600'000;  // ticks of 0.1
constexpr int kSteps = 200;

double now_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<double>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

Money usdt(std::int64_t cents) { return {multiply(cents, power_of_ten(12)), kUsdt}; }

class Subject {
 public:
  explicit Subject(std::uint32_t positions) {
    run(AddAsset{{kBtc, "BTC", 14}});
    run(AddAsset{{kUsdt, "USDT", 14}});
    run(ListInstrument{terms()});
    run(OpenAccount{kMaker, AccountKindOf::market, "maker", kNoAccount});
    run(OpenAccount{kFund, AccountKindOf::insurance, "fund", kNoAccount});
    run(Deposit{kFund, usdt(100'000'000)});
    run(SetIndexPrice{kPerpetual, MarkPrice{kStart * kMarkPerTick}});
    quote(kStart);
    // A position is worth 60 USDT. Near: liquidated some 0.5 to 1.5 % below; far: 30 % and more.
    for (std::uint32_t i = 0; i < positions; ++i) {
      const AccountId user{kFirstUser + i};
      run(OpenAccount{user, AccountKindOf::user, "", kNoAccount});
      run(Deposit{user, usdt(i < kNear ? 70 + i % 60 : 2'000 + i % 1'000)});
      run(SetLeverage{user, kPerpetual, 100});
      trade(user);
    }
  }

  // Lets the mark fall a little at a time; nanoseconds of each change, in the middle and at most.
  std::pair<double, double> fall(std::int64_t from, std::int64_t step) {
    std::vector<double> times;
    for (int i = 1; i <= kSteps; ++i) {
      const MarkPrice index{(from - i * step) * kMarkPerTick};
      const double begin = now_ns();
      run(SetIndexPrice{kPerpetual, index});
      times.push_back(now_ns() - begin);
    }
    std::ranges::sort(times);
    return {times[times.size() / 2], times.back()};
  }
  // One bid far below, which takes what is liquidated; one side alone does not move the mark.
  void leave_one_bid() {
    run(cancel_all(kMaker, kPerpetual));
    run(order(kMaker, Side::buy, kStart * 9 / 10, 1'000'000));
  }
  std::uint64_t liquidated = 0;

 private:
  static Instrument terms() {
    Instrument listed;
    listed.id = kPerpetual;
    listed.symbol = "BTCUSDT";
    listed.kind = InstrumentKindOf::linear_perpetual;
    listed.base = kBtc;
    listed.quote = listed.settle = kUsdt;
    listed.tick = {10, 2};
    listed.lot = {1, 3};
    listed.quantity_max = listed.market_quantity_max = Lots{1'000'000};
    listed.price_max = Ticks{20'000'000};
    listed.notional_min = {0, kUsdt};
    return *checked_listing(listed, {kBtc, "BTC", 14}, {kUsdt, "USDT", 14});
  }
  PlaceOrder order(AccountId account, Side side, std::int64_t price, std::int64_t lots) {
    PlaceOrder order;
    order.account = account;
    order.instrument = kPerpetual;
    order.side = side;
    order.price = Ticks{price};
    order.quantity = Lots{lots};
    order.value = {0, kUsdt};
    return order;
  }
  void quote(std::int64_t price) {
    run(order(kMaker, Side::buy, price - 1, 1'000'000));
    run(order(kMaker, Side::sell, price, 1'000'000));
  }
  void trade(AccountId user) { run(order(user, Side::buy, kStart, 1)); }
  void run(CommandBody body) {
    Command command;
    command.sequence = ++sequence_;
    command.time = time_ = time_ + microseconds(1);
    command.body = std::move(body);
    for (const Event& event : engine_.execute(command))
      liquidated += std::holds_alternative<LiquidationBegan>(event);
  }

  engine::Engine engine_;
  std::uint64_t sequence_ = 0;
  Timestamp time_ = timestamp_from_ms(1'700'000'000'000);
};
}  // namespace
}  // namespace venuebox

int main(int argc, char** argv) {
  using namespace venuebox;
  const auto positions = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 10'000);
  Subject subject(positions);
  // Without an offer the mark is the index, so one command is one change of the mark.
  subject.leave_one_bid();
  const auto [calm, calm_most] = subject.fall(kStart + 4 * kSteps, 1);
  const auto [falling, falling_most] = subject.fall(kStart, 15);  // 0.5 %
  const std::uint64_t before = subject.liquidated;
  const auto [crash, crash_most] = subject.fall(kStart - 15 * kSteps, 30);  // another 1 %
  fmt::print(R"({{"bench":"marks","positions":{},"near":{},"calm_ns":{:.0f},"falling_ns":{:.0f},)"
             R"("falling_most_ns":{:.0f},"crash_ns":{:.0f},"crash_most_ns":{:.0f},"liquidated":{},)"
             R"("before_crash":{}}})"
             "\n",
             positions, kNear, calm, falling, falling_most, crash, crash_most, subject.liquidated,
             before);
  return calm_most < 0;
}
