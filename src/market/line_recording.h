// What the readers of all formats share: lines in, and a report of what was wrong with them.
#pragma once

#include "market/line_reader.h"
#include "market/recording.h"

namespace venuebox::market {

class LineRecording : public Recording {
 public:
  explicit LineRecording(std::unique_ptr<LineReader> lines) : lines_(std::move(lines)) {}

  const std::string& symbol() const override { return symbol_; }
  std::string_view exchange() const override { return exchange_; }
  const RecordingReport& report() const override { return report_; }

 protected:
  // The next line that is not empty. At an early end, damage is noted.
  bool next_line(std::string_view& line);
  void begin_again();

  // Each notes what is wrong with the present line; skip() is for one that cannot be used.
  bool skip(std::string_view cause);
  void note_gap(std::string_view cause) { report_.gaps.add(lines_->number(), cause); }

  // Counts the message, and sees to it that times never go back in what is given out.
  bool give(RecordedMessage& message) { return give_at(message, lines_->number()); }
  bool give_at(RecordedMessage& message, std::uint64_t line);

  std::unique_ptr<LineReader> lines_;
  std::string symbol_;
  std::string exchange_;
  Timestamp last_time_;
  RecordingReport report_;
};

// One per format: whether a line is one that such a recording begins with, and its reader.
bool begins_binance(std::string_view line);
bool begins_bybit(std::string_view line);
bool begins_tardis(std::string_view line);
std::unique_ptr<Recording> read_binance(std::unique_ptr<LineReader> lines);
std::unique_ptr<Recording> read_bybit(std::unique_ptr<LineReader> lines);
Result<std::unique_ptr<Recording>> read_tardis(std::unique_ptr<LineReader> lines);

}  // namespace venuebox::market
