#include "engine/order_store.h"

namespace venuebox::engine {

Order order_of(const RestingNode& resting, const OrderNode& node, const OrderDetails* details,
               AssetId fee_asset, const ClientOrderId& client_order_id) {
  static const OrderDetails kNone;
  if (!details) details = &kNone;
  return {.id = resting.id,
          .account = node.account,
          .instrument = node.instrument,
          .side = resting.side(),
          .type = node.type,
          .time_in_force = node.time_in_force,
          .post_only = node.post_only,
          .reduce_only = resting.is(RestingNode::kReduceOnly),
          .close_position = details->close_position,
          .self_trade = node.self_trade,
          .purpose = details->purpose,
          .attachment = details->attachment,
          .status = node.status,
          .cancel_reason = CancelReason::none,
          .session = node.session,
          .price = resting.price(),
          .quantity = node.quantity,
          .filled = details->filled,
          .filled_value = details->filled_value,
          .fee = {details->fee, details->filled.raw == 0 ? fee_asset : details->fee_asset},
          .last_price_on_created = node.last_price_on_created,
          .created = node.created,
          .updated = node.updated,
          .expires = details->expires,
          .display = details->display,
          .shown = resting.shown,
          .parent = details->parent,
          .linked = details->linked,
          .trigger = details->trigger,
          .take_profit = details->take_profit,
          .stop_loss = details->stop_loss,
          .stops = details->stops,
          .client_order_id = client_order_id};
}

void restore_order(const Order& order, OrderStore& orders, Slot slot) {
  RestingNode& resting = orders.resting(slot);
  resting.set_price(order.price);
  resting.shown = order.shown;
  resting.set(RestingNode::kSells, order.side == Side::sell);
  resting.set(RestingNode::kReduceOnly, order.reduce_only);
  resting.set(RestingNode::kHasHidden, order.shown.raw != 0 && order.shown < order.remaining());
  resting.set(RestingNode::kIsLinked,
              order.linked.raw != 0 || order.take_profit || order.stop_loss);
  OrderNode& node = orders.node(slot);
  node = OrderNode{};
  node.account = order.account;
  node.quantity = order.quantity;
  node.last_price_on_created = order.last_price_on_created;
  node.created = order.created;
  node.updated = order.updated;
  node.instrument = order.instrument;
  node.session = order.session;
  node.type = order.type;
  node.time_in_force = order.time_in_force;
  node.status = order.status;
  node.self_trade = order.self_trade;
  node.post_only = order.post_only;
  OrderDetails& details = orders.own_details(slot);
  details.filled = order.filled;
  details.filled_value = order.filled_value;
  details.fee = order.fee.units;
  details.fee_asset = order.fee.asset;
  details.expires = order.expires;
  details.display = order.display;
  details.parent = order.parent;
  details.linked = order.linked;
  details.close_position = order.close_position;
  details.purpose = order.purpose;
  details.attachment = order.attachment;
  details.stops = order.stops;
  details.trigger = order.trigger;
  details.take_profit = order.take_profit;
  details.stop_loss = order.stop_loss;
}

}  // namespace venuebox::engine
