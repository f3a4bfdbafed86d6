// One venue as a bot uses it, in the vocabulary that ccxt users know. Asynchronous: every call is
// answered once, in a later turn. Without keys it is read-only: market data works, and trading
// calls are refused here, with the reason, before anything is sent.
#pragma once

#include <map>

#include "client/caller.h"
#include "client/order_check.h"
#include "client/own_view.h"
#include "model/unified.h"

namespace venuebox::client {

struct ExchangeSettings {
  CallerSettings caller;
  // Where the venue's prices come from: a box in place of the venue says `simulated`.
  unified::Origin origin = unified::Origin::live;
  // A client order id is this, a dash and a running number; to differ between bots of one account.
  std::string order_id_prefix = "venuebox";
  // How long an order without an answer may still be on its way before it is looked for.
  Nanoseconds settle_after = seconds(2);
};

// What came of a call. `value` is set where it was answered, and of prices also where it was not:
// then it says what was known before, and since when.
template <class T>
struct Reply {
  CallOutcome::Kind kind = CallOutcome::Kind::answered;
  std::optional<T> value;
  gateway::Verdict verdict = gateway::Verdict::ok;  // the venue's, where it answered
  std::string text = {};                            // why not; no secret in it
  // Why the venue did not answer; absent: it did, or was not asked.
  std::optional<TransportError::Kind> transport_error = {};
  Nanoseconds retry_after = {};  // for so long the venue does not want to be asked; 0: not said
  bool is_cut = false;           // a list that went on beyond what is asked for

  explicit operator bool() const { return kind == CallOutcome::Kind::answered; }
};
template <class T>
using Then = std::function<void(Reply<T>)>;

// An order as its caller can name it from now on.
struct PlacedOrder {
  std::string id;  // the venue's; empty while nobody knows it
  std::string client_order_id;
};

// The answer to a call that has nothing to tell but that it was done.
struct Nothing {};

// Belongs to one thread, like the transport and the scheduler, which outlive it. Its calls stand in
// a file for each subject: exchange_market_data.cpp, exchange_account.cpp, exchange_orders.cpp.
class Exchange {
 public:
  Exchange(const gateway::ClientDialect& dialect, std::optional<gateway::ClientKeys> keys,
           Transport& transport, Scheduler& scheduler, ExchangeSettings settings = {});
  ~Exchange() { *alive_ = false; }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Whether it can sign, and so ask for what is its account's own.
  bool has_keys() const { return caller_.has_keys(); }
  // See Caller.
  void with_token(std::function<void(Result<gateway::ClientKeys>)> then) {
    caller_.with_token(std::move(then));
  }
  bool trading_enabled() const { return caller_.trading_refusal().empty(); }
  // What is missing for trading, with the names of the variables; empty: nothing.
  std::string missing() const { return caller_.trading_refusal(); }

  // To be called first: all else names markets by their unified symbols.
  void load_markets(Then<std::vector<unified::Market>> then);
  void fetch_markets(Then<std::vector<unified::Market>> then) { load_markets(std::move(then)); }
  std::span<const unified::Market> markets() const { return markets_; }

  void fetch_time(Then<Timestamp> then);
  void fetch_ticker(std::string_view symbol, Then<unified::Ticker> then);
  // Of all markets that were loaded and that the venue quotes.
  void fetch_tickers(Then<std::vector<unified::Ticker>> then);
  void fetch_order_book(std::string_view symbol, int levels, Then<unified::OrderBook> then);
  void fetch_trades(std::string_view symbol, int limit,
                    Then<std::vector<unified::PublicTrade>> then);
  void fetch_ohlcv(std::string_view symbol, int minutes, int limit,
                   Then<std::vector<unified::Candle>> then);

  // Read-only, these are answered with nothing, marked as not available.
  void fetch_balance(Then<unified::Balances> then);
  void fetch_positions(Then<std::vector<unified::PositionRow>> then);
  void fetch_open_orders(std::string_view symbol, Then<std::vector<unified::OrderRow>> then);
  void fetch_order(std::string_view symbol, const unified::OrderName& name,
                   Then<unified::OrderRow> then);
  // Those that are open, and up to `limit` of those that have ended.
  void fetch_orders(std::string_view symbol, int limit, Then<std::vector<unified::OrderRow>> then);
  void fetch_my_trades(std::string_view symbol, int limit,
                       Then<std::vector<unified::FillRow>> then);
  // Whether the market's terms and the free balance allow the order, as far as that is known here.
  // Sends nothing but a question for the balance, and that only when all else is well.
  void can_execute_order(const unified::NewOrder& order, Then<OrderCheck> then);
  // Of positions and orders in this market.
  void set_leverage(std::string_view symbol, const Decimal& leverage, Then<Nothing> then);

  // An order whose answer is lost is looked for by its client order id, and never sent twice:
  // answered where it is found, refused where the venue does not know it, else unknown.
  void create_order(unified::NewOrder order, Then<PlacedOrder> then);
  void edit_order(const unified::OrderRow& changed, Then<PlacedOrder> then);
  void cancel_order(std::string_view symbol, const unified::OrderName& name,
                    Then<PlacedOrder> then);
  // All that is open in this market, what waits for a trigger included. Refused or unknown when a
  // part of it is, and the rest is cancelled none the less.
  void cancel_all_orders(std::string_view symbol, Then<Nothing> then);
  // By a market order, which can only reduce, for the whole position; refused when there is none.
  void close_position(std::string_view symbol, Then<PlacedOrder> then);
  // A name that no order of this client has had, for those that want to know it beforehand.
  std::string next_client_order_id();

  // What this client believes, once it keeps a view: trading calls tell it what came of them, and
  // whoever fetches or streams rows tells it those. Without the latter every order would seem open
  // for ever, and be remembered; so it is asked for by what corrects it, and knows no orders of
  // before.
  void keep_own_view() { keeps_own_view_ = true; }
  const OwnView& own() const { return own_; }
  OwnView& own() { return own_; }

 private:
  const unified::Market* find(std::string_view symbol) const;
  template <class T>
  const unified::Market* find_or_refuse(std::string_view symbol, const Then<T>& then);
  template <class T, class Read>
  void ask(gateway::ClientRequest request, bool is_trading, Read read, Then<T> then);
  template <class Row, class Read>
  void ask_pages(gateway::ClientRequest request, Read read, std::vector<Row> rows, int pages,
                 Then<std::vector<Row>> then);
  void load_next(std::shared_ptr<std::vector<gateway::ClientRequest>> left,
                 std::shared_ptr<std::vector<gateway::ClientResponse>> answers,
                 Then<std::vector<unified::Market>> then);
  void load_next_tickers(std::vector<gateway::ClientRequest> left,
                         std::vector<unified::Ticker> tickers,
                         Then<std::vector<unified::Ticker>> then);
  void cancel_next(std::vector<gateway::ClientRequest> left, Reply<Nothing> so_far,
                   Then<Nothing> then);
  unified::Ticker as_known(const std::string& symbol);
  void settle(const unified::Market& market, PlacedOrder order, std::string why,
              Then<PlacedOrder> then);
  template <class T>
  void refuse(std::string text, const Then<T>& then);

  const gateway::ClientDialect& dialect_;
  Scheduler& scheduler_;
  ExchangeSettings settings_;
  Caller caller_;
  std::vector<unified::Market> markets_;
  std::map<std::string, unified::Ticker, std::less<>> tickers_;  // as last told, by symbol
  std::map<std::string, Decimal, std::less<>> leverages_;        // as set here, by symbol
  OwnView own_;
  bool keeps_own_view_ = false;
  std::uint64_t orders_named_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace venuebox::client
