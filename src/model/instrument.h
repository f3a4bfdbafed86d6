// An asset, and a market's terms: what is traded against what, in which steps, at which fees.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "base/decimal.h"
#include "base/result.h"
#include "base/time.h"
#include "model/money.h"

namespace venuebox {

struct Asset {
  AssetId id;
  std::string name;  // "USDT"
  int scale = 14;    // decimals of one unit

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.id, s.name, s.scale);
  }
};

enum class InstrumentKindOf : std::uint8_t {
  spot,
  linear_perpetual,   // base times price in quote; profit is paid in quote
  inverse_perpetual,  // a number of quote; profit is paid in base (coin-margined)
};

enum class TradingPhase : std::uint8_t {
  open,
  post_only,    // only orders that add to the book
  cancel_only,  // nothing new, nothing changed
  halted,       // nothing at all
  delisted,     // ended for good: it has no orders and no positions any more
};

inline constexpr int kLeverageMax = 1'000;
inline constexpr std::size_t kTiersMax = 64;
inline constexpr std::int64_t kStepMultipleMax = 1'000;

// A step of the risk limit: how far a position may go with how much leverage, and what it must
// keep.
struct RiskTier {
  Int128 notional_max = 0;  // settlement units at mark, this one included
  int leverage_max = 1;
  Rate maintenance;  // of the notional
  Int128 deduction =
      0;  // settlement units, taken off so that the requirement has no jump; computed

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.notional_max, s.leverage_max, s.maintenance, s.deduction);
  }
};

enum class FundingKind : std::uint8_t {
  none,
  interval,    // paid by who holds a position at the end of each interval
  continuous,  // runs up each second, and is paid as positions change
};

struct FundingTerms {
  FundingKind kind = FundingKind::none;
  Nanoseconds interval = seconds(8 * 3'600);  // what rates are told for; payments begin at 0:00 UTC
  Rate interest{100'000};                     // what holding quote rather than base costs
  Rate clamp{500'000};                        // how far interest pulls the premium back
  Rate cap{3'750'000};                        // no rate is larger, either way

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.kind, s.interval.raw, s.interest, s.clamp, s.cap);
  }
};

// Who bears what a liquidated position lost beyond its margin, once the insurance fund is spent.
enum class LossSharing : std::uint8_t {
  deleverage,  // holders of the other side are closed at the bankruptcy price, by profit and
               // leverage
  socialise,   // holders in profit give up a share of it
};

// Which asset a spot fill's fee is taken in.
enum class SpotFee : std::uint8_t {
  received,  // base of who buys, quote of who sells
  quote,     // an order to buy then holds its fee as well
};

// A price or quantity step as written: `units` * 10^-`scale`; 0.10 is {10, 2}, so that printing
// shows as many decimals as the venue does.
struct Step {
  std::int64_t units = 1;
  int scale = 0;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.units, s.scale);
  }
};

struct Instrument {
  InstrumentId id;
  std::string symbol;  // as the venue writes it; unique together with `kind`
  InstrumentKindOf kind = InstrumentKindOf::spot;
  AssetId base;
  AssetId quote;
  AssetId settle;  // where profit and fees are paid: quote, of inverse perpetuals base
  Step tick;
  Step lot;
  // What orders' prices and quantities must be multiples of, in ticks and lots: more than 1 once a
  // venue has made its steps larger. Positions, fills and what rested before keep to the steps
  // above.
  std::int64_t tick_multiple = 1;
  std::int64_t lot_multiple = 1;
  Lots quantity_min{1};
  Lots quantity_max{1};
  Lots market_quantity_max{1};
  Ticks price_max{1};
  Money notional_min;  // in quote units
  Rate maker_fee;
  Rate taker_fee;
  int leverage_max = 100;
  std::vector<RiskTier> tiers = {};  // smallest first; empty: one, see checked_listing
  SpotFee spot_fee = SpotFee::received;
  Rate liquidation_fee = {};  // of the notional taken over; the insurance fund's
  FundingTerms funding = {};  // of perpetuals
  LossSharing loss_sharing = LossSharing::deleverage;
  std::uint32_t open_orders_max = 500;        // per user account, those that wait not counted
  std::uint32_t conditional_orders_max = 10;  // per user account, those attached not counted
  Rate price_band = {};                // how far a limit may lie beyond the mark; 0: anywhere
  Rate market_protection{50'000'000};  // how far a market order goes from the best price it meets
  // An order that could not be let trade, for want of money, position or liquidity, is taken all
  // the same and then cancelled, instead of refused.
  bool accepts_before_risk = false;
  bool remembers_client_ids = true;  // a closed order's id is taken as long as it is remembered
  TradingPhase phase = TradingPhase::open;

  // Quote units of one tick times one lot; a whole multiple of kMarkPerTick by the listing check,
  // so that neither notional nor a value at mark ever rounds. Inverse: 0.
  Int128 units_per_tick_lot = 1;

  Int128 units_per_mark_lot = 1;  // the same of 1/kMarkPerTick of a tick
  Int128 hold_per_step = 1;  // quote units that a spot order to buy holds for it: that, and its fee
  Int128 inverse_units = 0;  // settlement units of one lot at a price of one tick; else 0

  Int128 steps_min = 0;  // least ticks * lots that come to notional_min

  bool is_spot() const { return kind == InstrumentKindOf::spot; }
  bool is_inverse() const { return kind == InstrumentKindOf::inverse_perpetual; }

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(
        s.id, s.symbol, s.kind, s.base, s.quote, s.settle, s.tick, s.lot, s.tick_multiple,
        s.lot_multiple, s.quantity_min, s.quantity_max, s.market_quantity_max, s.price_max,
        s.notional_min, s.maker_fee, s.taker_fee, s.leverage_max, s.tiers, s.spot_fee,
        s.liquidation_fee, s.funding, s.loss_sharing, s.open_orders_max, s.conditional_orders_max,
        s.price_band, s.market_protection, s.accepts_before_risk, s.remembers_client_ids, s.phase,
        s.units_per_tick_lot, s.units_per_mark_lot, s.hold_per_step, s.inverse_units, s.steps_min);
  }
};

// Value of a quantity at a positive price, in the settlement asset. Exact; of inverse contracts
// rounded to the nearest unit, which both sides of a trade then have alike.
inline Money notional(Ticks price, Lots quantity, const Instrument& instrument) {
  if (instrument.is_inverse()) {
    return {div_half_even(multiply(quantity.raw, instrument.inverse_units), price.raw),
            instrument.settle};
  }
  const Int128 steps = static_cast<Int128>(price.raw) * quantity.raw;
  return {multiply(steps, instrument.units_per_tick_lot), instrument.settle};
}

// Value of a position at a mark price, signed as its size, in the settlement asset. Exact; of
// inverse contracts rounded up, so that what a position gained is never too large.
inline Money value_at_mark(SignedLots size, MarkPrice mark, const Instrument& instrument) {
  if (instrument.is_inverse()) {
    const Int128 units = multiply(multiply(size.raw, instrument.inverse_units), kMarkPerTick);
    return {div_ceil(units, mark.raw), instrument.settle};
  }
  const Int128 steps = static_cast<Int128>(mark.raw) * size.raw;
  return {multiply(steps, instrument.units_per_mark_lot), instrument.settle};
}

// What a fill adds to an order's filled value and to the turnover: price * quantity in ticks *
// lots, or of inverse contracts the notional.
inline Int128 filled_value(Ticks price, Lots quantity, const Instrument& instrument) {
  if (instrument.is_inverse()) return notional(price, quantity, instrument).units;
  return static_cast<Int128>(price.raw) * quantity.raw;
}

// What a position gained from its entry value to another value; an inverse one gains as the coin
// value of its quote falls.
inline Int128 profit_between(Int128 entry_value, Int128 value, const Instrument& instrument) {
  return instrument.is_inverse() ? entry_value - value : value - entry_value;
}

// The first tier that covers a notional, or the last.
const RiskTier& tier_of(Int128 notional, const Instrument& instrument);
// The largest notional that this leverage may carry; 0: none.
Int128 notional_max(int leverage, const Instrument& instrument);
// What a position of this notional must keep, settlement units, rounded up.
Int128 maintenance_margin(Int128 notional, const Instrument& instrument);

// The base asset of a spot quantity. Exact by the listing check.
Money base_amount(Lots quantity, const Instrument& instrument, int base_scale);

// What a fee rate takes from an amount, rounded up: the fraction of a unit stays with the venue,
// and a rebate is therefore rounded down in size.
inline Money fee_on(Money amount, Rate rate) {
  return {div_ceil(multiply(amount.units, rate.raw), kRateOne), amount.asset};
}

// The steps that orders have to keep to.
Step shown_tick(const Instrument& instrument);
Step shown_lot(const Instrument& instrument);
// The least quantity of an order that keeps to them.
Lots shown_quantity_min(const Instrument& instrument);

// Of what an order says: what is not a multiple of the shown step is too precise.
std::variant<Ticks, DecimalError> ticks_from_decimal(std::string_view text, const Instrument& i);
std::variant<Lots, DecimalError> lots_from_decimal(std::string_view text, const Instrument& i);
// A price between ticks, rounded to the nearest; absent when it is none above 0 that instruments
// have.
std::optional<MarkPrice> mark_from_decimal(std::string_view text, const Instrument& i);
// Rounds toward zero, for conversions where the venue says so (a spot order by value).
Lots lots_affordable(Money quote_amount, Ticks price, const Instrument& instrument);

// The step's count as decimal text with the step's own decimals ("37000.10").
std::string price_text(Ticks price, const Instrument& instrument);
std::string mark_text(MarkPrice mark, const Instrument& instrument);  // without trailing zeros
std::string quantity_text(Lots quantity, const Instrument& instrument);

// What an exchange checks before it lists: steps positive, one tick of one lot a whole number of
// quote units, the largest order far below 128 bits. Fills in what is computed from the terms.
Result<Instrument> checked_listing(Instrument instrument, const Asset& base, const Asset& quote);

}  // namespace venuebox
