#include "box/struck_desk.h"

#include <algorithm>

#include "box/arranged_fills.h"

namespace venuebox::box {
namespace {
using faults::ActionType;
using faults::Ratio;

Lots part_of(Lots whole, Ratio ratio) {
  const Int128 part = div_floor(multiply(whole.raw, ratio.raw), faults::kWhole.raw);
  return Lots{std::max<std::int64_t>(1, static_cast<std::int64_t>(part))};
}

bool rests(const Order& order) {
  return order.status == OrderStatus::open || order.status == OrderStatus::partially_filled;
}

// Up to where the order takes; none: wherever it leads.
std::optional<Ticks> reach_of(const PlaceOrder& order) {
  return order.type == OrderType::market ? std::nullopt : std::optional(order.price);
}

bool may_rest(const PlaceOrder& order) {
  return order.type == OrderType::limit &&
         (order.time_in_force == TimeInForce::gtc || order.time_in_force == TimeInForce::gtd);
}

Ticks best_against(const View& view, const PlaceOrder& order) {
  BookLevel best;
  view.depth(order.instrument, opposite(order.side), {&best, 1});
  return best.price;
}

// What the order would trade at this price, all of it.
Lots whole_of(const PlaceOrder& order, Ticks price, const View& view) {
  const Instrument& instrument = view.instruments()[order.instrument.raw];
  if (order.value.units > 0) return lots_affordable(order.value, price, instrument);
  if (!order.reduce_only && !order.close_position) return order.quantity;
  const Position position = view.position(order.account, order.instrument, order.position_side);
  const Lots open{std::abs(position.size.raw)};
  return order.close_position ? open : std::min(order.quantity, open);
}
}  // namespace

StruckDesk::StruckDesk(Exchange& exchange, Timestamp now, std::span<const faults::Strike> strikes)
    : exchange_(exchange), now_(now) {
  for (const faults::Strike& strike : strikes) {
    const faults::Action& action = strike.action;
    const auto after = [&](std::string_view parameter) {
      return std::max(nanoseconds(1), milliseconds(action.number(parameter)));
    };
    switch (action.type) {
      case ActionType::partial_fill: wishes_.fill_ratio = action.ratio("fill_ratio"); break;
      case ActionType::slippage: wishes_.slippage = strike.drawn; break;
      case ActionType::delayed_fill: wishes_.fill_after = after("ms"); break;
      case ActionType::reject_after_ack: wishes_.cancel_after = after("after_ms"); break;
      case ActionType::cancel_fill_race: wishes_.cancel_race = action.ratio("fill_ratio"); break;
      case ActionType::amend_race: wishes_.amend_race = action.ratio("fill_ratio"); break;
      default: break;
    }
  }
}

std::span<const Event> StruckDesk::execute(const CommandBody& body) {
  events_.clear();
  std::visit([this](const auto& command) { carry_out(command); }, body);
  return events_;
}

void StruckDesk::pass(const CommandBody& command) {
  const auto events = exchange_.desk().execute(command);
  events_.insert(events_.end(), events.begin(), events.end());
}

// One by one, so that each entry has its fault; what is no proper batch is refused as one.
template <class Entry, class Batch>
void StruckDesk::each_of(const std::vector<Entry>& entries, const Batch& batch) {
  if (entries.empty() || entries.size() > kBatchMax) return pass(batch);
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    events_.emplace_back(BatchEntry{i});
    carry_out(entries[i]);
  }
}

// Of a market order no further than the venue's own protection goes from the best price.
Ticks StruckDesk::slipped(const PlaceOrder& order, Ticks best) const {
  if (!wishes_.slippage) return best;
  const Instrument& instrument = view().instruments()[order.instrument.raw];
  std::int64_t most = *wishes_.slippage;
  if (order.type == OrderType::market) {
    most = std::min(most, instrument.market_protection.raw);
  }
  const Ticks far{static_cast<std::int64_t>(div_floor(multiply(best.raw, most), kRateOne))};
  const Ticks limit = order.type == OrderType::limit || order.price.raw > 0
                          ? order.price
                          : (order.side == Side::buy ? instrument.price_max : Ticks{1});
  return order.side == Side::buy ? std::min(best + far, limit) : std::max(best - far, limit);
}

StruckDesk::Plan StruckDesk::plan_of(const PlaceOrder& order) const {
  Plan plan;
  const Ticks best = best_against(view(), order);
  const bool reaches = order.type == OrderType::market ||
                       (order.side == Side::buy ? order.price >= best : order.price <= best);
  plan.takes = best.raw != 0 && reaches && !order.post_only;
  plan.is_kept = wishes_.cancel_after || (wishes_.fill_after && plan.takes && may_rest(order));
  if (plan.is_kept) return plan;
  const Ticks price = plan.takes ? slipped(order, best) : order.price;
  if (price.raw <= 0) return plan;
  const Lots whole = whole_of(order, price, view());
  Lots wanted = whole;
  // All or nothing is not filled in part, and a single lot cannot be.
  if (wishes_.fill_ratio && order.time_in_force != TimeInForce::fok) {
    const Lots part = part_of(whole, *wishes_.fill_ratio);
    if (part < whole) plan.part = wanted = part;
  }
  if (plan.takes && (plan.part || price != best)) {
    plan.price = price;
    plan.quantity = wanted;
  }
  return plan;
}

// The order meets a counterparty of exactly what it shall trade, or nobody; or what it shall trade
// comes to it once it rests.
void StruckDesk::carry_out(const PlaceOrder& order) {
  const bool is_known = order.instrument.raw < view().instruments().size();
  if (!wishes_.concern_placing() || !is_known || order.trigger) return pass(order);
  Desk& desk = exchange_.desk();
  const Plan plan = plan_of(order);
  if (!plan.is_kept && !plan.part && plan.quantity.raw == 0) return pass(order);
  const Side side = opposite(order.side);
  if (plan.is_kept || plan.quantity.raw > 0) {
    withdraw_quotes(desk, order.instrument, side, reach_of(order));
  }
  if (plan.quantity.raw > 0) {
    place_counterparty(desk, order.instrument, side, plan.price, plan.quantity);
  }
  const std::size_t before = events_.size();
  pass(order);
  OrderId id;
  for (std::size_t i = before; i < events_.size() && id.raw == 0; ++i) {
    const auto* accepted = std::get_if<OrderAccepted>(&events_[i]);
    if (accepted && accepted->order.account == order.account) id = accepted->order.id;
  }
  remove_counterparty(desk, order.instrument);
  if (id.raw != 0) finish(id, plan);
  exchange_.intervene(ShowAgain{order.instrument});
}

// What is left of it is the client's and the fault's alone.
void StruckDesk::finish(OrderId id, const Plan& plan) {
  const auto order = view().live_order(id);
  if (!order || !rests(*order)) return;
  if (plan.part && !plan.takes) fill_resting(exchange_.desk(), *order, *plan.part);
  if (!plan.part && !plan.is_kept) return;
  exchange_.intervene(Shield{id});
  if (wishes_.cancel_after) {
    exchange_.intervene(Later{now_ + *wishes_.cancel_after,
                              order->instrument,
                              {CancelByVenue{order->account, {}, id}},
                              {}});
  } else if (plan.is_kept) {
    exchange_.intervene(Later{now_ + *wishes_.fill_after, order->instrument, {}, id});
  }
}

std::optional<Order> StruckDesk::named(AccountId account, OrderId id,
                                       const ClientOrderId& name) const {
  if (id.raw == 0) return view().live_order(account, name);
  auto order = view().live_order(id);
  return order && order->account == account ? order : std::nullopt;
}

// True when quotes of the market had to step aside.
bool StruckDesk::fill_before(const std::optional<Order>& order, Ratio ratio) {
  if (!order || !rests(*order)) return false;
  fill_resting(exchange_.desk(), *order, part_of(order->remaining(), ratio));
  return true;
}

void StruckDesk::carry_out(const AmendOrder& amend) {
  const bool fills =
      wishes_.amend_race &&
      fill_before(named(amend.account, amend.order, amend.client_order_id), *wishes_.amend_race);
  pass(amend);
  if (fills) exchange_.intervene(ShowAgain{amend.instrument});
}

void StruckDesk::carry_out(const CancelOrder& cancel) {
  const bool fills = wishes_.cancel_race &&
                     fill_before(named(cancel.account, cancel.order, cancel.client_order_id),
                                 *wishes_.cancel_race);
  pass(cancel);
  if (fills) exchange_.intervene(ShowAgain{cancel.instrument});
}

void StruckDesk::carry_out(const CancelAll& all) {
  std::vector<Order> meant;
  if (wishes_.cancel_race && all.account.raw < view().account_count()) {
    view().live_orders(all.account, [&](const Order& order) {
      const bool is_meant = !all.filter.instrument || *all.filter.instrument == order.instrument;
      if (is_meant && rests(order)) meant.push_back(order);
      return true;
    });
  }
  for (const Order& order : meant)
    fill_before(view().live_order(order.id), *wishes_.cancel_race);
  pass(all);
  for (const Order& order : meant)
    exchange_.intervene(ShowAgain{order.instrument});
}

}  // namespace venuebox::box
