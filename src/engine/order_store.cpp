#include "engine/order_store.h"

namespace venuebox::engine {

Order order_of(const RestingNode& resting, const OrderNode& node, const OrderDetails* details,
               AssetId fee_asset, const ClientOrderId& client_order_id) {
  Order order;
  order.id = resting.id;
  order.account = node.account;
  order.instrument = node.instrument;
  order.side = resting.side();
  order.type = node.type;
  order.time_in_force = node.time_in_force;
  order.post_only = node.post_only;
  order.reduce_only = resting.is(RestingNode::kReduceOnly);
  order.self_trade = node.self_trade;
  order.position_side = position_side_of(resting, node);
  order.status = node.status;
  order.session = node.session;
  order.price = resting.price();
  order.quantity = node.quantity;
  order.fee.asset = fee_asset;
  order.last_price_on_created = node.last_price_on_created;
  order.created = node.created;
  order.updated = node.updated;
  order.shown = resting.shown;
  if (!client_order_id.empty()) order.client_order_id = client_order_id;
  if (!details) return order;
  order.close_position = details->close_position;
  order.purpose = details->purpose;
  order.attachment = details->attachment;
  order.filled = details->filled;
  order.filled_value = details->filled_value;
  if (details->filled.raw != 0) order.fee = {details->fee, details->fee_asset};
  order.expires = details->expires;
  order.display = details->display;
  order.parent = details->parent;
  order.linked = details->linked;
  order.trigger = details->trigger;
  order.take_profit = details->take_profit;
  order.stop_loss = details->stop_loss;
  order.stops = details->stops;
  order.stops_stand = details->stops_stand;
  return order;
}

void restore_order(const Order& order, OrderStore& orders, Slot slot) {
  RestingNode& resting = orders.resting(slot);
  resting.set_price(order.price);
  resting.shown = order.shown;
  resting.set(RestingNode::kSells, order.side == Side::sell);
  resting.set(RestingNode::kReduceOnly, order.reduce_only);
  resting.set(RestingNode::kOfShortLeg, order.position_side == PositionSide::short_side);
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
  node.is_hedged = order.position_side != PositionSide::both;
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
  details.stops_stand = order.stops_stand;
  details.trigger = order.trigger;
  details.take_profit = order.take_profit;
  details.stop_loss = order.stop_loss;
}

}  // namespace venuebox::engine
