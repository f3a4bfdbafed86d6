#include "client/exchange.h"

#include <algorithm>

#include <fmt/format.h>

namespace venuebox::client {
Exchange::Exchange(const gateway::ClientDialect& dialect, std::optional<gateway::ClientKeys> keys,
                   Transport& transport, Scheduler& scheduler, ExchangeSettings settings)
    : dialect_(dialect),
      scheduler_(scheduler),
      settings_(std::move(settings)),
      caller_(dialect, std::move(keys), transport, scheduler, settings_.caller) {}

const unified::Market* Exchange::find(std::string_view symbol) const {
  const auto at = std::ranges::find(markets_, symbol, &unified::Market::symbol);
  return at == markets_.end() ? nullptr : &*at;
}

std::string Exchange::next_client_order_id() {
  return fmt::format("{}-{}", settings_.order_id_prefix, ++orders_named_);
}

}  // namespace venuebox::client
