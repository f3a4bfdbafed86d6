// Faults of the frames of one venue's streams: each frame for each listener is an occasion. What is
// put off, and who is kept silent, is remembered here; times are the box's.
#pragma once

#include <functional>
#include <map>

#include "box/exchange.h"
#include "faults/plan.h"
#include "gateway/frame_tap.h"

namespace venuebox::box {

// Beyond so many that wait, frames leave at once.
inline constexpr std::size_t kLateFramesMax = 100'000;

// So many executions of a channel are kept for who connects next.
inline constexpr std::size_t kToldAgainMax = 1'000;

class StreamFaults final : public gateway::FrameTap {
 public:
  // Appends what strikes; the tag has everything but the venue and the occasion's number.
  using Ask = std::function<void(const faults::Tag&, faults::Layers, std::vector<faults::Strike>&)>;

  StreamFaults(Exchange& exchange, faults::Plan& plan, Ask ask)
      : exchange_(exchange), plan_(plan), ask_(std::move(ask)) {}
  StreamFaults(const StreamFaults&) = delete;
  StreamFaults& operator=(const StreamFaults&) = delete;

  void send(const gateway::Frame& frame) override;
  gateway::SubscriptionFate subscribe(const gateway::Frame& frame) override;
  void subscribed(const gateway::Frame& frame) override;
  void logged_in(AccountId account) override;
  void closed(std::uint64_t connection) override;

  // What the connection is told from now on comes then.
  void hold(std::uint64_t connection, Timestamp until);
  // Sends what is due, in the order of time, and forgets what is over.
  void advance(Timestamp now);
  // Lets the channels begin again that are to. Not while the streams publish.
  void restart_channels();
  Timestamp next_due() const { return late_.empty() ? kNever : late_.begin()->first; }
  // Whether nothing of what was struck goes on.
  bool is_idle() const {
    return late_.empty() && listeners_.empty() && spells_.empty() && told_again_.empty();
  }

 private:
  // Once such a fault has struck, it goes on for a while.
  struct Listener {
    Timestamp stalled_until = {};
    Timestamp held_until = {};                              // and then all of it comes
    std::map<std::string, Timestamp, std::less<>> silent;   // until when, by topic
    std::map<std::string, std::int64_t, std::less<>> gaps;  // so many more are left out, by topic
    bool is_over(Timestamp now) const;
  };
  struct LateFrame {
    net::WebSocket& socket;
    std::uint64_t connection = 0;
    std::string text;
    std::int64_t behind = 0;  // goes already after so many later ones; 0: when it is due
  };
  // What strikes have made of one frame.
  struct Treatment {
    std::string text;
    bool is_sent = true;
    Nanoseconds delay = {};
    std::int64_t behind = 0;
    struct Copies {
      std::int64_t count = 0;
      Nanoseconds after = {};
    };
    std::vector<Copies> copies = {};
    std::optional<net::Delivery::After> rude_end = {};
    const faults::Action* goodbye = nullptr;
  };
  struct Restart {
    const net::WebSocket* socket;
    std::string topic;
    std::uint64_t number;
    bool with_snapshot;
  };

  faults::Tag tag_of(const gateway::Frame& frame) const;
  bool is_kept_back(const gateway::Frame& frame);
  void treat(const gateway::Frame& frame, const faults::Strike& strike, Treatment& treatment);
  void treat_connection(const gateway::Frame& frame, const faults::Strike& strike,
                        Treatment& treatment);
  void treat_channel(const gateway::Frame& frame, const faults::Strike& strike,
                     Treatment& treatment);
  bool goes_on_elsewhere(const faults::Strike& strike, const gateway::Frame& frame);
  void carry_out(const gateway::Frame& frame, const Treatment& treatment);
  void put_off(const gateway::Frame& frame, Timestamp due, std::string text,
               std::int64_t behind = 0);
  void tell(net::WebSocket& socket, std::uint64_t connection, std::string_view text);

  Exchange& exchange_;
  faults::Plan& plan_;
  Ask ask_;
  Timestamp now_;
  std::map<std::uint64_t, Listener> listeners_;  // by connection
  std::multimap<Timestamp, LateFrame> late_;     // by when they are due
  std::size_t overtaken_ = 0;                    // of these, how many go behind later ones
  // Which connection and topic a fault that chooses has struck, while that goes on.
  struct Spell {
    std::uint64_t connection = 0;
    std::string topic;
    Timestamp until;
  };
  std::map<std::string, Spell, std::less<>> spells_;  // by fault
  // By account and topic: what is told once more to who subscribes next.
  std::map<std::pair<AccountId, std::string>, std::vector<std::string>> told_again_;
  std::vector<Restart> restarts_;
  std::vector<faults::Strike> strikes_;  // scratch
};

}  // namespace venuebox::box
