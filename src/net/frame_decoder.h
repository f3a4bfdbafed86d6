// Frames of RFC 6455 from a growing piece of memory, in place, for both ends: what is kept are
// offsets, so the memory may move between two calls. Gives whole messages, checked, and the control
// frames between them; knows nothing of sockets, and answers nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "net/frame.h"

namespace venuebox::net {

class FrameDecoder {
 public:
  // Which end reads: a server takes masked frames only, a client none of them.
  enum class End : std::uint8_t { server, client };
  enum class Event : std::uint8_t { none, text, binary, ping, pong, close, failed };

  FrameDecoder(End end, std::size_t message_bytes_max)
      : message_bytes_max_(message_bytes_max), end_(end) {}

  // Goes on with what has arrived, up to the next event. `bytes` begins with the first byte that
  // release() has not yet taken, and holds what earlier calls have seen. After `close` or `failed`
  // nothing follows.
  Event decode(std::span<char> bytes);
  // After each event: how many bytes at the beginning are done with, and have to be dropped before
  // decode() is called again. While fragments are being joined this is none.
  std::size_t release();
  // Makes room between two events: forgets what was read and is not part of a message. Returns how
  // many bytes shorter `bytes` became.
  std::size_t squeeze(std::span<char> bytes);

  // Of the last event, where it stands in `bytes`: the joined message, or what a ping or pong
  // carries, or the reason in a close frame.
  std::string_view payload() const { return payload_; }
  // Of `close`: the sender's code, 0 when there was none. Of `failed`: the code to close with.
  std::uint16_t code() const { return code_; }
  // Of `failed`: what was wrong; has static life.
  std::string_view reason() const { return reason_; }

 private:
  struct Head {
    Opcode opcode = Opcode::continuation;
    bool final = false;
    std::size_t head_bytes = 0;
    std::uint64_t payload_bytes = 0;
    Mask mask = 0;
  };
  // What reading a head came to; `failed` has been noted by fail().
  enum class HeadState : std::uint8_t { incomplete, complete, failed };

  HeadState read_head(std::span<const char> unread, Head& head);
  bool check_first_bytes(std::uint8_t first, std::uint8_t second);
  bool check_length(const Head& head, std::size_t length_bytes);
  Event take_control(const Head& head, std::span<char> payload);
  Event take_fragment(const Head& head, std::span<char> bytes);
  Event take_close();
  bool fail(std::uint16_t code, std::string_view reason);

  std::string_view payload_;
  std::string_view reason_;
  std::size_t message_bytes_max_;
  std::size_t parsed_ = 0;         // what is behind the decoder
  std::size_t message_begin_ = 0;  // of the message whose fragments are being joined
  std::size_t message_bytes_ = 0;
  std::uint16_t code_ = 0;
  Opcode message_opcode_ = Opcode::continuation;  // this while no message is being joined
  End end_;
  bool over_ = false;

  bool joining() const { return message_opcode_ != Opcode::continuation; }
};

// Whether all of it is UTF-8.
bool is_utf8(std::string_view text);

}  // namespace venuebox::net
