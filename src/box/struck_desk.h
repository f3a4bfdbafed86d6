// Where the commands of one struck request go: to the exchange, with what faults do to an order
// before and after it. What a client is told are the events of its own commands alone.
#pragma once

#include <vector>

#include "box/exchange.h"
#include "faults/strike.h"

namespace venuebox::box {

class StruckDesk final : public Desk {
 public:
  StruckDesk(Exchange& exchange, Timestamp now, std::span<const faults::Strike> strikes);

  std::span<const Event> execute(const CommandBody& body) override;
  const View& view() const override { return exchange_.engine(); }

 private:
  // What faults want of the orders that the request places, amends or cancels; absent: nothing.
  struct Wishes {
    std::optional<faults::Ratio> fill_ratio;
    std::optional<std::int64_t> slippage;  // parts per billion
    std::optional<Nanoseconds> fill_after;
    std::optional<Nanoseconds> cancel_after;
    std::optional<faults::Ratio> cancel_race;
    std::optional<faults::Ratio> amend_race;

    bool concern_placing() const { return fill_ratio || slippage || fill_after || cancel_after; }
  };
  // How an order meets the market.
  struct Plan {
    bool takes = false;             // it would trade at once
    bool is_kept = false;           // the market steps aside, so that it does not
    Ticks price = {};               // of the counterparty, if there is one
    Lots quantity = {};             // of it; 0: there is none
    std::optional<Lots> part = {};  // how much of the order is to be filled, if not all
  };

  // Each appends what its client is told.
  void carry_out(const PlaceOrder& order);
  void carry_out(const AmendOrder& amend);
  void carry_out(const CancelOrder& cancel);
  void carry_out(const CancelAll& all);
  void carry_out(const PlaceBatch& batch) { each_of(batch.orders, batch); }
  void carry_out(const AmendBatch& batch) { each_of(batch.amends, batch); }
  void carry_out(const CancelBatch& batch) { each_of(batch.cancels, batch); }
  template <class Command>
  void carry_out(const Command& command) {
    pass(command);
  }
  template <class Entry, class Batch>
  void each_of(const std::vector<Entry>& entries, const Batch& batch);
  void pass(const CommandBody& command);

  Plan plan_of(const PlaceOrder& order) const;
  Ticks slipped(const PlaceOrder& order, Ticks best) const;
  void finish(OrderId id, const Plan& plan);
  bool fill_before(const std::optional<Order>& order, faults::Ratio ratio);
  std::optional<Order> named(AccountId account, OrderId id, const ClientOrderId& name) const;

  Exchange& exchange_;
  Timestamp now_;
  Wishes wishes_;
  std::vector<Event> events_;
};

}  // namespace venuebox::box
