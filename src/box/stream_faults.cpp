#include "box/stream_faults.h"

#include <algorithm>

#include "faults/damage.h"

namespace venuebox::box {
namespace {
using faults::ActionType;
using faults::Strike;
using gateway::Frame;
using gateway::SubscriptionFate;
using After = net::Delivery::After;

// The close code that is never sent: the connection just ends.
constexpr std::int64_t kNoGoodbye = 1006;

std::string damaged(const Strike& strike, std::string text) {
  const std::string_view kind = strike.action.choice("kind");
  if (kind == "truncated") return faults::without_its_end(std::move(text), strike.own_draw);
  if (kind == "not_utf8") return faults::not_utf8(std::move(text), strike.own_draw);
  const auto count = static_cast<std::size_t>(strike.action.number("bytes"));
  return faults::with_other_bytes(std::move(text), count, strike.own_draw);
}

bool is_of_sent_frame(const faults::Action& reset) {
  const std::string_view at = reset.choice("at");
  return at == "after" || at == "body";
}

}  // namespace

bool StreamFaults::Listener::is_over(Timestamp now) const {
  return stalled_until <= now && held_until <= now && silent.empty() && gaps.empty();
}

faults::Tag StreamFaults::tag_of(const Frame& frame) const {
  faults::Tag tag{.operation = faults::kStreamOperation, .transport = faults::Transport::ws};
  if (frame.account) tag.account = exchange_.door().account_name(*frame.account);
  if (!frame.channel) return tag;
  tag.channel = faults::all_channels()[static_cast<std::size_t>(frame.channel->kind)];
  if (gateway::is_private(frame.channel->kind)) return tag;
  for (const Instrument& instrument : exchange_.engine().instruments()) {
    if (instrument.id == frame.channel->instrument) tag.symbol = instrument.symbol;
  }
  return tag;
}

void StreamFaults::send(const Frame& frame) {
  if (is_kept_back(frame)) return;
  if (frame.answers_request) return tell(frame.socket, frame.connection, frame.text);
  strikes_.clear();
  ask_(tag_of(frame), faults::Layer::stream, strikes_);
  if (strikes_.empty()) return tell(frame.socket, frame.connection, frame.text);
  Treatment treatment{.text = std::string(frame.text)};
  for (const Strike& strike : strikes_)
    treat(frame, strike, treatment);
  carry_out(frame, treatment);
}

// What was struck before and goes on is no occasion. Answers are given as ever.
bool StreamFaults::is_kept_back(const Frame& frame) {
  const auto known = listeners_.find(frame.connection);
  if (known == listeners_.end() || !frame.channel) return false;
  Listener& listener = known->second;
  if (listener.stalled_until > now_) return true;
  const auto silent = listener.silent.find(frame.channel->topic);
  if (silent != listener.silent.end() && silent->second > now_) return true;
  const auto gap = listener.gaps.find(frame.channel->topic);
  if (gap == listener.gaps.end() || frame.is_snapshot) return false;
  if (--gap->second == 0) listener.gaps.erase(gap);
  return true;
}

// A fault that lasts is said to strike all that it selects meanwhile. One that chooses among
// occasions has chosen one connection or channel, and the others go on.
bool StreamFaults::goes_on_elsewhere(const Strike& strike, const Frame& frame) {
  const faults::Fault* fault = plan_.find(strike.fault);
  if (!fault || !fault->when.chooses()) return false;
  const bool is_of_channel = strike.action.type == ActionType::silence_channel;
  const std::string topic = is_of_channel && frame.channel ? frame.channel->topic : std::string();
  const auto known = spells_.find(strike.fault);
  if (known != spells_.end() && known->second.until > now_) {
    return known->second.connection != frame.connection || known->second.topic != topic;
  }
  const Nanoseconds lasts = milliseconds(strike.action.number("lasts_ms"));
  spells_.insert_or_assign(strike.fault, Spell{frame.connection, topic, now_ + lasts});
  return false;
}

void StreamFaults::treat(const Frame& frame, const Strike& strike, Treatment& treatment) {
  const faults::Action& action = strike.action;
  switch (action.type) {
    case ActionType::drop: treatment.is_sent = false; return;
    case ActionType::duplicate:
      treatment.copies.push_back(
          {action.number("copies"), milliseconds(action.number("after_ms"))});
      return;
    case ActionType::delay: treatment.delay += milliseconds(strike.drawn); return;
    case ActionType::reorder:
      treatment.behind = action.number("by");
      treatment.delay += milliseconds(action.number("within_ms"));
      return;
    case ActionType::corrupt: treatment.text = damaged(strike, std::move(treatment.text)); return;
    case ActionType::hang:
    case ActionType::connection_reset:
    case ActionType::half_close:
    case ActionType::close:
    case ActionType::stall: return treat_connection(frame, strike, treatment);
    default:
      if (frame.channel) treat_channel(frame, strike, treatment);
      return;
  }
}

void StreamFaults::treat_connection(const Frame& frame, const Strike& strike,
                                    Treatment& treatment) {
  const faults::Action& action = strike.action;
  switch (action.type) {
    case ActionType::hang:
      if (action.number("hold_ms") > 0) {
        return hold(frame.connection, now_ + milliseconds(action.number("hold_ms")));
      }
      treatment.is_sent = false;
      treatment.rude_end = After::silent;
      return;
    case ActionType::connection_reset:
      treatment.is_sent = is_of_sent_frame(action);
      treatment.rude_end = After::reset;
      return;
    case ActionType::half_close:
      treatment.is_sent = false;
      treatment.rude_end = After::half_closed;
      return;
    case ActionType::close:
      treatment.is_sent = false;
      treatment.goodbye = &action;
      return;
    default:  // stall
      if (!frame.channel || goes_on_elsewhere(strike, frame)) return;
      treatment.is_sent = false;
      listeners_[frame.connection].stalled_until = now_ + milliseconds(action.number("lasts_ms"));
  }
}

void StreamFaults::treat_channel(const Frame& frame, const Strike& strike, Treatment& treatment) {
  const faults::Action& action = strike.action;
  const gateway::Channel& channel = *frame.channel;
  switch (action.type) {
    case ActionType::silence_channel:
      if (goes_on_elsewhere(strike, frame)) return;
      treatment.is_sent = false;
      listeners_[frame.connection].silent[channel.topic] =
          now_ + milliseconds(action.number("lasts_ms"));
      return;
    case ActionType::sequence_gap: {
      // After a snapshot that never came no gap would show.
      treatment.is_sent = treatment.is_sent && frame.is_snapshot;
      const std::int64_t more = action.number("by") - (frame.is_snapshot ? 0 : 1);
      if (more > 0) listeners_[frame.connection].gaps[channel.topic] += more;
      return;
    }
    case ActionType::sequence_reset:
      restarts_.push_back({&frame.socket, channel.topic,
                           static_cast<std::uint64_t>(action.number("to")),
                           action.flag("snapshot")});
      return;
    case ActionType::duplicate_execution:
      if (action.flag("on_reconnect")) {
        auto& again = told_again_[{*frame.account, channel.topic}];
        if (again.size() < kToldAgainMax) again.emplace_back(frame.text);
      } else {
        treatment.copies.push_back({1, milliseconds(action.number("after_ms"))});
      }
      return;
    default: return;
  }
}

void StreamFaults::carry_out(const Frame& frame, const Treatment& treatment) {
  if (treatment.is_sent && treatment.delay.raw > 0) {
    put_off(frame, now_ + treatment.delay, treatment.text, treatment.behind);
  } else if (treatment.is_sent) {
    tell(frame.socket, frame.connection, treatment.text);
  }
  for (const Treatment::Copies& copies : treatment.copies) {
    for (std::int64_t i = 0; i < copies.count; ++i)
      put_off(frame, now_ + treatment.delay + copies.after, treatment.text);
  }
  if (treatment.rude_end) frame.socket.end_rudely(*treatment.rude_end);
  if (!treatment.goodbye) return;
  const std::int64_t code = treatment.goodbye->number("code");
  if (code == kNoGoodbye) return frame.socket.end_rudely(After::half_closed);
  frame.socket.close(static_cast<std::uint16_t>(code), treatment.goodbye->text("reason"));
}

void StreamFaults::put_off(const Frame& frame, Timestamp due, std::string text,
                           std::int64_t behind) {
  if (due <= now_ || late_.size() >= kLateFramesMax) {
    return tell(frame.socket, frame.connection, text);
  }
  if (behind > 0) ++overtaken_;
  late_.emplace(due, LateFrame{frame.socket, frame.connection, std::move(text), behind});
}

void StreamFaults::tell(net::WebSocket& socket, std::uint64_t connection, std::string_view text) {
  const auto known = listeners_.find(connection);
  if (known != listeners_.end() && known->second.held_until > now_) {
    late_.emplace(known->second.held_until, LateFrame{socket, connection, std::string(text)});
    return;
  }
  socket.send_text(text);
  if (overtaken_ == 0) return;
  for (auto at = late_.begin(); at != late_.end();) {
    LateFrame& late = at->second;
    if (late.connection != connection || late.behind == 0 || --late.behind > 0) {
      ++at;
      continue;
    }
    --overtaken_;
    socket.send_text(late.text);
    at = late_.erase(at);
  }
}

SubscriptionFate StreamFaults::subscribe(const Frame& frame) {
  strikes_.clear();
  ask_(tag_of(frame), faults::Layer::subscription, strikes_);
  for (const Strike& strike : strikes_) {
    const std::string_view how = strike.action.choice("how");
    if (how == "silent") return SubscriptionFate::unanswered;
    return how == "error" ? SubscriptionFate::refused : SubscriptionFate::pretended;
  }
  if (frame.account && !told_again_.empty()) {
    const auto again = told_again_.extract({*frame.account, frame.channel->topic});
    // Behind the answer to the subscription, which this turn gives.
    for (std::string& text : again ? again.mapped() : std::vector<std::string>())
      late_.emplace(now_, LateFrame{frame.socket, frame.connection, std::move(text)});
  }
  return SubscriptionFate::granted;
}

// Some faults wait for these.
void StreamFaults::subscribed(const Frame& frame) {
  faults::Tag tag = tag_of(frame);
  tag.venue = exchange_.door().venue().name;
  plan_.observe(faults::Happening::subscribe, tag);
}

void StreamFaults::logged_in(AccountId account) {
  plan_.observe(faults::Happening::login, {.venue = exchange_.door().venue().name,
                                           .account = exchange_.door().account_name(account),
                                           .transport = faults::Transport::ws});
}

void StreamFaults::closed(std::uint64_t connection) {
  listeners_.erase(connection);
  for (auto at = late_.begin(); at != late_.end();) {
    const LateFrame& late = at->second;
    if (late.connection == connection && late.behind > 0) --overtaken_;
    at = late.connection == connection ? late_.erase(at) : std::next(at);
  }
}

void StreamFaults::hold(std::uint64_t connection, Timestamp until) {
  Timestamp& held_until = listeners_[connection].held_until;
  held_until = std::max(held_until, until);
}

void StreamFaults::advance(Timestamp now) {
  now_ = now;
  while (next_due() <= now) {
    const LateFrame late = std::move(late_.extract(late_.begin()).mapped());
    if (late.behind > 0) --overtaken_;
    tell(late.socket, late.connection, late.text);
  }
  for (auto& [connection, listener] : listeners_)
    std::erase_if(listener.silent, [&](const auto& one) { return one.second <= now; });
  std::erase_if(listeners_, [&](const auto& one) { return one.second.is_over(now); });
  std::erase_if(spells_, [&](const auto& one) { return one.second.until <= now; });
}

void StreamFaults::restart_channels() {
  for (const Restart& restart : std::exchange(restarts_, {})) {
    exchange_.streams().begin_again(*restart.socket, restart.topic, restart.number,
                                    restart.with_snapshot);
  }
}

}  // namespace venuebox::box
