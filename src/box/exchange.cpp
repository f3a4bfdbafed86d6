#include "box/exchange.h"

namespace venuebox::box {

void Exchange::advance_to(Timestamp time) {
  while (market_ && market_->next_due() <= time) {
    now_ = std::max(now_, market_->next_due());
    market_->step(inside_);
  }
  now_ = std::max(now_, time);
}

std::span<const Event> Exchange::execute(const CommandBody& body, bool from_outside) {
  const auto events = engine_.execute({engine_.sequence() + 1, now_, body});
  for (const Event& event : events) {
    FieldHasher(event_hash_).put(event);
    if (!from_outside && !user_touched_) user_touched_ = touches_user(event);
  }
  event_count_ += events.size();
  if (from_outside) noted_.push_back({now_, VenueCommand{index_, body}});
  return events;
}

// Accounts beyond the market's own are users'.
bool Exchange::touches_user(const Event& event) const {
  if (const auto* fill = std::get_if<Fill>(&event)) {
    return fill->maker.account.raw >= market::kAccounts ||
           fill->taker.account.raw >= market::kAccounts;
  }
  if (const auto* cancelled = std::get_if<OrderCancelled>(&event)) {
    return cancelled->account.raw >= market::kAccounts;
  }
  return false;
}

}  // namespace venuebox::box
