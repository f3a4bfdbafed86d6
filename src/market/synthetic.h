// The simulated market: fair prices that all venues of a box share, and on each instrument makers
// who show a ladder around them and takers who come in clusters. Everything is a function of the
// seed, the names, the number of the step and what users did.
#pragma once

#include "market/arrivals.h"
#include "market/fair_prices.h"
#include "market/makers.h"

namespace venuebox::market {

class Synthetic final : public Market {
 public:
  // Of an exchange that is a `venue` of this name, with nothing yet. An instrument whose base asset
  // is that of a `replayed` one takes the mark price of that as its fair price (a spot market
  // beside a replayed perpetual), and shows nothing while there is none.
  Synthetic(std::uint64_t seed, std::string_view venue, std::vector<InstrumentId> replayed,
            Timestamp start);

  Timestamp next_due() const override;
  void step(Desk& desk) override;
  void resume_at(Timestamp time) override;
  void show_again(Desk& desk, InstrumentId instrument) override;
  void add(const View& view, InstrumentId id, std::optional<double> price) override;
  void open(Desk& desk, InstrumentId id) override;
  std::optional<double> fair_price(std::string_view base) const override;
  void save(ByteWriter& out) const override;
  void load(ByteReader& in) override;

  const FairPrices& fair_prices() const { return fair_; }

 private:
  // One instrument: who trades there, and how its price differs from the base asset's.
  struct Stage {
    Instrument instrument;
    std::size_t base = 0;  // in fair_
    std::optional<InstrumentId> anchor;
    RandomStream basis_draws;
    RandomStream taker_draws;
    Arrivals arrivals;
    Makers makers;
    double basis = 0;          // the price above the fair one, as a part of it
    double mood = 0;           // of the last takers: 1 all bought, -1 all sold
    std::uint64_t takers = 0;  // so far
  };
  struct Arrival {
    Timestamp time;
    std::uint32_t stage = 0;
  };

  void run_step(Desk& desk);
  void quote(Desk& desk, Stage& stage, std::uint64_t step);
  static TradingPhase phase_of(const Stage& stage, const View& view);
  double fair_ticks(const Stage& stage, const View& view) const;
  void show_index(Desk& desk, const Stage& stage) const;
  void take(Desk& desk, Stage& stage);

  std::uint64_t seed_;
  std::string venue_;
  std::vector<InstrumentId> replayed_;
  FairPrices fair_;
  std::vector<Stage> stages_;
  std::vector<Arrival> arrivals_;  // of the present step, in order
  std::size_t arrived_ = 0;        // how many of them have come
  double liquidity_ = 1;           // follows the regime's
  Timestamp due_;                  // of the next step
  std::uint64_t steps_ = 0;
};

}  // namespace venuebox::market
