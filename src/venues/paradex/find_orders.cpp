#include "venues/paradex/find_orders.h"

#include "venues/paradex/ids.h"

namespace venuebox::venues::paradex {
namespace {
template <class IsMeant>
std::optional<Order> find_closed(const Call& call, IsMeant is_meant) {
  std::optional<Order> found;
  call.view.closed_orders(call.account, [&](const Order& order) {
    if (!is_meant(order)) return true;
    found = order;
    return false;
  });
  return found;
}
}  // namespace

std::optional<Order> find_order(const Call& call, std::string_view id) {
  const auto number = order_id_from_text(id, call.box_key);
  if (!number) return std::nullopt;
  auto live = call.view.live_order(*number);
  if (live && live->account == call.account) return live;
  return find_closed(call, [&](const Order& order) { return order.id == *number; });
}

std::optional<Order> find_order_by_client_id(const Call& call, std::string_view client_id) {
  if (client_id.empty() || client_id.size() > ClientOrderId::kCapacity) return std::nullopt;
  const ClientOrderId id(client_id);
  if (auto live = call.view.live_order(call.account, id)) return live;
  return find_closed(call, [&](const Order& order) { return order.client_order_id == id; });
}

std::string argument(const Call& call, std::size_t n) {
  VENUEBOX_ASSERT(n < call.arguments.size());
  Result<std::string> decoded = net::percent_decoded(call.arguments[n]);
  // What does not decode is taken as written: it then names nothing that exists.
  return decoded ? std::move(*decoded) : std::string(call.arguments[n]);
}

}  // namespace venuebox::venues::paradex
