// What a bot includes: connect() gives it one venue, over the network, in a box on this machine, or
// in a box of this process, by settings alone.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/blocking.h"
#include "client/secrets.h"
#include "client/transport.h"
#include "client/venue_client.h"

namespace venuebox::box {
class Box;
}

namespace venuebox::library {

// The box of mock mode; see `venuebox serve --help` for what its market may be.
struct MockSettings {
  std::string market = "synthetic";  // pinned: none trades until a quote is set; or replay:FILE
  std::vector<std::string> symbols = {"BTC", "ETH", "SOL", "XRP"};  // base assets
  std::uint64_t seed = 1;
};

struct ConnectSettings {
  std::string venue;  // "bybit"

  // Where it is. Nothing beyond this machine is resolved or contacted unless `network` allows it.
  bool use_mock_mode = false;  // a box of this process instead of any of the following
  MockSettings mock = {};
  std::string api_env = "dev";  // dev: a box on this machine; shadow, soak: the testnet, or the
                                // mainnet without trading; prod: the mainnet
  bool testnet = false;         // of shadow and soak
  bool network = false;
  std::string base_url = {};     // empty: as api_env says; of dev http://localhost:8000/<venue>
  std::string streams_url = {};  // empty: the venue's own, or with a base_url that
  std::string ca_file = {};      // PEM certificates to trust instead of the system's

  // What it signs with: `keys`, else what the first of `secrets` that has them all keeps under
  // {secret_prefix}/{api_env}/{venue}/{key_type}, else the environment's, else none: read-only.
  std::optional<gateway::ClientKeys> keys = {};
  std::vector<std::shared_ptr<const client::Secrets>> secrets = {};
  std::string secret_prefix = "venuebox";
  client::EnvironmentSecrets::Lookup environment = {};  // null: the process's
  // alice, bob or carol: a box's own keys, which are no secret, instead of none. Of boxes only;
  // empty: none, or alice in mock mode.
  std::string demo_account = {};

  client::CallerSettings caller = {};
  // What is done without being asked for each time, once Connection::start() was called:
  // reconciliation, cancelling by age, and how streams are kept. What becomes of orders in a
  // maintenance, or refused for their price, holds without start(), too.
  client::Policies policies = {};
  std::string order_id_prefix = {};  // empty: one that differs from run to run

  // A file that the session is recorded to; or one that it is answered from, instead of any place
  // above and with a box's demo keys unless there are `keys`. Empty: none. client/recording.h has
  // the format.
  std::string record_to = {};
  std::string answer_from = {};
  // Puts something in front of the transport; empty: nothing.
  std::function<std::unique_ptr<client::Transport>(std::unique_ptr<client::Transport>,
                                                   client::Scheduler&)>
      wrap = {};

  // All of these outlive the connection. Null: it has its own, and the system's clock.
  net::Loop* loop = nullptr;
  const Clock* clock = nullptr;
  // Is told once what is missing for trading; empty: standard error.
  std::function<void(std::string_view)> log = {};
};

// One venue, and what it takes to speak to it. Belongs to the thread that runs its loop.
class Connection {
 public:
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Loads the markets and begins to follow the account; see client/venue_client.h. Who does
  // without, and calls load_markets, has the calls alone.
  void start(client::Then<std::vector<unified::Market>> then) { venue_->start(std::move(then)); }
  client::Reply<std::vector<unified::Market>> start();

  client::VenueClient& venue() { return *venue_; }
  client::Exchange& exchange() { return venue_->exchange(); }
  // Where orders go in, so that the policies hold for them.
  client::OrderEntry& orders() { return venue_->orders(); }
  // watch_order_book(), watch_orders() … Fails (`unsupported`) where there are no streams, as in a
  // recording.
  Result<client::Watcher*> streams() { return venue_->watcher(); }
  // The calls for those who do not want callbacks; orders go in by orders().
  client::BlockingExchange& blocking() { return *blocking_; }

  net::Loop& loop() { return *loop_; }
  client::Scheduler& scheduler() { return *scheduler_; }
  client::Transport& transport() { return *transport_; }
  // "https://api.bybit.com", "a box of this process", or the file of a recording.
  const std::string& place() const { return place_; }
  // Of mock mode; null otherwise.
  box::Box* box() { return box_.get(); }

 private:
  friend Result<std::unique_ptr<Connection>> connect(const ConnectSettings& settings);
  Connection();

  std::string place_;
  // In the order in which they use each other.
  std::unique_ptr<const Clock> own_clock_;
  std::unique_ptr<net::Loop> own_loop_;
  net::Loop* loop_ = nullptr;
  std::unique_ptr<client::Scheduler> scheduler_;
  std::unique_ptr<box::Box> box_;
  std::unique_ptr<client::Transport> transport_;
  std::unique_ptr<client::StreamTransport> streams_;  // null: there are none
  std::unique_ptr<client::VenueClient> venue_;
  std::unique_ptr<client::BlockingExchange> blocking_;
};

// Sends nothing; the first call does. Fails on settings that cannot be meant, before any packet,
// with cause and mend, and without a secret:
//   not_found    no such venue
//   not_allowed  beyond this machine without `network`
//   conflict     api_env does not go with testnet or base_url
//   invalid      a URL, a key or a file that is none
Result<std::unique_ptr<Connection>> connect(const ConnectSettings& settings);

}  // namespace venuebox::library
