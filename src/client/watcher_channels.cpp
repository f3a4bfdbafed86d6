// How a watcher asks for what is watched, again after each loss, and how it comes by a book that is
// to be believed.
#include <algorithm>

#include "client/watcher_channel.h"

namespace venuebox::client {
using Kind = StreamEvent::Kind;

// ---- sockets ------------------------------------------------------------------------------------

Watcher::Socket& Watcher::open_socket(std::size_t place) {
  Socket& socket = sockets_[place];
  if (!socket.connection) {
    socket.connection = std::make_unique<StreamConnection>(
        place, venue_, keys_, transport_, scheduler_, settings_.connection, counts_,
        static_cast<StreamConnectionOwner&>(*this));
  }
  return socket;
}

bool Watcher::is_wanted(const StreamConnection& connection) const {
  return !sockets_[connection.place()].channels.empty();
}

void Watcher::ready(StreamConnection& connection) {
  Socket& socket = sockets_[connection.place()];
  note(socket, {.kind = Kind::connected});
  std::vector<std::string> names;
  for (const auto& [name, channel] : socket.channels)
    names.push_back(name);
  subscribe(socket, names);
}

void Watcher::lost(StreamConnection& connection, Loss loss, std::string_view text) {
  Socket& socket = sockets_[connection.place()];
  socket.pending.clear();
  for (const auto& [name, channel] : socket.channels) {
    // An account's own news are missed from the last that was heard.
    if (connection.socket().is_private && channel->state == Channel::State::live &&
        !socket.gap_from) {
      socket.gap_from = connection.heard();
    }
    channel->state = Channel::State::wanted;
    channel->awaits_resync = false;
    ++channel->round;
    tell_stale(channel);
  }
  const Kind kind = loss == Loss::silent          ? Kind::silent
                    : loss == Loss::login_refused ? Kind::login_refused
                    : loss == Loss::final         ? Kind::ended
                                                  : Kind::disconnected;
  note(socket, {.kind = kind, .text = std::string(text)});
}

void Watcher::drop(Socket& socket, const ChannelPtr& channel) {
  const bool is_subscribed = channel->state != Channel::State::wanted;
  ++channel->round;
  socket.channels.erase(channel->name);
  if (is_subscribed) unsubscribe(socket, channel->name);
  close_gap(socket);
}

// Nothing is missed any more once all that is wanted is told again.
void Watcher::close_gap(Socket& socket) {
  const bool is_whole = std::ranges::all_of(socket.channels, [](const auto& named) {
    return named.second->state == Channel::State::live;
  });
  if (!socket.gap_from || !is_whole) return;
  const Timestamp from = *std::exchange(socket.gap_from, std::nullopt);
  if (socket.channels.empty()) return;
  note(socket, {.kind = Kind::gap,
                .text = "the connection was down",
                .from = from,
                .until = scheduler_.now()});
}

// ---- asking -------------------------------------------------------------------------------------

void Watcher::subscribe(Socket& socket, const std::vector<std::string>& names) {
  StreamConnection& connection = *socket.connection;
  const std::size_t size = connection.socket().topics_max;
  for (std::size_t at = 0; at < names.size(); at += size) {
    const std::span part = std::span(names).subspan(at, std::min(size, names.size() - at));
    const std::uint64_t request = ++requests_;
    for (const std::string& name : part) {
      Channel& channel = *socket.channels.at(name);
      channel.state = Channel::State::asked;
      channel.request = request;
      ++channel.round;
    }
    socket.pending.emplace(request, std::vector<std::string>(part.begin(), part.end()));
    connection.send(venue_.subscribe(part, request));
    connection.later(settings_.connection.answer_timeout, [&socket, request] {
      if (socket.pending.contains(request))
        socket.connection->restart("a subscription was not answered");
    });
  }
}

void Watcher::unsubscribe(Socket& socket, const std::string& name) {
  socket.connection->send(venue_.unsubscribe(std::span(&name, 1), ++requests_));
}

void Watcher::answered(Socket& socket, const gateway::SubscriptionAnswer& answer) {
  const auto asked = socket.pending.extract(answer.request);
  if (!asked) {
    if (answer.is_accepted) return;
    return note(socket, {.kind = Kind::refused, .text = answer.words});
  }
  // What was dropped, or asked for anew since, has nothing to do with this answer.
  std::vector<std::string> names;
  for (const std::string& name : asked.mapped()) {
    const auto at = socket.channels.find(name);
    if (at != socket.channels.end() && at->second->request == answer.request) names.push_back(name);
  }
  if (!answer.is_accepted) return refused(socket, names, answer.words);
  for (const std::string& name : names)
    accepted(socket, socket.channels.at(name));
}

// Some venues refuse all for the sake of one, which shows when each is asked for alone.
void Watcher::refused(Socket& socket, const std::vector<std::string>& names,
                      std::string_view words) {
  if (names.size() > 1) {
    for (const std::string& name : names)
      subscribe(socket, {name});
    return;
  }
  for (const std::string& name : names) {
    const ChannelPtr channel = socket.channels.at(name);
    note(socket, {.kind = Kind::refused, .channel = name, .text = std::string(words)});
    tell_stale(channel);
    socket.channels.erase(name);
    close_gap(socket);
  }
}

void Watcher::accepted(Socket& socket, const ChannelPtr& channel) {
  channel->state = Channel::State::live;
  channel->heard = scheduler_.now();
  if (channel->book && !channel->book->is_believed()) expect_snapshot(socket, channel);
  const bool may_be_quiet = settings_.quiet_after.raw == 0 || gateway::is_private(channel->topic);
  if (!may_be_quiet) watch_for_quiet(socket, channel, settings_.quiet_after);
  close_gap(socket);
}

// ---- books that are not believed ----------------------------------------------------------------

void Watcher::expect_snapshot(Socket& socket, const ChannelPtr& channel) {
  later(socket, channel, settings_.snapshot_timeout, [this, &socket](const ChannelPtr& late) {
    if (late->book->is_believed()) return;
    constexpr std::string_view kWhy = "the whole book did not come in time";
    if (late->awaits_resync) return socket.connection->restart(kWhy);
    resync(socket, late, kWhy);
  });
}

// At once, but ever later where that does not last.
void Watcher::resync(Socket& socket, const ChannelPtr& channel, std::string_view why) {
  ++counts_.resyncs;
  note(socket, {.kind = Kind::resync, .channel = channel->name, .text = std::string(why)});
  if (channel->book->book().origin != unified::Origin::unavailable) tell_book(channel);
  channel->awaits_resync = true;
  ++channel->round;
  const Nanoseconds held = scheduler_.now() - channel->believed_since;
  const bool is_first = !std::exchange(channel->has_resynced, true);
  if (is_first || held >= settings_.connection.reconnect.healthy_after) {
    channel->resync_wait.reset();
    return ask_anew(socket, channel);
  }
  later(socket, channel, channel->resync_wait.next({}), [this, &socket](const ChannelPtr& waiting) {
    if (waiting->awaits_resync) ask_anew(socket, waiting);
  });
}

void Watcher::ask_anew(Socket& socket, const ChannelPtr& channel) {
  unsubscribe(socket, channel->name);
  subscribe(socket, {channel->name});
}

// ---- timers -------------------------------------------------------------------------------------

void Watcher::watch_for_quiet(Socket& socket, const ChannelPtr& channel, Nanoseconds wait) {
  later(socket, channel, wait, [this, &socket](const ChannelPtr& watched) {
    const Nanoseconds quiet = scheduler_.now() - watched->heard;
    if (quiet >= settings_.quiet_after)
      return socket.connection->restart("nothing was heard of " + watched->name, true);
    watch_for_quiet(socket, watched, {settings_.quiet_after.raw - quiet.raw});
  });
}

void Watcher::later(Socket& socket, const ChannelPtr& channel, Nanoseconds wait,
                    std::function<void(const ChannelPtr&)> work) {
  socket.connection->later(
      wait, [kept = std::weak_ptr(channel), round = channel->round, work = std::move(work)] {
        const ChannelPtr still = kept.lock();
        if (still && still->round == round) work(still);
      });
}

}  // namespace venuebox::client
