#include "client/own_view.h"

namespace venuebox::client {
namespace {
using unified::OrderRow;
using unified::OrderState;
using Kind = CallOutcome::Kind;
using Standing = OwnOrder::Standing;

// What does not fit is as good as not told: the next row of the venue's sets it right.
Decimal plus(const Decimal& a, const Decimal& b) { return sum(a, b).value_or(a); }

Decimal larger(const Decimal& a, const Decimal& b) { return compare(a, b) < 0 ? b : a; }

OrderRow row_of(const unified::NewOrder& order) {
  OrderRow row;
  row.client_order_id = order.client_order_id;
  row.symbol = order.symbol;
  row.side = order.side;
  row.type = order.type;
  row.time_in_force = order.time_in_force;
  row.is_post_only = order.is_post_only;
  row.is_reduce_only = order.is_reduce_only;
  row.state = order.trigger_price ? OrderState::untriggered : OrderState::open;
  row.price = order.price;
  row.trigger_price = order.trigger_price;
  row.quantity = order.quantity;
  return row;
}
}  // namespace

bool has_ended(OrderState state) {
  return state != OrderState::open && state != OrderState::untriggered;
}

std::string name_of(const OrderRow& order) {
  return order.client_order_id.empty() ? order.id : order.client_order_id;
}

// ---- which order is meant -----------------------------------------------------------------------

OwnOrder* OwnView::find(std::string_view id, std::string_view client_order_id) {
  const auto by_id = names_.find(id);
  const auto at =
      by_id != names_.end() ? orders_.find(by_id->second) : orders_.find(client_order_id);
  return at == orders_.end() ? nullptr : &at->second;
}

const OwnOrder* OwnView::find(const unified::OrderName& name) const {
  return const_cast<OwnView*>(this)->find(name.id, name.client_order_id);
}

void OwnView::forget_oldest(std::string name) {
  ended_.push_back(std::move(name));
  if (ended_.size() <= kEndedMax) return;
  const auto at = orders_.find(ended_.front());
  if (at != orders_.end() && !at->second.is_live()) {
    names_.erase(at->second.row.id);
    orders_.erase(at);
  }
  ended_.pop_front();
}

// ---- what this client does ----------------------------------------------------------------------

void OwnView::begin_placing(const unified::NewOrder& order, Timestamp now) {
  const auto [at, is_new] = orders_.try_emplace(order.client_order_id);
  OwnOrder& own = at->second;
  ++own.calls;
  touch(own);
  const bool never_was = own.row.state == OrderState::rejected && own.row.id.empty();
  if (!is_new && !never_was) return;  // The name is taken, and the venue will say so.
  own.row = row_of(order);
  own.standing = Standing::unknown;
  own.since = now;
}

void OwnView::begin(const unified::OrderName& name) {
  OwnOrder* own = find(name.id, name.client_order_id);
  if (!own) return;
  ++own->calls;
  touch(*own);
}

void OwnView::end(Deed deed, const OrderRow& asked, Kind outcome, gateway::Verdict verdict,
                  std::string_view why) {
  OwnOrder* own = find(asked.id, asked.client_order_id);
  if (!own || own->calls == 0) return;
  --own->calls;
  touch(*own);
  if (outcome == Kind::unknown) {
    // Unless the venue has shown it in the meantime.
    const bool is_shown = deed == Deed::place && own->row.updated > Timestamp{};
    if (own->is_live() && !is_shown) own->standing = Standing::unknown;
  } else if (outcome == Kind::refused && deed == Deed::place) {
    const bool is_another = verdict == gateway::Verdict::duplicate_client_order_id;
    if (own->standing != Standing::unknown || is_another) return;
    settle(name_of(own->row), OrderState::rejected, std::string(why));
  } else if (outcome == Kind::refused) {
    // Then it has ended, and how is for the venue to tell.
    const bool is_gone = verdict == gateway::Verdict::unknown_order;
    if (is_gone && own->is_live()) own->standing = Standing::unknown;
  } else if (deed == Deed::place) {
    names_[asked.id] = name_of(own->row);
    own->row.id = asked.id;
    own->standing = Standing::known;
  } else if (own->is_live() && deed == Deed::change) {
    own->row.quantity = asked.quantity;
    own->row.price = asked.price;
    own->row.trigger_price = asked.trigger_price;
  } else if (own->is_live()) {
    own->row.state = OrderState::cancelled;
    own->standing = Standing::acknowledged;
    forget_oldest(name_of(own->row));
  }
}

// ---- what the venue tells -----------------------------------------------------------------------

// Positions and balances are told apart from orders, sooner or later. Until then it is remembered
// that an own order has moved them.
void OwnView::note_traded(const OwnOrder& own, Decimal filled_before) {
  const Decimal traded = plus(own.row.filled, negated(filled_before));
  if (traded.units == 0) return;
  const std::string_view symbol = own.row.symbol;
  const std::size_t slash = symbol.find('/');
  const std::size_t colon = symbol.find(':');
  if (colon == std::string_view::npos) {
    move(symbol.substr(0, slash));
    if (slash != std::string_view::npos) move(symbol.substr(slash + 1));
    return;
  }
  move(symbol.substr(colon + 1));
  OwnPosition& position = positions_[own.row.symbol];
  position.is_told |= knows_positions_;  // As none, then.
  position.traded = plus(position.traded, own.row.side == Side::buy ? traded : negated(traded));
  position.touched = ++revision_;
}

void OwnView::move(std::string_view asset) {
  OwnBalance& balance = balances_[std::string(asset)];
  balance.row.asset = asset;
  balance.has_moved = true;
  balance.touched = ++revision_;
}

void OwnView::replace(OwnOrder& own, const OrderRow& row, Decimal filled) {
  const Decimal filled_before = own.row.filled;
  const bool was_live = own.is_live();
  const std::string client_order_id = own.row.client_order_id;
  own.row = row;
  own.row.client_order_id = client_order_id;
  own.row.filled = filled;
  own.standing = Standing::known;
  if (!row.id.empty()) names_[row.id] = name_of(own.row);
  touch(own);
  if (was_live && !own.is_live()) forget_oldest(name_of(own.row));
  note_traded(own, filled_before);
}

bool OwnView::take(const OrderRow& row) {
  OwnOrder* own = find(row.id, row.client_order_id);
  if (!own) return false;
  const bool is_late = row.updated < own->row.updated;
  // An order that has ended does not come back; that it had filled more by then may be news.
  const bool is_over = !own->is_live() && !has_ended(row.state);
  const bool has_filled_more = compare(row.filled, own->row.filled) > 0;
  const bool is_repeated = row.updated == own->row.updated && row.state == own->row.state;
  if ((is_late || is_over || is_repeated) && !has_filled_more) return false;
  if (is_late || is_over) {
    const Decimal filled_before = own->row.filled;
    own->row.filled = row.filled;
    own->row.average_price = row.average_price;
    touch(*own);
    note_traded(*own, filled_before);
    return true;
  }
  replace(*own, row, larger(row.filled, own->row.filled));
  return true;
}

bool OwnView::take(const unified::FillRow& fill) {
  OwnOrder* own = find(fill.order, fill.client_order_id);
  if (!own || !own->fills.insert(fill.id).second) return false;
  own->filled_by_fills = plus(own->filled_by_fills, fill.quantity);
  touch(*own);
  if (!fill.fee_asset.empty() && fill.fee.units != 0) move(fill.fee_asset);
  if (compare(own->filled_by_fills, own->row.filled) <= 0) return true;
  const Decimal filled_before = std::exchange(own->row.filled, own->filled_by_fills);
  note_traded(*own, filled_before);
  if (own->is_live() && compare(own->row.filled, own->row.quantity) >= 0) {
    own->row.state = OrderState::filled;
    own->standing = Standing::known;
    forget_oldest(name_of(own->row));
  }
  return true;
}

void OwnView::take(const unified::PositionRow& row) {
  adopt_position(row.symbol, row.side == Side::buy ? row.quantity : negated(row.quantity));
}

void OwnView::take(const unified::AssetBalance& row) {
  balances_[row.asset] = {.row = row, .has_moved = false, .touched = ++revision_};
}

// ---- what is settled ----------------------------------------------------------------------------

void OwnView::adopt(const OrderRow& row, Timestamp now) {
  OwnOrder* own = find(row.id, row.client_order_id);
  if (own) return replace(*own, row, row.filled);
  OwnOrder& found = orders_[name_of(row)];
  found.row = row;
  found.since = now;
  names_[row.id] = name_of(row);
  touch(found);
  if (!found.is_live()) forget_oldest(name_of(row));
}

void OwnView::adopt_position(std::string_view symbol, Decimal size) {
  positions_[std::string(symbol)] = {
      .size = size, .traded = {}, .is_told = true, .touched = ++revision_};
}

void OwnView::settle(const std::string& name, OrderState state, std::string reason) {
  const auto at = orders_.find(name);
  if (at == orders_.end()) return;
  OwnOrder& own = at->second;
  const bool was_live = own.is_live();
  own.standing = Standing::known;
  touch(own);
  if (!was_live) return;
  own.row.state = state;
  own.row.reason = std::move(reason);
  forget_oldest(name);
}

void OwnView::mark_missing(const std::string& name) {
  const auto at = orders_.find(name);
  if (at == orders_.end()) return;
  at->second.standing = Standing::missing;
  touch(at->second);
}

}  // namespace venuebox::client
