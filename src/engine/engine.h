// One venue's exchange: a function of its log. execute(command) -> events; equal state and equal
// command give equal events, bit for bit. Belongs to its box's thread.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/book/level_book.h"
#include "engine/ledger.h"
#include "engine/order_pool.h"
#include "engine/records.h"
#include "model/event.h"
#include "model/view.h"

namespace venuebox::engine {

// Raised whenever equal commands may give other events: stores of another version are refused.
inline constexpr int kEngineVersion = 1;

inline constexpr std::uint32_t kOpenOrdersMax = 500;  // per user account and instrument

// The book that matches. ReferenceBook says what it has to do.
using Book = LevelBook;

class Engine final : public View {
 public:
  // Runs one command to completion: the only door through which exchange state changes.
  //   command  sequenced; command.time is the only clock that the engine ever sees
  //   returns  what happened, in order; valid until the next call; a refusal is one Rejected
  std::span<const Event> execute(const Command& command);

  // The whole state as bytes, the same for equal states; load() restores an equal one.
  void save(std::string& bytes) const;
  Result<void> load(std::string_view bytes);
  // Of everything but time and sequence, which are all that a refused command changes.
  std::uint64_t state_hash() const;

  // Law of the house, for tests: nothing is made or lost, positions cancel out, levels agree with
  // their orders, and holds with what rests. Empty when all is well, else what is not.
  std::string broken_law() const;

  Timestamp time() const override { return time_; }
  std::uint64_t sequence() const override { return sequence_; }
  std::span<const Asset> assets() const override { return ledger_.assets(); }
  std::span<const Instrument> instruments() const override { return ledger_.instruments(); }
  const Asset* find_asset(std::string_view name) const override;
  const Instrument* find_instrument(std::string_view symbol, InstrumentKindOf) const override;
  std::size_t depth(InstrumentId, Side, std::span<BookLevel> out) const override;
  void level_orders(InstrumentId, Side, Ticks, Visitor<Order>) const override;
  std::uint64_t book_version(InstrumentId) const override;
  std::optional<Ticks> last_price(InstrumentId) const override;
  std::optional<MarkPrice> mark_price(InstrumentId) const override;
  DayStatistics day_statistics(InstrumentId) const override;
  Lots open_interest(InstrumentId) const override;
  void trades(InstrumentId, Visitor<Trade>) const override;
  std::uint32_t account_count() const override { return ledger_.account_count(); }
  Balance balance(AccountId, AssetId) const override;
  int leverage(AccountId, InstrumentId) const override;
  Position position(AccountId, InstrumentId) const override;
  Money unrealised_profit(const Position&) const override;
  MarginSummary margin(AccountId, AssetId settle) const override;
  Money position_margin(AccountId, InstrumentId) const override;
  const Order* live_order(OrderId) const override;
  const Order* live_order(AccountId, const ClientOrderId&) const override;
  void live_orders(AccountId, Visitor<Order>) const override;
  void closed_orders(AccountId, Visitor<Order>) const override;
  void executions(AccountId, Visitor<Execution>) const override;

 private:
  struct ClientKey {
    AccountId account;
    ClientOrderId id;
    friend bool operator==(const ClientKey&, const ClientKey&) = default;
  };
  struct ClientKeyHash {
    std::size_t operator()(const ClientKey& key) const {
      Hasher hasher;
      hasher.add(key.account.raw);
      hasher.add_bytes(key.id.view());
      return hasher.value();
    }
  };
  struct OrderIdHash {
    using is_avalanching = void;
    std::size_t operator()(OrderId id) const { return mix(id.raw); }
  };

  // What an order would trade, found without touching anything.
  struct PlannedFill {
    Slot maker = kNoSlot;
    Lots quantity;
    bool maker_ends = false;  // a reduce-only maker whose position is gone after this
  };
  struct MatchPlan {
    std::vector<PlannedFill> fills;
    Lots quantity;     // sum over fills
    Int128 value = 0;  // sum of price * quantity, in ticks * lots
    Lots unspent;      // of an order by value: what the rest would buy at the last price
    void clear() { fills.clear(), quantity = {}, value = 0, unspent = {}; }
  };

  void on(const PlaceOrder&);
  void on(const CancelOrder&);
  void on(const CancelAll&);
  void on(const ReduceOrder&);
  void on(const SetLeverage&);
  void on(const Deposit&);
  void on(const OpenAccount&);
  void on(const AddAsset&);
  void on(const ListInstrument&);

  // Decide: reads only, in the order of RejectReason.
  std::optional<RejectReason> check_terms(PlaceOrder&, const Instrument&) const;
  std::optional<RejectReason> check_identity(const PlaceOrder&) const;
  std::optional<RejectReason> check_reduce_only(PlaceOrder&) const;
  std::optional<RejectReason> check_funds(const PlaceOrder&, const Instrument&) const;
  Ticks protection_price(const PlaceOrder&, const Instrument&, Ticks best) const;
  void plan_match(const PlaceOrder&, const Instrument&);
  // How much of a resting reduce-only order may still trade after the fills planned so far.
  Lots reducible(const Order& maker, const PlaceOrder& taker) const;
  bool would_take(const PlaceOrder&) const;

  // Apply: cannot fail.
  void trade(Slot taker, const PlannedFill& planned, const Instrument&);
  void rest(Slot slot);
  void cancel(Slot slot, CancelReason reason);  // of an order that rests
  void close(Slot slot);  // moves an ended order from the live ones to the records
  void trim_reduce_only(AccountId account, InstrumentId instrument);
  void reject(AccountId account, RejectReason reason);

  Book& book(InstrumentId id) { return books_[id.raw]; }
  const Book& book(InstrumentId id) const { return books_[id.raw]; }
  Slot find_live(AccountId account, OrderId order, const ClientOrderId& client_id) const;
  void link_to_account(Slot slot);
  void unlink_from_account(Slot slot);
  Int128 perpetual_requirement(const Instrument&, AccountId, Int128 extra_buys,
                               Int128 extra_sells) const;
  void rebuild(const std::vector<std::vector<Order>>& orders_by_book);

  Timestamp time_;
  std::uint64_t sequence_ = 0;
  std::uint64_t orders_created_ = 0;
  std::uint64_t fills_created_ = 0;
  Ledger ledger_;
  Records records_;
  std::vector<Book> books_;  // by instrument
  OrderPool pool_;
  std::vector<Slot> account_orders_;  // by account: its newest live order
  boost::unordered_flat_map<OrderId, Slot, OrderIdHash> slots_;  // live orders
  // Client order ids of users: of live orders, and of closed ones as long as they are remembered.
  boost::unordered_flat_map<ClientKey, OrderId, ClientKeyHash> client_ids_;

  // Scratch of one command, kept for its memory.
  std::vector<Event> events_;
  MatchPlan plan_;
  std::vector<Slot> found_;
  std::vector<std::pair<AccountId, InstrumentId>> reduced_;
};

}  // namespace venuebox::engine
