// The one place where a bot's orders go in: kept over a maintenance of the venue, and placed anew
// where their price is refused, as far as each is asked for; else straight to the exchange.
#pragma once

#include "client/maintenance_queue.h"
#include "client/repricing.h"

namespace venuebox::client {

// Belongs to one thread, like the exchange and the scheduler, which outlive it. Its calls are
// answered as those of Exchange.
class OrderEntry {
 public:
  OrderEntry(Exchange& exchange, Scheduler& scheduler, MaintenanceSettings maintenance = {},
             RepricingSettings repricing = {});
  OrderEntry(const OrderEntry&) = delete;
  OrderEntry& operator=(const OrderEntry&) = delete;

  void create_order(unified::NewOrder order, Then<PlacedOrder> then);
  void edit_order(const unified::OrderRow& changed, Then<PlacedOrder> then);
  // One that waits for the end of a maintenance is taken out of the queue.
  void cancel_order(std::string_view symbol, const unified::OrderName& name,
                    Then<PlacedOrder> then);
  // Those that wait for the end of a maintenance, too.
  void cancel_all_orders(std::string_view symbol, Then<Nothing> then);
  void close_position(std::string_view symbol, Then<PlacedOrder> then);

  MaintenanceQueue& maintenance() { return maintenance_; }
  const Repricer& repricer() const { return repricer_; }

 private:
  Exchange& exchange_;
  MaintenanceQueue maintenance_;
  Repricer repricer_;  // places by way of the queue
};

}  // namespace venuebox::client
