// What becomes of orders while the venue is in maintenance: refused, kept and sent once after it,
// or dropped. Maintenance begins in windows that are declared, for all markets, and when the venue
// says so, for the market of which it said so: some halt a market in the same words. It ends when
// the venue answers again.
#pragma once

#include "client/exchange.h"

namespace venuebox::client {

struct MaintenanceSettings {
  enum class Orders : std::uint8_t { refuse, queue, drop };
  Orders orders = Orders::refuse;
  std::size_t queued_max = 100;                // beyond it they are refused
  Nanoseconds poll_every = seconds(30);        // how often the venue is asked for the time
  Nanoseconds send_every = milliseconds(200);  // between two that were queued
};

// Belongs to one thread, like the exchange and the scheduler, which outlive it.
class MaintenanceQueue {
 public:
  enum class Fate : std::uint8_t {
    queued,   // to be answered once it has been sent
    sent,     // after having been queued
    refused,  // as asked, or because the queue is full
    dropped,  // as asked
    removed,  // cancelled while it was queued
  };

  MaintenanceQueue(Exchange& exchange, Scheduler& scheduler, MaintenanceSettings settings = {});
  ~MaintenanceQueue() { *alive_ = false; }
  MaintenanceQueue(const MaintenanceQueue&) = delete;
  MaintenanceQueue& operator=(const MaintenanceQueue&) = delete;

  // From `from` on and before `until`, by the scheduler's clock.
  void declare(Timestamp from, Timestamp until);
  bool is_in_maintenance(std::string_view symbol) const;

  // As those of Exchange. A queued order keeps the client order id that it has by then, is sent in
  // its turn, and answered when that is answered.
  void create_order(unified::NewOrder order, Then<PlacedOrder> then);
  // Takes a queued order out, and then nothing was sent.
  void cancel_order(std::string_view symbol, const unified::OrderName& name,
                    Then<PlacedOrder> then);
  // Takes out all that is queued for this market.
  void remove_all(std::string_view symbol);

  std::size_t queued() const { return queue_.size(); }
  std::uint64_t count(Fate fate) const { return counts_[static_cast<std::size_t>(fate)]; }

  std::function<void(const std::string& client_order_id, Fate fate)> on_fate;

 private:
  struct Queued {
    unified::NewOrder order;
    Then<PlacedOrder> then;
  };
  struct Window {
    Timestamp from, until;
  };
  void send(Queued order, bool was_queued);
  void hold(Queued order, bool at_front);
  void answer(const Queued& order, Fate fate, std::string text);
  void note(const Queued& order, Fate fate);
  void poll_after(Nanoseconds wait);
  void poll();
  void send_next();
  bool is_declared() const;
  bool has_queued(std::string_view symbol) const;

  Exchange& exchange_;
  Scheduler& scheduler_;
  MaintenanceSettings settings_;
  std::deque<Queued> queue_;
  std::vector<Window> windows_;
  std::set<std::string, std::less<>> closed_;  // symbols of which the venue said so
  bool is_awaited_ = false;                    // a window has ended, and the venue not answered
  bool is_polling_ = false;   // a question for the time is under way or waits for its turn
  bool is_draining_ = false;  // the queue is being sent
  std::array<std::uint64_t, 5> counts_ = {};  // by Fate
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace venuebox::client
