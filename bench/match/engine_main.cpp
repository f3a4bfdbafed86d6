// The whole engine: a thousand users with margin checks, fees, positions, history, events, and
// every account with a position examined as marks move. The
// flow's ids are the engine's own, since both count accepted orders from 1.
#include "base/decimal.h"
#include "drive.h"
#include "engine/engine.h"

namespace {
using namespace venuebox;

constexpr std::uint32_t kAccounts = 1'000;
constexpr InstrumentId kPerpetual{0};
constexpr AssetId kBtc{0}, kUsdt{1};

AccountId owner_of(std::uint32_t id) { return AccountId{id * 2'654'435'761u % kAccounts}; }

Instrument terms() {
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
  listed.maker_fee = Rate{200'000};
  listed.taker_fee = Rate{550'000};
  listed.open_orders_max = 1'000'000;
  return *checked_listing(listed, {kBtc, "BTC", 14}, {kUsdt, "USDT", 14});
}

struct Adapter {
  engine::Engine engine;
  Command place;
  Command drop;
  std::uint64_t sequence = 0;
  Timestamp time = timestamp_from_ms(1'700'000'000'000);
  std::uint64_t traded = 0;
  std::uint64_t lots = 0;
  std::uint64_t rested = 0;

  void init(std::uint32_t, std::uint32_t) {
    place.body = PlaceOrder{};
    drop.body = CancelOrder{};
    run(AddAsset{{kBtc, "BTC", 14}});
    run(AddAsset{{kUsdt, "USDT", 14}});
    run(ListInstrument{terms()});
    const Money funds{multiply(1'000'000'000'000, power_of_ten(14)), kUsdt};
    for (std::uint32_t i = 0; i < kAccounts; ++i) {
      run(OpenAccount{AccountId{i}, AccountKindOf::user, "", kNoAccount});
      run(Deposit{AccountId{i}, funds});
    }
    // With it accounts are examined for liquidation, and with an index marks are sampled.
    run(OpenAccount{AccountId{kAccounts}, AccountKindOf::insurance, "", kNoAccount});
    run(SetIndexPrice{kPerpetual, MarkPrice{100'000 * kMarkPerTick}});
  }
  // Both commands are kept and sent again with what differs, as a decoder would.
  void add(std::uint32_t id, Side side, std::int32_t price, std::uint32_t quantity) {
    auto& order = std::get<PlaceOrder>(place.body);
    order.account = owner_of(id);
    order.side = side;
    order.price = Ticks{price};
    order.quantity = Lots{quantity};
    execute(place);
  }
  void cancel(std::uint32_t id) {
    auto& order = std::get<CancelOrder>(drop.body);
    order.account = owner_of(id);
    order.order = OrderId{id};
    execute(drop);
  }
  std::uint64_t trades() const { return traded; }
  std::uint64_t volume() const { return lots; }
  std::uint64_t live() const { return rested; }
  std::uint64_t state_hash() const { return engine.state_hash(); }

  double depth50_ns() {
    constexpr int kReads = 100'000;
    std::array<BookLevel, 50> levels;
    std::uint64_t found = 0;
    const double begin = bench::now_ns();
    for (int i = 0; i < kReads; ++i)
      found += engine.depth(kPerpetual, i % 2 ? Side::buy : Side::sell, levels);
    const double each = (bench::now_ns() - begin) / kReads;
    return found > 0 ? each : 0;
  }

 private:
  void run(CommandBody body) {
    Command command;
    command.body = std::move(body);
    execute(command);
  }
  void execute(Command& command) {
    command.sequence = ++sequence;
    command.time = time = time + microseconds(1);
    for (const Event& event : engine.execute(command)) {
      if (const auto* fill = std::get_if<Fill>(&event)) {
        ++traded;
        lots += static_cast<std::uint64_t>(fill->quantity.raw);
        rested -= fill->maker.remaining.raw == 0;
      } else if (std::holds_alternative<OrderRested>(event)) {
        ++rested;
      } else if (std::holds_alternative<OrderCancelled>(event)) {
        --rested;
      }
    }
  }
};
}  // namespace

int main(int argc, char** argv) { return bench::drive<Adapter>("engine", argc, argv); }
