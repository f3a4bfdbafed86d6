#include "market/recording.h"

#include <algorithm>

#include <fmt/core.h>

#include "market/line_recording.h"

namespace venuebox::market {
namespace {
constexpr int kLinesSniffed = 100;
constexpr std::uint64_t kMessagesForSymbol = 1'000;

// Of what is no text, as little as an error can bear.
std::string shown(std::string_view line) {
  std::string text(line.substr(0, 60));
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

// Lines that are no recording's may stand before the first one that is.
Result<std::unique_ptr<Recording>> sniffed(std::unique_ptr<LineReader> lines) {
  std::string first;
  std::string_view line;
  for (int i = 0; i < kLinesSniffed && lines->next(line); ++i) {
    if (first.empty()) first = shown(line);
    const bool binance = begins_binance(line), bybit = begins_bybit(line);
    if (begins_tardis(line)) return read_tardis(std::move(lines));
    if (!binance && !bybit) continue;
    lines->rewind();
    return binance ? read_binance(std::move(lines)) : read_bybit(std::move(lines));
  }
  if (!lines->failure().empty()) {
    return invalid("", fmt::format("line {}: {}", lines->number() + 1, lines->failure()));
  }
  return invalid("",
                 fmt::format("line 1: '{}' begins no recording: expected lines `<ns> <JSON>` of "
                             "a Binance USD-M capture, JSON lines of a Bybit order-book "
                             "archive, or the header of a Tardis CSV",
                             first));
}

// The symbol may only stand in a later message than the first. At the end, what was wrong is told.
Result<void> look_inside(Recording& recording) {
  RecordedMessage message;
  while (recording.next(message) && recording.symbol().empty() &&
         recording.report().messages < kMessagesForSymbol) {
  }
  const RecordingReport seen = recording.report();
  recording.rewind();
  if (seen.messages > 0 && !recording.symbol().empty()) return {};
  const Flaw& flaw = seen.damaged.count > 0 ? seen.damaged : seen.unreadable;
  std::string text =
      fmt::format("is a {} that holds no {} to begin with ({} lines", recording.format(),
                  recording.has_book() ? "snapshot of a book" : "trade", seen.lines);
  if (flaw.count > 0) text += fmt::format("; line {}: {}", flaw.first_line, flaw.first_cause);
  return invalid("", text + ")");
}
}  // namespace

Result<std::unique_ptr<Recording>> read_recording(std::unique_ptr<ByteSource> bytes,
                                                  const std::string& name) {
  auto recording = sniffed(std::make_unique<LineReader>(std::move(bytes)));
  if (!recording) return invalid(name, recording.error().detail);
  if (auto looked = look_inside(**recording); !looked) return invalid(name, looked.error().detail);
  return recording;
}

Result<std::unique_ptr<Recording>> open_recording(const std::string& path) {
  auto bytes = open_bytes(path);
  if (!bytes) return bytes.error();
  return read_recording(std::move(*bytes), path);
}

}  // namespace venuebox::market
