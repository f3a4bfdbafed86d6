// A first simple simulated market: per base asset a fair price that walks at random, makers who
// show a ladder around it, takers who arrive by chance. Everything is a function of the seed, the
// base asset and the number of the step, so all venues of a box see the same fair prices.
#pragma once

#include "base/random.h"
#include "market/ladder.h"

namespace venuebox::market {

class Synthetic final : public Market {
 public:
  // `instruments` of the exchange that this market is for. An instrument whose base asset is among
  // `anchored` takes the middle of that other instrument's book as its fair price (a spot market
  // beside a replayed perpetual), and shows nothing while there is none.
  Synthetic(std::uint64_t seed, const View& view, const std::vector<InstrumentId>& instruments,
            const std::vector<std::pair<InstrumentId, InstrumentId>>& anchored, Timestamp start);

  Timestamp next_due() const override { return due_; }
  void step(Desk& desk) override;
  void resume_at(Timestamp time) override { due_ = std::max(due_, time); }
  void save(ByteWriter& out) const override;
  void load(ByteReader& in) override;

 private:
  // One base asset's fair price, in units of its quote asset.
  struct Walk {
    std::string base;
    RandomStream draws;
    double price = 0;
  };
  // One instrument's ladder.
  struct Stage {
    Instrument instrument;
    std::size_t walk = 0;
    std::optional<InstrumentId> anchor;
    RandomStream takers;
    std::int64_t spacing = 0;        // ticks between two levels; 0 until the first price is known
    std::int64_t shown[2] = {0, 0};  // best grid price of the bids and of the asks, 0: none
  };

  static void move(Walk& walk, std::uint64_t step);
  std::int64_t fair_ticks(const Stage& stage, const View& view) const;
  void show_index(Desk& desk, const Stage& stage) const;
  void show_ladder(Desk& desk, Stage& stage, std::int64_t fair);
  void maybe_take(Desk& desk, Stage& stage);
  Lots level_size(const Stage& stage, Side side, std::int64_t price) const;

  std::uint64_t seed_;
  std::vector<Walk> walks_;
  std::vector<Stage> stages_;
  Timestamp due_;
  std::uint64_t steps_ = 0;
  Ladder ladder_;
};

}  // namespace venuebox::market
