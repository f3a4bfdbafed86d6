// Recordings under bytes: whatever a file holds is either refused or read as messages that a replay
// can rely on, and is read the same again after a rewind.
// Built by clang with libFuzzer (preset `fuzz`), and by any compiler as a test that runs the
// corpus.
#include <string>

#include "../pieces.h"
#include "base/hash.h"
#include "market/recording.h"

namespace {
using namespace venuebox;
using market::RecordedLevel;
using market::RecordedMessage;

void check(const std::vector<RecordedLevel>& side, Hasher& hasher) {
  for (const RecordedLevel& level : side) {
    require(level.price > 0, "a level without a price");
    require(level.quantity >= 0, "a negative quantity");
    hasher.add(static_cast<std::uint64_t>(level.price));
    hasher.add(static_cast<std::uint64_t>(level.quantity));
  }
}

// Of all messages, each checked.
std::uint64_t hash_of_messages(market::Recording& recording) {
  Hasher hasher;
  RecordedMessage message;
  Timestamp last;
  bool is_first = true;
  while (recording.next(message)) {
    const bool is_trade = message.kind == RecordedMessage::Kind::trade;
    require(message.time >= last, "a time before that of the message before");
    require(!is_first || !recording.has_book() || message.kind == RecordedMessage::Kind::snapshot,
            "a book that does not begin with a snapshot");
    require(!is_trade || recording.has_trades(), "a trade in a recording without trades");
    require(message.line > 0, "a message without a line");
    if (is_trade) {
      require(message.trade.price >= 0 && message.trade.quantity >= 0, "a negative trade");
      hasher.add(static_cast<std::uint64_t>(message.trade.price));
    } else {
      check(message.bids, hasher);
      check(message.asks, hasher);
    }
    hasher.add(static_cast<std::uint64_t>(message.time.ns));
    last = message.time;
    is_first = false;
  }
  return hasher.value();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto recording = market::read_recording(market::bytes_of(bytes), "input");
  if (!recording) return 0;
  const std::uint64_t first = hash_of_messages(**recording);
  (*recording)->rewind();
  require(hash_of_messages(**recording) == first, "other messages after a rewind");
  return 0;
}
