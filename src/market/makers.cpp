#include "market/makers.h"

#include <algorithm>
#include <cmath>

#include "market/draws.h"

namespace venuebox::market {
namespace {
// The book of bitcoin, of the order of what Binance's perpetual shows (docs/market.md): what stands
// at the best price, what each basis point holds next to it, and how much more with each one away.
constexpr double kBestNotional = 180'000;
constexpr double kNotionalPerPoint = 230'000;
constexpr double kGrowthPerPoint = 125'000;
constexpr double kDepth = 9'000'000;  // within 10 bp
constexpr double kPoint = 1e-4;       // a basis point
constexpr double kSpread = 0.015e-4;  // of bitcoin's price in the normal market
constexpr double kGrid = 0.5e-4;      // between levels next to the best
constexpr int kBands = 4;             // each with twice the spacing of the one before it
constexpr int kLevelsPerBand = 4;
constexpr std::uint64_t kDrawsPerStep = 64;

// Followed at this distance by bitcoin's makers; wider where prices move more.
constexpr double kPatience = 0.8e-4;

// Buying the whole depth moves the reference by the sum of both: half of the quick part is gone
// within 12 seconds, of the slow one within 5 minutes.
constexpr double kQuickLean = 8e-4;
constexpr double kSlowLean = 4e-4;
constexpr double kQuickFade = 0.0144;  // per step
constexpr double kSlowFade = 0.00058;
constexpr double kFlowMax = 25;  // depths, that no flow counts beyond

constexpr double kHealPart = 0.75;      // a level with less than this of its size is filled up,
constexpr double kHealChance = 0.6;     // now or a little later
constexpr double kRefreshChance = 0.3;  // that one level gets another size though nobody traded

constexpr std::int64_t rounded_up(std::int64_t count, std::int64_t multiple) {
  return (count + multiple - 1) / multiple * multiple;
}
constexpr std::int64_t nearest(std::int64_t count, std::int64_t multiple) {
  return (count + multiple / 2) / multiple * multiple;
}

constexpr std::int64_t direction_of(Side side) { return side == Side::buy ? -1 : 1; }
}  // namespace

double size_of(Step step) {
  double size = static_cast<double>(step.units);
  for (int i = 0; i < step.scale; ++i)
    size /= 10;
  return size;
}

Makers::Makers(const Instrument& instrument, RandomStream draws, double liquidity,
               double volatility)
    : instrument_(instrument),
      draws_(draws),
      depth_(kDepth * liquidity),
      thickness_(liquidity),
      patience_(kPatience * volatility / 0.55),
      tick_size_(size_of(instrument.tick)),
      lot_size_(size_of(instrument.lot)) {}

double Makers::notional(Ticks price, Lots quantity) const {
  const double units = static_cast<double>(quantity.raw) * lot_size_;
  // An inverse contract counts in quote.
  return instrument_.is_inverse() ? units : units * static_cast<double>(price.raw) * tick_size_;
}

double Makers::lean() const { return kQuickLean * quick_ + kSlowLean * slow_; }

void Makers::feel(Side taker_side, Ticks price, Lots quantity) {
  const double part = notional(price, quantity) / depth_;
  const double flow = taker_side == Side::buy ? part : -part;
  quick_ = std::clamp(quick_ + flow, -kFlowMax, kFlowMax);
  slow_ = std::clamp(slow_ + flow, -kFlowMax, kFlowMax);
}

// Somebody else was at the book: what traded is felt, and what is left of the levels is read anew.
void Makers::observe(const View& view) {
  if (version_ == view.book_version(instrument_.id)) return;
  const FillId seen = seen_;
  view.trades(instrument_.id, [&](const Trade& trade) {
    if (trade.id <= seen) return false;
    seen_ = std::max(seen_, trade.id);
    feel(trade.taker_side, trade.price, trade.quantity);
    return true;
  });
  for (const Side side : {Side::buy, Side::sell}) {
    for (Level& level : levels(side))
      level.shown = Ladder::shown(view, instrument_.id, side, Ticks{level.price});
  }
  version_ = view.book_version(instrument_.id);
}

// The market's own takers trade often, so what they took is taken from the events. Where a user's
// order took part, it is read from the book, next time.
void Makers::notice(const View& view, std::span<const Event> events) {
  for (const Event& event : events) {
    const auto* fill = std::get_if<Fill>(&event);
    if (!fill || fill->instrument != instrument_.id) continue;
    const Side side = opposite(fill->taker_side);
    const auto level = std::ranges::find(levels(side), fill->price.raw, &Level::price);
    const bool ours = fill->taker.account == kTaker &&
                      fill->maker.account == (side == Side::buy ? kBidMaker : kAskMaker);
    if (!ours || level == levels(side).end()) {
      version_ = kStale;
      return;
    }
    level->shown -= fill->quantity;
    seen_ = fill->id;
    feel(fill->taker_side, fill->price, fill->quantity);
  }
  version_ = view.book_version(instrument_.id);
}

void Makers::quote(Desk& desk, const Conditions& conditions, std::uint64_t step) {
  observe(desk.view());
  quiet_ = true;
  quick_ *= 1 - kQuickFade;
  slow_ *= 1 - kSlowFade;
  const double reference = conditions.fair * (1 + lean());
  if (!(reference >= 2)) return;
  if (grid_ == 0) grid_ = std::max<std::int64_t>(1, std::llround(reference * kGrid));
  const double wide = kSpread * conditions.spread * conditions.agitation / std::sqrt(thickness_);
  const Instrument& terms = desk.view().instruments()[instrument_.id.raw];
  tick_multiple_ = terms.tick_multiple;
  lot_multiple_ = terms.lot_multiple;
  const std::int64_t spread =
      rounded_up(std::max<std::int64_t>(1, std::llround(reference * wide)), tick_multiple_);
  const std::int64_t bid = std::max(
      tick_multiple_,
      nearest(std::llround(reference - static_cast<double>(spread) * 0.5), tick_multiple_));
  if (bid + spread > instrument_.price_max.raw) return;
  if (must_move(reference, spread, conditions.agitation)) {
    move(desk, bid, bid + spread, conditions.liquidity, step);
  } else {
    heal(desk, conditions.liquidity, step);
  }
  version_ = quiet_ ? desk.view().book_version(instrument_.id) : kStale;
}

void Makers::show_again(Desk& desk) {
  observe(desk.view());
  for (const Side side : {Side::buy, Side::sell}) {
    for (Level& level : levels(side)) {
      if (level.shown != level.target) fill_up(desk, side, level);
    }
  }
  // Not all that was asked for need have been let through.
  version_ = kStale;
}

// Best prices stand until the reference is too far away, as they do where many wait in a queue.
bool Makers::must_move(double reference, std::int64_t spread, double agitation) const {
  if (levels_[0].empty() || levels_[1].empty()) return true;
  const std::int64_t bid = levels_[0].front().price;
  const std::int64_t ask = levels_[1].front().price;
  if (bid % tick_multiple_ != 0 || ask % tick_multiple_ != 0) return true;
  const double shown = static_cast<double>(ask - bid);
  const double wanted = static_cast<double>(spread);
  if (wanted > 1.5 * shown || shown > 1.5 * wanted) return true;
  const double away = std::abs(reference - static_cast<double>(bid + ask) * 0.5);
  return away > std::max(0.75 * static_cast<double>(tick_multiple_),
                         reference * patience_ * std::max(0.5, agitation));
}

// The side that moves away goes first, and a side's new levels come before its old ones go: the two
// never meet, and neither is ever without a price.
void Makers::move(Desk& desk, std::int64_t bid, std::int64_t ask, double liquidity,
                  std::uint64_t step) {
  const bool rises = !levels_[1].empty() && ask > levels_[1].front().price;
  for (const Side side : {rises ? Side::sell : Side::buy, rises ? Side::buy : Side::sell}) {
    plan(side, side == Side::buy ? bid : ask, liquidity, step);
    show(desk, side);
  }
}

// The levels that are wanted, into next_: the best price, and behind it whole multiples of a
// spacing that doubles from band to band. As the best price moves, most of them keep their place.
void Makers::plan(Side side, std::int64_t best, double liquidity, std::uint64_t step) {
  const std::int64_t direction = direction_of(side);
  next_.clear();
  auto old = levels(side).begin();
  const auto add = [&](std::int64_t price, std::int64_t spacing) {
    if (price <= 0 || price > instrument_.price_max.raw) return;
    const std::int64_t distance = (price - best) * direction;
    while (old != levels(side).end() && (price - old->price) * direction > 0)
      ++old;
    const bool stands = old != levels(side).end() && old->price == price;
    Level level = stands ? *old : Level{.price = price, .target = {}, .shown = {}};
    const double change = liquidity / level.liquidity;
    if (!stands || change < 0.7 || change > 1.4) {
      const std::uint64_t draw =
          draws_.at(step * kDrawsPerStep + 2 * next_.size() + static_cast<std::uint64_t>(side));
      level.liquidity = liquidity;
      level.target = size(price, distance, spacing, liquidity, draw);
    }
    next_.push_back(level);
  };
  add(best, 0);
  std::int64_t last = best;
  std::int64_t spacing = rounded_up(grid_, tick_multiple_);
  for (int band = 0; band < kBands; ++band, spacing *= 2) {
    for (int i = 0; i < kLevelsPerBand; ++i) {
      // The next multiple beyond the last level.
      last = side == Side::buy ? (last - 1) / spacing * spacing : (last / spacing + 1) * spacing;
      add(last, spacing);
    }
  }
}

// From levels(side) to next_.
void Makers::show(Desk& desk, Side side) {
  levels(side).swap(next_);
  for (Level& level : levels(side)) {
    if (level.shown != level.target) fill_up(desk, side, level);
  }
  for (const Level& old : next_) {
    const bool stays = std::ranges::binary_search(
        levels(side), old.price * direction_of(side), {},
        [&](const Level& level) { return level.price * direction_of(side); });
    if (!stays) set(desk, side, old.price, {});
  }
}

// Fills up what was taken, and lets one level change its mind.
void Makers::heal(Desk& desk, double liquidity, std::uint64_t step) {
  const std::uint64_t chance = draws_.at(step * kDrawsPerStep + kDrawsPerStep - 1);
  if (unit(chance) < kRefreshChance) {
    const Side side = chance & 1 ? Side::buy : Side::sell;
    const std::size_t which = (chance >> 1 & 0x3ff) *
                              std::min<std::size_t>(levels(side).size(), 1 + kLevelsPerBand) /
                              0x400;
    Level& level = levels(side)[which];
    const std::int64_t distance = std::abs(level.price - levels(side).front().price);
    const std::uint64_t draw = draws_.at(step * kDrawsPerStep + kDrawsPerStep - 2);
    level.liquidity = liquidity;
    level.target = size(level.price, distance, which == 0 ? 0 : grid_, liquidity, draw);
    fill_up(desk, side, level);
  }
  for (const Side side : {Side::buy, Side::sell}) {
    std::uint64_t n = 0;
    for (Level& level : levels(side)) {
      ++n;
      const double part = kHealPart * static_cast<double>(level.target.raw);
      if (static_cast<double>(level.shown.raw) >= part) continue;
      const std::uint64_t draw =
          draws_.at(step * kDrawsPerStep + 2 * n + static_cast<std::uint64_t>(side));
      if (unit(draw) < kHealChance) fill_up(desk, side, level);
    }
  }
}

void Makers::fill_up(Desk& desk, Side side, Level& level) {
  set(desk, side, level.price, level.target);
  level.shown = level.target;
}

void Makers::set(Desk& desk, Side side, std::int64_t price, Lots quantity) {
  quiet_ &= ladder_.set_level(desk, instrument_, side, Ticks{price}, quantity);
}

Lots Makers::size(std::int64_t price, std::int64_t distance, std::int64_t spacing, double liquidity,
                  std::uint64_t draw) const {
  const double ticks = static_cast<double>(price);
  const double points = static_cast<double>(distance) / (ticks * kPoint);
  const double width = static_cast<double>(std::max<std::int64_t>(1, spacing)) / (ticks * kPoint);
  const double behind = (kNotionalPerPoint + kGrowthPerPoint * points) * width;
  const double usual = spacing == 0 ? std::max(kBestNotional, behind) : behind;
  const double wanted = usual * thickness_ * liquidity * (0.4 + 1.2 * unit(draw));
  const double lots = wanted / notional(Ticks{price}, Lots{1});
  const double most = 20.0 * static_cast<double>(instrument_.quantity_max.raw);
  const double least = static_cast<double>(instrument_.quantity_min.raw);
  return Lots{rounded_up(std::llround(std::clamp(lots, least, most)), lot_multiple_)};
}

void Makers::save(ByteWriter& out) const {
  for (const Levels& side : levels_) {
    out.put(static_cast<std::uint32_t>(side.size()));
    for (const Level& level : side) {
      out.put(level.price);
      out.put(level.target);
      out.put(level.shown);
      put_double(out, level.liquidity);
    }
  }
  out.put(grid_);
  put_double(out, quick_);
  put_double(out, slow_);
  out.put(seen_);
  out.put(version_);
}

void Makers::load(ByteReader& in) {
  for (Levels& side : levels_) {
    std::uint32_t count = 0;
    in.get(count);
    side.clear();
    for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
      Level& level = side.emplace_back();
      in.get(level.price);
      in.get(level.target);
      in.get(level.shown);
      get_double(in, level.liquidity);
    }
  }
  in.get(grid_);
  get_double(in, quick_);
  get_double(in, slow_);
  in.get(seen_);
  in.get(version_);
}

}  // namespace venuebox::market
