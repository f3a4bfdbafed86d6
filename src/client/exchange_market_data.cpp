// Markets, prices, trades and candles: what needs no keys.
#include <algorithm>

#include "client/exchange_calls.h"

namespace venuebox::client {
using gateway::ClientRequest;
using gateway::ClientResponse;
using gateway::Verdict;
using Kind = CallOutcome::Kind;

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

void Exchange::fetch_time(Then<Timestamp> then) {
  ask<Timestamp>(dialect_.fetch_time(), false, dialect_.read_time, std::move(then));
}

// A price is never invented: where none comes, the one before is stale, and without one there is
// none.
unified::Ticker Exchange::as_known(const std::string& symbol) {
  unified::Ticker& known = tickers_[symbol];
  if (known.origin != unified::Origin::unavailable) known.origin = unified::Origin::stale;
  known.symbol = symbol;
  return known;
}

void Exchange::fetch_ticker(std::string_view symbol, Then<unified::Ticker> then) {
  const unified::Market* market = find_or_refuse(symbol, then);
  if (!market) return;
  const auto read = [this, market = *market](const ClientResponse& response) {
    return dialect_.read_ticker(response, market);
  };
  ask<unified::Ticker>(
      dialect_.fetch_ticker(*market), false, read,
      [this, name = std::string(symbol), then = std::move(then)](Reply<unified::Ticker> reply) {
        if (reply) {
          reply.value->origin = settings_.origin;
          tickers_[name] = *reply.value;
        } else {
          reply.value = as_known(name);
        }
        then(std::move(reply));
      });
}

void Exchange::fetch_tickers(Then<std::vector<unified::Ticker>> then) {
  using Tickers = std::vector<unified::Ticker>;
  if (markets_.empty()) return refuse<Tickers>(kNotLoaded, then);
  load_next_tickers(dialect_.fetch_tickers(), {}, [this, then](Reply<Tickers> reply) {
    if (reply) return then(std::move(reply));
    reply.value.emplace();
    for (const unified::Market& market : markets_)
      reply.value->push_back(as_known(market.symbol));
    then(std::move(reply));
  });
}

void Exchange::load_next_tickers(std::vector<ClientRequest> left,
                                 std::vector<unified::Ticker> tickers,
                                 Then<std::vector<unified::Ticker>> then) {
  using Tickers = std::vector<unified::Ticker>;
  if (left.empty()) {
    for (unified::Ticker& ticker : tickers) {
      ticker.origin = settings_.origin;
      tickers_[ticker.symbol] = ticker;
    }
    return then({.kind = Kind::answered, .value = std::move(tickers)});
  }
  const auto read = [this](const ClientResponse& response) {
    return dialect_.read_tickers(response, markets_);
  };
  ClientRequest request = std::move(left.back());
  left.pop_back();
  ask<Tickers>(std::move(request), false, read,
               [this, left = std::move(left), tickers = std::move(tickers),
                then = std::move(then)](Reply<Tickers> reply) mutable {
                 if (!reply) return then(std::move(reply));
                 tickers.insert(tickers.end(), reply.value->begin(), reply.value->end());
                 load_next_tickers(std::move(left), std::move(tickers), std::move(then));
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
  ask<std::vector<unified::Candle>>(dialect_.fetch_ohlcv(*market, minutes, limit, scheduler_.now()),
                                    false, read, std::move(then));
}

}  // namespace venuebox::client
