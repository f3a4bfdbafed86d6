// What can befall the messages of a stream: pure functions of bytes, and the order in which
// messages go. Frames are built from the messages afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace venuebox::faults {

// Some bytes changed ("bytes"), the end cut off ("truncated"), or a byte that is no UTF-8
// ("not_utf8"); as the action corrupt has it. A changed byte never is what it was.
//   draw  random bits; equal ones give equal damage
void corrupt(std::string& message, std::string_view kind, std::size_t bytes, std::uint64_t draw);

// What is decided for one message. All of it can be given at once.
struct FrameDecision {
  bool drops = false;
  std::size_t copies = 0;         // of it, sent again …
  Nanoseconds copies_after = {};  // … so much later than it
  Nanoseconds delay = {};
  std::size_t behind = 0;        // so many later messages go first …
  Nanoseconds behind_most = {};  // … or after so long it goes all the same
};

// The messages of one stream on their way out: what goes now, and what waits. Messages that nothing
// befalls go at once, past those that wait. Bounded: when too much waits, the oldest goes.
class FrameFilter {
 public:
  static constexpr std::size_t kWaitingMax = 1'000;

  // Appends to `out` what is to be sent now, in order; may be nothing, or more than this message.
  void pass(std::string_view message, const FrameDecision& decision, Timestamp now,
            std::vector<std::string>& out);
  // Appends what has become due.
  void advance(Timestamp now, std::vector<std::string>& out);
  // When `advance` is to be called next; kNever: nothing waits for a time.
  Timestamp next_due() const;
  std::size_t waiting() const { return waiting_.size(); }

 private:
  struct Waiting {
    Timestamp due;           // it goes then at the latest
    std::size_t behind = 0;  // or when so many have gone first; 0: it waits for the time alone
    std::string message;
  };
  void wait(Waiting waiting, std::vector<std::string>& out);
  // A message was sent: those that wait for messages are one nearer.
  void count_sent(std::vector<std::string>& out);

  std::vector<Waiting> waiting_;  // in the order in which they came
};

}  // namespace venuebox::faults
