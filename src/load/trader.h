// One client of a load test: calls the venue by the client library, one operation after the other,
// and tells what came of each.
#pragma once

#include "client/exchange.h"
#include "load/link.h"
#include "load/settings.h"
#include "load/tally.h"

namespace venuebox::load {

// Belongs to one thread, like what it stands on, which outlives it.
class Trader {
 public:
  //   number  counted from 0; together they begin evenly over the interval between two operations
  //   keys    of an account of its own
  Trader(const Settings& settings, int number, const gateway::ClientDialect& dialect,
         gateway::ClientKeys keys, client::Transport& venue, client::Scheduler& scheduler,
         Tally& tally);
  ~Trader() { *alive_ = false; }
  Trader(const Trader&) = delete;
  Trader& operator=(const Trader&) = delete;

  // To be called, and waited for, before start().
  void load_markets(client::Then<std::vector<unified::Market>> then) {
    exchange_.load_markets(std::move(then));
  }
  //   until  no operation begins then or later
  void start(Timestamp until);
  bool has_ended() const { return has_ended_; }

 private:
  void next();
  Operation choose();
  void begin(Operation operation);
  void place_order();
  void follow(const unified::OrderRow& order);
  template <class T>
  client::Then<T> finishing(std::function<void(const T&)> succeeded = {});
  void finish(std::string failure);
  template <class Work>
  void later(Nanoseconds wait, Work work);

  const Settings& settings_;
  client::Scheduler& scheduler_;
  Tally& tally_;
  Link link_;
  client::Exchange exchange_;
  RandomStream choice_;
  Nanoseconds interval_;
  Nanoseconds offset_;  // of the first operation

  Timestamp until_;
  Timestamp due_;  // when the next operation is to begin, if the one before has ended
  bool has_ended_ = false;
  Outcome present_;
  std::uint64_t rate_limited_before_ = 0;
  std::uint64_t sent_before_ = 0;
  std::int64_t placed_ = 0;
  std::string unseen_;  // the id of an order that was placed and not asked for yet; empty: none
  std::string open_;    // the id of one that was found open; empty: none
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace venuebox::load
