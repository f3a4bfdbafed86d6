// The blocking front of an Exchange: runs the loop until a call is answered.
#pragma once

#include "client/exchange.h"
#include "net/loop.h"

namespace venuebox::client {

// `start` is given what the call will answer to:
//   blocking<unified::Ticker>(loop, [&](auto then) { exchange.fetch_ticker(symbol, then); })
template <class T, class Start>
Reply<T> blocking(net::Loop& loop, const Start& start) {
  auto reply = std::make_shared<std::optional<Reply<T>>>();
  start(Then<T>([reply](Reply<T> given) { *reply = std::move(given); }));
  while (!*reply)
    loop.turn(seconds(1));
  return std::move(**reply);
}

// The calls of an Exchange, each in one go. Not to be used from within what the loop calls.
class BlockingExchange {
 public:
  // Both outlive it.
  BlockingExchange(net::Loop& loop, Exchange& exchange) : loop_(loop), exchange_(exchange) {}

  Reply<std::vector<unified::Market>> load_markets() {
    return wait<std::vector<unified::Market>>([&](auto then) { exchange_.load_markets(then); });
  }
  Reply<unified::Ticker> fetch_ticker(std::string_view symbol) {
    return wait<unified::Ticker>([&](auto then) { exchange_.fetch_ticker(symbol, then); });
  }
  Reply<unified::OrderBook> fetch_order_book(std::string_view symbol, int levels) {
    return wait<unified::OrderBook>(
        [&](auto then) { exchange_.fetch_order_book(symbol, levels, then); });
  }
  Reply<std::vector<unified::PublicTrade>> fetch_trades(std::string_view symbol, int limit) {
    return wait<std::vector<unified::PublicTrade>>(
        [&](auto then) { exchange_.fetch_trades(symbol, limit, then); });
  }
  Reply<std::vector<unified::Candle>> fetch_ohlcv(std::string_view symbol, int minutes, int limit) {
    return wait<std::vector<unified::Candle>>(
        [&](auto then) { exchange_.fetch_ohlcv(symbol, minutes, limit, then); });
  }
  Reply<unified::Balances> fetch_balance() {
    return wait<unified::Balances>([&](auto then) { exchange_.fetch_balance(then); });
  }
  Reply<std::vector<unified::PositionRow>> fetch_positions() {
    return wait<std::vector<unified::PositionRow>>(
        [&](auto then) { exchange_.fetch_positions(then); });
  }
  Reply<std::vector<unified::OrderRow>> fetch_open_orders(std::string_view symbol) {
    return wait<std::vector<unified::OrderRow>>(
        [&](auto then) { exchange_.fetch_open_orders(symbol, then); });
  }
  Reply<unified::OrderRow> fetch_order(std::string_view symbol, const unified::OrderName& name) {
    return wait<unified::OrderRow>([&](auto then) { exchange_.fetch_order(symbol, name, then); });
  }
  Reply<std::vector<unified::FillRow>> fetch_my_trades(std::string_view symbol, int limit) {
    return wait<std::vector<unified::FillRow>>(
        [&](auto then) { exchange_.fetch_my_trades(symbol, limit, then); });
  }
  Reply<PlacedOrder> create_order(const unified::NewOrder& order) {
    return wait<PlacedOrder>([&](auto then) { exchange_.create_order(order, then); });
  }
  Reply<PlacedOrder> edit_order(const unified::OrderRow& changed) {
    return wait<PlacedOrder>([&](auto then) { exchange_.edit_order(changed, then); });
  }
  Reply<PlacedOrder> cancel_order(std::string_view symbol, const unified::OrderName& name) {
    return wait<PlacedOrder>([&](auto then) { exchange_.cancel_order(symbol, name, then); });
  }

 private:
  template <class T, class Start>
  Reply<T> wait(const Start& start) {
    return blocking<T>(loop_, start);
  }

  net::Loop& loop_;
  Exchange& exchange_;
};

}  // namespace venuebox::client
