// Terms of an instrument that change while it trades. All amounts are in the listed steps, so
// nothing that is open has to be converted.
#include "engine/engine.h"

namespace venuebox::engine {

Engine::Refusal Engine::check_terms(const ChangeTerms& command, Instrument& changed) const {
  if (!ledger_.knows(command.instrument)) return RejectReason::unknown_instrument;
  changed = ledger_.instrument(command.instrument);
  if (changed.phase == TradingPhase::delisted) return RejectReason::instrument_delisted;
  const bool pays_funding = !changed.is_spot() && changed.funding.kind != FundingKind::none;
  if (command.funding_interval && !pays_funding) return RejectReason::contradictory_terms;
  changed.tick_multiple = command.tick_multiple.value_or(changed.tick_multiple);
  changed.lot_multiple = command.lot_multiple.value_or(changed.lot_multiple);
  changed.notional_min.units = command.notional_min.value_or(changed.notional_min.units);
  changed.funding.interval = command.funding_interval.value_or(changed.funding.interval);
  const auto& assets = ledger_.assets();
  const auto checked =
      checked_listing(changed, assets[changed.base.raw], assets[changed.quote.raw]);
  if (!checked) return RejectReason::listing_invalid;
  changed = *checked;
  return std::nullopt;
}

// What was sampled since the last payment counts on towards the next one, at the first whole
// multiple of the new interval since 1970.
void Engine::on(const ChangeTerms& command) {
  Instrument changed;
  if (auto reason = check_terms(command, changed)) return reject(kNoAccount, *reason);
  Market& market = this->market(command.instrument);
  market.samples = samples_now(market, ledger_.instrument(command.instrument));
  ledger_.set_terms(changed);
  if (command.funding_interval) begin_funding(command.instrument);
  events_.emplace_back(TermsChanged{changed.id, changed.tick_multiple, changed.lot_multiple,
                                    changed.notional_min, changed.funding.interval});
  touch(command.instrument);
}

}  // namespace venuebox::engine
