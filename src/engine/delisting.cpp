// An instrument changes its phase, or leaves the exchange for good: its orders are cancelled, and
// its positions closed against each other at one price, which costs nobody a fee.
//   source  docs/margin.md, "Delisting"
#include "engine/engine.h"

namespace venuebox::engine {

Engine::Refusal Engine::check_phase(const SetInstrumentPhase& command) const {
  if (!ledger_.knows(command.instrument)) return RejectReason::unknown_instrument;
  const Instrument& instrument = ledger_.instrument(command.instrument);
  if (instrument.phase == TradingPhase::delisted) return RejectReason::instrument_delisted;
  const bool settles = command.phase == TradingPhase::delisted && !instrument.is_spot();
  if (command.settlement.raw != 0 && !settles) return RejectReason::contradictory_terms;
  if (command.settlement.raw < 0) return RejectReason::price_not_positive;
  if (command.settlement > instrument.price_max) return RejectReason::price_too_high;
  return std::nullopt;
}

void Engine::on(const SetInstrumentPhase& command) {
  if (auto reason = check_phase(command)) return reject(kNoAccount, *reason);
  if (command.phase == TradingPhase::delisted) {
    delist(ledger_.instrument(command.instrument), command.settlement);
  }
  ledger_.set_phase(command.instrument, command.phase);
  // What could not be liquidated before may be now.
  examine_all();
  events_.emplace_back(InstrumentPhaseChanged{command.instrument, command.phase});
  touch(command.instrument);
}

// Funding that is due was paid before the command; of an interval that has not ended nothing is.
void Engine::delist(const Instrument& instrument, Ticks settlement) {
  // The mark is of the book as it stands: without its orders it is another.
  const MarkPrice mark = mark_price(instrument.id).value_or(MarkPrice{});
  OrderFilter filter;
  filter.instrument = instrument.id;
  for (std::uint32_t i = 0; i < ledger_.account_count(); ++i)
    cancel_matching(AccountId{i}, filter, CancelReason::delisted);
  if (settlement.raw == 0) {
    const auto nearest = static_cast<std::int64_t>(div_half_even(mark.raw, kMarkPerTick));
    settlement = std::clamp(Ticks{nearest}, Ticks{1}, instrument.price_max);
  }
  close_positions(instrument, settlement);
  Market& market = this->market(instrument.id);
  market.next_funding = kNever;
  market.index = {};
  market.samples = {};
}

// Long ones against short ones, both by account; they sum to zero.
void Engine::close_positions(const Instrument& instrument, Ticks price) {
  struct Position {
    AccountId account;
    LegIndex leg = 0;
    std::int64_t left = 0;
  };
  std::vector<Position> longs, shorts;
  each_open_leg(instrument.id, [&](AccountId account, LegIndex leg, SignedLots size) {
    (size.raw > 0 ? longs : shorts).push_back({account, leg, std::abs(size.raw)});
  });
  auto other = shorts.begin();
  for (Position& position : longs) {
    while (position.left > 0) {
      const std::int64_t part = std::min(position.left, other->left);
      close_between(position.account, instrument, position.leg, other->account, other->leg,
                    Lots{part}, price, FillKindOf::delisting, {});
      position.left -= part;
      other->left -= part;
      if (other->left == 0) ++other;
    }
  }
}

}  // namespace venuebox::engine
