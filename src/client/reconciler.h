// Compares what this client believes with what the venue says, every so often: its open orders,
// positions and balances. Each difference is counted, told, and settled as asked. An order whose
// outcome nobody knew is settled here, too.
#pragma once

#include <array>

#include "client/exchange.h"

namespace venuebox::client {

struct Difference {
  enum class Kind : std::uint8_t {
    unknown_order_found,  // the venue has an open order that is none of ours
    order_vanished,       // an open order of ours is not among the venue's
    status_differs,
    filled_differs,
    position_differs,
    balance_differs,
  };
  Kind kind = Kind::unknown_order_found;
  std::string about = {};  // client order id or id, symbol, or asset
  // The sides of an order; absent: that side has none.
  std::optional<unified::OrderRow> our_order = {}, their_order = {};
  // The sides of a position, below 0 when short, or of a balance's total.
  std::optional<Decimal> ours = {}, theirs = {};
};
inline constexpr int kDifferenceKinds = 6;

struct ReconcilerSettings {
  enum class Unknown : std::uint8_t { ignore, adopt, cancel };
  enum class Vanished : std::uint8_t { look_up, mark };
  enum class Differing : std::uint8_t { adopt, only_report };

  Nanoseconds every = seconds(30);        // 0: only on demand
  std::vector<std::string> symbols = {};  // besides those of own orders and positions
  Unknown unknown_order = Unknown::ignore;
  Vanished vanished_order = Vanished::look_up;
  Differing order = Differing::adopt;  // its status and what is filled of it
  Differing position = Differing::adopt;
  Differing balance = Differing::adopt;
};

struct ReconcilerCounts {
  std::array<std::uint64_t, kDifferenceKinds> differences = {};  // by Difference::Kind
  std::uint64_t runs = 0;                                        // that were whole
  std::uint64_t failed = 0;   // that were not, and from which nothing is concluded
  std::uint64_t settled = 0;  // orders that were unknown until then

  std::uint64_t of(Difference::Kind kind) const {
    return differences[static_cast<std::size_t>(kind)];
  }
};

// Belongs to one thread, like the exchange and the scheduler, which outlive it.
class Reconciler {
 public:
  Reconciler(Exchange& exchange, Scheduler& scheduler, ReconcilerSettings settings = {});
  ~Reconciler();
  Reconciler(const Reconciler&) = delete;
  Reconciler& operator=(const Reconciler&) = delete;

  // Begins to reconcile every so often, the first time after one interval.
  void start();
  // On demand, and after a gap in a stream. While one is under way, another follows it: what it has
  // fetched by then may be older than what is asked about.
  void run();
  bool is_running() const { return run_ != nullptr; }
  const ReconcilerCounts& counts() const { return counts_; }

  std::function<void(const Difference&)> on_difference;
  std::function<void(const std::string& why)> on_failed;
  std::function<void()> on_done;  // after each run, whole or failed

 private:
  struct Run;
  void wait();
  void begin();
  void fetch_orders();
  void fetch_positions();
  void fetch_balance();
  void conclude();
  void compare_orders();
  void compare_order(const OwnOrder& own, const unified::OrderRow& row);
  void found_unknown(const unified::OrderRow& row);
  void note_absent(const std::string& name, const OwnOrder& own);
  void compare_positions();
  void compare_balances();
  void look_up_next();
  void looked_up(const std::string& name, const Reply<unified::OrderRow>& reply);
  void report(Difference difference);
  void fail(const std::string& why);
  void finish();
  bool is_untouched(std::uint64_t touched) const;

  Exchange& exchange_;
  Scheduler& scheduler_;
  ReconcilerSettings settings_;
  ReconcilerCounts counts_;
  std::unique_ptr<Run> run_;  // absent: none is under way
  bool again_ = false;
  bool started_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace venuebox::client
