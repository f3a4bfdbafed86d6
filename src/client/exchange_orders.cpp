// Orders placed, changed and cancelled, and looked for where their answer is lost.
#include <algorithm>

#include "client/exchange_calls.h"

namespace venuebox::client {
using gateway::ClientRequest;
using gateway::ClientResponse;
using gateway::Verdict;
using Kind = CallOutcome::Kind;

namespace {
unified::OrderRow named(const unified::OrderName& name) {
  unified::OrderRow row;
  row.id = name.id;
  row.client_order_id = name.client_order_id;
  return row;
}
}  // namespace

void Exchange::create_order(unified::NewOrder order, Then<PlacedOrder> then) {
  const unified::Market* market = find_or_refuse(order.symbol, then);
  if (!market) return;
  if (order.client_order_id.empty()) order.client_order_id = next_client_order_id();
  auto request = dialect_.create_order(order, *market);
  if (!request) return refuse<PlacedOrder>(request.error().text(), then);
  if (keeps_own_view_) own_.begin_placing(order, scheduler_.now());
  auto told = [this, then = std::move(then)](Reply<PlacedOrder> reply, const PlacedOrder& placed) {
    if (keeps_own_view_) {
      own_.end(OwnView::Deed::place, named({placed.id, placed.client_order_id}), reply.kind,
               reply.verdict, reply.text);
    }
    then(std::move(reply));
  };
  ask<std::string>(
      std::move(*request), true, dialect_.read_created_order,
      [this, market = *market, name = order.client_order_id,
       told = std::move(told)](Reply<std::string> reply) {
        const PlacedOrder placed{.id = reply.value.value_or(""), .client_order_id = name};
        if (reply.kind == Kind::unknown) {
          return settle(market, placed, std::move(reply.text), [told](Reply<PlacedOrder> found) {
            const PlacedOrder as_found = found.value.value_or(PlacedOrder{});
            told(std::move(found), as_found);
          });
        }
        Reply<PlacedOrder> answer{.kind = reply.kind,
                                  .value = std::nullopt,
                                  .verdict = reply.verdict,
                                  .text = std::move(reply.text),
                                  .transport_error = reply.transport_error,
                                  .retry_after = reply.retry_after};
        if (answer) answer.value = placed;
        told(std::move(answer), placed);
      });
}

// Looks for an order whose answer is lost, once it has had the time to arrive.
void Exchange::settle(const unified::Market& market, PlacedOrder order, std::string why,
                      Then<PlacedOrder> then) {
  const auto look = [this, symbol = market.symbol, order, why, then] {
    fetch_order(symbol, {.id = {}, .client_order_id = order.client_order_id},
                [this, order, why, then](Reply<unified::OrderRow> found) mutable {
                  Reply<PlacedOrder> told{.kind = Kind::answered, .value = order};
                  if (found) {
                    told.value->id = found.value->id;
                    own_.take(*found.value);
                  } else if (found.verdict == Verdict::unknown_order) {
                    told.kind = Kind::refused;
                    told.text = fmt::format("{}; the venue has not got it", why);
                  } else {
                    told.kind = Kind::unknown;
                    told.text = fmt::format("{}; looking for it: {}", why, found.text);
                  }
                  then(std::move(told));
                });
  };
  scheduler_.after(settings_.settle_after, [alive = alive_, look] {
    if (*alive) look();
  });
}

void Exchange::edit_order(const unified::OrderRow& changed, Then<PlacedOrder> then) {
  const unified::Market* market = find_or_refuse(changed.symbol, then);
  if (!market) return;
  auto request = dialect_.edit_order(*market, changed);
  if (!request) return refuse<PlacedOrder>(request.error().text(), then);
  const PlacedOrder name{.id = changed.id, .client_order_id = changed.client_order_id};
  own_.begin({.id = changed.id, .client_order_id = changed.client_order_id});
  ask<PlacedOrder>(
      std::move(*request), true,
      [name](const ClientResponse&) -> Result<PlacedOrder> { return name; },
      [this, changed, then = std::move(then)](Reply<PlacedOrder> reply) {
        own_.end(OwnView::Deed::change, changed, reply.kind, reply.verdict, reply.text);
        then(std::move(reply));
      });
}

void Exchange::cancel_order(std::string_view symbol, const unified::OrderName& name,
                            Then<PlacedOrder> then) {
  const unified::Market* market = find_or_refuse(symbol, then);
  if (!market) return;
  auto request = dialect_.cancel_order(*market, name);
  if (!request) return refuse<PlacedOrder>(request.error().text(), then);
  const PlacedOrder cancelled{.id = name.id, .client_order_id = name.client_order_id};
  own_.begin(name);
  ask<PlacedOrder>(
      std::move(*request), true,
      [cancelled](const ClientResponse&) -> Result<PlacedOrder> { return cancelled; },
      [this, name, then = std::move(then)](Reply<PlacedOrder> reply) {
        own_.end(OwnView::Deed::cancel, named(name), reply.kind, reply.verdict, reply.text);
        then(std::move(reply));
      });
}

// ---- all at once --------------------------------------------------------------------------------

void Exchange::cancel_all_orders(std::string_view symbol, Then<Nothing> then) {
  const unified::Market* market = find_or_refuse(symbol, then);
  if (!market) return;
  std::vector<unified::OrderName> mine;
  for (const auto& [name, own] : own_.orders()) {
    if (own.row.symbol == symbol && own.is_live()) mine.push_back({own.row.id, name});
  }
  for (const unified::OrderName& name : mine)
    own_.begin(name);
  std::vector<ClientRequest> requests = dialect_.cancel_all_orders(*market);
  std::ranges::reverse(requests);
  cancel_next(std::move(requests), {.kind = Kind::answered, .value = Nothing{}},
              [this, mine = std::move(mine), then = std::move(then)](Reply<Nothing> reply) {
                for (const unified::OrderName& name : mine)
                  own_.end(OwnView::Deed::cancel, named(name), reply.kind, reply.verdict,
                           reply.text);
                then(std::move(reply));
              });
}

// What is worst of all answers is the answer: unknown, then refused.
void Exchange::cancel_next(std::vector<ClientRequest> left, Reply<Nothing> so_far,
                           Then<Nothing> then) {
  if (left.empty()) return then(std::move(so_far));
  ClientRequest request = std::move(left.back());
  left.pop_back();
  ask<Nothing>(
      std::move(request), true, [](const ClientResponse&) -> Result<Nothing> { return Nothing{}; },
      [this, left = std::move(left), so_far = std::move(so_far),
       then = std::move(then)](Reply<Nothing> reply) mutable {
        if (reply.kind > so_far.kind) so_far = std::move(reply);
        cancel_next(std::move(left), std::move(so_far), std::move(then));
      });
}

void Exchange::close_position(std::string_view symbol, Then<PlacedOrder> then) {
  if (!find_or_refuse(symbol, then)) return;
  fetch_positions([this, name = std::string(symbol),
                   then = std::move(then)](Reply<std::vector<unified::PositionRow>> reply) {
    const auto refused = [&](std::string text) {
      then({.kind = Kind::refused,
            .value = std::nullopt,
            .verdict = reply.verdict,
            .text = std::move(text)});
    };
    if (!reply) return refused(reply.text);
    std::vector<unified::PositionRow> held;
    for (const unified::PositionRow& row : *reply.value) {
      if (row.symbol == name && row.quantity.units > 0) held.push_back(row);
    }
    if (held.empty()) return refused(fmt::format("there is no position in {}", name));
    if (held.size() > 1) {
      return refused(fmt::format("{} is held on both sides; close one by an order", name));
    }
    create_order({.symbol = name,
                  .side = held[0].side == Side::buy ? Side::sell : Side::buy,
                  .type = OrderType::market,
                  .quantity = held[0].quantity,
                  .is_reduce_only = true},
                 then);
  });
}

}  // namespace venuebox::client
