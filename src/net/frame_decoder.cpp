#include "net/frame_decoder.h"

#include <cstring>
#include <utility>

#include "base/assert.h"
#include "base/utf8.h"
#include "net/web_socket.h"

namespace venuebox::net {
namespace {

// The highest bit of a 64-bit length has to be zero (RFC 6455, section 5.2).
constexpr std::uint64_t kLengthMax = INT64_MAX;

// Whether a peer may send this code: those of RFC 6455 and of IANA's registry, without those that
// only a program says to itself (1005, 1006, 1015), and the two ranges for libraries and users.
bool may_be_sent(std::uint16_t code) {
  if (code >= 1000 && code <= 1003) return true;
  if (code >= 1007 && code <= 1014) return true;
  return code >= 3000 && code <= 4999;
}

std::uint8_t byte_at(std::span<const char> bytes, std::size_t i) {
  return static_cast<std::uint8_t>(bytes[i]);
}

}  // namespace

bool is_utf8(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080;
  while (!text.empty()) {
    std::uint64_t word = 0;
    if (text.size() >= sizeof word) {
      std::memcpy(&word, text.data(), sizeof word);
      if ((word & kHighBits) == 0) {
        text.remove_prefix(sizeof word);
        continue;
      }
    }
    const std::size_t size = utf8_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool FrameDecoder::fail(std::uint16_t code, std::string_view reason) {
  code_ = code;
  reason_ = reason;
  over_ = true;
  return false;
}

FrameDecoder::Event FrameDecoder::decode(std::span<char> bytes) {
  VENUEBOX_ASSERT(bytes.size() >= parsed_);
  while (!over_) {
    const auto unread = bytes.subspan(parsed_);
    Head head;
    const HeadState state = read_head(unread, head);
    if (state == HeadState::failed) return Event::failed;
    if (state == HeadState::incomplete || head.payload_bytes > unread.size() - head.head_bytes)
      return Event::none;
    const auto payload_bytes = static_cast<std::size_t>(head.payload_bytes);
    Event event = Event::none;
    if (head.opcode >= Opcode::close) {
      event = take_control(head, unread.subspan(head.head_bytes, payload_bytes));
    } else {
      event = take_fragment(head, bytes);
    }
    parsed_ += head.head_bytes + payload_bytes;
    if (event != Event::none) return event;
  }
  return Event::none;
}

// Heads are read anew in each call, so that nothing has to be kept of an incomplete one.
FrameDecoder::HeadState FrameDecoder::read_head(std::span<const char> unread, Head& head) {
  if (unread.size() < 2) return HeadState::incomplete;
  const std::uint8_t first = byte_at(unread, 0);
  const std::uint8_t second = byte_at(unread, 1);
  if (!check_first_bytes(first, second)) return HeadState::failed;
  head.opcode = static_cast<Opcode>(first & 0x0f);
  head.final = (first & kFinalBit) != 0;
  head.payload_bytes = second & ~kMaskBit;
  std::size_t length_bytes = 0;
  if (head.payload_bytes == kLengthIn16Bits) length_bytes = 2;
  if (head.payload_bytes == kLengthIn64Bits) length_bytes = 8;
  if (unread.size() < 2 + length_bytes) return HeadState::incomplete;
  if (length_bytes > 0) head.payload_bytes = 0;
  for (std::size_t i = 0; i < length_bytes; ++i)
    head.payload_bytes = head.payload_bytes << 8 | byte_at(unread, 2 + i);
  if (!check_length(head, length_bytes)) return HeadState::failed;
  head.head_bytes = 2 + length_bytes;
  if ((second & kMaskBit) != 0) {
    if (unread.size() < head.head_bytes + sizeof head.mask) return HeadState::incomplete;
    std::memcpy(&head.mask, unread.data() + head.head_bytes, sizeof head.mask);
    head.head_bytes += sizeof head.mask;
  }
  return HeadState::complete;
}

bool FrameDecoder::check_first_bytes(std::uint8_t first, std::uint8_t second) {
  const auto wrong = [this](std::string_view reason) {
    return fail(close_code::kProtocolError, reason);
  };
  if ((first & kReservedBits) != 0) return wrong("reserved bit set");
  const bool masked = (second & kMaskBit) != 0;
  if (masked && end_ == End::client) return wrong("masked frame from a server");
  if (!masked && end_ == End::server) return wrong("frame without mask from a client");
  switch (static_cast<Opcode>(first & 0x0f)) {
    case Opcode::continuation: return joining() || wrong("continuation of no message");
    case Opcode::text:
    case Opcode::binary: return !joining() || wrong("message inside a fragmented message");
    case Opcode::close:
    case Opcode::ping:
    case Opcode::pong:
      if ((first & kFinalBit) == 0) return wrong("fragmented control frame");
      return (second & ~kMaskBit) <= kControlBytesMax || wrong("control frame too long");
  }
  return wrong("unknown opcode");
}

bool FrameDecoder::check_length(const Head& head, std::size_t length_bytes) {
  const std::uint64_t length = head.payload_bytes;
  if (length > kLengthMax) return fail(close_code::kProtocolError, "length with its highest bit");
  const bool minimal = length_bytes == 0 || (length_bytes == 2 && length > kControlBytesMax) ||
                       (length_bytes == 8 && length > UINT16_MAX);
  if (!minimal) return fail(close_code::kProtocolError, "length in more bytes than it needs");
  if (head.opcode >= Opcode::close) return true;
  const std::size_t before = joining() ? message_bytes_ : 0;
  return length <= message_bytes_max_ - before || fail(close_code::kTooBig, "message too long");
}

FrameDecoder::Event FrameDecoder::take_control(const Head& head, std::span<char> payload) {
  if (head.mask != 0) apply_mask(payload.data(), payload.size(), head.mask, payload.data());
  payload_ = {payload.data(), payload.size()};
  if (head.opcode == Opcode::ping) return Event::ping;
  if (head.opcode == Opcode::pong) return Event::pong;
  return take_close();
}

FrameDecoder::Event FrameDecoder::take_close() {
  over_ = true;
  code_ = 0;
  if (payload_.empty()) return Event::close;
  if (payload_.size() == 1) {
    fail(close_code::kProtocolError, "close code of one byte");
    return Event::failed;
  }
  const auto code = static_cast<std::uint16_t>(byte_at(payload_, 0) << 8 | byte_at(payload_, 1));
  payload_.remove_prefix(sizeof code);
  if (!may_be_sent(code)) {
    fail(close_code::kProtocolError, "close code that may not be sent");
    return Event::failed;
  }
  if (!is_utf8(payload_)) {
    fail(close_code::kInvalidText, "close reason is not UTF-8");
    return Event::failed;
  }
  code_ = code;
  return Event::close;
}

// Unmasks the frame's payload to where the message ends so far: the place where it stands, unless
// the message has fragments.
FrameDecoder::Event FrameDecoder::take_fragment(const Head& head, std::span<char> bytes) {
  const std::size_t begin = parsed_ + head.head_bytes;
  const auto size = static_cast<std::size_t>(head.payload_bytes);
  if (!joining()) {
    message_opcode_ = head.opcode;
    message_begin_ = begin;
    message_bytes_ = 0;
  }
  const std::size_t message_end = message_begin_ + message_bytes_;
  if (head.mask != 0) {
    apply_mask(bytes.data() + begin, size, head.mask, bytes.data() + message_end);
  } else if (message_end != begin) {
    std::memmove(bytes.data() + message_end, bytes.data() + begin, size);
  }
  message_bytes_ += size;
  if (!head.final) return Event::none;
  payload_ = {bytes.data() + message_begin_, message_bytes_};
  const Opcode opcode = std::exchange(message_opcode_, Opcode::continuation);
  if (opcode == Opcode::binary) return Event::binary;
  if (is_utf8(payload_)) return Event::text;
  fail(close_code::kInvalidText, "text is not UTF-8");
  return Event::failed;
}

std::size_t FrameDecoder::release() { return joining() ? 0 : std::exchange(parsed_, 0); }

std::size_t FrameDecoder::squeeze(std::span<char> bytes) {
  if (!joining()) return 0;
  const std::size_t message_end = message_begin_ + message_bytes_;
  const std::size_t gap = parsed_ - message_end;
  std::memmove(bytes.data() + message_end, bytes.data() + parsed_, bytes.size() - parsed_);
  parsed_ = message_end;
  return gap;
}

}  // namespace venuebox::net
