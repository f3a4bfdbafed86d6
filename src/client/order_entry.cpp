#include "client/order_entry.h"

namespace venuebox::client {

OrderEntry::OrderEntry(Exchange& exchange, Scheduler& scheduler, MaintenanceSettings maintenance,
                       RepricingSettings repricing)
    : exchange_(exchange),
      maintenance_(exchange, scheduler, maintenance),
      repricer_(exchange, repricing, [this](unified::NewOrder order, Then<PlacedOrder> then) {
        maintenance_.create_order(std::move(order), std::move(then));
      }) {}

void OrderEntry::create_order(unified::NewOrder order, Then<PlacedOrder> then) {
  repricer_.create_order(std::move(order), std::move(then));
}

void OrderEntry::edit_order(const unified::OrderRow& changed, Then<PlacedOrder> then) {
  exchange_.edit_order(changed, std::move(then));
}

void OrderEntry::cancel_order(std::string_view symbol, const unified::OrderName& name,
                              Then<PlacedOrder> then) {
  maintenance_.cancel_order(symbol, name, std::move(then));
}

void OrderEntry::cancel_all_orders(std::string_view symbol, Then<Nothing> then) {
  maintenance_.remove_all(symbol);
  exchange_.cancel_all_orders(symbol, std::move(then));
}

void OrderEntry::close_position(std::string_view symbol, Then<PlacedOrder> then) {
  exchange_.close_position(symbol, std::move(then));
}

}  // namespace venuebox::client
