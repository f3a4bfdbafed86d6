// Places an order that was refused for its price anew, at a price of the market's, within bounds
// that its owner sets. Off unless it is allowed attempts; no other refusal is ever answered so.
#pragma once

#include "client/exchange.h"

namespace venuebox::client {

struct RepricingSettings {
  int attempts_max = 0;  // beyond the first; 0: off
  // How far from the price that was wished for. Both hold where both are above 0; where neither is,
  // no distance is allowed.
  std::int64_t ticks_max = 0;
  int bps_max = 0;  // hundredths of a percent
};

// The price to try instead: the best at which a post-only order rests, or any other trades, rounded
// to the tick to that side. Absent: the ticker has none, or it is farther away than is allowed.
std::optional<Decimal> new_price(const unified::NewOrder& wished, const unified::Ticker& ticker,
                                 const Decimal& tick, const RepricingSettings& settings);

// Belongs to one thread, like the exchange, which outlives it.
class Repricer {
 public:
  using Place = std::function<void(unified::NewOrder, Then<PlacedOrder>)>;

  //   place  how an order is placed; empty: by the exchange itself
  Repricer(Exchange& exchange, RepricingSettings settings = {}, Place place = {});
  ~Repricer() { *alive_ = false; }
  Repricer(const Repricer&) = delete;
  Repricer& operator=(const Repricer&) = delete;

  // As Exchange::create_order. Each attempt is an order of a name of its own; the answer is the
  // last one's, and names it.
  void create_order(unified::NewOrder order, Then<PlacedOrder> then);
  std::uint64_t repriced() const { return repriced_; }  // orders placed anew

 private:
  void attempt(const unified::NewOrder& wished, unified::NewOrder order, int attempts_left,
               Then<PlacedOrder> then);
  void reprice(const unified::NewOrder& wished, const unified::NewOrder& refused, int attempts_left,
               Reply<PlacedOrder> refusal, Then<PlacedOrder> then);

  Exchange& exchange_;
  RepricingSettings settings_;
  Place place_;
  std::uint64_t repriced_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace venuebox::client
