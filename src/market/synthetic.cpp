#include "market/synthetic.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace venuebox::market {
namespace {
constexpr Nanoseconds kStep = milliseconds(250);
constexpr std::uint64_t kStepsPerIndex = 4;  // an index price each second
constexpr int kLevels = 20;
constexpr double kVolatilityPerStep = 5.3e-5;  // 60 % a year
constexpr double kNotionalPerLevel = 20'000;
constexpr double kSpacing = 1e-4;  // between levels, as a part of the price
constexpr double kPerpetualBasis = 2e-4;
constexpr std::uint64_t kTakeOneIn = 4;  // steps, per instrument

// Where the walks begin; a base asset that is not listed here begins at 10.
constexpr std::pair<std::string_view, double> kStartPrices[] = {
    {"BTC", 60'000}, {"ETH", 2'600}, {"SOL", 150}, {"XRP", 0.6}, {"DOGE", 0.1}, {"ADA", 0.35},
    {"LTC", 65},     {"LINK", 11},   {"AVAX", 24}, {"BNB", 570}, {"DOT", 4.5},  {"SUI", 1.5}};

double start_price(std::string_view base) {
  for (const auto& [name, price] : kStartPrices) {
    if (name == base) return price;
  }
  return 10;
}

// Uniform in [0, 1) with 53 bits: exact, so the same on every machine.
double unit(std::uint64_t draw) { return static_cast<double>(draw >> 11) * 0x1p-53; }

double step_size(Step step) {
  double size = static_cast<double>(step.units);
  for (int i = 0; i < step.scale; ++i)
    size /= 10;
  return size;
}
}  // namespace

Synthetic::Synthetic(std::uint64_t seed, const View& view,
                     const std::vector<InstrumentId>& instruments,
                     const std::vector<std::pair<InstrumentId, InstrumentId>>& anchored,
                     Timestamp start)
    : seed_(seed), due_(start) {
  for (const InstrumentId id : instruments) {
    const Instrument& instrument = view.instruments()[id.raw];
    const std::string& base = view.assets()[instrument.base.raw].name;
    auto walk = std::find_if(walks_.begin(), walks_.end(),
                             [&](const Walk& known) { return known.base == base; });
    if (walk == walks_.end()) {
      walk = walks_.insert(walk, {base, RandomStream(seed, "fair/" + base), start_price(base)});
    }
    const std::string purpose =
        "takers/" + instrument.symbol + (instrument.is_spot() ? "/spot" : "/perpetual");
    Stage stage{.instrument = instrument,
                .walk = static_cast<std::size_t>(walk - walks_.begin()),
                .anchor = {},
                .takers = RandomStream(seed, purpose)};
    for (const auto& [own, anchor] : anchored) {
      if (own == id) stage.anchor = anchor;
    }
    stages_.push_back(std::move(stage));
  }
}

void Synthetic::step(Desk& desk) {
  for (Walk& walk : walks_) {
    if (steps_ > 0) move(walk, steps_);
  }
  for (Stage& stage : stages_) {
    const std::int64_t fair = fair_ticks(stage, desk.view());
    if (fair <= 0) continue;
    if (steps_ % kStepsPerIndex == 0) show_index(desk, stage);
    show_ladder(desk, stage, fair);
    maybe_take(desk, stage);
  }
  ++steps_;
  due_ = due_ + kStep;
}

// The sum of four uniform draws is close enough to a normal one, and exact to repeat.
void Synthetic::move(Walk& walk, std::uint64_t step) {
  double sum = -2;
  for (std::uint64_t i = 0; i < 4; ++i)
    sum += unit(walk.draws.at(4 * step + i));
  walk.price *= 1 + kVolatilityPerStep * 1.7320508075688772 * sum;
}

std::int64_t Synthetic::fair_ticks(const Stage& stage, const View& view) const {
  const Instrument& instrument = stage.instrument;
  if (stage.anchor) {
    const auto mark = view.mark_price(*stage.anchor);
    if (!mark) return 0;
    const Instrument& anchor = view.instruments()[stage.anchor->raw];
    const double price = static_cast<double>(mark->raw) / kMarkPerTick * step_size(anchor.tick);
    return std::llround(price / step_size(instrument.tick));
  }
  const double basis = instrument.is_spot() ? 1 : 1 + kPerpetualBasis;
  return std::llround(walks_[stage.walk].price * basis / step_size(instrument.tick));
}

// The index of a perpetual is the fair price that all venues share, without this one's basis.
void Synthetic::show_index(Desk& desk, const Stage& stage) const {
  const Instrument& instrument = stage.instrument;
  if (instrument.is_spot() || stage.anchor) return;
  const double ticks = walks_[stage.walk].price / step_size(instrument.tick);
  desk.execute(SetIndexPrice{instrument.id, MarkPrice{std::llround(ticks * kMarkPerTick)}});
}

// The ladder stands on a grid of fixed prices: as the fair price moves, levels leave at one end and
// enter at the other, and the rest keep their place in the queue.
void Synthetic::show_ladder(Desk& desk, Stage& stage, std::int64_t fair) {
  if (stage.spacing == 0) {
    stage.spacing = std::max<std::int64_t>(1, std::llround(static_cast<double>(fair) * kSpacing));
  }
  const std::int64_t grid = stage.spacing;
  const std::int64_t best[2] = {(fair - 1) / grid * grid, (fair / grid + 1) * grid};
  const auto price_at = [grid](Side side, std::int64_t from, int level) {
    return side == Side::buy ? from - level * grid : from + level * grid;
  };
  const auto is_wanted = [&](Side side, std::int64_t price) {
    const std::int64_t from = best[static_cast<std::size_t>(side)];
    const std::int64_t distance = side == Side::buy ? from - price : price - from;
    return distance >= 0 && distance < kLevels * grid;
  };
  for (const Side side : {Side::buy, Side::sell}) {
    const std::int64_t shown = stage.shown[static_cast<std::size_t>(side)];
    for (int level = 0; shown > 0 && level < kLevels; ++level) {
      const std::int64_t price = price_at(side, shown, level);
      if (price > 0 && !is_wanted(side, price)) {
        ladder_.set_level(desk, stage.instrument, side, Ticks{price}, {});
      }
    }
  }
  for (const Side side : {Side::buy, Side::sell}) {
    const std::int64_t from = best[static_cast<std::size_t>(side)];
    for (int level = 0; level < kLevels; ++level) {
      const std::int64_t price = price_at(side, from, level);
      if (price <= 0 || Ticks{price} > stage.instrument.price_max) break;
      ladder_.set_level(desk, stage.instrument, side, Ticks{price}, level_size(stage, side, price));
    }
    stage.shown[static_cast<std::size_t>(side)] = from;
  }
}

// A level's size is a function of its price and the minute, so it holds still while it is watched.
Lots Synthetic::level_size(const Stage& stage, Side side, std::int64_t price) const {
  const Instrument& instrument = stage.instrument;
  Hasher hasher;
  hasher.add(seed_);
  hasher.add(instrument.id.raw);
  hasher.add(static_cast<std::uint64_t>(side));
  hasher.add(static_cast<std::uint64_t>(price));
  hasher.add(steps_ / 240);
  const double notional = kNotionalPerLevel * (0.2 + 1.8 * unit(hasher.value()));
  // An inverse contract counts in quote.
  const double each =
      instrument.is_inverse() ? 1 : static_cast<double>(price) * step_size(instrument.tick);
  const double quantity = notional / each;
  const std::int64_t lots = std::llround(quantity / step_size(instrument.lot));
  return Lots{
      std::clamp<std::int64_t>(lots, instrument.quantity_min.raw, instrument.quantity_max.raw)};
}

void Synthetic::maybe_take(Desk& desk, Stage& stage) {
  const std::uint64_t draw = stage.takers.at(3 * steps_);
  if (draw % kTakeOneIn != 0) return;
  const Side side = (draw >> 32) & 1 ? Side::buy : Side::sell;
  BookLevel best;
  const Instrument& instrument = stage.instrument;
  if (desk.view().depth(instrument.id, opposite(side), {&best, 1}) == 0) return;
  // Mostly small, now and then several levels' worth.
  const double part = unit(stage.takers.at(3 * steps_ + 1));
  const double factor = part * part * part * 3;
  const auto lots = static_cast<std::int64_t>(static_cast<double>(best.quantity.raw) * factor);
  const std::int64_t reach = 5 * stage.spacing;
  const Ticks limit{side == Side::buy ? best.price.raw + reach
                                      : std::max<std::int64_t>(1, best.price.raw - reach)};
  PlaceOrder order = market_order(kTaker, instrument, side, std::min(limit, instrument.price_max),
                                  Lots{std::clamp<std::int64_t>(lots, instrument.quantity_min.raw,
                                                                instrument.quantity_max.raw)});
  order.time_in_force = TimeInForce::ioc;
  desk.execute(order);
}

void Synthetic::save(ByteWriter& out) const {
  out.put(due_.ns);
  out.put(steps_);
  for (const Walk& walk : walks_)
    out.put(std::bit_cast<std::uint64_t>(walk.price));
  for (const Stage& stage : stages_) {
    out.put(stage.spacing);
    out.put(stage.shown[0]);
    out.put(stage.shown[1]);
  }
}

void Synthetic::load(ByteReader& in) {
  in.get(due_.ns);
  in.get(steps_);
  for (Walk& walk : walks_) {
    std::uint64_t bits = 0;
    in.get(bits);
    walk.price = std::bit_cast<double>(bits);
  }
  for (Stage& stage : stages_) {
    in.get(stage.spacing);
    in.get(stage.shown[0]);
    in.get(stage.shown[1]);
  }
}

}  // namespace venuebox::market
