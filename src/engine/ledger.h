// What accounts own: cash, holds, positions, and the totals that must balance. Knows what money
// does when an order rests or fills; does not know books or decide who trades with whom.
#pragma once

#include <span>
#include <vector>

#include "base/bytes.h"
#include "model/account.h"
#include "model/fill.h"
#include "model/instrument.h"

namespace venuebox::engine {

inline constexpr int kLeverageDefault = 10;

// One account's open orders in one instrument, as far as money is concerned.
struct Exposure {
  Int128 buy_value = 0;  // sum of price * remaining, in ticks * lots
  Int128 sell_value = 0;
  std::uint32_t orders = 0;
  std::uint32_t reduce_only_orders = 0;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.buy_value, s.sell_value, s.orders, s.reduce_only_orders);
  }
};

class Ledger {
 public:
  struct Account {
    AccountKindOf kind = AccountKindOf::user;
    std::string name;
    std::vector<Balance> balances;    // by asset
    std::vector<Position> positions;  // by instrument
    std::vector<Exposure> exposures;  // by instrument
    std::vector<int> leverages;       // by instrument

    template <class Self>
    static auto fields(Self& s) {
      return std::tie(s.kind, s.name, s.balances, s.positions, s.exposures, s.leverages);
    }
  };

  void add_asset(const Asset& asset);
  void add_instrument(const Instrument& instrument);
  void open_account(AccountKindOf kind, std::string name);
  void deposit(AccountId account, Money amount);
  void set_leverage(AccountId account, InstrumentId instrument, int leverage);

  // An open order's part that rests: what it sets aside appears and goes by its remaining lots.
  void rest(const Order& order, Lots remaining);
  void unrest(const Order& order, Lots remaining);
  void count_open(const Order& order, int change);

  // One party's half of a fill: moves cash and position, and returns what it came to.
  FillParty settle(const Order& order, Lots quantity, Ticks price, Rate fee_rate, Timestamp now);

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

  Balance balance(AccountId account, AssetId asset) const;
  Position position(AccountId account, InstrumentId instrument) const;
  Exposure exposure(AccountId account, InstrumentId instrument) const;
  int leverage(AccountId account, InstrumentId id) const;

  // What was paid in, and what the venue has collected in fees, by asset.
  const std::vector<Int128>& deposits() const { return deposits_; }
  const std::vector<Int128>& fees() const { return fees_; }

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  Balance& mutable_balance(AccountId account, AssetId asset);
  Position& mutable_position(AccountId account, InstrumentId instrument);
  Exposure& mutable_exposure(AccountId account, InstrumentId instrument);
  void hold(const Order& order, Lots remaining, int sign);
  void settle_spot(const Order& order, Lots quantity, Ticks price, Rate rate, FillParty& party);
  void settle_perpetual(const Order& order, Lots quantity, Ticks price, Rate rate, Timestamp now,
                        FillParty& party);

  std::vector<Asset> assets_;
  std::vector<Instrument> instruments_;
  std::vector<Account> accounts_;
  std::vector<Int128> deposits_;
  std::vector<Int128> fees_;
};

}  // namespace venuebox::engine
