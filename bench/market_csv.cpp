// What the simulated market does, as lines of CSV for script/market-report: prices of some bases by
// the minute, the book and the trades of one perpetual, or what an order of a user's does to it.
#include <array>
#include <cstdlib>
#include <string_view>

#include <fmt/core.h>

#include "box/box.h"
#include "market/fair_prices.h"

namespace {
using namespace venuebox;

// Basis points from the middle within which depth is told; script/market-report has the same.
constexpr std::array kPoints{0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0};
constexpr Nanoseconds kStep = milliseconds(250);

struct World {
  World(std::uint64_t seed, const std::string& base) {
    box::BoxConfig config;
    config.seed = seed;
    config.venues = {"bybit"};
    config.symbols = {base};
    box::BoxSettings settings;
    settings.clock.mode = box::ClockMode::manual;
    box = std::move(*box::Box::open(config, settings, door, store::make_memory_store()));
    for (const Instrument& candidate : view().instruments()) {
      if (!candidate.is_spot()) instrument = candidate;
    }
  }
  const View& view() const { return box->exchanges()[0]->engine(); }
  double price(double ticks) const {
    double price = ticks * static_cast<double>(instrument.tick.units);
    for (int i = 0; i < instrument.tick.scale; ++i)
      price /= 10;
    return price;
  }
  double quantity(Lots lots) const {
    double quantity = static_cast<double>(lots.raw * instrument.lot.units);
    for (int i = 0; i < instrument.lot.scale; ++i)
      quantity /= 10;
    return quantity;
  }
  std::vector<BookLevel> levels(Side side) const {
    std::vector<BookLevel> levels(200);
    levels.resize(view().depth(instrument.id, side, levels));
    return levels;
  }
  double middle() const {
    const auto ticks = levels(Side::buy)[0].price.raw + levels(Side::sell)[0].price.raw;
    return price(static_cast<double>(ticks)) / 2;
  }
  void advance(Nanoseconds by) {
    if (!box->advance_clock(box->now() + by) || !box->commit()) std::exit(1);
  }

  ManualClock door;
  std::unique_ptr<box::Box> box;
  Instrument instrument;
};

double seconds_since(Timestamp time, Timestamp start) {
  return static_cast<double>((time - start).raw) / 1e9;
}

// fair,<minute>,<regime>,<price>…
void print_fair(std::uint64_t seed, int minutes) {
  market::FairPrices fair(seed);
  constexpr std::array kBases{"BTC", "ETH", "SOL", "XRP"};
  for (const char* base : kBases)
    fair.add(base);
  for (int minute = 0; minute < minutes; ++minute) {
    fmt::print("fair,{},{}", minute, static_cast<int>(fair.regime()));
    for (std::size_t i = 0; i < kBases.size(); ++i)
      fmt::print(",{:.8g}", fair.price(i));
    fmt::print("\n");
    for (int step = 0; step < 240; ++step)
      fair.step();
  }
}

// book,<seconds>,<bid>,<ask>,<quote at the best prices>,<quote within each of kPoints>, sides
// averaged
void print_book(const World& world, double time) {
  const double middle = world.middle();
  double best = 0;
  std::array<double, kPoints.size()> within{};
  for (const Side side : {Side::buy, Side::sell}) {
    const auto levels = world.levels(side);
    for (const BookLevel& level : levels) {
      const double price = world.price(static_cast<double>(level.price.raw));
      const double value = price * world.quantity(level.quantity) / 2;
      if (level.price == levels[0].price) best += value;
      for (std::size_t i = 0; i < kPoints.size(); ++i) {
        if (std::abs(price / middle - 1) <= kPoints[i] * 1e-4) within[i] += value;
      }
    }
  }
  fmt::print("book,{:.3f},{:.8g},{:.8g},{:.0f}", time,
             world.price(static_cast<double>(world.levels(Side::buy)[0].price.raw)),
             world.price(static_cast<double>(world.levels(Side::sell)[0].price.raw)), best);
  for (const double value : within)
    fmt::print(",{:.0f}", value);
  fmt::print("\n");
}

// trade,<seconds>,<price>,<quantity>,<1 or -1: the taker bought or sold>; and books between them
void print_tape(std::uint64_t seed, const std::string& base, int length) {
  World world(seed, base);
  const Timestamp start = world.box->now();
  FillId seen;
  for (int step = 0; step < length * 4; ++step) {
    world.advance(kStep);
    std::vector<Trade> trades;
    world.view().trades(world.instrument.id, [&](const Trade& trade) {
      if (trade.id > seen) trades.push_back(trade);
      return trade.id > seen;
    });
    for (auto trade = trades.rbegin(); trade != trades.rend(); ++trade) {
      seen = trade->id;
      fmt::print("trade,{:.6f},{:.8g},{:.8g},{}\n", seconds_since(trade->time, start),
                 world.price(static_cast<double>(trade->price.raw)),
                 world.quantity(trade->quantity), trade->taker_side == Side::buy ? 1 : -1);
    }
    print_book(world, seconds_since(world.box->now(), start));
  }
}

// impact,<order>,<seconds after it>,<basis points that the price is away in its direction from
// where it is in a world without the order>
void print_impact(std::uint64_t seed, const std::string& base, int orders, double notional) {
  World with(seed, base), without(seed, base);
  const Instrument& instrument = with.instrument;
  Desk& desk = with.box->exchanges()[0]->desk();
  const AccountId alice = with.box->accounts()[0].id;
  const Asset& settle = with.view().assets()[instrument.settle.raw];
  desk.execute(Deposit{alice, {multiply(1'000'000'000, power_of_ten(settle.scale)), settle.id}});
  for (int n = 0; n < orders; ++n) {
    with.advance(seconds(60));
    without.advance(seconds(60));
    PlaceOrder order;
    order.account = alice;
    order.instrument = instrument.id;
    order.type = OrderType::market;
    order.side = n % 2 == 0 ? Side::buy : Side::sell;
    const double lots = notional / with.middle() / with.quantity(Lots{1});
    order.quantity =
        Lots{std::min(static_cast<std::int64_t>(lots), instrument.market_quantity_max.raw)};
    order.value = {0, instrument.quote};
    desk.execute(order);
    for (int step = 0; step <= 4 * 300; ++step) {
      const double away = (with.middle() / without.middle() - 1) * (n % 2 == 0 ? 1e4 : -1e4);
      fmt::print("impact,{},{:.2f},{:.4f}\n", n, step * 0.25, away);
      with.advance(kStep);
      without.advance(kStep);
    }
  }
}
}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  const auto seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  if (what == "fair" && argc == 4) {
    print_fair(seed, std::atoi(argv[3]));
  } else if (what == "tape" && argc == 5) {
    print_tape(seed, argv[3], std::atoi(argv[4]));
  } else if (what == "impact" && argc == 6) {
    print_impact(seed, argv[3], std::atoi(argv[4]), std::atof(argv[5]));
  } else {
    fmt::print(stderr,
               "usage: market_csv fair SEED MINUTES | tape SEED BASE SECONDS | impact SEED BASE "
               "ORDERS NOTIONAL\n");
    return 2;
  }
}
