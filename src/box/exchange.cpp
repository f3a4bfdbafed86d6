#include "box/exchange.h"

namespace venuebox::box {

void Exchange::advance_to(Timestamp time) {
  while (next_due() <= time)
    run_due();
  now_ = std::max(now_, time);
  engine_.pass_quietly(now_);
}

// What the exchange does by itself comes before what faults left for now, and that before what its
// market does at the same moment.
std::uint64_t Exchange::run_due() {
  const Timestamp due = next_due();
  now_ = std::max(now_, due);
  std::uint64_t steps = 0;
  if (engine_.next_due() <= due) {
    execute(Tick{}, Origin::own);
    ++steps;
  }
  for (; interventions_.next_due() <= due; ++steps)
    interventions_.run_due(doors());
  for (; market_ && market_->next_due() == due; ++steps)
    market_->step(inside_);
  return steps;
}

std::span<const Event> Exchange::execute(const CommandBody& body, Origin origin) {
  const bool from_outside = origin == Origin::outside;
  const auto events = engine_.execute({engine_.sequence() + 1, now_, body});
  for (const Event& event : events) {
    FieldHasher(event_hash_).put(event);
    const bool is_known = user_touched_ && user_news_;
    if (!from_outside && !is_known && touches_user(event)) user_touched_ = user_news_ = true;
  }
  event_count_ += events.size();
  streams_.observe(events, engine_);
  interventions_.observe(events, engine_);
  if (on_events_) on_events_(events);
  if (from_outside) noted_.push_back({now_, VenueCommand{index_, body}});
  return events;
}

// Of the market, while faults reach into the trading; what is kept back leads to nothing.
std::span<const Event> Exchange::execute_allowed(const CommandBody& body) {
  const auto command = interventions_.allowed(body);
  return command ? execute(*command, Origin::market) : std::span<const Event>{};
}

void Exchange::intervene(const Intervention& intervention) {
  noted_.push_back({now_, Intervene{index_, intervention}});
  intervene_again(intervention);
}

void Exchange::intervene_again(const Intervention& intervention) {
  interventions_.begin(intervention, doors());
}

// Accounts beyond the market's own are users'.
bool Exchange::touches_user(const Event& event) const {
  const auto is_user = [](AccountId account) { return account.raw >= market::kAccounts; };
  if (const auto* fill = std::get_if<Fill>(&event)) {
    return is_user(fill->maker.account) || is_user(fill->taker.account);
  }
  if (const auto* cancelled = std::get_if<OrderCancelled>(&event)) {
    return is_user(cancelled->account);
  }
  if (const auto* triggered = std::get_if<OrderTriggered>(&event)) {
    return is_user(triggered->account);
  }
  if (const auto* amended = std::get_if<OrderAmended>(&event)) return is_user(amended->account);
  if (const auto* paid = std::get_if<FundingPaid>(&event)) return is_user(paid->account);
  if (const auto* loss = std::get_if<LossShared>(&event)) return is_user(loss->account);
  return std::holds_alternative<LiquidationBegan>(event);
}

}  // namespace venuebox::box
