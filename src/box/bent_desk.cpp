#include "box/bent_desk.h"

#include <algorithm>

namespace venuebox::box {
namespace {
template <class... Commands, class Body>
bool is_one_of(const Body& body) {
  return (std::holds_alternative<Commands>(body) || ...);
}

bool is_amendment(const CommandBody& body) { return is_one_of<AmendOrder, AmendBatch>(body); }

bool takes(const PlaceOrder& order) { return !order.post_only; }

AccountId account_of(const CommandBody& body) {
  return std::visit(
      [](const auto& command) -> AccountId {
        if constexpr (requires { command.account; }) {
          return command.account;
        } else if constexpr (requires { command.first.account; }) {
          return command.first.account;
        } else {
          return kNoAccount;
        }
      },
      body);
}

template <class Entry>
std::uint32_t entries_of(const std::vector<Entry>& entries) {
  return static_cast<std::uint32_t>(entries.size());
}

// 0: it is no batch.
std::uint32_t batch_size(const CommandBody& body) {
  if (const auto* batch = std::get_if<PlaceBatch>(&body)) return entries_of(batch->orders);
  if (const auto* batch = std::get_if<AmendBatch>(&body)) return entries_of(batch->amends);
  if (const auto* batch = std::get_if<CancelBatch>(&body)) return entries_of(batch->cancels);
  return 0;
}
}  // namespace

bool BentDesk::refuses(const CommandBody& body) const {
  switch (bent_.refuses) {
    case Refuses::nothing: return false;
    case Refuses::everything: return true;
    case Refuses::new_terms:
      return is_amendment(body) || is_one_of<PlaceOrder, PlaceBatch, PlacePair>(body);
    case Refuses::takers: {
      const auto* order = std::get_if<PlaceOrder>(&body);
      return is_amendment(body) || is_one_of<PlacePair>(body) || (order && takes(*order));
    }
  }
  return false;
}

std::span<const Event> BentDesk::execute(const CommandBody& body) {
  const auto* batch = std::get_if<PlaceBatch>(&body);
  if (batch && bent_.refuses == Refuses::takers) return execute_batch(*batch);
  if (!refuses(body)) return desk_.execute(body);
  events_.clear();
  const std::uint32_t entries = batch_size(body);
  for (std::uint32_t i = 0; i < entries; ++i) {
    events_.emplace_back(BatchEntry{i});
    events_.push_back(rejected(account_of(body)));
  }
  if (entries == 0) events_.push_back(rejected(account_of(body)));
  return events_;
}

// What is post-only goes to the engine; the others are refused, each in its place.
std::span<const Event> BentDesk::execute_batch(const PlaceBatch& batch) {
  PlaceBatch passing;
  std::vector<std::uint32_t> places;
  for (std::uint32_t i = 0; i < batch.orders.size(); ++i) {
    if (takes(batch.orders[i])) continue;
    passing.orders.push_back(batch.orders[i]);
    places.push_back(i);
  }
  std::span<const Event> told;
  if (!places.empty()) told = desk_.execute(passing);
  events_.clear();
  std::uint32_t next = 0;
  const auto refuse_until = [&](std::uint32_t place) {
    for (; next < place; ++next) {
      events_.emplace_back(BatchEntry{next});
      events_.push_back(rejected(batch.orders[next].account));
    }
  };
  for (const Event& event : told) {
    const auto* entry = std::get_if<BatchEntry>(&event);
    if (!entry) {
      events_.push_back(event);
      continue;
    }
    const std::uint32_t place = places[entry->index];
    refuse_until(place);
    events_.emplace_back(BatchEntry{place});
    next = place + 1;
  }
  refuse_until(static_cast<std::uint32_t>(batch.orders.size()));
  return events_;
}

}  // namespace venuebox::box
