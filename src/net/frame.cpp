#include "net/frame.h"

#include <array>
#include <bit>
#include <cstring>

#include "base/assert.h"
#include "base/utf8.h"
#include "net/web_socket.h"

namespace venuebox::net {
namespace {

static_assert(std::endian::native == std::endian::little);

void append_head(std::string& out, Opcode opcode, std::size_t size, std::uint8_t mask_bit) {
  std::array<char, kFrameHeadBytesMax> head;
  std::size_t length_bytes = 0;
  std::size_t second = size;
  if (size > UINT16_MAX) {
    second = kLengthIn64Bits;
    length_bytes = 8;
  } else if (size > kControlBytesMax) {
    second = kLengthIn16Bits;
    length_bytes = 2;
  }
  head[0] = static_cast<char>(kFinalBit | static_cast<std::uint8_t>(opcode));
  head[1] = static_cast<char>(second | mask_bit);
  for (std::size_t i = 0; i < length_bytes; ++i)
    head[2 + i] = static_cast<char>(size >> (8 * (length_bytes - 1 - i)));
  out.append(head.data(), 2 + length_bytes);
}

bool fits(Opcode opcode, std::string_view payload) {
  return opcode < Opcode::close || payload.size() <= kControlBytesMax;
}

}  // namespace

void append_frame(std::string& out, Opcode opcode, std::string_view payload) {
  VENUEBOX_ASSERT(fits(opcode, payload));
  append_head(out, opcode, payload.size(), 0);
  out.append(payload);
}

void append_masked_frame(std::string& out, Opcode opcode, std::string_view payload, Mask mask) {
  VENUEBOX_ASSERT(fits(opcode, payload));
  append_head(out, opcode, payload.size(), kMaskBit);
  out.append(reinterpret_cast<const char*>(&mask), sizeof mask);
  const std::size_t begin = out.size();
  out.append(payload);
  apply_mask(out.data() + begin, payload.size(), mask, out.data() + begin);
}

void append_text_frame(std::string& out, std::string_view text) {
  append_frame(out, Opcode::text, text);
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code)};
  while (const std::size_t size = utf8_size(reason)) {
    if (payload.size() + size > kControlBytesMax) break;
    payload.append(reason.substr(0, size));
    reason.remove_prefix(size);
  }
  return payload;
}

void apply_mask(const char* from, std::size_t size, Mask mask, char* to) {
  const std::uint64_t wide = mask | std::uint64_t{mask} << 32;
  std::size_t i = 0;
  for (; i + sizeof wide <= size; i += sizeof wide) {
    std::uint64_t word = 0;
    std::memcpy(&word, from + i, sizeof word);
    word ^= wide;
    std::memcpy(to + i, &word, sizeof word);
  }
  for (; i < size; ++i)
    to[i] = static_cast<char>(from[i] ^ static_cast<char>(wide >> (8 * (i % sizeof wide))));
}

}  // namespace venuebox::net
