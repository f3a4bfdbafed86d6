// Raw captures of Binance USD-M streams: lines `<ns since the epoch> <JSON as received>` with the
// streams depth and trade, and one REST snapshot of the book among them. Lines of streams that are
// not needed are skipped unread.
#include "market/line_recording.h"
#include "market/recorded_text.h"

namespace venuebox::market {
namespace {
constexpr std::size_t kPendingMax = 1'000;

class BinanceRecording final : public LineRecording {
 public:
  using LineRecording::LineRecording;

  bool next(RecordedMessage& message) override {
    while (has_snapshot_ && next_pending_ < pending_.size()) {
      message.time = last_time_;  // played right after the snapshot
      if (read_depth(pending_[next_pending_++], message)) return true;
    }
    std::string_view line;
    while (next_line(line)) {
      if (line.substr(0, 80).find("@bookTicker\"") != std::string_view::npos) {
        if (symbol_.empty()) find_symbol(line);
        continue;
      }
      if (read_message(line, message)) return true;
    }
    return false;
  }

  void rewind() override {
    begin_again();
    has_snapshot_ = false;
    last_update_ = 0;
    pending_.clear();
    next_pending_ = 0;
  }

  std::string_view format() const override { return "Binance USD-M stream capture"; }
  std::string_view exchange() const override { return "binance-futures"; }
  bool has_trades() const override { return true; }

 private:
  void find_symbol(std::string_view line) {
    const std::string_view value = text_after(line, "\"s\":\"");
    symbol_ = value.substr(0, value.find('"'));
  }

  bool read_message(std::string_view line, RecordedMessage& message) {
    std::int64_t ns = 0;
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || !read_whole(line, ns) || ns < 0)
      return skip("no receive time at its start");
    message.time = Timestamp{ns};
    const std::string_view json = line.substr(space + 1);
    if (!json.starts_with('{') || !json.ends_with('}')) return skip("no JSON object");
    if (json.starts_with("{\"lastUpdateId\"")) return read_snapshot(json, message);
    const std::string_view stream = json.substr(0, 64);
    if (stream.find("@depth") != std::string_view::npos) return read_depth(json, message);
    if (stream.find("@trade\"") != std::string_view::npos) return read_trade(json, message);
    return false;  // A stream that is not needed.
  }

  bool read_snapshot(std::string_view json, RecordedMessage& message) {
    if (!read_whole(text_after(json, "\"lastUpdateId\":"), last_update_) ||
        !read_sides(json, "\"bids\":", "\"asks\":", message)) {
      return skip("a snapshot that does not parse");
    }
    message.kind = RecordedMessage::Kind::snapshot;
    has_snapshot_ = true;
    follows_snapshot_ = true;
    return give(message);
  }

  bool read_depth(std::string_view json, RecordedMessage& message) {
    std::int64_t first = 0, last = 0, previous = 0;
    if (!read_whole(text_after(json, "\"U\":"), first) ||
        !read_whole(text_after(json, "\"u\":"), last) ||
        !read_whole(text_after(json, "\"pu\":"), previous) || first < 0 ||
        !read_sides(json, "\"b\":", "\"a\":", message)) {
      return skip("a depth message that does not parse");
    }
    if (symbol_.empty()) find_symbol(json);
    if (!has_snapshot_) {
      if (pending_.size() < kPendingMax) pending_.emplace_back(json);
      return false;
    }
    if (last <= last_update_) return ++report_.early, false;
    // The first one after a snapshot contains its number; each other one names the one before.
    const bool follows =
        previous == last_update_ || (follows_snapshot_ && first - 1 <= last_update_);
    if (!follows) note_gap("updates are missing before it");
    follows_snapshot_ = false;
    last_update_ = last;
    message.kind = RecordedMessage::Kind::depth;
    return give(message);
  }

  bool read_trade(std::string_view json, RecordedMessage& message) {
    std::string_view price = text_after(json, "\"p\":\"");
    std::string_view quantity = text_after(json, "\"q\":\"");
    const std::string_view buyer_is_maker = text_after(json, "\"m\":");
    if (!read_quoted_units(price, message.trade.price) ||
        !read_quoted_units(quantity, message.trade.quantity) || buyer_is_maker.empty()) {
      return skip("a trade that does not parse");
    }
    if (symbol_.empty()) find_symbol(json);
    if (!has_snapshot_) return ++report_.early, false;
    message.taker_side = buyer_is_maker.starts_with("true") ? Side::sell : Side::buy;
    message.kind = RecordedMessage::Kind::trade;
    return give(message);
  }

  bool has_snapshot_ = false;
  bool follows_snapshot_ = false;
  // Depth messages from before the snapshot: one can contain updates that are newer than it.
  std::vector<std::string> pending_;
  std::size_t next_pending_ = 0;
  std::int64_t last_update_ = 0;
};
}  // namespace

bool begins_binance(std::string_view line) {
  const std::size_t digits = line.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string_view::npos && line.substr(digits).starts_with(" {");
}

std::unique_ptr<Recording> read_binance(std::unique_ptr<LineReader> lines) {
  return std::make_unique<BinanceRecording>(std::move(lines));
}

}  // namespace venuebox::market
