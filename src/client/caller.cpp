#include "client/caller.h"

#include <fmt/format.h>

#include "client/secrets.h"

namespace venuebox::client {
namespace {
using gateway::Verdict;

// Whether the venue is there at all, whatever it said.
bool is_alive(Verdict verdict) {
  return verdict != Verdict::unavailable && verdict != Verdict::uncertain &&
         verdict != Verdict::garbled;
}

std::string words_of(std::string_view venue, const gateway::VenueAnswer& answer) {
  return fmt::format("{} answered {}: {}", venue, answer.code, answer.words);
}
}  // namespace

std::string read_only_text(const gateway::ClientDialect& dialect) {
  return fmt::format("read-only: set {} and {} to trade on {}", dialect.key_variables[0],
                     dialect.key_variables[1], dialect.name);
}

struct Caller::Call {
  gateway::ClientRequest request;  // signed anew for each attempt
  bool is_trading = false;
  Done done = {};
  CallOutcome outcome = {};
  bool has_adjusted_clock = false;
  bool is_for_token = false;
  bool has_renewed_token = false;
};

Caller::Caller(const gateway::ClientDialect& dialect, std::optional<gateway::ClientKeys> keys,
               Transport& transport, Scheduler& scheduler, CallerSettings settings)
    : dialect_(dialect),
      keys_(std::move(keys)),
      transport_(transport),
      scheduler_(scheduler),
      settings_(settings),
      bucket_(settings.pacing),
      breaker_(settings.breaker),
      jitter_(settings.seed, "client retry") {
  if (!keys_) return;
  std::string* const values[] = {&keys_->key, &keys_->secret};
  for (std::size_t i = 0; i < std::size(values); ++i) {
    if (values[i]->empty()) continue;  // What it takes for a key the dialect says.
    auto checked = checked_secret(*values[i]);
    if (checked) {
      *values[i] = std::move(*checked);
    } else if (wrong_key_.empty()) {
      wrong_key_ = fmt::format("{} ({}) {}", dialect_.key_variables[i], masked(*values[i]),
                               checked.error().detail);
    }
  }
  if (!dialect_.prepare || !wrong_key_.empty()) return;
  if (auto prepared = dialect_.prepare(*keys_)) {
    keys_->prepared = std::move(*prepared);
  } else {
    wrong_key_ = prepared.error().text();
  }
}

Caller::~Caller() { *alive_ = false; }

template <class Work>
void Caller::later(Nanoseconds wait, Work work) {
  scheduler_.after(wait, [alive = alive_, work = std::move(work)]() mutable {
    if (*alive) work();
  });
}

void Caller::call(gateway::ClientRequest request, bool is_trading, Done done) {
  begin(std::make_shared<Call>(
      Call{.request = std::move(request), .is_trading = is_trading, .done = std::move(done)}));
}

void Caller::begin(const std::shared_ptr<Call>& call) {
  if (call->request.is_private) {
    std::string why = call->is_trading || !keys_ ? trading_refusal() : std::string();
    if (why.empty()) why = wrong_key_;
    if (!why.empty()) return finish(call, CallOutcome::Kind::refused, std::move(why));
  }
  attempt_after({}, call);
}

std::string Caller::trading_refusal() const {
  return keys_ ? settings_.no_trading : read_only_text(dialect_);
}

// An attempt is paced whether it is the first or not.
void Caller::attempt_after(Nanoseconds wait, const std::shared_ptr<Call>& call) {
  const Nanoseconds turn = bucket_.take(1, scheduler_.now());
  later(std::max(wait, turn), [this, call] { attempt(call); });
}

void Caller::attempt(const std::shared_ptr<Call>& call) {
  if (call->request.is_private && !call->is_for_token && lacks_token()) {
    return fetch_token([this, call](const std::string& why) {
      if (why.empty()) return attempt(call);
      finish(call, CallOutcome::Kind::refused, why);
    });
  }
  const Timestamp now = scheduler_.now();
  if (!breaker_.allow(now)) {
    return finish(
        call, CallOutcome::Kind::refused,
        fmt::format("{} did not answer {} calls in a row; the next may try at {}", dialect_.name,
                    settings_.breaker.failures_max, iso_text(breaker_.opens_until())));
  }
  ++call->outcome.attempts;
  if (call->request.is_private) {
    if (auto is_signed = dialect_.sign(call->request, *keys_, now + clock_ahead_); !is_signed) {
      breaker_.abandoned();
      return finish(call, CallOutcome::Kind::refused, is_signed.error().text());
    }
  }
  transport_.send(call->request, settings_.deadline,
                  [this, alive = alive_, call](TransportResult result) {
                    if (*alive) arrived(call, std::move(result));
                  });
}

void Caller::arrived(const std::shared_ptr<Call>& call, TransportResult result) {
  call->outcome.transport_error.reset();
  call->outcome.answer = {};
  if (const auto* error = std::get_if<TransportError>(&result)) {
    call->outcome.transport_error = error->kind;
    // What the guard or a recording refuses says nothing of the venue.
    const bool is_ours = error->kind == TransportError::Kind::guarded ||
                         error->kind == TransportError::Kind::missing ||
                         error->kind == TransportError::Kind::redirect;
    if (is_ours) {
      breaker_.abandoned();
      return finish(call, CallOutcome::Kind::refused, error->text);
    }
    breaker_.failed(scheduler_.now());
    const Failure failure{.kind = error->may_have_arrived ? Failure::Kind::lost
                                                          : Failure::Kind::not_sent};
    return failed(call, failure, error->text);
  }
  call->outcome.response = std::move(std::get<gateway::ClientResponse>(result));
  call->outcome.answer = dialect_.judge(call->request, call->outcome.response);
  gateway::VenueAnswer& answer = call->outcome.answer;
  answer.words = without_keys(std::move(answer.words));
  if (is_alive(answer.verdict)) {
    breaker_.succeeded();
  } else {
    breaker_.failed(scheduler_.now());
  }
  if (answer.verdict == Verdict::ok) return finish(call, CallOutcome::Kind::answered, "");
  failed(call, {.kind = Failure::Kind::answered, .answer = answer},
         words_of(dialect_.name, answer));
}

void Caller::failed(const std::shared_ptr<Call>& call, const Failure& failure, std::string text) {
  const auto wait = wait_before_retry(settings_.retry, call->outcome.attempts, failure,
                                      call->is_trading, jitter_);
  if (wait) return attempt_after(*wait, call);
  const Verdict verdict = failure.answer.verdict;
  // A token may end before its time, with the server that gave it; then nothing was done.
  const bool may_renew = dialect_.ask_token && call->request.is_private && !call->is_for_token;
  if (verdict == Verdict::not_authorised && may_renew && !call->has_renewed_token) {
    call->has_renewed_token = true;
    keys_->token.clear();
    return attempt_after({}, call);
  }
  const bool may_adjust = settings_.adjust_for_time_difference && !call->has_adjusted_clock;
  if (verdict == Verdict::stale_clock && may_adjust) return adjust_clock(call, std::move(text));
  const bool nobody_knows = failure.kind == Failure::Kind::lost ||
                            (failure.kind == Failure::Kind::answered &&
                             (verdict == Verdict::uncertain || verdict == Verdict::garbled));
  const bool is_unknown = call->is_trading && nobody_knows;
  finish(call, is_unknown ? CallOutcome::Kind::unknown : CallOutcome::Kind::refused,
         std::move(text));
}

// ---- tokens -------------------------------------------------------------------------------------

bool Caller::lacks_token() const {
  if (!dialect_.ask_token) return false;
  return keys_->token.empty() || scheduler_.now() >= renew_token_at_;
}

// Whoever waits together shares one token.
void Caller::fetch_token(std::function<void(const std::string& why)> then) {
  waiting_for_token_.push_back(std::move(then));
  if (waiting_for_token_.size() > 1) return;
  const Timestamp asked = scheduler_.now();
  auto asking = std::make_shared<Call>(Call{.request = dialect_.ask_token()});
  asking->is_for_token = true;
  asking->done = [this, asked](const CallOutcome& outcome) { token_arrived(outcome, asked); };
  begin(asking);
}

void Caller::token_arrived(const CallOutcome& outcome, Timestamp asked) {
  std::string why = outcome.text;
  if (outcome.kind == CallOutcome::Kind::answered) {
    auto token = dialect_.read_token(outcome.response, asked);
    if (token) {
      keys_->token = std::move(token->text);
      renew_token_at_ = token->renew_at;
    } else {
      why = token.error().text();
    }
  }
  if (!why.empty()) why = "asking for a token: " + why;
  const auto waiting = std::exchange(waiting_for_token_, {});
  for (const auto& tell : waiting)
    tell(why);
}

void Caller::with_token(std::function<void(Result<gateway::ClientKeys>)> then) {
  VENUEBOX_ASSERT(keys_.has_value());
  if (!lacks_token()) return later({}, [this, then = std::move(then)] { then(*keys_); });
  fetch_token([this, then = std::move(then)](const std::string& why) {
    if (why.empty()) return then(*keys_);
    then(Error{ErrorKind::not_allowed, "token", why});
  });
}

void Caller::adjust_clock(const std::shared_ptr<Call>& call, std::string why) {
  call->has_adjusted_clock = true;
  const Timestamp asked = scheduler_.now();
  this->call(dialect_.fetch_time(), false, [this, call, asked, why](CallOutcome outcome) {
    const bool is_answered = outcome.kind == CallOutcome::Kind::answered;
    const auto time = is_answered ? dialect_.read_time(outcome.response)
                                  : Result<Timestamp>(invalid("time", outcome.text));
    if (!time) {
      return finish(call, CallOutcome::Kind::refused,
                    fmt::format("{}; asking for its time: {}", why, time.error().text()));
    }
    // The venue looked at its clock half way between, as far as anybody knows.
    const Timestamp now = scheduler_.now();
    clock_ahead_ = *time - (asked + Nanoseconds{(now - asked).raw / 2});
    attempt_after({}, call);
  });
}

std::string Caller::without_keys(std::string words) const {
  if (!keys_) return words;
  for (const std::string* key : {&keys_->key, &keys_->secret}) {
    if (key->empty()) continue;
    const std::string shown = masked(*key);
    for (std::size_t at = words.find(*key); at != std::string::npos;
         at = words.find(*key, at + shown.size()))
      words.replace(at, key->size(), shown);
  }
  return words;
}

void Caller::finish(const std::shared_ptr<Call>& call, CallOutcome::Kind kind, std::string text) {
  call->outcome.kind = kind;
  call->outcome.text = std::move(text);
  later({}, [call] { call->done(std::move(call->outcome)); });
}

}  // namespace venuebox::client
