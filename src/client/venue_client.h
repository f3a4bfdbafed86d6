// One venue with all that a bot wants of it, put together: its calls and streams, what is believed
// of the account, kept true by both and by reconciliation, and what becomes of the account's
// orders.
#pragma once

#include "client/age_policy.h"
#include "client/order_entry.h"
#include "client/reconciler.h"
#include "client/watcher.h"

namespace venuebox::client {

// What is done without being asked for each time.
struct Policies {
  // Every 30 s, and after each gap in the account's streams. `symbols` names the markets in which
  // orders of others are looked for.
  ReconcilerSettings reconciliation = {};
  AgeSettings age = {};                  // off; cancels orders that have waited too long
  MaintenanceSettings maintenance = {};  // orders are refused, not queued
  RepricingSettings repricing = {};      // off
  WatcherSettings streams = {};          // `origin` is the exchange's
};

// Belongs to one thread, like the transports and the scheduler, which outlive it.
class VenueClient {
 public:
  //   streams  null: there are none, for the reason that `no_streams` gives
  VenueClient(const gateway::ClientDialect& dialect, std::optional<gateway::ClientKeys> keys,
              Transport& transport, StreamTransport* streams, std::string no_streams,
              Scheduler& scheduler, ExchangeSettings exchange, Policies settings = {});
  ~VenueClient() { *alive_ = false; }
  VenueClient(const VenueClient&) = delete;
  VenueClient& operator=(const VenueClient&) = delete;

  // Loads the markets. Then, with keys, the account's orders, fills, positions and balances are
  // followed by stream, reconciled at once and from then on, and orders are cancelled by age. Own
  // orders are those that are placed from then on, and those that a reconciliation adopts.
  void start(Then<std::vector<unified::Market>> then);

  Exchange& exchange() { return exchange_; }
  // Where orders go in, so that the settings hold for them.
  OrderEntry& orders() { return orders_; }
  const OwnView& own() const { return exchange_.own(); }
  Reconciler& reconciler() { return reconciler_; }
  AgePolicy& age_policy() { return age_policy_; }
  // Fails where there are no streams (`unsupported`). Ask it for watches after start(); its events
  // are told by `on_event`.
  Result<Watcher*> watcher();

  // Each fill of an own order once, whether a stream told it or it had to be asked for.
  std::function<void(const unified::FillRow&)> on_fill;
  std::function<void(const Difference&)> on_difference;
  std::function<void(const StreamEvent&)> on_event;

 private:
  void follow_account();
  void take(const std::vector<unified::FillRow>& fills);
  void happened(const StreamEvent& event);
  void differs(const Difference& difference);
  // Asks for the fills of these markets, one after the other.
  void recover_fills(std::vector<std::string> symbols, std::function<void()> then);
  std::vector<std::string> own_symbols() const;

  Exchange exchange_;
  OrderEntry orders_;
  Reconciler reconciler_;
  AgePolicy age_policy_;
  std::string no_streams_;
  std::unique_ptr<Watcher> watcher_;  // null: there are no streams
  bool is_following_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace venuebox::client
