#include "market/past_candles.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "market/draws.h"
#include "market/opening.h"

namespace venuebox::market {
namespace {
constexpr std::int64_t kMinuteNs = 60'000'000'000;
constexpr double kWeekSeconds = 604'800;

// How unlike each other the volumes of weeks are, and of the parts of one stretch.
constexpr double kWeekLeast = 0.6;
constexpr double kWeekSpread = 0.8;
constexpr double kQuiet = 0.3;  // a part that does not move trades so much of one that does

// More often than not the premium is small, and the rate is what holding quote costs.
constexpr double kUsualRate = 0.6;
constexpr double kRateSpread = 60'000;  // parts per billion

Ticks ticks_of(double price, const Instrument& instrument) {
  const double most = static_cast<double>(instrument.price_max.raw);
  return Ticks{std::llround(std::clamp(price, 1.0, most))};
}
}  // namespace

// Gathers a candle from parts that come in order.
class PastCandles::Fold {
 public:
  Fold(const PastCandles& past, const Row& row, std::int64_t from, std::int64_t to)
      : past_(past), row_(row), from_(from), to_(to) {}

  void add(const Part& part) {
    const std::int64_t start = part.stretch.start;
    const std::int64_t end = start + PricePath::kMinutes[part.stretch.level];
    if (end <= from_ || start >= to_) return;
    if (from_ <= start && end <= to_) {
      const Candle candle = candle_of(row_, part);
      if (found_) return append(*found_, candle);
      found_ = candle;
      return;
    }
    for (const Part& inside : past_.split(row_, part))
      add(inside);
  }
  const std::optional<Candle>& candle() const { return found_; }

 private:
  const PastCandles& past_;
  const Row& row_;
  std::int64_t from_, to_;
  std::optional<Candle> found_;
};

PastCandles::PastCandles(std::uint64_t seed, std::string_view venue, const View& view,
                         Timestamp start)
    : end_((start.ns + kMinuteNs - 1) / kMinuteNs), start_(start) {
  for (const Instrument& instrument : view.instruments()) {
    const std::string& base = view.assets()[instrument.base.raw].name;
    const BaseProfile profile = profile_of(seed, base);
    const auto stream = [&](std::string_view purpose) {
      return RandomStream(seed, fmt::format("past/{}/{}", purpose, stage_name(venue, instrument)));
    };
    Row& row = rows_.emplace_back(Row{.instrument = instrument,
                                      .path = {seed, base, profile.volatility},
                                      .volume_draws = stream("volume"),
                                      .funding_draws = stream("funding")});
    const double opening = opening_ticks(profile, instrument);
    const double seconds_of_lot =
        value_of_lot(opening, instrument) / turnover_per_second(profile, instrument);
    row.weekly_volume = kWeekSeconds / seconds_of_lot;
    Stretch last = row.path.week_of(end_ - 1);
    std::array<Stretch, PricePath::kPartsMax> parts;
    while (last.level + 1 < PricePath::kLevels) {
      row.path.parts_of(last, parts);
      const std::int64_t length = PricePath::kMinutes[last.level + 1];
      last = parts[static_cast<std::size_t>((end_ - 1 - last.start) / length)];
    }
    row.scale = opening / last.close;
  }
}

PastCandles::Part PastCandles::week(const Row& row, std::int64_t minute) const {
  const bool is_known =
      week_.row == &row && week_.start <= minute && minute < week_.start + PricePath::kMinutes[0];
  if (!is_known) {
    week_.row = &row;
    week_.parts[0] = week_of(row, minute);
    week_.start = week_.parts[0].stretch.start;
  }
  return week_.parts[0];
}

std::span<const PastCandles::Part> PastCandles::split(const Row& row, const Part& whole) const {
  Split& known = splits_[static_cast<std::size_t>(whole.stretch.level)];
  if (known.row != &row || known.start != whole.stretch.start) {
    known.row = &row;
    known.start = whole.stretch.start;
    known.count = parts_of(row, whole, known.parts);
  }
  return std::span(known.parts).first(known.count);
}

PastCandles::Part PastCandles::week_of(const Row& row, std::int64_t minute) {
  const Stretch week = row.path.week_of(minute);
  const auto number = static_cast<std::uint64_t>(week.start * PricePath::kLevels);
  const double luck = kWeekLeast + kWeekSpread * unit(row.volume_draws.at(number));
  return {week, std::llround(row.weekly_volume * luck)};
}

// What moves more trades more.
std::size_t PastCandles::parts_of(const Row& row, const Part& whole,
                                  std::span<Part, PricePath::kPartsMax> parts) {
  std::array<Stretch, PricePath::kPartsMax> stretches;
  const std::size_t count = row.path.parts_of(whole.stretch, stretches);
  std::array<double, PricePath::kPartsMax> upto = {};
  const double usual =
      (whole.stretch.high - whole.stretch.low) / std::sqrt(static_cast<double>(count));
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Stretch& part = stretches[i];
    const auto number = static_cast<std::uint64_t>(part.start * PricePath::kLevels + part.level);
    const double moved = usual > 0 ? (part.high - part.low) / usual : 0;
    sum += (0.5 + unit(row.volume_draws.at(number))) * (kQuiet + moved);
    upto[i] = sum;
  }
  std::int64_t given = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double share = static_cast<double>(whole.volume) * (upto[i] / sum);
    const std::int64_t reached = i + 1 == count ? whole.volume : static_cast<std::int64_t>(share);
    parts[i] = {stretches[i], reached - given};
    given = reached;
  }
  return count;
}

Candle PastCandles::candle_of(const Row& row, const Part& part) {
  const auto ticks = [&](double price) { return ticks_of(price * row.scale, row.instrument); };
  const Stretch& stretch = part.stretch;
  Candle candle{.start = stretch.start,
                .open = ticks(stretch.open),
                .high = ticks(stretch.high),
                .low = ticks(stretch.low),
                .close = ticks(stretch.close),
                .volume = Lots{part.volume},
                .turnover = 0};
  const Ticks middle{(candle.open.raw + candle.high.raw + candle.low.raw + candle.close.raw) / 4};
  candle.turnover = filled_value(middle, candle.volume, row.instrument);
  return candle;
}

std::optional<Candle> PastCandles::candle(InstrumentId instrument, std::int64_t from,
                                          std::int64_t to) const {
  if (instrument.raw >= rows_.size()) return std::nullopt;
  const Row& row = rows_[instrument.raw];
  Fold fold(*this, row, from, std::min(to, end_));
  for (std::int64_t minute = from; minute < std::min(to, end_);) {
    const Part whole = week(row, minute);
    fold.add(whole);
    minute = whole.stretch.start + PricePath::kMinutes[0];
  }
  std::optional<Candle> candle = fold.candle();
  if (candle) candle->start = from;
  return candle;
}

// At each whole interval since 1970, as the engine pays.
void PastCandles::funding_history(InstrumentId instrument,
                                  FunctionRef<bool(const FundingRow&)> visit) const {
  if (instrument.raw >= rows_.size()) return;
  const Row& row = rows_[instrument.raw];
  const FundingTerms& terms = row.instrument.funding;
  if (terms.kind != FundingKind::interval) return;
  for (std::int64_t n = start_.ns / terms.interval.raw; n > 0; --n) {
    const auto number = static_cast<std::uint64_t>(n);
    const bool is_usual = unit(row.funding_draws.at(2 * number)) < kUsualRate;
    const double off = is_usual ? 0 : kRateSpread * normal(row.funding_draws.at(2 * number + 1));
    const auto wanted = static_cast<std::int64_t>(std::llround(off)) + terms.interest.raw;
    const std::int64_t rate = std::clamp(wanted, -terms.cap.raw, terms.cap.raw);
    const std::int64_t minute = n * terms.interval.raw / kMinuteNs;
    const auto before = candle(instrument, minute - 1, minute);
    const std::int64_t mark = before ? before->close.raw * kMarkPerTick : 0;
    if (!visit({Timestamp{n * terms.interval.raw}, Rate{rate}, MarkPrice{mark}})) return;
  }
}

}  // namespace venuebox::market
