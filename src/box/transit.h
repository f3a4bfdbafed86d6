// What is on its way between clients and a box's exchanges: requests that have been let in and not
// carried out yet, and answers that have not left yet. In the order in which they are due, and
// among equals in that in which they set out.
#pragma once

#include <map>
#include <memory>

#include "faults/strike.h"
#include "gateway/door.h"
#include "gateway/kept_request.h"
#include "gateway/streams.h"

namespace venuebox::box {

// Beyond so many in one box a request is refused as RejectReason::overloaded.
inline constexpr std::size_t kInTransitMax = 10'000;

// One request and its answer. Ended before it is answered, it ends the connection of who asked.
struct Traveller {
  std::size_t exchange = 0;
  gateway::Admission admission;
  gateway::KeptRequest request;
  net::Response response = {};  // as far as it is known
  // Who asked: a client of HTTP, or one of a stream.
  std::unique_ptr<net::HeldAnswer> held = {};
  std::optional<gateway::StreamAsker> asker = {};
  Nanoseconds answer_delay = {};
  std::vector<faults::Strike> strikes = {};
  std::uint64_t occasion = 0;   // by which the plan knows it
  bool is_carried_out = false;  // it is the answer that is on its way
};

class Transit {
 public:
  using TravellerPtr = std::unique_ptr<Traveller>;

  void add(Timestamp due, TravellerPtr traveller) {
    due_.emplace(std::pair(due, ++set_out_), std::move(traveller));
  }
  bool empty() const { return due_.empty(); }
  std::size_t size() const { return due_.size(); }
  Timestamp next_due() const { return due_.empty() ? kNever : due_.begin()->first.first; }
  TravellerPtr take_next() { return std::move(due_.extract(due_.begin()).mapped()); }
  void clear() { due_.clear(); }

 private:
  std::map<std::pair<Timestamp, std::uint64_t>, TravellerPtr> due_;
  std::uint64_t set_out_ = 0;  // legs that have begun so far
};

}  // namespace venuebox::box
