// What an account has, and what became of its orders.
#include <algorithm>

#include "client/exchange_calls.h"

namespace venuebox::client {
using gateway::ClientRequest;
using gateway::ClientResponse;
using gateway::Verdict;
using Kind = CallOutcome::Kind;

void Exchange::fetch_balance(Then<unified::Balances> then) {
  const auto read = [this](const ClientResponse& response) -> Result<unified::Balances> {
    auto assets = dialect_.read_balance(response);
    if (!assets) return assets.error();
    return unified::Balances{.is_available = true, .assets = std::move(*assets)};
  };
  ask<unified::Balances>(dialect_.fetch_balance(), false, read,
                         [then = std::move(then)](Reply<unified::Balances> reply) {
                           if (!reply) reply.value = unified::Balances{};
                           then(std::move(reply));
                         });
}

void Exchange::fetch_positions(Then<std::vector<unified::PositionRow>> then) {
  const auto read = [this](const ClientResponse& response) {
    return dialect_.read_positions(response, markets_);
  };
  ask_pages<unified::PositionRow>(dialect_.fetch_positions(), read, {}, 1, std::move(then));
}

void Exchange::fetch_open_orders(std::string_view symbol,
                                 Then<std::vector<unified::OrderRow>> then) {
  const unified::Market* market = find_or_refuse(symbol, then);
  if (!market) return;
  const auto read = [this](const ClientResponse& response) {
    return dialect_.read_orders(response, markets_);
  };
  ask_pages<unified::OrderRow>(dialect_.fetch_open_orders(*market), read, {}, 1, std::move(then));
}

void Exchange::fetch_order(std::string_view symbol, const unified::OrderName& name,
                           Then<unified::OrderRow> then) {
  const unified::Market* market = find_or_refuse(symbol, then);
  if (!market) return;
  auto request = dialect_.fetch_order(*market, name);
  if (!request) return refuse<unified::OrderRow>(request.error().text(), then);
  const auto read = [this](const ClientResponse& response) {
    return dialect_.read_orders(response, markets_);
  };
  ask<std::vector<unified::OrderRow>>(
      std::move(*request), false, read,
      [then = std::move(then)](Reply<std::vector<unified::OrderRow>> found) {
        Reply<unified::OrderRow> reply{.kind = found.kind,
                                       .value = std::nullopt,
                                       .verdict = found.verdict,
                                       .text = found.text,
                                       .transport_error = found.transport_error,
                                       .retry_after = found.retry_after};
        if (found && found.value->empty()) {
          reply.kind = Kind::refused;
          reply.verdict = Verdict::unknown_order;
          reply.text = "the venue knows no such order";
        } else if (found) {
          reply.value = std::move(found.value->front());
        }
        then(std::move(reply));
      });
}

// An order that ends between the two questions is in both lists.
void Exchange::fetch_orders(std::string_view symbol, int limit,
                            Then<std::vector<unified::OrderRow>> then) {
  using Rows = std::vector<unified::OrderRow>;
  const unified::Market* market = find_or_refuse(symbol, then);
  if (!market) return;
  fetch_open_orders(symbol, [this, market = *market, limit, then](Reply<Rows> open) {
    if (!open) return then(std::move(open));
    const auto read = [this](const ClientResponse& response) {
      return dialect_.read_orders(response, markets_);
    };
    ask<Rows>(dialect_.fetch_closed_orders(market, limit), false, read,
              [open = std::move(open), then](Reply<Rows> closed) {
                if (!closed) return then(std::move(closed));
                for (const unified::OrderRow& row : *open.value) {
                  if (std::ranges::find(*closed.value, row.id, &unified::OrderRow::id) ==
                      closed.value->end()) {
                    closed.value->push_back(row);
                  }
                }
                closed.is_cut = open.is_cut;
                then(std::move(closed));
              });
  });
}

void Exchange::fetch_my_trades(std::string_view symbol, int limit,
                               Then<std::vector<unified::FillRow>> then) {
  const unified::Market* market = find_or_refuse(symbol, then);
  if (!market) return;
  const auto read = [this](const ClientResponse& response) {
    return dialect_.read_my_trades(response, markets_);
  };
  ask<std::vector<unified::FillRow>>(dialect_.fetch_my_trades(*market, limit), false, read,
                                     std::move(then));
}

// ---- what an order needs ------------------------------------------------------------------------

void Exchange::set_leverage(std::string_view symbol, const Decimal& leverage, Then<Nothing> then) {
  const unified::Market* market = find_or_refuse(symbol, then);
  if (!market) return;
  auto request = dialect_.set_leverage(*market, leverage);
  if (!request) return refuse<Nothing>(request.error().text(), then);
  ask<Nothing>(
      std::move(*request), true, [](const ClientResponse&) -> Result<Nothing> { return Nothing{}; },
      [this, name = std::string(symbol), leverage, then](Reply<Nothing> reply) {
        if (reply) leverages_[name] = leverage;
        if (reply.kind == Kind::unknown) leverages_.erase(name);
        then(std::move(reply));
      });
}

void Exchange::can_execute_order(const unified::NewOrder& order, Then<OrderCheck> then) {
  const auto tell = [this, then](OrderCheck check) {
    scheduler_.after({}, [alive = alive_, then, check = std::move(check)] {
      if (*alive) then({.kind = Kind::answered, .value = check});
    });
  };
  using Reason = OrderCheck::Reason;
  if (!trading_enabled()) return tell({Reason::read_only, missing()});
  const unified::Market* market = find(order.symbol);
  if (!market) {
    return tell({Reason::unknown_market,
                 markets_.empty()
                     ? std::string(kNotLoaded)
                     : fmt::format("{} lists no market '{}'", dialect_.name, order.symbol)});
  }
  const auto known = tickers_.find(order.symbol);
  std::optional<Decimal> price;
  if (known != tickers_.end()) {
    price = order.side == Side::buy ? known->second.ask : known->second.bid;
  }
  OrderCheck terms = check_terms(order, *market, price);
  if (!terms) return tell(std::move(terms));
  const auto set = leverages_.find(order.symbol);
  const auto leverage = set == leverages_.end() ? std::nullopt : std::optional(set->second);
  fetch_balance([order, market = *market, price, leverage, then](Reply<unified::Balances> reply) {
    if (!reply) {
      return then({.kind = Kind::answered,
                   .value = OrderCheck{Reason::balance_unavailable, std::move(reply.text)}});
    }
    then({.kind = Kind::answered,
          .value = check_funds(order, market, price, leverage, reply.value->assets)});
  });
}

}  // namespace venuebox::client
