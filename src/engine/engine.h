// One venue's exchange: a function of its log. execute(command) -> events; equal state and equal
// command give equal events, bit for bit. Belongs to its box's thread.
#pragma once

#include "engine/book/book.h"
#include "engine/client_ids.h"
#include "engine/ledger.h"
#include "engine/records.h"
#include "engine/samples.h"
#include "engine/stops.h"
#include "model/event.h"
#include "model/view.h"

namespace venuebox::engine {

// Raised whenever equal commands may give other events: stores of another version are refused.
inline constexpr int kEngineVersion = 9;

inline constexpr std::uint32_t kAttachedMax = 22;  // per account and instrument

class Engine final : public View {
 public:
  explicit Engine(BookKind book = BookKind::fast) : book_kind_(book) {}

  // Runs one command to completion: the only door through which exchange state changes.
  //   command  sequenced; command.time is the only clock that the engine ever sees
  //   returns  what happened, in order; valid until the next call. What fell due before the command
  //            comes first. A refusal is one Rejected, and changes nothing but time and sequence.
  std::span<const Event> execute(const Command& command);

  // The whole state as bytes, the same for equal states; load() restores an equal one.
  void save(std::string& bytes) const;
  Result<void> load(std::string_view bytes);
  // Of everything but time and sequence, which are all that a refused command changes.
  std::uint64_t state_hash() const;

  // Law of the house, for tests: nothing is made or lost, positions cancel out, levels agree with
  // their orders, and holds with what rests. Empty when all is well, else what is not.
  std::string broken_law() const;

  // What the view says of the time before; outlives the engine. No part of its state.
  void set_past(const Past* past) { past_ = past; }
  // Time passed without anything coming due: what depends on it alone is shown as of then.
  void pass_quietly(Timestamp now) { quiet_until_ = now; }

  Timestamp time() const override { return time_; }
  std::uint64_t sequence() const override { return sequence_; }
  Timestamp next_due() const override { return next_due_; }
  std::span<const Asset> assets() const override { return ledger_.assets(); }
  std::span<const Instrument> instruments() const override { return ledger_.instruments(); }
  const Asset* find_asset(std::string_view name) const override;
  const Instrument* find_instrument(std::string_view symbol, InstrumentKindOf) const override;
  std::size_t depth(InstrumentId, Side, std::span<BookLevel> out) const override;
  void level_orders(InstrumentId, Side, Ticks, Visitor<RestingOrder>) const override;
  std::uint64_t book_version(InstrumentId) const override;
  std::optional<Ticks> last_price(InstrumentId) const override;
  std::optional<MarkPrice> mark_price(InstrumentId) const override;
  std::optional<MarkPrice> index_price(InstrumentId) const override;
  DayStatistics day_statistics(InstrumentId) const override;
  bool traded(InstrumentId, Resolution, Visitor<Candle>) const override;
  const Past* past() const override { return past_; }
  Lots open_interest(InstrumentId) const override;
  void trades(InstrumentId, Visitor<Trade>) const override;
  std::uint32_t account_count() const override { return ledger_.account_count(); }
  FundingState funding(InstrumentId) const override;
  void funding_history(InstrumentId, Visitor<FundingRow>) const override;
  Timestamp dead_man_due(AccountId) const override;
  Balance balance(AccountId, AssetId) const override;
  int leverage(AccountId, InstrumentId) const override;
  MarginMode margin_mode(AccountId, InstrumentId) const override;
  PositionMode position_mode(AccountId, InstrumentId) const override;
  FeeRates fee_rates(AccountId, InstrumentId) const override;
  AccountId parent(AccountId) const override;
  Position position(AccountId, InstrumentId, PositionSide = PositionSide::both) const override;
  PositionRisk risk(AccountId, const Position&) const override;
  MarginSummary margin(AccountId, AssetId settle) const override;
  Money insurance(AssetId) const override;
  std::optional<Order> live_order(OrderId) const override;
  std::optional<Order> live_order(AccountId, const ClientOrderId&) const override;
  void live_orders(AccountId, Visitor<Order>) const override;
  void closed_orders(AccountId, Visitor<Order>) const override;
  void executions(AccountId, Visitor<Execution>) const override;
  void transfers(AccountId, Visitor<Transfer>) const override;

 private:
  using Refusal = std::optional<RejectReason>;

  // One instrument's market as it stands.
  struct Market {
    explicit Market(BookKind kind) : book(kind) {}
    Book book;
    Ticks last;       // 0: nothing traded yet
    MarkPrice index;  // 0: not known yet
    Stops stops;
    Samples samples;
    Timestamp next_funding = kNever;
    Rate last_funding;
    // Positions by the mark at which their account has to be examined: long and short ones. Not
    // saved: what is examined too early does no harm.
    DueQueue falling, rising;
    std::int64_t watched_mark = 0;  // as follow_mark() last saw it
    // What mark_price() found, until touch() says that it may be another; 0: there is none.
    mutable MarkPrice mark;
    mutable bool mark_is_known = false;
  };
  struct DeadMan {
    Timestamp due = kNever;
    OrderFilter filter;

    template <class Self>
    static auto fields(Self& s) {
      return std::tie(s.due.ns, s.filter);
    }
  };

  // An order's wish to trade now: what is new of it, or all of it.
  struct Intent {
    AccountId account;
    const Instrument* instrument = nullptr;
    Side side = Side::buy;
    OrderType type = OrderType::limit;
    TimeInForce time_in_force = TimeInForce::gtc;
    SelfTrade self_trade = SelfTrade::allow;
    bool post_only = false;
    LegIndex leg = 0;
    bool reduce_only = false;
    bool close_position = false;
    Ticks price;
    Lots quantity;             // what is left of it
    Int128 value = 0;          // by value: quote units; else 0
    Int128 resting_value = 0;  // what the same order holds in the book now, as an exposure
    Lots resting = {};

    bool rests() const {
      return time_in_force == TimeInForce::gtc || time_in_force == TimeInForce::gtd;
    }
  };
  // What a wish comes to, found without touching anything; plan_ holds the steps.
  struct Decision {
    Refusal refusal = {};
    CancelReason leftover = CancelReason::none;  // why what does not trade ends; none: it rests
    bool trades = true;                          // false: it ends before it trades
  };

  // One meeting with a resting order.
  struct Step {
    enum class Kind : std::uint8_t { fill, decrement, cancel_self_trade, cancel_reduce_only };
    Slot maker = kNoSlot;
    Kind kind = Kind::fill;
    Lots quantity;
  };
  struct MatchPlan {
    std::vector<Step> steps;
    Lots quantity;     // that trades
    Int128 value = 0;  // of that, as an exposure
    Lots decremented;  // taken off without a trade
    Lots unspent;      // of an order by value: what the rest would buy at the last price
    bool ends_by_self_trade = false;
    void clear() {
      steps.clear();
      quantity = decremented = unspent = {};
      value = 0;
      ends_by_self_trade = false;
    }
  };
  struct ShrunkPosition {
    AccountId account;
    InstrumentId instrument;
    LegIndex leg = 0;
    bool is_gone = false;  // flat, or turned
  };
  struct FilledBracket {
    AccountId account;
    InstrumentId instrument;
    LegIndex leg = 0;
    OrderId parent;
    Side side = Side::buy;
    Lots quantity;
    bool stops_stand = false;  // they stood before this fill
    Attachment stops = Attachment::whole;
    std::optional<StopTerms> take_profit = {};
    std::optional<StopTerms> stop_loss = {};
  };

  // What an account may come to hold of one perpetual, in settlement units: if all its buys filled,
  // and if all its sells did.
  struct Exposed {
    std::array<Int128, 2> values = {};  // of its positions at mark, signed as their size
    Int128 held = 0;                    // notional of what is open, at mark
    Int128 buys = 0;
    Int128 sells = 0;
    Int128 worst() const { return std::max({buys, sells, Int128{0}}); }
    // Of the worst, what is not open yet.
    Int128 opening() const { return worst() - held; }
  };
  struct Backing {
    Int128 equity = 0;
    Int128 maintenance = 0;
    int legs = 0;
    bool is_enough() const { return legs == 0 || equity > maintenance; }
  };
  // What is liquidated together: all cross positions of one asset, or one isolated position.
  struct Endangered {
    AccountId account;
    AssetId settle;
    std::optional<InstrumentId> instrument = {};
    LegIndex leg = 0;
  };
  struct OpenLeg {
    InstrumentId instrument;
    LegIndex leg = 0;
    Int128 maintenance = 0;
  };
  struct Takeover {
    Ticks price;
    Rate fee;  // the insurance fund's
  };

  // engine.cpp: commands, one by one.
  void on(const PlaceOrder&);
  void on(const PlacePair&);
  void on(const PlaceBatch&);
  void on(const AmendBatch&);
  void on(const CancelOrder&);
  void on(const CancelBatch&);
  void on(const CancelAll&);
  void on(const ArmDeadManSwitch&);
  void on(const EndSession&);
  void on(const CancelByVenue&);
  void on(const AddAsset&);
  void on(const ListInstrument&);
  void on(const SetIndexPrice&);
  void on(const Tick&) {}
  template <class Entries>
  void on_each(const Entries& entries);
  void advance_to(Timestamp time);
  void pass_to(Timestamp time);
  void reject(AccountId account, RejectReason reason);
  // The next event, made by `make` where it will be read: the larger ones are dear to move, and to
  // clear before they are set.
  template <class E, class Make>
  E& emit_made(Make make) {
    struct Made {
      const Make& make;
      operator E() const { return make(); }
    };
    return *std::get_if<E>(&events_.emplace_back(std::in_place_type<E>, Made{make}));
  }
  void emit_accepted(Slot slot) {
    emit_made<OrderAccepted>([&] { return OrderAccepted{described(slot)}; });
  }
  template <class E>
  E& emit() {
    return emit_made<E>([] { return E{}; });
  }
  bool knows_all_of(const OrderFilter&) const;
  void cancel_matching(AccountId account, const OrderFilter& filter, CancelReason reason);

  // delisting.cpp
  void on(const SetInstrumentPhase&);
  Refusal check_phase(const SetInstrumentPhase&) const;
  void delist(const Instrument&, Ticks settlement);
  void close_positions(const Instrument&, Ticks price);

  // terms.cpp
  void on(const ChangeTerms&);
  Refusal check_terms(const ChangeTerms&, Instrument& changed) const;

  // accounts.cpp: what belongs to an account as a whole.
  void on(const SetLeverage&);
  void on(const SetMarginMode&);
  void on(const SetPositionMode&);
  void on(const ChangeMargin&);
  void on(const SetFeeRates&);
  void on(const Deposit&);
  void on(const TransferMoney&);
  void on(const OpenAccount&);
  Refusal check_perpetual(AccountId, InstrumentId) const;
  Refusal check_leverage(const SetLeverage&) const;
  Refusal check_mode_of(AccountId, InstrumentId) const;
  Refusal check_isolating(AccountId, std::span<const InstrumentId>) const;
  void isolate(AccountId, const Instrument&, MarginMode);
  Refusal check_margin_change(const ChangeMargin&) const;
  void change_margin(AccountId, const Instrument&, LegIndex, Int128 change);

  // checks.cpp: reads only, in the order of RejectReason.
  static Refusal check_takes_orders(const Instrument&);
  Refusal check_place(const PlaceOrder&, std::uint32_t conditional_before = 0) const;
  Refusal check_terms(const PlaceOrder&, const Instrument&) const;
  Refusal check_numbers(const PlaceOrder&, const Instrument&) const;
  Refusal check_price(AccountId, Side, Ticks price, std::optional<MarkPrice> reference,
                      const Instrument&) const;
  Refusal check_trigger(const Trigger&, const Instrument&) const;
  Refusal check_brackets(const PlaceOrder&, const Instrument&) const;
  Refusal check_stop(const StopTerms&, bool above, std::optional<MarkPrice> reference,
                     const Instrument&) const;
  Refusal check_funds(const Intent&) const;
  Intent intent_of(const PlaceOrder&) const;

  // amend.cpp
  void on(const AmendOrder&);
  Refusal check_amend(const AmendOrder&, Slot, bool& changes) const;
  void amend_waiting(const AmendOrder&, Slot);
  void amend_resting(const AmendOrder&, Slot);
  void amend_attached(const AmendOrder&, const FilledBracket& entry);
  void change_brackets(const AmendOrder&, Slot);
  void amended(Slot, bool kept_place);
  void reduce_in_place(Slot, Lots less);

  // protection.cpp: what waits for a price, and what protects a position.
  void on(const SetPositionStops&);
  Refusal check_position_stops(const SetPositionStops&) const;
  bool set_stop(AccountId, const Position&, OrderPurpose, const StopTerms&, const Trail*,
                Attachment, OrderId parent, bool only_check);
  Slot place_attached(AccountId, const Position&, OrderPurpose, const StopTerms&, const Trail*,
                      Attachment, Lots quantity, OrderId parent, OrderId linked = {});
  Slot find_attached(AccountId, const Position&, OrderPurpose, Attachment, OrderId parent) const;
  void wait(Slot);
  void stop_waiting(Slot);
  void fire(Slot);
  void fire_due(InstrumentId);
  void attach(const FilledBracket&);
  void attach_parts(const FilledBracket&, const Position&, bool stood);
  void tend_position(const ShrunkPosition&);
  void end_linked(OrderId linked);
  Prices prices(InstrumentId) const;

  // matching.cpp: how orders meet.
  Ticks protection_price(const Intent&, Ticks best) const;
  Decision decide(Intent&);
  void plan_match(const Intent&);
  bool plan_step(const Intent&, Slot maker, Lots shown, Lots& wanted, Int128& budget);
  Lots reducible(Slot maker, const Intent& taker) const;
  void act(Slot slot, const Decision&);
  void trade(Slot taker, const Step&, const Instrument&, Market&);
  const Fill& fill_both(Slot maker, Slot taker, const Instrument&, Lots, Ticks price, FillKindOf,
                        Rate liquidation_fee = {});
  void rest(Slot slot);
  bool has_aftermath() const {
    return !shrunk_.empty() || !brackets_.empty() || !touched_.empty() || !dirty_.empty();
  }
  void settle_aftermath();

  MarkPrice find_mark(InstrumentId) const;

  // margin.cpp: what positions are worth and what they demand.
  Exposed exposed(const Holding&, const Instrument&) const;
  Int128 value_of(SignedLots, const Instrument&) const;
  Int128 unrealised(const Instrument&, const Leg&) const;
  Int128 unrealised(const Instrument&, const Leg&, Int128 value) const;
  Int128 unrealised(const Instrument&, const Holding&, const Exposed&) const;
  Int128 room_beside(const Instrument&, const Holding&) const;
  Backing cross_backing(AccountId, AssetId settle) const;
  Backing backing(const Endangered&) const;
  Endangered with(AccountId, const Instrument&, LegIndex) const;
  // Calls visit(AccountId, LegIndex, size) for each position that is open, by account.
  template <class Visit>
  void each_open_leg(InstrumentId instrument, const Visit& visit) const {
    for (std::uint32_t i = 0; i < ledger_.account_count(); ++i) {
      if (ledger_.account(AccountId{i}).open_legs == 0) continue;
      for (const LegIndex leg : {LegIndex{0}, kShortLeg}) {
        const SignedLots size = ledger_.leg(AccountId{i}, instrument, leg).size;
        if (size.raw != 0) visit(AccountId{i}, leg, size);
      }
    }
  }
  int deleveraging_rank(AccountId, const Instrument&, LegIndex) const;
  Int128 deleveraging_score(AccountId, const Instrument&, LegIndex) const;

  // examination.cpp: who has to be looked at again.
  std::int64_t watched_mark(InstrumentId) const;
  void mark_dirty(AccountId);
  void look_at(AccountId);
  void forgive_debts(AccountId);
  bool has_position(const Ledger::Account&, AssetId settle) const;
  void filled(AccountId, const Instrument&, LegIndex, Lots, Int128 notional);
  bool is_watched(InstrumentId, const DueQueue::Entry&) const;
  void examine(AccountId);
  void watch(AccountId, const Instrument&, LegIndex, Int128 slack, std::int64_t size);
  void follow_mark(InstrumentId);
  void examine_all();

  // funding.cpp: what is sampled each second, and paid at the end of an interval.
  void sample(InstrumentId);
  Samples samples_now(const Market&, const Instrument&) const;
  Rate funding_rate(const Samples&, const FundingTerms&) const;
  Int128 accrued(const Leg&, const Instrument&) const;
  void pay_accrued(AccountId, const Instrument&, LegIndex);
  void pay(AccountId, const Instrument&, LegIndex, Int128 amount, Rate, MarkPrice);
  void settle_funding(InstrumentId);
  void record(AccountId, ExecutionKind, const Instrument&, Money paid, Execution row);
  void begin_funding(InstrumentId);

  // liquidation.cpp
  void on(const Deleverage&);
  bool liquidate(const Endangered&);
  std::vector<OpenLeg> legs_of(const Endangered&) const;
  void cancel_orders_of(const Endangered&);
  bool reduce_by_tier(const Endangered&);
  Takeover takeover_of(const Endangered&, const OpenLeg&) const;
  Ticks worst_price(const Instrument&, std::int64_t size, Ticks price, Int128 loss) const;
  Slot create_forced(AccountId, const Instrument&, LegIndex, Side, Lots, Ticks, OrderPurpose);
  Lots sell_off(AccountId, const Instrument&, LegIndex, Lots, Ticks worst);
  void close_between(AccountId, const Instrument&, LegIndex, AccountId other, LegIndex other_leg,
                     Lots, Ticks, FillKindOf, Rate fee);
  void unwind(const Instrument&, Ticks bankruptcy);
  void deleverage(const Instrument&, Ticks price);
  bool can_pay_for(AccountId, const Instrument&, LegIndex, Lots part, Ticks price) const;
  void share_loss(const Instrument&);

  // orders.cpp: their life.
  Slot accept(const PlaceOrder&, const Intent&, OrderId linked = {});
  Slot create(AccountId, const Instrument&, PositionSide);
  void cancel(Slot slot, CancelReason reason);
  void cancel_found(CancelReason reason);
  void close(Slot slot, OrderStatus status, CancelReason reason);
  // What an order ends by that was taken, and then could not be let trade.
  static CancelReason cancel_reason_of(RejectReason refusal);
  Order described(Slot slot) const;
  Slot restore(const Order& order);
  Slot find_live(AccountId account, OrderId order, const ClientOrderId& client_id) const;
  // The live order that a command names, or why there is none.
  template <class Named>
  Refusal find_named(const Named& command, Slot& slot) const {
    if (!ledger_.knows(command.account)) return RejectReason::unknown_account;
    if (!ledger_.knows(command.instrument)) return RejectReason::unknown_instrument;
    slot = find_live(command.account, command.order, command.client_order_id);
    const bool is_there = slot != kNoSlot && orders_.node(slot).instrument == command.instrument;
    return is_there ? Refusal() : RejectReason::unknown_order;
  }
  void link_to_account(Slot slot);
  void unlink_from_account(Slot slot);
  // The book, the last trade or the index of an instrument changed.
  void touch(InstrumentId id) {
    markets_[id.raw].mark_is_known = false;
    if (ledger_.instrument(id).is_spot() && markets_[id.raw].stops.empty()) return;
    if (touched_.size() == followed_ || touched_.back() != id) touched_.push_back(id);
  }
  // Timers of accounts, of instruments and of orders share a queue.
  static constexpr std::uint64_t kAccountTimer = std::uint64_t{1} << 63;
  static constexpr std::uint64_t kFundingTimer = std::uint64_t{1} << 62;
  static std::uint64_t account_timer(AccountId account) { return kAccountTimer | account.raw; }
  void remember_due(Timestamp due, std::uint64_t id);
  bool is_due_entry(const DueQueue::Entry&) const;
  void find_next_due();

  Market& market(InstrumentId id) { return markets_[id.raw]; }
  const Market& market(InstrumentId id) const { return markets_[id.raw]; }
  Exposure& exposure(AccountId account, InstrumentId id) {
    return ledger_.mutable_holding(account, id).exposure;
  }

  std::string broken_book(const Instrument&) const;
  std::string broken_account(AccountId) const;

  BookKind book_kind_ = BookKind::fast;
  const Past* past_ = nullptr;
  Timestamp time_;
  std::int64_t second_ = 0;  // of time_
  Timestamp quiet_until_;    // no part of the state: no command depends on it
  std::uint64_t sequence_ = 0;
  std::uint64_t orders_created_ = 0;
  std::uint64_t fills_created_ = 0;
  Ledger ledger_;
  Records records_;
  std::vector<Market> markets_;  // by instrument
  OrderStore orders_;
  ClientIds client_ids_;              // of users' and markets' orders
  std::vector<Slot> account_orders_;  // by account: its newest live order
  std::vector<DeadMan> dead_men_;     // by account
  DueQueue timers_;                   // of expiries and dead-man switches
  Timestamp next_due_ = kNever;

  // Scratch of one command, kept for its memory.
  std::vector<Event> events_;
  MatchPlan plan_;
  std::vector<std::pair<Slot, Lots>> hidden_;
  std::vector<OrderId> found_;
  std::vector<ShrunkPosition> shrunk_;
  std::vector<FilledBracket> brackets_;
  std::vector<OrderId> stood_;  // entries whose stops came to stand in this command
  std::vector<InstrumentId> touched_;
  std::size_t followed_ = 0;      // of touched_, by settle_aftermath()
  std::vector<AccountId> dirty_;  // accounts to examine
  std::vector<AssetId> examined_;
};

}  // namespace venuebox::engine
