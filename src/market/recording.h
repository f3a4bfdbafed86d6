// A recorded market as a stream of messages, read with bounded memory. What file it comes from is
// its own business; prices and quantities are exact, in units of 10^-8.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/order.h"

namespace venuebox::market {

inline constexpr int kRecordedScale = 8;

struct RecordedLevel {
  std::int64_t price = 0;     // 10^-8
  std::int64_t quantity = 0;  // 10^-8, absolute; 0: the level is gone
};

struct RecordedMessage {
  enum class Kind : std::uint8_t {
    snapshot,  // the whole book
    depth,     // levels that changed
    trade,
  };
  Kind kind = Kind::depth;
  Timestamp time;  // when it was recorded
  std::vector<RecordedLevel> bids;
  std::vector<RecordedLevel> asks;
  RecordedLevel trade;
  Side taker_side = Side::buy;
};

inline constexpr std::size_t kProblemsMax = 10;

// What was noticed while reading so far.
struct RecordingReport {
  std::uint64_t lines = 0;
  std::uint64_t messages = 0;         // given out
  std::uint64_t unreadable = 0;       // lines skipped because they do not parse
  std::uint64_t gaps = 0;             // sequence numbers that do not follow each other
  std::uint64_t backwards = 0;        // times before the line before
  std::vector<std::string> problems;  // the first kProblemsMax, with their line numbers
};

class Recording {
 public:
  virtual ~Recording() = default;

  // The next message; false at the end. The first one is a snapshot: what was recorded before it
  // cannot be placed in a book. Fills the same vectors again, so nothing is allocated per message.
  virtual bool next(RecordedMessage& message) = 0;
  virtual void rewind() = 0;

  virtual const std::string& symbol() const = 0;  // "BTCUSDT"
  virtual const RecordingReport& report() const = 0;
};

// Opens a raw capture of Binance USD-M streams: lines `<ns since the epoch> <JSON as received>`,
// plain or gzip, with the streams depth and trade and one REST snapshot of the book among them.
Result<std::unique_ptr<Recording>> open_recording(const std::string& path);

// A hash of the file's bytes, by which a box knows that it still replays the same recording.
Result<std::uint64_t> content_hash(const std::string& path);

}  // namespace venuebox::market
