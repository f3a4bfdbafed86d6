// Bybit's public order-book archives: JSON lines as the stream orderbook.500 sends them, a snapshot
// first. Times are the venue's (`ts`, milliseconds); `u` counts the messages of a book, and is 1
// with the snapshot that follows a restart of the service.
#include "market/line_recording.h"
#include "market/recorded_text.h"

namespace venuebox::market {
namespace {
class BybitRecording final : public LineRecording {
 public:
  using LineRecording::LineRecording;

  bool next(RecordedMessage& message) override {
    std::string_view line;
    while (next_line(line)) {
      if (read_message(line, message)) return true;
    }
    return false;
  }

  void rewind() override {
    begin_again();
    has_snapshot_ = false;
  }

  std::string_view format() const override { return "Bybit order-book archive"; }
  std::string_view exchange() const override { return "bybit"; }

 private:
  bool read_message(std::string_view line, RecordedMessage& message) {
    if (!line.starts_with('{') || !line.ends_with('}')) return skip("no JSON object");
    const std::string_view type = text_after(line, "\"type\":\"");
    const bool is_snapshot = type.starts_with("snapshot\"");
    if (!is_snapshot && !type.starts_with("delta\"")) {
      return skip("its type is neither snapshot nor delta");
    }
    std::int64_t ms = 0, update = 0;
    const std::string_view data = text_after(line, "\"data\":");
    if (!read_whole(text_after(line, "\"ts\":"), ms) || ms < 0 || ms > INT64_MAX / 1'000'000 ||
        !read_sides(data, "\"b\":", "\"a\":", message) ||
        !read_whole(text_after(data, "\"u\":"), update) || update < 0) {
      return skip("a message of a book that does not parse");
    }
    const std::string_view name = text_after(data, "\"s\":\"");
    if (const auto symbol = name.substr(0, name.find('"')); symbol_.empty()) {
      symbol_ = symbol;
    } else if (symbol != symbol_) {
      return skip("it is of another symbol than those before");
    }
    if (!is_snapshot && !has_snapshot_) return ++report_.early, false;
    if (!is_snapshot && update - 1 != last_update_) note_gap("updates are missing before it");
    has_snapshot_ = true;
    last_update_ = update;
    message.time = timestamp_from_ms(ms);
    message.kind = is_snapshot ? RecordedMessage::Kind::snapshot : RecordedMessage::Kind::depth;
    return give(message);
  }

  bool has_snapshot_ = false;
  std::int64_t last_update_ = 0;
};
}  // namespace

bool begins_bybit(std::string_view line) {
  return line.starts_with('{') && line.find("\"topic\":\"orderbook.") != std::string_view::npos;
}

std::unique_ptr<Recording> read_bybit(std::unique_ptr<LineReader> lines) {
  return std::make_unique<BybitRecording>(std::move(lines));
}

}  // namespace venuebox::market
