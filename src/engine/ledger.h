// What accounts own: cash, holds, positions, and the totals that must balance. Knows what money
// does when an order rests or fills; does not know books or decide who trades with whom.
#pragma once

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
  Int128 buy_value = 0;  // of resting orders that may open: sum of price * remaining, ticks * lots
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

// All of one account in one instrument; money in the instrument's settlement asset. What an order
// that is placed looks at comes first.
struct Holding {
  SignedLots size;
  std::int32_t leverage = 0;  // 0: the default
  Int128 entry_value = 0;     // what the open size cost, same sign as size
  Exposure exposure;
  Int128 realised_profit = 0;
  Int128 fees = 0;
  Int128 open_realised = 0;
  Timestamp opened;
  Timestamp updated;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.size, s.leverage, s.entry_value, s.exposure, s.realised_profit, s.fees,
                    s.open_realised, s.opened.ns, s.updated.ns);
  }
};

inline int leverage_of(const Holding& holding, const Instrument& instrument) {
  return holding.leverage > 0 ? holding.leverage
                              : std::min(kLeverageDefault, instrument.leverage_max);
}

class Ledger {
 public:
  struct Account {
    AccountKindOf kind = AccountKindOf::user;
    std::string name;
    std::vector<Balance> balances;  // by asset
    std::vector<Holding> holdings;  // by instrument

    template <class Self>
    static auto fields(Self& s) {
      return std::tie(s.kind, s.name, s.balances, s.holdings);
    }
  };

  void add_asset(const Asset& asset);
  void add_instrument(const Instrument& instrument);
  void set_phase(InstrumentId instrument, TradingPhase phase);
  void open_account(AccountKindOf kind, std::string name);
  void deposit(AccountId account, Money amount);
  void set_leverage(AccountId account, InstrumentId instrument, int leverage);

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
    return {.cash = {0, asset}, .held = {0, asset}};
  }
  // Cash that no spot order holds.
  Int128 free_units(AccountId account, AssetId asset) const {
    const auto& balances = accounts_[account.raw].balances;
    if (asset.raw >= balances.size()) return 0;
    return balances[asset.raw].cash.units - balances[asset.raw].held.units;
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
  std::int64_t position_size(AccountId account, InstrumentId instrument) const {
    return holding(account, instrument).size.raw;
  }
  Position position(AccountId account, InstrumentId instrument) const;
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
  void settle_perpetual(Side side, const Instrument& instrument, Lots quantity, Ticks price,
                        Money value, Rate rate, Timestamp now, FillParty& party);

  std::vector<Asset> assets_;
  std::vector<Instrument> instruments_;
  std::vector<Account> accounts_;
  Holding flat_;  // of an account that has nothing there
  std::vector<Int128> deposits_;
  std::vector<Int128> fees_;
};

}  // namespace venuebox::engine
