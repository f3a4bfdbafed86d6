// What is in a recording, told by reading all of it once.
#pragma once

#include <optional>

#include "market/recording.h"
#include "model/instrument.h"

namespace venuebox::market {

struct Inspection {
  std::string format;
  std::string exchange;
  std::string symbol;
  bool has_book = false;
  bool has_trades = false;
  std::uint64_t trades = 0;
  Timestamp begins;  // of the first message, a snapshot if there is a book
  Timestamp ends;    // of the last
  RecordingReport report;
  Flaw off_tick;  // prices that do not fit the tick asked for
  Flaw crossed;   // book changes after which the best bid is not below the best ask

  // What was passed over, one line each: "line 7: 3 sequence gaps; first: …".
  std::vector<std::string> notes() const;
};

// Fails for what cannot be replayed: no recording, no book to begin with, or a damaged file, of
// which nobody knows what is missing.
Result<Inspection> inspect(const std::string& path, std::optional<Step> tick = std::nullopt);

}  // namespace venuebox::market
