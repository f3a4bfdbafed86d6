// Cancels own orders that have waited too long, each once. Off unless it is given an age.
#pragma once

#include "client/exchange.h"

namespace venuebox::client {

struct AgeSettings {
  Nanoseconds age_max = {};              // 0: off
  bool also_partly_filled = false;       // else only orders of which nothing is filled
  Nanoseconds check_every = seconds(1);  // how much older than that an order may get
};

// What came of cancelling one order.
struct AgedOrder {
  enum class Outcome : std::uint8_t {
    cancelled,
    already_ended,  // filled or cancelled meanwhile, which is no error
    refused,        // it is still there; it is tried again after the same time
    unknown,        // for the reconciliation to find out
  };
  unified::OrderRow order;  // as it was believed to be
  Outcome outcome = Outcome::cancelled;
  std::string text = {};  // why not
};

// Belongs to one thread, like the exchange and the scheduler, which outlive it.
class AgePolicy {
 public:
  AgePolicy(Exchange& exchange, Scheduler& scheduler, AgeSettings settings = {});
  ~AgePolicy() { *alive_ = false; }
  AgePolicy(const AgePolicy&) = delete;
  AgePolicy& operator=(const AgePolicy&) = delete;

  void start();
  // The newest last; a bounded number of them.
  const std::deque<AgedOrder>& outcomes() const { return outcomes_; }

  std::function<void(const AgedOrder&)> on_outcome;

 private:
  static constexpr std::size_t kOutcomesMax = 1'000;

  void wait();
  void check();
  void cancel(const std::string& name, const unified::OrderRow& order);
  void note(const std::string& name, AgedOrder aged);

  Exchange& exchange_;
  Scheduler& scheduler_;
  AgeSettings settings_;
  struct Attempt {
    Timestamp at;
    bool is_open_to_another = false;
  };
  std::map<std::string, Attempt, std::less<>> attempts_;  // on own orders that are live
  std::deque<AgedOrder> outcomes_;
  bool started_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace venuebox::client
