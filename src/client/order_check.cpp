#include "client/order_check.h"

#include <algorithm>

#include <fmt/format.h>

namespace venuebox::client {
namespace {
using unified::Market;
using unified::MarketKind;
using Reason = OrderCheck::Reason;

bool is_off(const Decimal& value, const Decimal& step) {
  return step.units > 0 && !is_multiple(value, step);
}

std::optional<Decimal> notional_of(const unified::NewOrder& order,
                                   const std::optional<Decimal>& price) {
  return price ? product(*price, order.quantity) : std::nullopt;
}

Decimal free_of(const std::vector<unified::AssetBalance>& balances, std::string_view asset) {
  const auto at = std::ranges::find(balances, asset, &unified::AssetBalance::asset);
  if (at == balances.end()) return {};
  return at->used ? sum(at->total, negated(*at->used)).value_or(at->total) : at->total;
}

OrderCheck too_little(std::string_view asset, const Decimal& free, const Decimal& needed) {
  return {Reason::balance_too_small,
          fmt::format("it takes {} {}, and {} are free", text_of(needed), asset, text_of(free))};
}
}  // namespace

OrderCheck check_terms(const unified::NewOrder& order, const Market& market,
                       const std::optional<Decimal>& price) {
  const bool is_limit = order.type == OrderType::limit;
  const Decimal& quantity = order.quantity;
  if (!market.is_active) {
    return {Reason::inactive_market, fmt::format("{} does not trade", market.symbol)};
  }
  if (is_limit && (!order.price || order.price->units <= 0)) {
    return {Reason::price_missing, "a limit order has a price above 0"};
  }
  if (is_limit && is_off(*order.price, market.tick)) {
    return {Reason::price_off_tick, fmt::format("the price {} is no multiple of the tick {}",
                                                text_of(*order.price), text_of(market.tick))};
  }
  if (quantity.units <= 0 || is_off(quantity, market.quantity_step)) {
    return {Reason::quantity_off_step,
            fmt::format("the quantity {} is no multiple of {}", text_of(quantity),
                        text_of(market.quantity_step))};
  }
  if (compare(quantity, market.quantity_min) < 0) {
    return {Reason::quantity_too_small,
            fmt::format("the quantity {} is below {}", text_of(quantity),
                        text_of(market.quantity_min))};
  }
  if (market.quantity_max.units > 0 && compare(quantity, market.quantity_max) > 0) {
    return {Reason::quantity_too_large,
            fmt::format("the quantity {} is above {}", text_of(quantity),
                        text_of(market.quantity_max))};
  }
  const auto notional = notional_of(order, is_limit ? order.price : price);
  const bool is_bound = market.notional_min && !order.is_reduce_only;
  if (notional && is_bound && compare(*notional, *market.notional_min) < 0) {
    return {Reason::notional_too_small,
            fmt::format("it is worth {} {}, and {} is the least", text_of(*notional), market.quote,
                        text_of(*market.notional_min))};
  }
  return {};
}

OrderCheck check_funds(const unified::NewOrder& order, const Market& market,
                       const std::optional<Decimal>& price, const std::optional<Decimal>& leverage,
                       const std::vector<unified::AssetBalance>& balances) {
  const auto notional = notional_of(order, order.type == OrderType::limit ? order.price : price);
  if (market.kind == MarketKind::spot) {
    const bool is_buy = order.side == Side::buy;
    const std::string& asset = is_buy ? market.quote : market.base;
    const Decimal free = free_of(balances, asset);
    const auto needed = is_buy ? notional : std::optional(order.quantity);
    if (needed && compare(free, *needed) < 0) return too_little(asset, free, *needed);
    return {};
  }
  if (order.is_reduce_only) return {};
  const Decimal free = free_of(balances, market.settle);
  if (free.units <= 0) return too_little(market.settle, free, notional.value_or(Decimal{}));
  if (!notional || !leverage) return {};
  // The margin is notional / leverage; multiplied, nothing is rounded.
  const auto reach = product(free, *leverage);
  if (!reach || compare(*reach, *notional) >= 0) return {};
  return {Reason::balance_too_small,
          fmt::format("a notional of {} at leverage {} takes more than the {} {} that are free",
                      text_of(*notional), text_of(*leverage), text_of(free), market.settle)};
}

}  // namespace venuebox::client
