// WebSocket frames under bytes: each input is a stream that arrives in pieces, read by both ends.
// How it was cut must not change what is read, and what was read must survive being sent again.
// Built by clang with libFuzzer (preset `fuzz`), and by any compiler as a test that runs the
// corpus.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../pieces.h"
#include "net/frame_decoder.h"

namespace {
using namespace venuebox::net;
using End = FrameDecoder::End;
using Event = FrameDecoder::Event;

constexpr std::size_t kMessageBytesMax = 300;
// A message, a frame that is not complete, and two pieces that have not been squeezed.
constexpr std::size_t kKeptBytesMax = 2 * (kMessageBytesMax + kFrameHeadBytesMax) + 2 * 256;
constexpr Mask kMask = 0x81'00'7f'a5;

struct Seen {
  Event event = Event::none;
  std::uint16_t code = 0;
  std::string text;  // payload, or the reason of a failure

  friend bool operator==(const Seen&, const Seen&) = default;
};

// In memory that is new for each piece, so that a sanitizer sees a step beyond it.
std::vector<Seen> decoded(End end, std::string_view bytes, std::span<const std::uint8_t> cuts) {
  FrameDecoder decoder(end, kMessageBytesMax);
  std::vector<Seen> all;
  std::vector<char> memory;
  for (std::size_t piece = 0; !bytes.empty(); ++piece) {
    const std::size_t wanted = cuts.empty() ? bytes.size() : 1u + cuts[piece % cuts.size()];
    const std::size_t size = std::min(wanted, bytes.size());
    if (piece % 2 == 1) memory.resize(memory.size() - decoder.squeeze(memory));
    std::vector<char> next = memory;
    next.insert(next.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    bytes.remove_prefix(size);
    memory = std::move(next);
    for (Event event; (event = decoder.decode(memory)) != Event::none;) {
      const bool carries_code = event == Event::close || event == Event::failed;
      all.push_back({event, carries_code ? decoder.code() : std::uint16_t{0},
                     std::string(event == Event::failed ? decoder.reason() : decoder.payload())});
      require(all.back().text.size() <= kMessageBytesMax, "a message above the limit");
      require(event != Event::text || is_utf8(all.back().text), "text that is not UTF-8");
      memory.erase(memory.begin(), memory.begin() + static_cast<std::ptrdiff_t>(decoder.release()));
    }
    const bool over = cuts.empty() || (!all.empty() && all.back().event >= Event::close);
    require(over || memory.size() <= kKeptBytesMax, "more is kept than a message");
  }
  return all;
}

Opcode opcode_of(Event event) {
  switch (event) {
    case Event::text: return Opcode::text;
    case Event::binary: return Opcode::binary;
    case Event::ping: return Opcode::ping;
    case Event::pong: return Opcode::pong;
    default: return Opcode::close;
  }
}

// What was read, as the other end would have to send it.
std::string encoded(End reader, const std::vector<Seen>& all) {
  std::string bytes;
  for (const Seen& seen : all) {
    std::string payload = seen.text;
    if (seen.event == Event::close)
      payload = seen.code == 0 ? "" : close_payload(seen.code, payload);
    if (reader == End::server) {
      append_masked_frame(bytes, opcode_of(seen.event), payload, kMask);
    } else {
      append_frame(bytes, opcode_of(seen.event), payload);
    }
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto [cuts, bytes] = pieces_of({data, size});
  for (const End end : {End::server, End::client}) {
    const std::vector<Seen> whole = decoded(end, bytes, {});
    require(decoded(end, bytes, cuts) == whole, "another split gives another result");
    std::vector<Seen> good = whole;
    if (!good.empty() && good.back().event == Event::failed) good.pop_back();
    require(decoded(end, encoded(end, good), cuts) == good, "lost on the way back");
  }
  return 0;
}
