// A recorded market as a stream of messages, read with bounded memory. What file it comes from is
// its own business; prices and quantities are exact, in units of 10^-8.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "market/byte_source.h"
#include "model/order.h"

namespace venuebox::market {

inline constexpr int kRecordedScale = 8;

struct RecordedLevel {
  std::int64_t price = 0;     // 10^-8
  std::int64_t quantity = 0;  // 10^-8, absolute; 0: the level is gone

  friend bool operator==(const RecordedLevel&, const RecordedLevel&) = default;
};

struct RecordedMessage {
  enum class Kind : std::uint8_t {
    snapshot,  // the whole book
    depth,     // levels that changed
    trade,
  };
  Kind kind = Kind::depth;
  Timestamp time;          // when it was recorded
  std::uint64_t line = 0;  // of the file, from 1; of several, the last
  std::vector<RecordedLevel> bids;
  std::vector<RecordedLevel> asks;
  RecordedLevel trade;
  Side taker_side = Side::buy;
};

// One kind of what can be wrong with a recording: how often, and where first.
struct Flaw {
  std::uint64_t count = 0;
  std::uint64_t first_line = 0;
  std::string first_cause;

  void add(std::uint64_t line, std::string_view cause) {
    if (count++ == 0) first_line = line, first_cause = cause;
  }
};

// What was noticed while reading so far. All but damage is passed over: an unreadable line is
// skipped, the rest is played as it is.
struct RecordingReport {
  std::uint64_t lines = 0;
  std::uint64_t messages = 0;   // given out
  std::uint64_t snapshots = 0;  // of these
  std::uint64_t early = 0;      // not given out: before the first snapshot, or older than it
  Flaw damaged;                 // the file ends before its end, or a checksum does not hold
  Flaw unreadable;              // lines that do not parse
  Flaw gaps;                    // sequence numbers that do not follow each other
  Flaw backwards;               // times before the one before; given out as that one
};

class Recording {
 public:
  virtual ~Recording() = default;

  // The next message; false at the end. With a book, the first one is a snapshot: what was recorded
  // before it cannot be placed in a book. Fills the same vectors again, so nothing is allocated per
  // message.
  virtual bool next(RecordedMessage& message) = 0;
  virtual void rewind() = 0;

  virtual std::string_view format() const = 0;    // "Bybit order-book archive"
  virtual const std::string& symbol() const = 0;  // as the recorder wrote it: "BTCUSDT"
  virtual std::string_view exchange() const = 0;  // as Tardis writes it: "binance-futures"
  virtual bool has_book() const { return true; }
  virtual bool has_trades() const { return false; }
  virtual const RecordingReport& report() const = 0;
};

// Opens a recording of any format that docs/recordings.md lists; which one it is is told by its
// first lines. Refuses what is none, and what holds nothing to begin with.
Result<std::unique_ptr<Recording>> open_recording(const std::string& path);
// The same for bytes that are open already; `name` is for errors.
Result<std::unique_ptr<Recording>> read_recording(std::unique_ptr<ByteSource> bytes,
                                                  const std::string& name);

}  // namespace venuebox::market
