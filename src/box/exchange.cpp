#include "box/exchange.h"

namespace venuebox::box {

void Exchange::advance_to(Timestamp time) {
  while (next_due() <= time)
    run_due();
  now_ = std::max(now_, time);
}

std::uint64_t Exchange::run_due() {
  const Timestamp due = next_due();
  now_ = std::max(now_, due);
  std::uint64_t steps = 0;
  for (; market_->next_due() == due; ++steps)
    market_->step(inside_);
  return steps;
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
