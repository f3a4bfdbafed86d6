// Several markets of one exchange, in the order in which they come due; the first of equals first.
#pragma once

#include <memory>
#include <vector>

#include "market/market.h"

namespace venuebox::market {

class Composite final : public Market {
 public:
  void add(std::unique_ptr<Market> child) { children_.push_back(std::move(child)); }

  Timestamp next_due() const override;
  void step(Desk& desk) override;
  // All of them pause for the same time, so that recordings stay side by side.
  void resume_at(Timestamp time) override;
  void show_again(Desk& desk, InstrumentId instrument) override;
  void add(const View& view, InstrumentId instrument, std::optional<double> price) override;
  void open(Desk& desk, InstrumentId instrument) override;
  std::optional<double> fair_price(std::string_view base) const override;
  void save(ByteWriter& out) const override;
  void load(ByteReader& in) override;

 private:
  std::vector<std::unique_ptr<Market>> children_;
};

}  // namespace venuebox::market
