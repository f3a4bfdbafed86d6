// What happens in a box, as the plan of faults is told of it: some faults wait for an event. Of
// accounts, users' alone. Only acceptances, fills and funding tell their symbol; how an order ends
// is told without it, since the event does not name it. Logins and subscriptions are told where
// streams are tapped, in stream_faults.cpp.
#include "box/box.h"

namespace venuebox::box {
namespace {
using faults::Happening;

// tell(happening, account, instrument); the instrument may be null.
template <class Tell>
void tell_of(const Event& event, const Tell& tell) {
  if (const auto* accepted = std::get_if<OrderAccepted>(&event)) {
    tell(Happening::order_accepted, accepted->order.account, &accepted->order.instrument);
  } else if (const auto* rejected = std::get_if<Rejected>(&event)) {
    tell(Happening::order_rejected, rejected->account, nullptr);
  } else if (const auto* cancelled = std::get_if<OrderCancelled>(&event)) {
    tell(Happening::order_cancelled, cancelled->account, nullptr);
  } else if (const auto* amended = std::get_if<OrderAmended>(&event)) {
    tell(Happening::order_amended, amended->account, nullptr);
  } else if (const auto* triggered = std::get_if<OrderTriggered>(&event)) {
    tell(Happening::order_triggered, triggered->account, nullptr);
  } else if (const auto* fill = std::get_if<Fill>(&event)) {
    tell(Happening::fill, fill->maker.account, &fill->instrument);
    tell(Happening::fill, fill->taker.account, &fill->instrument);
  } else if (const auto* began = std::get_if<LiquidationBegan>(&event)) {
    tell(Happening::liquidation, began->account, nullptr);
  } else if (const auto* paid = std::get_if<FundingPaid>(&event)) {
    tell(Happening::funding, paid->account, &paid->instrument);
  } else if (const auto* deposited = std::get_if<Deposited>(&event)) {
    tell(Happening::deposit, deposited->account, nullptr);
  }
}
}  // namespace

void Box::tell_plan(std::size_t index, std::span<const Event> events) {
  if (plan_.size() == 0) return;
  const Exchange& exchange = *exchanges_[index];
  const auto tell = [&](Happening happening, AccountId account, const InstrumentId* instrument) {
    if (account.raw < market::kAccounts) return;
    const auto instruments = exchange.engine().instruments();
    plan_.observe(happening,
                  {.venue = exchange.door().venue().name,
                   .account = exchange.door().account_name(account),
                   .symbol = instrument ? std::string_view(instruments[instrument->raw].symbol)
                                        : std::string_view()});
  };
  for (const Event& event : events)
    tell_of(event, tell);
}

void Box::tell_plan(std::size_t index, Happening happening) {
  plan_.observe(happening, {.venue = exchanges_[index]->door().venue().name,
                            .transport = faults::Transport::ws});
}

}  // namespace venuebox::box
