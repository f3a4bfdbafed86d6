#include "load/tally.h"

#include <algorithm>

namespace venuebox::load {
namespace {
constexpr std::string_view kNames[kOperations] = {"fetch_ticker",  "fetch_order_book",
                                                  "fetch_balance", "place_order",
                                                  "fetch_order",   "cancel_order"};

Nanoseconds slot_length_of(Nanoseconds duration, std::size_t slots) {
  const std::int64_t whole = seconds(static_cast<std::int64_t>(slots)).raw;
  return seconds((duration.raw + whole - 1) / whole);
}

void count(Count& into, const Outcome& outcome) {
  ++into.attempted;
  if (!outcome.failure.empty()) return;
  ++into.successful;
  into.latencies.push_back(outcome.took);
}
}  // namespace

std::string_view name_of(Operation operation) {
  return kNames[static_cast<std::size_t>(operation)];
}

Tally::Tally(Timestamp start, Nanoseconds duration, std::size_t slots)
    : start_(start), slot_length_(slot_length_of(duration, slots)) {
  const std::int64_t used = (duration.raw + slot_length_.raw - 1) / slot_length_.raw;
  slots_.resize(static_cast<std::size_t>(used));
}

void Tally::add(const Outcome& outcome) {
  const auto place = static_cast<std::size_t>((outcome.began - start_).raw / slot_length_.raw);
  Slot& slot = slots_[std::min(place, slots_.size() - 1)];
  count(total_, outcome);
  count(operations_[static_cast<std::size_t>(outcome.operation)], outcome);
  count(slot.count, outcome);
  if (!outcome.failure.empty()) ++failures_[outcome.failure];
  requests_ += outcome.requests;
  if (outcome.requests > 1) {
    retries_ += outcome.requests - 1;
    ++retried_;
  }
  rate_limited_ += outcome.rate_limited;
  slot.rate_limited += outcome.rate_limited;
}

Nanoseconds percentile(std::vector<Nanoseconds> latencies, int per_thousand) {
  if (latencies.empty()) return {};
  const std::size_t rank =
      (latencies.size() * static_cast<std::size_t>(per_thousand) + 999) / 1'000;
  const auto at =
      latencies.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::ranges::nth_element(latencies, at);
  return *at;
}

}  // namespace venuebox::load
