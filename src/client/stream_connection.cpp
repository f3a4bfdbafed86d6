#include "client/stream_connection.h"

#include <algorithm>

#include <fmt/format.h>

namespace venuebox::client {
namespace {
Nanoseconds silent_after(const ConnectionSettings& settings, const gateway::ClientStreams& venue) {
  if (settings.silent_after.raw > 0) return settings.silent_after;
  return {venue.ping_interval.raw * 5 / 2};
}

// Whoever is asked for patience, or banned for a while, comes back as late as it ever would.
bool asks_for_patience(int status) { return status == 403 || status == 429; }
// Without these it is of no use to come back: there is no such place, or nobody is let in.
bool is_final_status(int status) { return status == 401 || status == 404; }
}  // namespace

StreamConnection::StreamConnection(std::size_t place, const gateway::ClientStreams& venue,
                                   const std::optional<gateway::ClientKeys>& keys,
                                   StreamTransport& transport, Scheduler& scheduler,
                                   const ConnectionSettings& settings, StreamCounts& counts,
                                   StreamConnectionOwner& owner)
    : place_(place),
      venue_(venue),
      keys_(keys),
      transport_(transport),
      scheduler_(scheduler),
      settings_(settings),
      counts_(counts),
      owner_(owner),
      reconnect_(settings.reconnect, settings.seed + place, "client reconnect") {}

// ---- coming and going ---------------------------------------------------------------------------

void StreamConnection::connect() {
  if (state_ != State::idle && state_ != State::refused) return;
  begin_after(std::max(not_before_ - scheduler_.now(), Nanoseconds{}));
}

void StreamConnection::begin_after(Nanoseconds wait) {
  state_ = State::waiting;
  later(wait, [this] {
    if (owner_.is_wanted(*this)) return begin();
    state_ = State::idle;
  });
}

void StreamConnection::begin() {
  ++attempt_;
  state_ = State::connecting;
  heard_ = scheduler_.now();
  stream_ = transport_.open(socket().path, *this);
  check_silence_after(silent_after(settings_, venue_));
}

void StreamConnection::restart(std::string_view why, bool is_silent) {
  if (is_silent) ++counts_.silent;
  give_up(is_silent ? Loss::silent : Loss::will_return, why, wait_for_next());
}

Nanoseconds StreamConnection::wait_for_next() {
  const bool was_ready = state_ == State::ready;
  return reconnect_.next(was_ready ? scheduler_.now() - ready_since_ : Nanoseconds{});
}

// Leaves everything as it is to be before the owner is told, who may ask for more at once.
void StreamConnection::give_up(Loss loss, std::string_view text, Nanoseconds wait) {
  ++attempt_;
  stream_.reset();
  const bool will_return = loss == Loss::will_return || loss == Loss::silent;
  state_ = will_return ? State::idle : State::refused;
  not_before_ = scheduler_.now() + wait;
  owner_.lost(*this, loss, text);
  if (will_return && owner_.is_wanted(*this)) connect();
}

// ---- what the stream tells ----------------------------------------------------------------------

void StreamConnection::opened() {
  ++counts_.connects;
  if (std::exchange(has_connected_, true)) ++counts_.reconnects;
  heard_ = scheduler_.now();
  if (socket().is_private) {
    log_in();
  } else {
    become_ready();
  }
  owner_.turn_ended();
}

void StreamConnection::received(std::string_view message, bool is_text) {
  ++counts_.messages;
  auto news = is_text ? venue_.read(place_, message, owner_.markets())
                      : Result<gateway::StreamNews>(invalid("message", "is not text"));
  if (!news) {
    ++counts_.garbled;
    owner_.unreadable(*this, news.error());
    return owner_.turn_ended();
  }
  heard_ = scheduler_.now();
  if (const auto* answer = std::get_if<gateway::LoginAnswer>(&news->body)) {
    answered(*answer);
  } else if (state_ == State::ready && !std::holds_alternative<gateway::Pong>(news->body)) {
    owner_.told(*this, std::move(*news));
  }
  owner_.turn_ended();
}

void StreamConnection::closed(const StreamEnd& end) {
  const bool is_final =
      end.is_guarded || is_final_status(end.status) ||
      std::ranges::find(venue_.final_close_codes, end.code) != venue_.final_close_codes.end();
  const Nanoseconds wait = asks_for_patience(end.status) ? reconnect_.longest() : wait_for_next();
  give_up(is_final ? Loss::final : Loss::will_return, end.text, wait);
  owner_.turn_ended();
}

// ---- logging in, and staying --------------------------------------------------------------------

void StreamConnection::log_in() {
  VENUEBOX_ASSERT(keys_.has_value());
  state_ = State::logging_in;
  later(settings_.answer_timeout, [this] {
    if (state_ == State::logging_in) restart("the login was not answered");
  });
  if (!settings_.refresh_keys) return log_in_with(*keys_);
  settings_.refresh_keys([this, alive = alive_, attempt = attempt_](const auto& keys) {
    if (!*alive || attempt != attempt_) return;
    if (keys) {
      log_in_with(*keys);
    } else {
      give_up(Loss::will_return, keys.error().text(), wait_for_next());
    }
    owner_.turn_ended();
  });
}

void StreamConnection::log_in_with(const gateway::ClientKeys& keys) {
  const auto message = venue_.login(keys, scheduler_.now());
  if (!message) return give_up(Loss::login_refused, message.error().text(), wait_for_next());
  send(*message);
}

void StreamConnection::answered(const gateway::LoginAnswer& answer) {
  if (state_ != State::logging_in) return;
  if (answer.is_accepted) return become_ready();
  const std::string text = fmt::format("the login was refused: {}", answer.words);
  give_up(answer.may_retry ? Loss::will_return : Loss::login_refused, text, wait_for_next());
}

void StreamConnection::become_ready() {
  state_ = State::ready;
  ready_since_ = scheduler_.now();
  ping_later();
  owner_.ready(*this);
}

void StreamConnection::ping_later() {
  later(venue_.ping_interval, [this] {
    send(venue_.ping(++pings_));
    ping_later();
  });
}

void StreamConnection::check_silence_after(Nanoseconds wait) {
  later(wait, [this] {
    const Nanoseconds limit = silent_after(settings_, venue_);
    const Nanoseconds silence = scheduler_.now() - heard_;
    if (silence >= limit) {
      return restart(fmt::format("nothing was heard for {} ms", silence.raw / 1'000'000), true);
    }
    check_silence_after({limit.raw - silence.raw});
  });
}

void StreamConnection::send(std::string_view message) {
  if (!stream_ || stream_->send(message)) return;
  later({}, [this] { restart("a message could not be sent"); });
}

void StreamConnection::later(Nanoseconds wait, std::function<void()> work) {
  scheduler_.after(wait, [this, alive = alive_, attempt = attempt_, work = std::move(work)] {
    if (!*alive || attempt != attempt_) return;
    work();
    owner_.turn_ended();
  });
}

}  // namespace venuebox::client
