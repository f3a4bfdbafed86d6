#include "client/exchange.h"

#include <algorithm>

#include <fmt/format.h>

namespace venuebox::client {
namespace {
using gateway::ClientRequest;
using gateway::ClientResponse;
using gateway::Verdict;
using Kind = CallOutcome::Kind;

constexpr int kPagesMax = 20;  // of one list

// What a failed call means to its caller.
template <class T>
Reply<T> failure_of(const CallOutcome& outcome) {
  return {.kind = outcome.kind,
          .value = std::nullopt,
          .verdict = outcome.answer.verdict,
          .text = outcome.text};
}
}  // namespace

Exchange::Exchange(const gateway::ClientDialect& dialect, std::optional<gateway::ClientKeys> keys,
                   Transport& transport, Scheduler& scheduler, ExchangeSettings settings)
    : dialect_(dialect),
      scheduler_(scheduler),
      settings_(std::move(settings)),
      caller_(dialect, std::move(keys), transport, scheduler, settings_.caller) {}

// ---- what all calls share -----------------------------------------------------------------------

const unified::Market* Exchange::find(std::string_view symbol) const {
  const auto at = std::ranges::find(markets_, symbol, &unified::Market::symbol);
  return at == markets_.end() ? nullptr : &*at;
}

template <class T>
void Exchange::refuse(std::string text, const Then<T>& then) {
  scheduler_.after({}, [alive = alive_, then, text = std::move(text)] {
    if (*alive) then(Reply<T>{.kind = Kind::refused, .value = std::nullopt, .text = text});
  });
}

template <class T>
const unified::Market* Exchange::find_or_refuse(std::string_view symbol, const Then<T>& then) {
  const unified::Market* market = find(symbol);
  if (!market) {
    refuse<T>(markets_.empty() ? std::string("markets are not loaded yet; call load_markets first")
                               : fmt::format("{} lists no market '{}'; load_markets tells which",
                                             dialect_.name, symbol),
              then);
  }
  return market;
}

// An answer that does not hold what it must is as good as none.
template <class T, class Read>
void Exchange::ask(ClientRequest request, bool is_trading, Read read, Then<T> then) {
  caller_.call(std::move(request), is_trading,
               [read, is_trading, then = std::move(then)](CallOutcome outcome) {
                 if (outcome.kind != Kind::answered) return then(failure_of<T>(outcome));
                 Result<T> value = read(outcome.response);
                 if (value) return then({.kind = Kind::answered, .value = std::move(*value)});
                 then({.kind = is_trading ? Kind::unknown : Kind::refused,
                       .value = std::nullopt,
                       .verdict = Verdict::garbled,
                       .text = value.error().text()});
               });
}

template <class Row, class Read>
void Exchange::ask_pages(ClientRequest request, Read read, std::vector<Row> rows, int pages,
                         Then<std::vector<Row>> then) {
  caller_.call(request, false,
               [this, request, read, rows = std::move(rows), pages,
                then = std::move(then)](CallOutcome outcome) mutable {
                 if (outcome.kind != Kind::answered)
                   return then(failure_of<std::vector<Row>>(outcome));
                 Result<std::vector<Row>> page = read(outcome.response);
                 if (!page) {
                   return then({.kind = Kind::refused,
                                .value = std::nullopt,
                                .verdict = Verdict::garbled,
                                .text = page.error().text()});
                 }
                 rows.insert(rows.end(), std::make_move_iterator(page->begin()),
                             std::make_move_iterator(page->end()));
                 auto next = dialect_.next_page ? dialect_.next_page(request, outcome.response)
                                                : std::nullopt;
                 if (next && pages < kPagesMax) {
                   return ask_pages<Row>(std::move(*next), read, std::move(rows), pages + 1,
                                         std::move(then));
                 }
                 then({.kind = Kind::answered, .value = std::move(rows)});
               });
}

// ---- market data --------------------------------------------------------------------------------

void Exchange::load_markets(Then<std::vector<unified::Market>> then) {
  auto left = std::make_shared<std::vector<ClientRequest>>(dialect_.fetch_markets());
  std::ranges::reverse(*left);
  load_next(std::move(left), std::make_shared<std::vector<ClientResponse>>(), std::move(then));
}

void Exchange::load_next(std::shared_ptr<std::vector<ClientRequest>> left,
                         std::shared_ptr<std::vector<ClientResponse>> answers,
                         Then<std::vector<unified::Market>> then) {
  if (left->empty()) {
    auto markets = dialect_.read_markets(*answers);
    if (!markets) {
      return then({.kind = Kind::refused,
                   .value = std::nullopt,
                   .verdict = Verdict::garbled,
                   .text = markets.error().text()});
    }
    markets_ = std::move(*markets);
    return then({.kind = Kind::answered, .value = markets_});
  }
  const ClientRequest request = std::move(left->back());
  left->pop_back();
  caller_.call(
      request, false, [this, request, left, answers, then = std::move(then)](CallOutcome outcome) {
        if (outcome.kind != Kind::answered) {
          return then(failure_of<std::vector<unified::Market>>(outcome));
        }
        auto next =
            dialect_.next_page ? dialect_.next_page(request, outcome.response) : std::nullopt;
        answers->push_back(std::move(outcome.response));
        if (next && answers->size() < kPagesMax) left->push_back(std::move(*next));
        load_next(left, answers, then);
      });
}

// A price is never invented: where none comes, the one before is stale, and without one there is
// none.
void Exchange::fetch_ticker(std::string_view symbol, Then<unified::Ticker> then) {
  const unified::Market* market = find_or_refuse(symbol, then);
  if (!market) return;
  const auto read = [this, market = *market](const ClientResponse& response) {
    return dialect_.read_ticker(response, market);
  };
  ask<unified::Ticker>(
      dialect_.fetch_ticker(*market), false, read,
      [this, name = std::string(symbol), then = std::move(then)](Reply<unified::Ticker> reply) {
        unified::Ticker& known = tickers_[name];
        if (reply) {
          reply.value->origin = settings_.origin;
          known = *reply.value;
        } else {
          if (known.origin != unified::Origin::unavailable) known.origin = unified::Origin::stale;
          known.symbol = name;
          reply.value = known;
        }
        then(std::move(reply));
      });
}

void Exchange::fetch_order_book(std::string_view symbol, int levels,
                                Then<unified::OrderBook> then) {
  const unified::Market* market = find_or_refuse(symbol, then);
  if (!market) return;
  const auto read = [this, market = *market](const ClientResponse& response) {
    auto book = dialect_.read_order_book(response, market);
    if (book) book->origin = settings_.origin;
    return book;
  };
  ask<unified::OrderBook>(dialect_.fetch_order_book(*market, levels), false, read, std::move(then));
}

void Exchange::fetch_trades(std::string_view symbol, int limit,
                            Then<std::vector<unified::PublicTrade>> then) {
  const unified::Market* market = find_or_refuse(symbol, then);
  if (!market) return;
  const auto read = [this, market = *market](const ClientResponse& response) {
    return dialect_.read_trades(response, market);
  };
  ask<std::vector<unified::PublicTrade>>(dialect_.fetch_trades(*market, limit), false, read,
                                         std::move(then));
}

void Exchange::fetch_ohlcv(std::string_view symbol, int minutes, int limit,
                           Then<std::vector<unified::Candle>> then) {
  const unified::Market* market = find_or_refuse(symbol, then);
  if (!market) return;
  const auto read = [this, market = *market](const ClientResponse& response) {
    return dialect_.read_ohlcv(response, market);
  };
  ask<std::vector<unified::Candle>>(dialect_.fetch_ohlcv(*market, minutes, limit), false, read,
                                    std::move(then));
}

// ---- an account's own ---------------------------------------------------------------------------

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
                                       .text = found.text};
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

// ---- trading ------------------------------------------------------------------------------------

void Exchange::create_order(unified::NewOrder order, Then<PlacedOrder> then) {
  const unified::Market* market = find_or_refuse(order.symbol, then);
  if (!market) return;
  if (order.client_order_id.empty()) {
    order.client_order_id = fmt::format("{}-{}", settings_.order_id_prefix, ++orders_named_);
  }
  auto request = dialect_.create_order(order, *market);
  if (!request) return refuse<PlacedOrder>(request.error().text(), then);
  ask<std::string>(std::move(*request), true, dialect_.read_created_order,
                   [this, market = *market, name = order.client_order_id,
                    then = std::move(then)](Reply<std::string> reply) {
                     PlacedOrder placed{.id = reply.value.value_or(""), .client_order_id = name};
                     if (reply.kind == Kind::unknown) {
                       return settle(market, std::move(placed), std::move(reply.text), then);
                     }
                     Reply<PlacedOrder> told{.kind = reply.kind,
                                             .value = std::nullopt,
                                             .verdict = reply.verdict,
                                             .text = std::move(reply.text)};
                     if (told) told.value = std::move(placed);
                     then(std::move(told));
                   });
}

// Looks for an order whose answer is lost, once it has had the time to arrive.
void Exchange::settle(const unified::Market& market, PlacedOrder order, std::string why,
                      Then<PlacedOrder> then) {
  const auto look = [this, symbol = market.symbol, order, why, then] {
    fetch_order(symbol, {.id = {}, .client_order_id = order.client_order_id},
                [order, why, then](Reply<unified::OrderRow> found) mutable {
                  Reply<PlacedOrder> told{.kind = Kind::answered, .value = order};
                  if (found) {
                    told.value->id = found.value->id;
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
  ask<PlacedOrder>(
      std::move(*request), true,
      [name](const ClientResponse&) -> Result<PlacedOrder> { return name; }, std::move(then));
}

void Exchange::cancel_order(std::string_view symbol, const unified::OrderName& name,
                            Then<PlacedOrder> then) {
  const unified::Market* market = find_or_refuse(symbol, then);
  if (!market) return;
  auto request = dialect_.cancel_order(*market, name);
  if (!request) return refuse<PlacedOrder>(request.error().text(), then);
  const PlacedOrder cancelled{.id = name.id, .client_order_id = name.client_order_id};
  ask<PlacedOrder>(
      std::move(*request), true,
      [cancelled](const ClientResponse&) -> Result<PlacedOrder> { return cancelled; },
      std::move(then));
}

}  // namespace venuebox::client
