// One isolated world: for each of its venues an exchange, and for all of them one clock, one seed,
// one market and one journal. Runs on one thread; a turn of the loop calls handle() any number of
// times and then commit(), and only then may the answers leave.
#pragma once

#include <map>
#include <memory>

#include "box/answer_memory.h"
#include "box/clock.h"
#include "box/exchange.h"
#include "box/stream_faults.h"
#include "box/stream_port.h"
#include "box/transit.h"
#include "faults/plan.h"
#include "gateway/latency.h"
#include "gateway/request_log.h"
#include "market/factory.h"
#include "store/store.h"

namespace venuebox::box {

// What a box is; two boxes with equal configurations and equal commands show equal bytes.
struct BoxConfig {
  std::string name = "default";
  std::uint64_t seed = 1;
  std::vector<std::string> venues;   // names
  std::vector<std::string> symbols;  // base assets: "BTC"
  market::MarketSpec market;
  std::map<std::string, gateway::VenueOptions, std::less<>> venue_options;  // by venue

  const gateway::VenueOptions& options_of(std::string_view venue) const;
  // JSON, the text by which a store knows whether it fits.
  std::string text() const;
  static Result<BoxConfig> from_text(std::string_view text);
};

// What a box does not depend on: how its doors behave and which clock drives it.
struct BoxSettings {
  ClockSettings clock;
  bool auth_by_box_clock = false;
  gateway::RateLimits rate_limits = gateway::RateLimits::account;
  std::map<std::string, bool> verify_signatures;  // by venue; absent: yes
  gateway::Latency latency;
  std::uint64_t snapshot_every_batches = 20'000;
  Nanoseconds snapshot_every = seconds(300);  // of box time
  bool fresh = false;                         // begin anew, whatever is stored
};

// Names a fault that strikes this one request.
inline constexpr std::string_view kFaultHeader = "X-Venuebox-Fault";

inline constexpr const char* kDemoAccounts[] = {"alice", "bob", "carol"};

struct AccountInfo {
  std::string name;
  AccountId id;
};

class Box {
 public:
  // On an empty store the box begins; on one of its own it goes on where that ends.
  static Result<std::unique_ptr<Box>> open(const BoxConfig& config, const BoxSettings& settings,
                                           const Clock& door, std::unique_ptr<store::Store> store);

  // Answers one request of a venue, whose path is the venue's own. Where there is latency, the
  // answer to what carries commands is held.
  void handle(std::size_t index, const net::Request& request, net::Response& response);
  // A stream of a venue, from its handshake to its end. What is sent leaves with the answers of the
  // turn, and what the turn brought is told at its end, by commit().
  void open_stream(std::size_t index, net::WebSocket& socket, const gateway::StreamRoute& route,
                   std::string_view query);
  void receive(std::size_t index, net::WebSocket& socket, std::string_view message, bool is_text);
  void close_stream(std::size_t index, net::WebSocket& socket);
  // Lets the market catch up with the clock. To be called now and then when nothing else happens.
  void advance();
  // How long by the door's clock until something that is on its way arrives, a frame that a fault
  // has put off included: advance() is wanted then. None: nothing is, or the clock stands still.
  std::optional<Nanoseconds> next_arrival();
  // Requests and answers that are on their way.
  std::size_t in_transit() const { return transit_.size() + arrived_.size(); }
  // Ends a turn: makes everything since the last commit durable and tells the streams of it. When
  // it fails, nothing of it may be told.
  Result<void> commit();

  // State as at the start: same seed, an empty journal, the clock at its start. Who waits for an
  // answer gets none: its connection is closed.
  Result<void> reset();
  Result<void> save_snapshot();
  // Commits, and leaves a store from which the box comes back quickly.
  Result<void> end();

  Timestamp now();
  // Moves the clock and everything that comes due. Never back, and never so far in one call that
  // the server would not answer meanwhile.
  Result<void> advance_clock(Timestamp to);
  BoxClock& clock() { return clock_; }

  // Balances by asset as decimal text; none: the demo balances, and nothing for a sub-account.
  // Credentials by venue, JSON objects in the venue's names; what is left out is generated.
  Result<AccountId> create_account(
      const std::string& name, const std::optional<std::map<std::string, std::string>>& balances,
      const std::map<std::string, std::string>& credentials, std::string_view parent = {});
  Result<void> deposit(std::string_view account, std::string_view venue, std::string_view asset,
                       std::string_view amount);
  // Moves what its owner could spend to another account, as a venue's own transfer does.
  Result<void> transfer(std::string_view from, std::string_view to, std::string_view venue,
                        std::string_view asset, std::string_view amount);
  // What the account pays from now on, in place of the venue's usual rates; at most 100 % either
  // way.
  Result<void> set_fee_rates(std::string_view account, std::string_view venue,
                             InstrumentKindOf kind, FeeRates rates);
  Result<void> set_quote(std::size_t exchange, InstrumentId instrument, const market::Quote& quote);

  // Lists an instrument from now on. The simulated market trades it at once; a demo account gets
  // its balance of an asset that is new to it.
  //   price  at which its base asset begins; 0: what it is worth here, or one that is drawn
  Result<InstrumentId> list_instrument(std::size_t exchange, const gateway::Listing& listing,
                                       Ticks price);
  // What a base asset is worth in this box, or would begin at; none where quotes say it.
  std::optional<double> fair_price(std::string_view base) const;
  //   settlement  of a perpetual that is delisted: what positions are closed at; 0: the mark
  Result<void> set_phase(std::size_t exchange, InstrumentId instrument, TradingPhase phase,
                         Ticks settlement);

  // Who is struck by what; empty unless asked for, and not kept in the store.
  faults::Plan& plan() { return plan_; }
  const gateway::Latency& latency() const { return settings_.latency; }
  // For what arrives from now on.
  void set_latency(const gateway::Latency& latency) { settings_.latency = latency; }

  const BoxConfig& config() const { return config_; }
  std::span<const std::unique_ptr<Exchange>> exchanges() const { return exchanges_; }
  std::optional<std::size_t> find_exchange(std::string_view venue) const;
  const std::vector<AccountInfo>& accounts() const { return accounts_; }
  gateway::RequestLog& requests() { return requests_; }
  std::uint64_t state_hash() const;
  std::uint64_t event_hash() const;
  std::uint64_t batches() const { return batches_; }
  bool is_recovered() const { return recovered_batches_ > 0; }
  std::uint64_t recovered_batches() const { return recovered_batches_; }

 private:
  Box(const BoxConfig& config, const BoxSettings& settings, const Clock& door,
      std::unique_ptr<store::Store> store);

  Result<AccountId> find_account(std::string_view name) const;
  Result<void> begin();
  Result<void> build();
  Result<void> recover();
  Result<void> load_snapshot(std::string_view bytes);
  std::string snapshot_bytes() const;
  Result<void> apply(const Entry& entry);
  Result<void> apply(const VenueCommand&);
  Result<void> apply(const AddAccount&);
  Result<void> apply(const AddCredential&);
  Result<void> apply(const SetQuote&);
  Result<void> apply(const Passed&) { return {}; }
  Result<void> apply(const Resumed&);
  Result<void> apply(const FaultStruck&) { return {}; }
  Result<void> apply(const Intervene&);
  Result<void> apply(const AddInstrument&);
  gateway::Moment moment();
  // Whether requests may be late or struck, which takes more than the short way.
  bool is_hindered() const { return !settings_.latency.is_none() || plan_.size() > 0; }
  //   skews  that the message on a stream was struck by; of HTTP they are found out here
  bool serve(std::size_t index, const net::Request& request, net::Response& response,
             std::optional<AccountId> known, const gateway::StreamAsker* asker,
             std::vector<faults::Strike> skews = {});
  void set_out(std::size_t index, const gateway::Admission& admission, const net::Request& request,
               net::Response& response, const gateway::StreamAsker* asker,
               std::vector<faults::Strike> strikes);
  void strikes_at(std::size_t index, const net::Request& request, const net::Response& response,
                  faults::Transport transport, std::vector<faults::Strike>& strikes);
  // What faults may wait for: what happened to users, and to connections.
  void tell_plan(std::size_t index, std::span<const Event> events);
  void tell_plan(std::size_t index, faults::Happening happening);
  // Those of the venue's clock, which come before anybody is let in.
  std::vector<faults::Strike> skews_at(std::size_t index, const net::Request* request,
                                       faults::Transport transport);
  // False: the answer never leaves.
  bool carry_out(std::size_t index, const gateway::Admission& admission,
                 const net::Request& request, net::Response& response,
                 std::span<const faults::Strike> strikes, bool is_on_stream);
  void refuse_struck(std::size_t index, const net::Request& request, net::Response& response,
                     std::span<const faults::Strike> strikes, bool is_on_stream);
  bool remembers_answers(std::string_view operation) const;
  void end_next_leg();
  void answer_arrived();
  gateway::Moment moment_at(Timestamp time) const;
  void take_noted(Exchange& exchange);
  Result<void> journal();
  bool offer_stream(std::size_t index, const net::Request& request, net::Response& response);
  void publish();
  void tell(Timestamp time);
  // While the clock stands still nothing waits for its pace: each turn is told as it ends.
  bool is_paced() const { return clock_.mode() != ClockMode::manual; }
  Timestamp run(Timestamp to, std::uint64_t steps_max);
  StreamFaults* tap_streams(std::size_t index);
  bool bend_stream(std::size_t index, const gateway::StreamAsker& asker,
                   const net::Response& response);
  void advance_to(Timestamp time);
  void pause_until(Timestamp time);
  Nanoseconds longest_advance() const;
  void note(EntryBody body);
  Money demo_balance(const Exchange& exchange, const Asset& asset) const;
  std::vector<Money> demo_balances(const Exchange& exchange) const;  // those above zero
  Money insurance_balance(const Exchange& exchange, const Asset& asset) const;
  Result<InstrumentId> list(Exchange& exchange, const gateway::Listing& listing);
  Result<void> check_listing(std::size_t exchange, const gateway::Listing& listing,
                             Ticks price) const;
  // What somebody begins with because an asset is of use at an exchange, by asset.
  struct Endowment {
    Money fund;
    Money user;
  };
  std::vector<Endowment> endowments(const Exchange& exchange) const;
  // What a new account begins with at one venue.
  struct AccountPlan {
    std::vector<Money> deposits;
    gateway::Credential credential;
  };
  Result<void> check_new_account(const std::string& name) const;
  Result<AccountId> onboard(std::size_t index, const gateway::Credential& credential);
  AccountId open_account(const std::string& name, AccountId owner,
                         const std::vector<AccountPlan>& plans);

  BoxConfig config_;
  BoxSettings settings_;
  const Clock& door_;
  std::unique_ptr<store::Store> store_;
  BoxClock clock_;
  Timestamp start_;                     // box time at which the box began
  std::optional<Timestamp> turn_time_;  // all that one turn of the loop brings happens at one time
  // By address only. They outlive the exchanges, since sockets may name them.
  std::map<const gateway::StreamRoute*, std::unique_ptr<StreamPort>> ports_;
  std::vector<std::unique_ptr<Exchange>> exchanges_;
  std::vector<AccountInfo> accounts_;  // users, in the order of their ids
  gateway::RequestLog requests_;
  faults::Plan plan_;
  std::uint64_t occasions_ = 0;  // requests and frames that the plan was asked about
  AnswerMemory answers_;
  std::map<std::size_t, StreamFaults> stream_faults_;  // by exchange; where any were ever asked for
  Transit transit_;
  std::vector<Transit::TravellerPtr> arrived_;  // answers that leave at the end of the turn
  std::uint64_t delayed_ = 0;                   // requests that were sent on their way
  Batch batch_;                                 // what the present turn has done so far
  std::uint64_t batches_ = 0;
  std::uint64_t recovered_batches_ = 0;
  std::uint64_t snapshot_batch_ = 0;  // batches_ when the newest snapshot was taken
  Timestamp snapshot_time_;
  Timestamp advanced_;  // box time up to which the exchanges have run
};

// The state of `config` rebuilt from a store's journal, checking the event hash of every batch.
struct ReplayReport {
  std::uint64_t batches = 0;
  std::uint64_t entries = 0;
  std::uint64_t events = 0;
  std::uint64_t event_hash = 0;
  std::uint64_t state_hash = 0;
  bool from_snapshot = false;
};
Result<ReplayReport> replay_journal(std::unique_ptr<store::Store> store);

}  // namespace venuebox::box
