// What accounts own: cash, holds, positions, and the totals that must balance. Knows what money
// does when an order rests or fills; does not know books or decide who trades with whom.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "engine/order_store.h"
#include "model/account.h"
#include "model/fill.h"
#include "model/instrument.h"

namespace venuebox::engine {

inline constexpr int kLeverageDefault = 10;

// Bounds what the sums of the ledger can come to: 2^100 units of an asset.
inline constexpr Int128 kDepositsMax = static_cast<Int128>(1) << 100;

// One account's live orders in one instrument: what they may come to, and how many there are.
struct Exposure {
  // Of resting orders that may open: sum of price * remaining, in ticks * lots; of inverse
  // contracts of remaining / price, in 2^-kInverseBits settlement units.
  Int128 buy_value = 0;
  Int128 sell_value = 0;
  std::uint32_t orders = 0;       // resting
  std::uint32_t reduce_only = 0;  // of those
  std::uint32_t conditional = 0;  // untriggered, attached ones not counted
  std::uint32_t attached = 0;     // untriggered, attached to the position

  friend bool operator==(const Exposure&, const Exposure&) = default;
  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.buy_value, s.sell_value, s.orders, s.reduce_only, s.conditional, s.attached);
  }
};

inline constexpr int kInverseBits = 20;

// What an order of this price and quantity adds to an exposure.
inline Int128 exposed_value(Ticks price, std::int64_t quantity, const Instrument& instrument) {
  if (!instrument.is_inverse()) return static_cast<Int128>(quantity) * price.raw;
  return multiply(quantity, div_ceil(instrument.inverse_units << kInverseBits, price.raw));
}
// An exposure in settlement units, rounded up.
inline Int128 exposed_units(Int128 value, const Instrument& instrument) {
  if (!instrument.is_inverse()) return multiply(value, instrument.units_per_tick_lot);
  return div_ceil(value, Int128{1} << kInverseBits);
}

// One position; money in the instrument's settlement asset.
struct Leg {
  SignedLots size;
  SignedLots watched_size;   // up to which `watch` holds; not saved
  Int128 entry_value = 0;    // what the open size cost, same sign as size
  Int128 margin = 0;         // isolated: set aside
  Int128 funding_index = 0;  // continuous funding: what one lot had run up to when it was last paid
  std::int64_t watch = 0;    // the mark at which its account is examined next, 0: none; not saved
  Int128 realised_profit = 0;
  Int128 fees = 0;
  Int128 funding = 0;
  Int128 open_realised = 0;
  Timestamp opened;
  Timestamp updated;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.size, s.entry_value, s.margin, s.funding_index, s.realised_profit, s.fees,
                    s.funding, s.open_realised, s.opened.ns, s.updated.ns);
  }
};

// All of one account in one instrument. What an order that is placed looks at comes first, in two
// cache lines.
struct alignas(64) Holding {
  std::int32_t leverage = 0;  // 0: the default
  MarginMode margin_mode = MarginMode::cross;
  PositionMode position_mode = PositionMode::one_way;
  Exposure exposure;
  std::array<Leg, 2> legs;

  bool is_isolated() const { return margin_mode == MarginMode::isolated; }

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.leverage, s.margin_mode, s.position_mode, s.exposure, s.legs[0], s.legs[1]);
  }
};

inline int leverage_of(const Holding& holding, const Instrument& instrument) {
  return holding.leverage > 0 ? holding.leverage
                              : std::min(kLeverageDefault, instrument.leverage_max);
}

class Ledger {
 public:
  // What every fill looks at comes first.
  struct alignas(64) Account {
    AccountKindOf kind = AccountKindOf::user;
    bool is_dirty = false;  // to be examined by the end of the command; not saved
    bool has_own_rates = false;
    AssetId cushion_asset;
    std::uint32_t open_legs = 0;  // positions that are not flat
    // What fills in this asset may cost before the account is examined again; not saved.
    Int128 cushion = 0;
    std::vector<Balance> balances;                     // by asset
    std::vector<Holding> holdings;                     // by instrument
    std::array<std::optional<FeeRates>, 3> fee_rates;  // by instrument kind
    AccountId parent = kNoAccount;
    std::string name;

    template <class Self>
    static auto fields(Self& s) {
      return std::tie(s.kind, s.has_own_rates, s.open_legs, s.parent, s.name, s.balances,
                      s.holdings, s.fee_rates[0], s.fee_rates[1], s.fee_rates[2]);
    }
  };

  void add_asset(const Asset& asset);
  void add_instrument(const Instrument& instrument);
  void set_phase(InstrumentId instrument, TradingPhase phase);
  // Checked ones of the same instrument.
  void set_terms(const Instrument& terms) { instruments_[terms.id.raw] = terms; }
  void open_account(AccountKindOf kind, std::string name, AccountId parent);
  void deposit(AccountId account, Money amount);
  void transfer(AccountId from, AccountId to, Money amount);
  void set_leverage(AccountId account, InstrumentId instrument, int leverage) {
    mutable_holding(account, instrument).leverage = leverage;
  }
  void set_fee_rates(AccountId account, InstrumentKindOf kind, FeeRates rates) {
    accounts_[account.raw].has_own_rates = true;
    accounts_[account.raw].fee_rates[static_cast<std::size_t>(kind)] = rates;
  }
  // Sets so much more aside for an isolated position; less, where it is negative.
  void change_margin(AccountId account, InstrumentId instrument, LegIndex leg, Int128 change);
  // Takes funding from an account; negative: gives it. An isolated position that its account has no
  // free cash for pays from what is set aside.
  void pay_funding(AccountId account, InstrumentId instrument, LegIndex leg, Int128 amount);
  // Takes an account's part of a loss in a perpetual for the insurance fund, likewise.
  void share_loss(AccountId account, InstrumentId instrument, Money amount);
  // What belongs to nobody: the insurance fund's, or without one the venue's.
  void collect(Money amount);

  // An order comes to rest, or does not rest any more, with so much unfilled.
  void rest(AccountId account, const RestingNode& order, const Instrument& instrument,
            Lots remaining);
  void unrest(AccountId account, const RestingNode& order, const Instrument& instrument,
              Lots remaining);
  // A resting order loses a part to a fill or an amendment, and with it what that set aside.
  void release(AccountId account, const RestingNode& order, const Instrument& instrument,
               Lots less);

  // One party's half of a fill: moves cash and position, and says in `party`, which is a new one,
  // what it came to. What is left of the order is not the ledger's to say.
  //   value  notional of the fill
  void settle(AccountId account, const RestingNode& order, const Instrument& instrument,
              Lots quantity, Ticks price, Money value, Rate fee_rate, Timestamp now,
              FillParty& party);

  const std::vector<Asset>& assets() const { return assets_; }
  const std::vector<Instrument>& instruments() const { return instruments_; }
  const Instrument& instrument(InstrumentId id) const { return instruments_[id.raw]; }
  std::uint32_t account_count() const { return static_cast<std::uint32_t>(accounts_.size()); }
  bool knows(AccountId account) const { return account.raw < accounts_.size(); }
  bool knows(InstrumentId instrument) const { return instrument.raw < instruments_.size(); }
  bool is_user(AccountId account) const {
    return accounts_[account.raw].kind == AccountKindOf::user;
  }
  const Account& account(AccountId id) const { return accounts_[id.raw]; }

  Balance balance(AccountId account, AssetId asset) const {
    const auto& balances = accounts_[account.raw].balances;
    if (asset.raw < balances.size()) return balances[asset.raw];
    return {.cash = {0, asset}, .held = {0, asset}, .isolated = {0, asset}};
  }
  // Cash that no spot order holds and no isolated position has.
  Int128 free_units(AccountId account, AssetId asset) const {
    const auto& balances = accounts_[account.raw].balances;
    if (asset.raw >= balances.size()) return 0;
    const Balance& balance = balances[asset.raw];
    return balance.cash.units - balance.held.units - balance.isolated.units;
  }
  const Holding& holding(AccountId account, InstrumentId instrument) const {
    const auto& holdings = accounts_[account.raw].holdings;
    return instrument.raw < holdings.size() ? holdings[instrument.raw] : flat_;
  }
  Holding& mutable_holding(AccountId account, InstrumentId instrument) {
    auto& holdings = accounts_[account.raw].holdings;
    return instrument.raw < holdings.size() ? holdings[instrument.raw]
                                            : add_holding(account, instrument);
  }
  std::int64_t position_size(AccountId account, InstrumentId instrument, LegIndex leg) const {
    return holding(account, instrument).legs[leg].size.raw;
  }
  Position position(AccountId account, InstrumentId instrument, LegIndex leg) const;
  const Leg& leg(AccountId account, InstrumentId instrument, LegIndex leg) const {
    return holding(account, instrument).legs[leg];
  }
  FeeRates fee_rates(AccountId account, const Instrument& instrument) const {
    const FeeRates usual{instrument.maker_fee, instrument.taker_fee};
    if (!accounts_[account.raw].has_own_rates) return usual;
    const auto& own = accounts_[account.raw].fee_rates[static_cast<std::size_t>(instrument.kind)];
    return own.value_or(usual);
  }
  // Who bears what liquidations cost; absent: nobody.
  std::optional<AccountId> insurance() const {
    return insurance_ == kNoAccount ? std::nullopt : std::optional(insurance_);
  }
  Account& mutable_account(AccountId id) { return accounts_[id.raw]; }
  int leverage(AccountId account, const Instrument& instrument) const {
    return leverage_of(holding(account, instrument.id), instrument);
  }

  // What was paid in, and what the venue has collected in fees, by asset.
  const std::vector<Int128>& deposits() const { return deposits_; }
  const std::vector<Int128>& fees() const { return fees_; }

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  Balance& mutable_balance(AccountId account, AssetId asset);
  void change_hold(AccountId account, const RestingNode& order, const Instrument& instrument,
                   Exposure& exposure, std::int64_t change);
  Holding& add_holding(AccountId account, InstrumentId instrument);
  void settle_spot(Side side, const Instrument& instrument, Lots quantity, Money value, Rate rate,
                   FillParty& party);
  void settle_perpetual(Side side, LegIndex leg, const Instrument& instrument, Lots quantity,
                        Ticks price, Money value, Rate rate, Timestamp now, FillParty& party);
  void settle_isolated(Holding& holding, Leg& leg, std::int64_t size_before, std::int64_t closed,
                       Int128 opened_value, Int128 cost, Balance& balance,
                       const Instrument& instrument);
  // Takes what is lacking from what is set aside, as far as that goes; returns how much it was.
  static Int128 draw_on_margin(Leg& leg, Balance& balance, Int128 lacking);

  std::vector<Asset> assets_;
  std::vector<Instrument> instruments_;
  std::vector<Account> accounts_;
  AccountId insurance_ = kNoAccount;
  Holding flat_;  // of an account that has nothing there
  std::vector<Int128> deposits_;
  std::vector<Int128> fees_;
};

}  // namespace venuebox::engine
