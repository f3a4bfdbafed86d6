// Makes calls to one venue: paced, signed, tried again where that is safe, and not at all while the
// venue does not answer. What came of a call is told in three words: answered, refused, unknown.
#pragma once

#include <functional>
#include <memory>

#include "client/breaker.h"
#include "client/pacing.h"
#include "client/retry.h"
#include "client/transport.h"

namespace venuebox::client {

struct CallerSettings {
  PacingSettings pacing;
  BreakerSettings breaker;
  RetrySettings retry;
  Nanoseconds deadline = seconds(10);  // of each attempt
  std::uint64_t seed = 1;              // of the jitter
  // A venue that finds our clock to be off is asked for its own, once for a call, which is then
  // signed by that. Else such a call is refused; the clock is to be set.
  bool adjust_for_time_difference = false;
  std::string no_trading = {};  // why nothing is traded although there may be keys; empty: it is
};

// What is said without keys, with the names of the variables.
std::string read_only_text(const gateway::ClientDialect& dialect);

struct CallOutcome {
  enum class Kind : std::uint8_t {
    answered,  // `response` holds what was asked for
    refused,   // the venue, or this library before anything was sent, said no
    unknown,   // it may have been carried out; only the venue's records can tell
  };
  Kind kind = Kind::answered;
  gateway::ClientResponse response;
  gateway::VenueAnswer answer;  // the venue's words; verdict ok when it never answered
  std::optional<TransportError::Kind> transport_error;  // why it did not; absent: it did
  std::string text;                                     // why not, for people; no secret in it
  int attempts = 0;
};

// Belongs to one thread, like the transport and scheduler, which outlive it.
class Caller {
 public:
  using Done = std::function<void(CallOutcome)>;

  //   keys  absent, or with spaces inside: private calls are refused here
  Caller(const gateway::ClientDialect& dialect, std::optional<gateway::ClientKeys> keys,
         Transport& transport, Scheduler& scheduler, CallerSettings settings = {});
  ~Caller();
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  // `done` comes once, in a later turn; not at all when the caller ends first.
  //   is_trading  it changes something at the venue, so an attempt whose answer is lost is the last
  void call(gateway::ClientRequest request, bool is_trading, Done done);

  // The keys, with a token that is good for a while where the venue gives out tokens: for who
  // proves himself elsewhere, as on streams. In a later turn; with keys only.
  void with_token(std::function<void(Result<gateway::ClientKeys>)> then);

  bool has_keys() const { return keys_.has_value(); }
  // Why trading calls are refused here, with the mend; empty: they are made.
  std::string trading_refusal() const;
  // How far the venue's clock is known to be ahead of ours; 0 unless it was asked.
  Nanoseconds clock_ahead() const { return clock_ahead_; }
  CircuitBreaker::State breaker() const { return breaker_.state(scheduler_.now()); }

 private:
  struct Call;
  void begin(const std::shared_ptr<Call>& call);
  void attempt_after(Nanoseconds wait, const std::shared_ptr<Call>& call);
  void attempt(const std::shared_ptr<Call>& call);
  void arrived(const std::shared_ptr<Call>& call, TransportResult result);
  void failed(const std::shared_ptr<Call>& call, const Failure& failure, std::string text);
  bool lacks_token() const;
  //   then  is told why there is none; empty: there is
  void fetch_token(std::function<void(const std::string& why)> then);
  void token_arrived(const CallOutcome& outcome, Timestamp asked);
  // Asks for the venue's time, and makes the attempt again by that.
  void adjust_clock(const std::shared_ptr<Call>& call, std::string why);
  // The venue's words without our keys, which some venues repeat.
  std::string without_keys(std::string words) const;
  void finish(const std::shared_ptr<Call>& call, CallOutcome::Kind kind, std::string text);
  // Runs `work` later, unless the caller has ended by then.
  template <class Work>
  void later(Nanoseconds wait, Work work);

  const gateway::ClientDialect& dialect_;
  std::optional<gateway::ClientKeys> keys_;
  std::string wrong_key_;  // what is wrong with the keys; empty: nothing
  Transport& transport_;
  Scheduler& scheduler_;
  CallerSettings settings_;
  TokenBucket bucket_;
  CircuitBreaker breaker_;
  RandomStream jitter_;
  Nanoseconds clock_ahead_;  // the venue's clock less ours
  Timestamp renew_token_at_;
  // Who waits for the token that was asked for; they are told why there is none.
  std::vector<std::function<void(const std::string& why)>> waiting_for_token_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace venuebox::client
