// An account's orders by the names that clients give and are given: the live one first, then those
// that are over.
#pragma once

#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {

// By the id that was shown, as a path or a body names it; absent: the account has no such order.
std::optional<Order> find_order(const Call& call, std::string_view id);
// By the client's own id; of several that are over the newest.
std::optional<Order> find_order_by_client_id(const Call& call, std::string_view client_id);

// What stands at the n-th {} of a path, percent-decoded.
std::string argument(const Call& call, std::size_t n);

}  // namespace venuebox::venues::paradex
