// Frames of RFC 6455 to bytes, for both ends, and what encoder and decoder both have to know.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace venuebox::net {

// RFC 6455, section 5.2.
enum class Opcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xa,
};

inline constexpr std::size_t kFrameHeadBytesMax = 14;  // two, a 64-bit length, and a mask
inline constexpr std::size_t kControlBytesMax = 125;   // what a ping, pong or close may carry
inline constexpr std::uint8_t kFinalBit = 0x80;        // of the first byte
inline constexpr std::uint8_t kReservedBits = 0x70;    // of the first byte
inline constexpr std::uint8_t kMaskBit = 0x80;         // of the second byte
inline constexpr std::uint8_t kLengthIn16Bits = 126;   // the length stands in two further bytes
inline constexpr std::uint8_t kLengthIn64Bits = 127;   // or in eight

// Four bytes as they stand on the wire.
using Mask = std::uint32_t;

// Each is one final frame, appended to `out`. What a control frame carries has to fit.
void append_frame(std::string& out, Opcode opcode, std::string_view payload);
// As a client has to send it. The mask is to be drawn anew for every frame.
void append_masked_frame(std::string& out, Opcode opcode, std::string_view payload, Mask mask);

// What a close frame carries. The reason is cut to what fits, between two characters.
std::string close_payload(std::uint16_t code, std::string_view reason);

// Masks, or unmasks, `size` bytes. `to` may be `from`, or begin before it.
void apply_mask(const char* from, std::size_t size, Mask mask, char* to);

}  // namespace venuebox::net
