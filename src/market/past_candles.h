// The past of a simulated market: candles and funding rates from before the box began. Each is a
// function of the seed, the symbol, the stretch of time and where the market begins. Every
// instrument of a base asset follows the same path, scaled so that it ends at the instrument's
// opening price; candles of all lengths agree, except that the turnover of a longer one is
// estimated from its own prices.
#pragma once

#include <vector>

#include "market/price_path.h"
#include "model/view.h"

namespace venuebox::market {

class PastCandles final : public Past {
 public:
  // Of the instruments that the view of a `venue` of this name lists now.
  PastCandles(std::uint64_t seed, std::string_view venue, const View& view, Timestamp start);

  std::int64_t end_minute() const override { return end_; }
  std::optional<Candle> candle(InstrumentId, std::int64_t from, std::int64_t to) const override;
  void funding_history(InstrumentId, FunctionRef<bool(const FundingRow&)> visit) const override;

 private:
  struct Row {
    Instrument instrument;
    PricePath path;
    RandomStream volume_draws;
    RandomStream funding_draws;
    double scale = 1;          // ticks of the path's unit
    double weekly_volume = 0;  // lots, on average
  };
  // A stretch with what it traded.
  struct Part {
    Stretch stretch;
    std::int64_t volume = 0;  // lots
  };
  class Fold;

  // What a stretch was last split into: candles are asked for one beside the other.
  struct Split {
    const Row* row = nullptr;
    std::int64_t start = 0;
    std::size_t count = 0;
    std::array<Part, PricePath::kPartsMax> parts = {};
  };

  std::span<const Part> split(const Row& row, const Part& whole) const;
  Part week(const Row& row, std::int64_t minute) const;
  static Part week_of(const Row& row, std::int64_t minute);
  static std::size_t parts_of(const Row& row, const Part& whole,
                              std::span<Part, PricePath::kPartsMax> parts);
  static Candle candle_of(const Row& row, const Part& part);

  std::int64_t end_;
  Timestamp start_;
  std::vector<Row> rows_;                                 // by instrument
  mutable std::array<Split, PricePath::kLevels> splits_;  // by the level of the whole
  mutable Split week_;                                    // its only part
};

}  // namespace venuebox::market
