#include "client/maintenance_queue.h"

#include <algorithm>

namespace venuebox::client {
using Orders = MaintenanceSettings::Orders;

namespace {
constexpr const char* kRemoved = "cancelled before it was sent";
}  // namespace

MaintenanceQueue::MaintenanceQueue(Exchange& exchange, Scheduler& scheduler,
                                   MaintenanceSettings settings)
    : exchange_(exchange), scheduler_(scheduler), settings_(settings) {}

// ---- when ---------------------------------------------------------------------------------------

void MaintenanceQueue::declare(Timestamp from, Timestamp until) {
  const Timestamp now = scheduler_.now();
  if (until <= now || until <= from) return;
  windows_.push_back({from, until});
  scheduler_.after(until - now, [this, alive = alive_] {
    if (!*alive) return;
    std::erase_if(windows_, [now = scheduler_.now()](const Window& w) { return w.until <= now; });
    if (is_declared() || queue_.empty()) return;
    // Windows end later than they were announced to.
    is_awaited_ = true;
    poll_after({});
  });
}

bool MaintenanceQueue::is_declared() const {
  const Timestamp now = scheduler_.now();
  return std::ranges::any_of(windows_,
                             [now](const Window& w) { return w.from <= now && now < w.until; });
}

bool MaintenanceQueue::is_in_maintenance(std::string_view symbol) const {
  return is_awaited_ || is_declared() || closed_.contains(symbol);
}

bool MaintenanceQueue::has_queued(std::string_view symbol) const {
  return std::ranges::any_of(
      queue_, [symbol](const Queued& queued) { return queued.order.symbol == symbol; });
}

void MaintenanceQueue::poll_after(Nanoseconds wait) {
  if (std::exchange(is_polling_, true)) return;
  scheduler_.after(wait, [this, alive = alive_] {
    if (*alive) poll();
  });
}

void MaintenanceQueue::poll() {
  exchange_.fetch_time([this, alive = alive_](const Reply<Timestamp>& reply) {
    if (!*alive) return;
    is_polling_ = false;
    if (!reply || is_declared()) return poll_after(settings_.poll_every);
    is_awaited_ = false;
    closed_.clear();
    if (!std::exchange(is_draining_, true)) send_next();
  });
}

// ---- orders -------------------------------------------------------------------------------------

void MaintenanceQueue::note(const Queued& order, Fate fate) {
  ++counts_[static_cast<std::size_t>(fate)];
  if (on_fate) on_fate(order.order.client_order_id, fate);
}

// Of an order that was not sent.
void MaintenanceQueue::answer(const Queued& order, Fate fate, std::string text) {
  note(order, fate);
  scheduler_.after({}, [alive = alive_, then = order.then, text = std::move(text)] {
    if (!*alive) return;
    then({.kind = CallOutcome::Kind::refused,
          .value = std::nullopt,
          .verdict = gateway::Verdict::maintenance,
          .text = text});
  });
}

void MaintenanceQueue::create_order(unified::NewOrder order, Then<PlacedOrder> then) {
  if (order.client_order_id.empty()) order.client_order_id = exchange_.next_client_order_id();
  Queued wanted{std::move(order), std::move(then)};
  const std::string& symbol = wanted.order.symbol;
  // What waits is not overtaken.
  if (is_in_maintenance(symbol) || has_queued(symbol)) return hold(std::move(wanted), false);
  send(std::move(wanted), false);
}

void MaintenanceQueue::hold(Queued order, bool at_front) {
  if (settings_.orders == Orders::refuse) {
    return answer(order, Fate::refused, "the venue is in maintenance");
  }
  if (settings_.orders == Orders::drop) {
    return answer(order, Fate::dropped, "dropped: the venue is in maintenance");
  }
  // What was taken from the front goes back there, and was counted.
  if (at_front) return void(queue_.push_front(std::move(order)));
  if (queue_.size() >= settings_.queued_max) {
    return answer(order, Fate::refused, "the venue is in maintenance, and the queue is full");
  }
  note(order, Fate::queued);
  queue_.push_back(std::move(order));
}

void MaintenanceQueue::send(Queued order, bool was_queued) {
  exchange_.create_order(order.order,
                         [this, alive = alive_, order, was_queued](Reply<PlacedOrder> reply) {
                           if (!*alive) return;
                           const bool is_closed = reply.kind == CallOutcome::Kind::refused &&
                                                  reply.verdict == gateway::Verdict::maintenance;
                           if (was_queued) {
                             scheduler_.after(settings_.send_every, [this, alive] {
                               if (*alive) send_next();
                             });
                           }
                           if (is_closed) {
                             closed_.insert(order.order.symbol);
                             poll_after(settings_.poll_every);
                             return hold(order, was_queued);
                           }
                           if (was_queued) note(order, Fate::sent);
                           order.then(std::move(reply));
                         });
}

// One at a time: the next leaves when the one before is answered.
void MaintenanceQueue::send_next() {
  const auto next = std::ranges::find_if(
      queue_, [this](const Queued& queued) { return !is_in_maintenance(queued.order.symbol); });
  is_draining_ = next != queue_.end();
  if (is_draining_) {
    Queued order = std::move(*next);
    queue_.erase(next);
    return send(std::move(order), true);
  }
  if (!queue_.empty() && !is_declared()) poll_after(settings_.poll_every);
}

void MaintenanceQueue::cancel_order(std::string_view symbol, const unified::OrderName& name,
                                    Then<PlacedOrder> then) {
  const auto at = std::ranges::find_if(queue_, [&](const Queued& queued) {
    return !name.client_order_id.empty() && queued.order.client_order_id == name.client_order_id;
  });
  if (at == queue_.end()) return exchange_.cancel_order(symbol, name, std::move(then));
  const Queued removed = std::move(*at);
  queue_.erase(at);
  answer(removed, Fate::removed, kRemoved);
  scheduler_.after({}, [alive = alive_, then = std::move(then), name] {
    if (!*alive) return;
    then({.kind = CallOutcome::Kind::answered,
          .value = PlacedOrder{.id = {}, .client_order_id = name.client_order_id}});
  });
}

void MaintenanceQueue::remove_all(std::string_view symbol) {
  std::deque<Queued> kept;
  std::vector<Queued> removed;
  for (Queued& queued : queue_) {
    if (queued.order.symbol == symbol) {
      removed.push_back(std::move(queued));
    } else {
      kept.push_back(std::move(queued));
    }
  }
  queue_ = std::move(kept);
  for (const Queued& queued : removed)
    answer(queued, Fate::removed, kRemoved);
}

}  // namespace venuebox::client
