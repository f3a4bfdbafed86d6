// The blocking front of an Exchange: runs the loop until a call is answered.
#pragma once

#include "client/order_entry.h"
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
  // All of these outlive it.
  //   orders  where orders go in; null: straight to the exchange
  BlockingExchange(net::Loop& loop, Exchange& exchange, OrderEntry* orders = nullptr)
      : loop_(loop), exchange_(exchange), orders_(orders) {}

  Reply<std::vector<unified::Market>> load_markets() {
    return wait<std::vector<unified::Market>>([&](auto then) { exchange_.load_markets(then); });
  }
  Reply<Timestamp> fetch_time() {
    return wait<Timestamp>([&](auto then) { exchange_.fetch_time(then); });
  }
  Reply<std::vector<unified::Ticker>> fetch_tickers() {
    return wait<std::vector<unified::Ticker>>([&](auto then) { exchange_.fetch_tickers(then); });
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
  Reply<std::vector<unified::OrderRow>> fetch_orders(std::string_view symbol, int limit) {
    return wait<std::vector<unified::OrderRow>>(
        [&](auto then) { exchange_.fetch_orders(symbol, limit, then); });
  }
  Reply<unified::OrderRow> fetch_order(std::string_view symbol, const unified::OrderName& name) {
    return wait<unified::OrderRow>([&](auto then) { exchange_.fetch_order(symbol, name, then); });
  }
  Reply<std::vector<unified::FillRow>> fetch_my_trades(std::string_view symbol, int limit) {
    return wait<std::vector<unified::FillRow>>(
        [&](auto then) { exchange_.fetch_my_trades(symbol, limit, then); });
  }
  Reply<OrderCheck> can_execute_order(const unified::NewOrder& order) {
    return wait<OrderCheck>([&](auto then) { exchange_.can_execute_order(order, then); });
  }
  Reply<Nothing> set_leverage(std::string_view symbol, const Decimal& leverage) {
    return wait<Nothing>([&](auto then) { exchange_.set_leverage(symbol, leverage, then); });
  }
  Reply<PlacedOrder> create_order(const unified::NewOrder& order) {
    return enter<PlacedOrder>([&](auto& door, auto then) { door.create_order(order, then); });
  }
  Reply<PlacedOrder> edit_order(const unified::OrderRow& changed) {
    return enter<PlacedOrder>([&](auto& door, auto then) { door.edit_order(changed, then); });
  }
  Reply<PlacedOrder> cancel_order(std::string_view symbol, const unified::OrderName& name) {
    return enter<PlacedOrder>(
        [&](auto& door, auto then) { door.cancel_order(symbol, name, then); });
  }
  Reply<Nothing> cancel_all_orders(std::string_view symbol) {
    return enter<Nothing>([&](auto& door, auto then) { door.cancel_all_orders(symbol, then); });
  }
  Reply<PlacedOrder> close_position(std::string_view symbol) {
    return enter<PlacedOrder>([&](auto& door, auto then) { door.close_position(symbol, then); });
  }

 private:
  template <class T, class Start>
  Reply<T> wait(const Start& start) {
    return blocking<T>(loop_, start);
  }
  template <class T, class Start>
  Reply<T> enter(const Start& start) {
    return wait<T>([&](auto then) { orders_ ? start(*orders_, then) : start(exchange_, then); });
  }

  net::Loop& loop_;
  Exchange& exchange_;
  OrderEntry* orders_;
};

}  // namespace venuebox::client
