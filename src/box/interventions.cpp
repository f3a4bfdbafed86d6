#include "box/interventions.h"

#include <algorithm>

#include "box/arranged_fills.h"

namespace venuebox::box {
namespace {
MarkPrice scaled(MarkPrice price, Rate factor) {
  const Int128 value = div_half_even(multiply(price.raw, factor.raw), kRateOne);
  return MarkPrice{static_cast<std::int64_t>(std::max<Int128>(1, value))};
}

// The instrument that a command of the market is about; none: it is about no one instrument.
std::optional<InstrumentId> instrument_of(const CommandBody& command) {
  if (const auto* place = std::get_if<PlaceOrder>(&command)) return place->instrument;
  if (const auto* amend = std::get_if<AmendOrder>(&command)) return amend->instrument;
  if (const auto* cancel = std::get_if<CancelOrder>(&command)) return cancel->instrument;
  if (const auto* all = std::get_if<CancelAll>(&command)) return all->filter.instrument;
  return std::nullopt;
}
}  // namespace

bool Interventions::distorts(InstrumentId instrument) const {
  return std::ranges::find(distortions_, instrument, &Distortion::instrument) != distortions_.end();
}

void Interventions::begin(const Intervention& intervention, const Doors& doors) {
  std::visit([&](const auto& body) { start(body, doors); }, intervention);
  find_next_due();
}

void Interventions::start(const Shield& shield, const Doors& doors) {
  const auto order = doors.own.view().live_order(shield.order);
  if (!order) return;
  shields_.push_back({order->id, order->instrument, order->side, order->price});
}

void Interventions::start(const Distortion& distortion, const Doors& doors) {
  const InstrumentId id = distortion.instrument;
  const MarkPrice index = doors.own.view().index_price(id).value_or(MarkPrice{});
  Distortion& begun = distortions_.emplace_back(distortion);
  begun.wanted = index;
  if (begun.without_bids) withdraw_quotes(doors.own, id, Side::buy, std::nullopt);
  if (begun.without_asks) withdraw_quotes(doors.own, id, Side::sell, std::nullopt);
  if (begun.index != IndexBend::scaled) return;
  // Where the market has no index, the mark stands for it.
  const MarkPrice from =
      index.raw != 0 ? index : doors.own.view().mark_price(id).value_or(MarkPrice{});
  if (from.raw == 0) return;
  begun.wanted = from;
  doors.own.execute(SetIndexPrice{id, scaled(from, begun.factor)});
}

void Interventions::start(const Later& later, const Doors&) { later_.push_back(later); }

void Interventions::start(const ShowAgain& again, const Doors& doors) {
  if (doors.market) doors.market->show_again(doors.market_side, again.instrument);
}

void Interventions::end(const Distortion& distortion, const Doors& doors) {
  if (distortion.index != IndexBend::none && distortion.wanted.raw != 0) {
    doors.own.execute(SetIndexPrice{distortion.instrument, distortion.wanted});
  }
  start(ShowAgain{distortion.instrument}, doors);
}

void Interventions::run(const Later& later, const Doors& doors) {
  for (const CommandBody& command : later.commands)
    doors.own.execute(command);
  if (later.filled.raw != 0) {
    std::erase_if(shields_, [&](const Shielded& s) { return s.order == later.filled; });
    const auto order = doors.own.view().live_order(later.filled);
    if (order) fill_resting(doors.own, *order, order->remaining());
  }
  start(ShowAgain{later.instrument}, doors);
}

// Ends of distortions first, and of what is due at the same time the older first.
void Interventions::run_due(const Doors& doors) {
  const Timestamp due = next_due_;
  const auto ended = std::ranges::find(distortions_, due, &Distortion::until);
  if (ended != distortions_.end()) {
    const Distortion distortion = *ended;
    distortions_.erase(ended);
    end(distortion, doors);
  } else if (const auto first = std::ranges::find(later_, due, &Later::due);
             first != later_.end()) {
    const Later later = *first;
    later_.erase(first);
    run(later, doors);
  }
  find_next_due();
}

void Interventions::find_next_due() {
  next_due_ = kNever;
  for (const Distortion& distortion : distortions_)
    next_due_ = std::min(next_due_, distortion.until);
  for (const Later& later : later_)
    next_due_ = std::min(next_due_, later.due);
}

std::optional<CommandBody> Interventions::allowed(const CommandBody& command) {
  if (const auto* index = std::get_if<SetIndexPrice>(&command)) return allowed_index(*index);
  const auto instrument = instrument_of(command);
  for (const Distortion& distortion : distortions_) {
    if (distortion.is_frozen && distortion.instrument == instrument) return std::nullopt;
  }
  if (const auto* order = std::get_if<PlaceOrder>(&command)) return allowed_order(*order);
  return command;
}

// What would rest across a shielded order is not placed; who only takes goes no further than it.
std::optional<CommandBody> Interventions::allowed_order(const PlaceOrder& order) const {
  const bool buys = order.side == Side::buy;
  const bool takes = order.time_in_force == TimeInForce::ioc;
  for (const Distortion& distortion : distortions_) {
    if (distortion.instrument != order.instrument || takes) continue;
    if (buys ? distortion.without_bids : distortion.without_asks) return std::nullopt;
  }
  PlaceOrder clipped = order;
  for (const Shielded& shield : shields_) {
    if (shield.instrument != order.instrument || shield.side == order.side) continue;
    const bool meets = buys ? clipped.price >= shield.price : clipped.price <= shield.price;
    if (!meets) continue;
    if (!takes) return std::nullopt;
    clipped.price = shield.price + Ticks{buys ? -1 : 1};
    if (clipped.price.raw <= 0) return std::nullopt;
  }
  return clipped;
}

std::optional<CommandBody> Interventions::allowed_index(const SetIndexPrice& index) {
  for (Distortion& distortion : distortions_) {
    if (distortion.instrument != index.instrument || distortion.index == IndexBend::none) continue;
    distortion.wanted = index.price;
    if (distortion.index == IndexBend::held) return std::nullopt;
    return SetIndexPrice{index.instrument, scaled(index.price, distortion.factor)};
  }
  return index;
}

// A shield follows its order's price and ends with it; what it kept back is shown again a moment
// later, since nothing may be executed while these events are being told.
void Interventions::observe(std::span<const Event> events, const View& view) {
  if (shields_.empty()) return;
  const auto concerns = [&](const Event& event, OrderId order) {
    if (const auto* fill = std::get_if<Fill>(&event)) {
      return fill->maker.order == order || fill->taker.order == order;
    }
    if (const auto* cancelled = std::get_if<OrderCancelled>(&event)) {
      return cancelled->order == order;
    }
    const auto* amended = std::get_if<OrderAmended>(&event);
    return amended != nullptr && amended->order == order;
  };
  std::erase_if(shields_, [&](Shielded& shield) {
    if (std::ranges::none_of(events, [&](const Event& e) { return concerns(e, shield.order); })) {
      return false;
    }
    const auto order = view.live_order(shield.order);
    if (order) {
      shield.price = order->price;
      return false;
    }
    distortions_.push_back(
        {.instrument = shield.instrument, .until = view.time() + nanoseconds(1)});
    return true;
  });
  find_next_due();
}

void Interventions::save(ByteWriter& out) const {
  out.put(shields_);
  out.put(distortions_);
  out.put(later_);
}

void Interventions::load(ByteReader& in) {
  in.get(shields_);
  in.get(distortions_);
  in.get(later_);
  find_next_due();
}

}  // namespace venuebox::box
