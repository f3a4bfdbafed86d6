// Faults of trading that befall an account or an instrument, whatever the request asks for. They
// act by ordinary commands, which are journaled, so that the laws hold and the journal tells the
// same story without them. What befalls the request's own orders is in struck_desk.cpp.
#include <algorithm>

#include "box/forced_closes.h"
#include "box/struck.h"

namespace venuebox::box {
namespace {
using faults::ActionType;
using faults::Strike;

constexpr Nanoseconds kLeast = nanoseconds(1);  // nothing happens later at the same moment

Nanoseconds length_of(const Strike& strike) {
  return std::max(kLeast, milliseconds(strike.action.number("lasts_ms")));
}

// Those of the symbol that the request names, or all of the exchange's.
std::vector<InstrumentId> instruments_of(const Struck& struck) {
  const gateway::Venue& venue = struck.exchange.door().venue();
  const std::string symbol = venue.symbol_of ? venue.symbol_of(struck.request) : std::string();
  std::vector<InstrumentId> found;
  for (const Instrument& instrument : struck.exchange.engine().instruments()) {
    if (symbol.empty() || instrument.symbol == symbol) found.push_back(instrument.id);
  }
  return found;
}

bool is_perpetual(const Struck& struck, InstrumentId id) {
  return !struck.exchange.engine().instruments()[id.raw].is_spot();
}

// None: nobody in particular asks.
std::optional<AccountId> account_of(const Struck& struck) {
  if (struck.admission.route->access == gateway::Access::open) return std::nullopt;
  return struck.admission.account;
}

TradingPhase phase_named(std::string_view name) {
  if (name == "cancel_only") return TradingPhase::cancel_only;
  if (name == "post_only") return TradingPhase::post_only;
  return TradingPhase::halted;
}

// What is not open stays as it is: another fault may have shut it, and opens it again.
void halt(const Struck& struck, const Strike& strike) {
  for (const InstrumentId id : instruments_of(struck)) {
    if (struck.exchange.engine().instruments()[id.raw].phase != TradingPhase::open) continue;
    struck.exchange.desk().execute(
        SetInstrumentPhase{id, phase_named(strike.action.choice("phase"))});
    struck.exchange.intervene(Later{struck.moment.box_time + length_of(strike),
                                    id,
                                    {SetInstrumentPhase{id, TradingPhase::open}},
                                    {}});
  }
}

// What positions are closed at; 0: the mark of that moment.
Ticks settlement_of(const Struck& struck, const Strike& strike, const Instrument& instrument) {
  const std::string_view settle = strike.action.choice("settle");
  if (instrument.is_spot() || settle == "mark") return {};
  if (settle == "zero") return Ticks{1};
  const auto index = struck.exchange.engine().index_price(instrument.id);
  if (!index) return {};
  const auto nearest = static_cast<std::int64_t>(div_half_even(index->raw, kMarkPerTick));
  return std::clamp(Ticks{nearest}, Ticks{1}, instrument.price_max);
}

// For good, so nothing is that the request does not name.
void delist(const Struck& struck, const Strike& strike) {
  const gateway::Venue& venue = struck.exchange.door().venue();
  if (!venue.symbol_of || venue.symbol_of(struck.request).empty()) return;
  const Nanoseconds notice = milliseconds(strike.action.number("notice_ms"));
  for (const InstrumentId id : instruments_of(struck)) {
    const Instrument& instrument = struck.exchange.engine().instruments()[id.raw];
    if (instrument.phase == TradingPhase::delisted) continue;
    const SetInstrumentPhase end{id, TradingPhase::delisted,
                                 settlement_of(struck, strike, instrument)};
    if (notice.raw == 0) {
      struck.exchange.desk().execute(end);
    } else {
      struck.exchange.intervene(Later{struck.moment.box_time + notice, id, {end}, {}});
    }
  }
}

void cancel_all_by_venue(const Struck& struck, const Strike& strike) {
  const std::string_view scope = strike.action.choice("scope");
  Desk& desk = struck.exchange.desk();
  if (scope == "account") {
    if (const auto account = account_of(struck)) desk.execute(CancelByVenue{*account, {}, {}});
  } else if (scope == "everybody") {
    desk.execute(CancelByVenue{});
  } else {
    for (const InstrumentId id : instruments_of(struck)) {
      CancelByVenue command;
      command.filter.instrument = id;
      desk.execute(command);
    }
  }
}

// The mark follows the index while one side of the book is empty, and is the median of three
// otherwise: so a mark that moves takes the quotes of one side with it. No index is zero; the least
// price there is stands for it.
void distort_price(const Struck& struck, const Strike& strike) {
  const faults::Action& action = strike.action;
  const std::string_view kind = action.choice("kind");
  const bool is_mark = action.choice("price") == "mark";
  const std::int64_t by = kind == "zero" ? -kRateOne : action.number("by");
  for (const InstrumentId id : instruments_of(struck)) {
    if (!is_perpetual(struck, id) || struck.exchange.interventions().distorts(id)) continue;
    Distortion distortion{.instrument = id, .until = struck.moment.box_time + length_of(strike)};
    if (kind == "frozen") {
      distortion.index = IndexBend::held;
      distortion.is_frozen = is_mark;
    } else {
      distortion.index = IndexBend::scaled;
      distortion.factor = Rate{kRateOne + by};
      distortion.without_bids = is_mark && by < 0;
      distortion.without_asks = is_mark && by >= 0;
    }
    struck.exchange.intervene(distortion);
  }
}

// For good. A change that an instrument's limits do not allow is refused by the exchange; nothing
// is asked for that is so already, since a fault may strike each request.
void change_filters(const Struck& struck, const Strike& strike) {
  const engine::Engine& engine = struck.exchange.engine();
  for (const InstrumentId id : instruments_of(struck)) {
    const Instrument& present = engine.instruments()[id.raw];
    ChangeTerms change{.instrument = id,
                       .tick_multiple = strike.action.number("tick_factor"),
                       .lot_multiple = strike.action.number("lot_factor"),
                       .notional_min = {},
                       .funding_interval = {}};
    const std::string_view least = strike.action.text("notional_min");
    if (!least.empty() && !present.is_inverse()) {
      const auto units = units_from_text(least, engine.assets()[present.quote.raw].scale);
      if (const Int128* value = std::get_if<Int128>(&units)) change.notional_min = *value;
    }
    const bool is_so =
        change.tick_multiple == present.tick_multiple &&
        change.lot_multiple == present.lot_multiple &&
        change.notional_min.value_or(present.notional_min.units) == present.notional_min.units;
    if (!is_so && present.phase != TradingPhase::delisted) struck.exchange.desk().execute(change);
  }
}

// What has passed of the funding interval; 0 where it is not paid by intervals.
Nanoseconds sampled(const Struck& struck, const Instrument& instrument) {
  const Timestamp next = struck.exchange.engine().funding(instrument.id).next;
  if (next == kNever) return {};
  return instrument.funding.interval - (next - struck.moment.box_time);
}

void change_interval(const Struck& struck, const Strike& strike, const Instrument& instrument) {
  const Nanoseconds wanted = milliseconds(strike.action.number("interval_ms"));
  if (wanted.raw == 0 || wanted == instrument.funding.interval) return;
  ChangeTerms change{.instrument = instrument.id};
  change.funding_interval = wanted;
  struck.exchange.desk().execute(change);
}

// Funding is the mean premium over the index, so the index is moved until it is paid. How far, is
// what makes up for the part of the interval that has passed without it; the rate never goes beyond
// the instrument's cap.
Distortion spiked_funding(const Struck& struck, const Strike& strike, const Instrument& instrument,
                          Nanoseconds passed) {
  constexpr std::int64_t kMost = 9 * kRateOne;
  const FundingTerms& terms = instrument.funding;
  const FundingState state = struck.exchange.engine().funding(instrument.id);
  const Timestamp now = struck.moment.box_time;
  const std::int64_t rate = std::clamp(strike.action.number("rate"), -terms.cap.raw, terms.cap.raw);
  Int128 premium = rate + (rate > 0 ? terms.clamp.raw : -terms.clamp.raw);
  Timestamp until = now + terms.interval;
  if (state.next != kNever) {
    until = state.next + kLeast;
    const Nanoseconds left = std::max(seconds(1), state.next - now);
    premium = multiply(static_cast<std::int64_t>(premium), (passed + left).raw) / left.raw;
  }
  premium = std::clamp<Int128>(premium, -kRateOne * 9 / 10, kMost);
  const Int128 factor = div_half_even(multiply(kRateOne, kRateOne), kRateOne + premium);
  return {.instrument = instrument.id,
          .until = until,
          .index = IndexBend::scaled,
          .factor = Rate{static_cast<std::int64_t>(factor)}};
}

void spike_funding(const Struck& struck, const Strike& strike) {
  for (const InstrumentId id : instruments_of(struck)) {
    const Instrument& instrument = struck.exchange.engine().instruments()[id.raw];
    if (instrument.is_spot() || instrument.funding.kind == FundingKind::none ||
        instrument.phase == TradingPhase::delisted) {
      continue;
    }
    const Nanoseconds passed = sampled(struck, instrument);
    change_interval(struck, strike, instrument);
    if (struck.exchange.interventions().distorts(id)) continue;
    struck.exchange.intervene(spiked_funding(struck, strike, instrument, passed));
  }
}

template <class Close>
void each_position(const Struck& struck, const Close& close) {
  const auto account = account_of(struck);
  if (!account) return;
  for (const InstrumentId id : instruments_of(struck)) {
    if (!is_perpetual(struck, id)) continue;
    for (const auto side :
         {PositionSide::both, PositionSide::long_side, PositionSide::short_side}) {
      const Position position = struck.exchange.engine().position(*account, id, side);
      if (position.size.raw != 0) close(*account, position);
    }
  }
}
}  // namespace

void prepare_trading(Struck& struck) {
  for (const Strike& strike : struck.strikes) {
    switch (strike.action.type) {
      case ActionType::halt: halt(struck, strike); break;
      case ActionType::delist: delist(struck, strike); break;
      case ActionType::filter_change: change_filters(struck, strike); break;
      case ActionType::cancel_all_by_venue: cancel_all_by_venue(struck, strike); break;
      case ActionType::price_anomaly: distort_price(struck, strike); break;
      case ActionType::funding_spike: spike_funding(struck, strike); break;
      case ActionType::liquidation:
        each_position(struck, [&](AccountId account, const Position& position) {
          force_liquidation(struck.exchange, account, position);
        });
        break;
      case ActionType::adl:
        each_position(struck, [&](AccountId account, const Position& position) {
          force_deleveraging(struck.exchange, account, position, strike.action.ratio("ratio"));
        });
        break;
      default: break;
    }
  }
}

}  // namespace venuebox::box
