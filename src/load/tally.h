// What came of the operations of a load test, as numbers.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"

namespace venuebox::load {

// What a client does; in the words of faults/names.h.
enum class Operation : std::uint8_t {
  fetch_ticker,
  fetch_order_book,
  fetch_balance,
  place_order,
  fetch_order,
  cancel_order,
};
inline constexpr std::size_t kOperations = static_cast<std::size_t>(Operation::cancel_order) + 1;
std::string_view name_of(Operation operation);

// One call of the client library, its retries included.
struct Outcome {
  Operation operation = Operation::fetch_ticker;
  Timestamp began;
  Nanoseconds took;
  std::string failure;             // its type; empty: it succeeded
  std::uint64_t requests = 0;      // that were sent for it
  std::uint64_t rate_limited = 0;  // that the venue refused for their number
};

struct Count {
  std::uint64_t attempted = 0;
  std::uint64_t successful = 0;
  std::uint64_t failed() const { return attempted - successful; }
  std::vector<Nanoseconds> latencies = {};  // of the successful ones
};

class Tally {
 public:
  // `slots` of equal length share the duration; they are whole seconds long.
  Tally(Timestamp start, Nanoseconds duration, std::size_t slots = 60);

  // What began after the duration counts in the last slot.
  void add(const Outcome& outcome);
  // An order of which the venue said that a part of it is filled.
  void add_partial_fill() { ++partial_fills_; }

  const Count& total() const { return total_; }
  const Count& of(Operation operation) const {
    return operations_[static_cast<std::size_t>(operation)];
  }
  const std::map<std::string, std::uint64_t>& failures() const { return failures_; }
  std::uint64_t requests() const { return requests_; }
  // Requests beyond the first of their operation, and the operations that had any.
  std::uint64_t retries() const { return retries_; }
  std::uint64_t retried() const { return retried_; }
  std::uint64_t rate_limited() const { return rate_limited_; }
  std::uint64_t partial_fills() const { return partial_fills_; }

  struct Slot {
    Count count = {};
    std::uint64_t rate_limited = 0;
  };
  const std::vector<Slot>& slots() const { return slots_; }
  Nanoseconds slot_length() const { return slot_length_; }
  Timestamp start() const { return start_; }

 private:
  Timestamp start_;
  Nanoseconds slot_length_;
  std::vector<Slot> slots_;
  Count total_;
  std::array<Count, kOperations> operations_{};
  std::map<std::string, std::uint64_t> failures_;
  std::uint64_t requests_ = 0;
  std::uint64_t retries_ = 0;
  std::uint64_t retried_ = 0;
  std::uint64_t rate_limited_ = 0;
  std::uint64_t partial_fills_ = 0;
};

// The least of the latencies that so many per thousand of them do not exceed (the nearest rank);
// zero of none.
Nanoseconds percentile(std::vector<Nanoseconds> latencies, int per_thousand);

}  // namespace venuebox::load
