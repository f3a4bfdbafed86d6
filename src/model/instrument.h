// An asset, and a market's terms: what is traded against what, in which steps, at which fees.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <variant>

#include "base/decimal.h"
#include "base/result.h"
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

enum class InstrumentKindOf : std::uint8_t { spot, linear_perpetual };

enum class TradingPhase : std::uint8_t {
  open,
  post_only,    // only orders that add to the book
  cancel_only,  // nothing new, nothing changed
  halted,       // nothing at all
};

inline constexpr int kLeverageMax = 1'000;

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
  AssetId settle;  // where profit and fees of a perpetual are paid; quote for spot
  Step tick;
  Step lot;
  Lots quantity_min{1};
  Lots quantity_max{1};
  Lots market_quantity_max{1};
  Ticks price_max{1};
  Money notional_min;  // in quote units
  Rate maker_fee;
  Rate taker_fee;
  int leverage_max = 100;
  std::uint32_t open_orders_max = 500;        // per user account, those that wait not counted
  std::uint32_t conditional_orders_max = 10;  // per user account, those attached not counted
  Rate price_band = {};                // how far a limit may lie beyond the mark; 0: anywhere
  Rate market_protection{50'000'000};  // how far a market order goes from the best price it meets
  bool remembers_client_ids = true;    // a closed order's id is taken as long as it is remembered
  TradingPhase phase = TradingPhase::open;

  // Quote units of one tick times one lot; a whole multiple of kMarkPerTick by the listing check,
  // so that neither notional nor a value at mark ever rounds.
  Int128 units_per_tick_lot = 1;

  Int128 units_per_mark_lot = 1;  // the same of 1/kMarkPerTick of a tick

  Int128 steps_min = 0;  // least ticks * lots that come to notional_min

  bool is_spot() const { return kind == InstrumentKindOf::spot; }

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.id, s.symbol, s.kind, s.base, s.quote, s.settle, s.tick, s.lot,
                    s.quantity_min, s.quantity_max, s.market_quantity_max, s.price_max,
                    s.notional_min, s.maker_fee, s.taker_fee, s.leverage_max, s.open_orders_max,
                    s.conditional_orders_max, s.price_band, s.market_protection,
                    s.remembers_client_ids, s.phase, s.units_per_tick_lot, s.units_per_mark_lot,
                    s.steps_min);
  }
};

// Value of a quantity at a price, in the quote asset. Exact.
inline Money notional(Ticks price, Lots quantity, const Instrument& instrument) {
  const Int128 steps = static_cast<Int128>(price.raw) * quantity.raw;
  return {multiply(steps, instrument.units_per_tick_lot), instrument.quote};
}

// Value of a signed position at a mark price, in the quote asset. Exact.
inline Money value_at_mark(SignedLots size, MarkPrice mark, const Instrument& instrument) {
  const Int128 steps = static_cast<Int128>(mark.raw) * size.raw;
  return {multiply(steps, instrument.units_per_mark_lot), instrument.quote};
}

// The base asset of a spot quantity. Exact by the listing check.
Money base_amount(Lots quantity, const Instrument& instrument, int base_scale);

// What a fee rate takes from an amount, rounded up: the fraction of a unit stays with the venue,
// and a rebate is therefore rounded down in size.
inline Money fee_on(Money amount, Rate rate) {
  return {div_ceil(multiply(amount.units, rate.raw), kRateOne), amount.asset};
}

std::variant<Ticks, DecimalError> ticks_from_decimal(std::string_view text, const Instrument& i);
std::variant<Lots, DecimalError> lots_from_decimal(std::string_view text, const Instrument& i);
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
