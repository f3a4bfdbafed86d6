#include "client/age_policy.h"

namespace venuebox::client {
using Outcome = AgedOrder::Outcome;

AgePolicy::AgePolicy(Exchange& exchange, Scheduler& scheduler, AgeSettings settings)
    : exchange_(exchange), scheduler_(scheduler), settings_(settings) {}

void AgePolicy::start() {
  if (settings_.age_max.raw <= 0 || std::exchange(started_, true)) return;
  exchange_.keep_own_view();
  wait();
}

void AgePolicy::wait() {
  scheduler_.after(settings_.check_every, [this, alive = alive_] {
    if (!*alive) return;
    check();
    wait();
  });
}

void AgePolicy::check() {
  const auto& orders = exchange_.own().orders();
  std::erase_if(attempts_, [&](const auto& entry) {
    const auto at = orders.find(entry.first);
    return at == orders.end() || !at->second.is_live();
  });
  std::vector<std::pair<std::string, unified::OrderRow>> due;
  const Timestamp now = scheduler_.now();
  for (const auto& [name, own] : orders) {
    const bool is_sure = own.calls == 0 && own.standing == OwnOrder::Standing::known;
    const bool is_meant = own.row.filled.units == 0 || settings_.also_partly_filled;
    if (!own.is_live() || !is_sure || !is_meant) continue;
    const auto tried = attempts_.find(name);
    const bool is_first = tried == attempts_.end();
    if (!is_first && !tried->second.is_open_to_another) continue;
    const Timestamp since = is_first ? own.since : tried->second.at;
    if (now - since >= settings_.age_max) due.emplace_back(name, own.row);
  }
  for (const auto& [name, order] : due)
    cancel(name, order);
}

void AgePolicy::cancel(const std::string& name, const unified::OrderRow& order) {
  attempts_[name] = {.at = scheduler_.now()};
  exchange_.cancel_order(
      order.symbol,
      {.id = order.id,
       .client_order_id = order.client_order_id,
       .is_untriggered = order.state == unified::OrderState::untriggered},
      [this, alive = alive_, name, order](const Reply<PlacedOrder>& reply) {
        if (!*alive) return;
        AgedOrder aged{.order = order, .outcome = Outcome::cancelled, .text = reply.text};
        if (reply.kind == CallOutcome::Kind::unknown) {
          aged.outcome = Outcome::unknown;
        } else if (!reply) {
          const bool has_ended = reply.verdict == gateway::Verdict::unknown_order;
          aged.outcome = has_ended ? Outcome::already_ended : Outcome::refused;
        }
        note(name, std::move(aged));
      });
}

void AgePolicy::note(const std::string& name, AgedOrder aged) {
  attempts_[name].is_open_to_another = aged.outcome == Outcome::refused;
  outcomes_.push_back(std::move(aged));
  if (outcomes_.size() > kOutcomesMax) outcomes_.pop_front();
  if (on_outcome) on_outcome(outcomes_.back());
}

}  // namespace venuebox::client
