#include "client/repricing.h"

#include <algorithm>

#include <fmt/format.h>

namespace venuebox::client {
namespace {
// Down to a whole tick to buy, up to one to sell: never dearer than the market says.
std::optional<Decimal> on_tick(const Decimal& price, const Decimal& tick, bool is_buy) {
  if (tick.units <= 0) return price;
  const int scale = std::max(price.scale, tick.scale);
  const auto units = rescale(price, scale);
  const auto each = rescale(tick, scale);
  if (!std::holds_alternative<Int128>(units) || !std::holds_alternative<Int128>(each)) {
    return std::nullopt;
  }
  const Int128 step = std::get<Int128>(each);
  const Int128 ticks =
      is_buy ? div_floor(std::get<Int128>(units), step) : div_ceil(std::get<Int128>(units), step);
  return Decimal{ticks * step, scale};
}

bool is_within(const Decimal& price, const Decimal& wished, const Decimal& tick,
               const RepricingSettings& settings) {
  const auto difference = sum(price, negated(wished));
  if (!difference || (settings.ticks_max <= 0 && settings.bps_max <= 0)) return false;
  const Decimal distance = difference->units < 0 ? negated(*difference) : *difference;
  const auto by_ticks = product(tick, {settings.ticks_max, 0});
  const auto by_bps = product(wished, {settings.bps_max, 4});
  if (settings.ticks_max > 0 && (!by_ticks || compare(distance, *by_ticks) > 0)) return false;
  return settings.bps_max <= 0 || (by_bps && compare(distance, *by_bps) <= 0);
}
}  // namespace

std::optional<Decimal> new_price(const unified::NewOrder& wished, const unified::Ticker& ticker,
                                 const Decimal& tick, const RepricingSettings& settings) {
  const bool is_buy = wished.side == Side::buy;
  const auto& market = is_buy == wished.is_post_only ? ticker.bid : ticker.ask;
  if (!wished.price || !market) return std::nullopt;
  const auto price = on_tick(*market, tick, is_buy);
  if (!price || price->units <= 0 || !is_within(*price, *wished.price, tick, settings)) {
    return std::nullopt;
  }
  return price;
}

Repricer::Repricer(Exchange& exchange, RepricingSettings settings, Place place)
    : exchange_(exchange), settings_(settings), place_(std::move(place)) {
  if (place_) return;
  place_ = [&exchange](unified::NewOrder order, Then<PlacedOrder> then) {
    exchange.create_order(std::move(order), std::move(then));
  };
}

void Repricer::create_order(unified::NewOrder order, Then<PlacedOrder> then) {
  const unified::NewOrder wished = order;
  attempt(wished, std::move(order), settings_.attempts_max, std::move(then));
}

void Repricer::attempt(const unified::NewOrder& wished, unified::NewOrder order, int attempts_left,
                       Then<PlacedOrder> then) {
  place_(order, [this, alive = alive_, wished, order, attempts_left,
                 then = std::move(then)](Reply<PlacedOrder> reply) {
    if (!*alive) return;
    // Of a trigger it cannot be told which of its two prices was meant.
    const bool is_priced = order.type == OrderType::limit && order.price && !order.trigger_price;
    const bool is_for_its_price =
        reply.kind == CallOutcome::Kind::refused && reply.verdict == gateway::Verdict::bad_price;
    if (!is_for_its_price || !is_priced || attempts_left <= 0) return then(std::move(reply));
    reprice(wished, order, attempts_left, std::move(reply), then);
  });
}

void Repricer::reprice(const unified::NewOrder& wished, const unified::NewOrder& refused,
                       int attempts_left, Reply<PlacedOrder> refusal, Then<PlacedOrder> then) {
  exchange_.fetch_ticker(wished.symbol, [this, alive = alive_, wished, refused, attempts_left,
                                         refusal = std::move(refusal), then = std::move(then)](
                                            const Reply<unified::Ticker>& ticker) mutable {
    if (!*alive) return;
    const auto give_up = [&](std::string_view why) {
      refusal.text = fmt::format("{}; not placed anew: {}", refusal.text, why);
      then(std::move(refusal));
    };
    if (!ticker) return give_up("there is no price of now");
    const auto& markets = exchange_.markets();
    const auto market = std::ranges::find(markets, wished.symbol, &unified::Market::symbol);
    if (market == markets.end()) return give_up("the market is not listed any more");
    const auto price = new_price(wished, *ticker.value, market->tick, settings_);
    if (!price) return give_up("the market is farther away than is allowed");
    if (compare(*price, *refused.price) == 0) return give_up("the market is where it was");
    unified::NewOrder order = wished;
    order.price = price;
    order.client_order_id = exchange_.next_client_order_id();
    ++repriced_;
    attempt(wished, std::move(order), attempts_left - 1, std::move(then));
  });
}

}  // namespace venuebox::client
