// A plain recomputation of what accounts own, for tests: from fills, funding, transfers and shared
// losses as events tell them, with nothing of the engine's own sums. It keeps a position as the
// list of what was opened, and knows no holds, margins or prices beside those of fills.
#pragma once

#include <map>
#include <string>

#include "base/decimal.h"
#include "model/event.h"
#include "model/view.h"

namespace venuebox::engine {

class PlainAccounts {
 public:
  void take(const Event& event, const View& view);
  // Empty when the exchange shows the same; else what differs.
  std::string compare(const View& view) const;

 private:
  struct Held {
    Int128 size = 0;
    Int128 entry = 0;  // same sign
    Int128 realised = 0;
    Int128 fees = 0;
    Int128 funding = 0;
  };
  struct Key {
    AccountId account;
    InstrumentId instrument;
    PositionSide side = PositionSide::both;
    friend auto operator<=>(const Key&, const Key&) = default;
  };

  void take(const Fill& fill, const View& view);
  void trade(const Fill& fill, const FillParty& party, Side side, const View& view);
  Int128& cash(AccountId account, AssetId asset) { return cash_[{account, asset}]; }

  std::map<std::pair<AccountId, AssetId>, Int128> cash_;
  std::map<Key, Held> positions_;
  std::map<OrderId, PositionSide> sides_;  // of orders
  std::optional<AccountId> fund_;
  std::string wrong_;  // the first event that contradicts what is known
};

}  // namespace venuebox::engine
