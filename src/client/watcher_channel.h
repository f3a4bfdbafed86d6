// What a watcher keeps of one subscription. Internal to client.
#pragma once

#include "client/watcher.h"

namespace venuebox::client {

struct Watcher::Channel {
  enum class State : std::uint8_t {
    wanted,  // not asked for on the connection that is there
    asked,   // without an answer yet
    live,
  };

  std::string name;  // the venue's
  std::string symbol;
  gateway::StreamTopic topic;
  Reconnect resync_wait;
  State state = State::wanted;
  std::uint64_t request = 0;  // that asked for it last
  std::uint64_t round = 0;    // of asking: timers of an earlier one mean nothing
  Timestamp heard = {};       // when it last said something
  std::vector<std::pair<WatchId, AnyTell>> tells = {};

  std::optional<LiveBook> book = {};  // there, where it is one
  bool awaits_resync = false;         // of the book, which is not believed until it comes whole
  bool has_resynced = false;
  Timestamp believed_since = {};
  unified::Ticker ticker = {};
};

}  // namespace venuebox::client
