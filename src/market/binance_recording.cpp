// Raw captures of Binance USD-M streams. Written for speed where the bytes are: lines of streams
// that are not needed are skipped unread, and levels are scanned by hand.
#include <charconv>
#include <filesystem>
#include <fstream>

#include <fmt/core.h>
#include <zlib.h>

#include "base/hash.h"
#include "market/recording.h"

namespace venuebox::market {
namespace {
constexpr std::size_t kChunkBytes = 256 * 1024;
constexpr std::size_t kPendingMax = 1'000;
constexpr std::size_t kLineBytesMax = 8 * 1024 * 1024;

struct CloseGzip {
  void operator()(gzFile_s* file) const { gzclose(file); }
};

// Text between a key with its colon and what ends the value; empty when the key is not there.
std::string_view after(std::string_view line, std::string_view key) {
  const std::size_t at = line.find(key);
  return at == std::string_view::npos ? std::string_view{} : line.substr(at + key.size());
}

bool read_whole(std::string_view text, std::int64_t& value) {
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{};
}

// Digits with an optional point, to units of 10^-8; false when there is anything else before the
// closing quote, or more than 8 decimals that are not zero. Moves `text` behind that quote.
bool read_price(std::string_view& text, std::int64_t& value) {
  std::int64_t units = 0;
  int decimals = -1;
  std::size_t at = 0;
  for (; at < text.size() && text[at] != '"'; ++at) {
    const char c = text[at];
    if (c == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (c < '0' || c > '9') return false;
    if (decimals == kRecordedScale) {
      if (c != '0') return false;
      continue;
    }
    if (units > (INT64_MAX - 9) / 10) return false;
    units = units * 10 + (c - '0');
    if (decimals >= 0) ++decimals;
  }
  if (at == 0 || at == text.size()) return false;
  for (int i = std::max(decimals, 0); i < kRecordedScale; ++i) {
    if (units > INT64_MAX / 10) return false;
    units *= 10;
  }
  value = units;
  text.remove_prefix(at + 1);
  return true;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// `[["61800.20","2.507"],…]`; moves `text` behind it.
bool read_levels(std::string_view& text, std::vector<RecordedLevel>& levels) {
  levels.clear();
  if (!take(text, '[')) return false;
  if (take(text, ']')) return true;
  do {
    RecordedLevel level;
    if (!take(text, '[') || !take(text, '"') || !read_price(text, level.price) ||
        !take(text, ',') || !take(text, '"') || !read_price(text, level.quantity) ||
        !take(text, ']')) {
      return false;
    }
    levels.push_back(level);
  } while (take(text, ','));
  return take(text, ']');
}

// The two lists of levels under their keys, in this order, as the venue writes them.
bool read_sides(std::string_view text, std::string_view bids_key, std::string_view asks_key,
                RecordedMessage& message) {
  text = after(text, bids_key);
  if (!read_levels(text, message.bids)) return false;
  text = after(text, asks_key);
  return read_levels(text, message.asks);
}

class BinanceRecording final : public Recording {
 public:
  BinanceRecording(std::string path, std::unique_ptr<gzFile_s, CloseGzip> file)
      : path_(std::move(path)), file_(std::move(file)), buffer_(kChunkBytes, '\0') {}

  bool next(RecordedMessage& message) override {
    while (has_snapshot_ && next_pending_ < pending_.size()) {
      message.time = last_time_;  // played right after the snapshot
      if (read_depth(pending_[next_pending_++], message)) return ++report_.messages, true;
    }
    std::string_view line;
    while (read_line(line)) {
      ++report_.lines;
      if (line.empty()) continue;
      if (line.substr(0, 80).find("@bookTicker\"") != std::string_view::npos) continue;
      if (read_message(line, message)) {
        ++report_.messages;
        return true;
      }
    }
    return false;
  }

  void rewind() override {
    gzrewind(file_.get());
    begin_ = end_ = 0;
    has_snapshot_ = false;
    last_update_ = 0;
    last_time_ = {};
    report_ = {};
    pending_.clear();
    next_pending_ = 0;
  }

  const std::string& symbol() const override { return symbol_; }
  const RecordingReport& report() const override { return report_; }

 private:
  // Lines are views into the buffer, good until the next call.
  bool read_line(std::string_view& line) {
    std::size_t searched = begin_;
    while (true) {
      const void* found = std::memchr(buffer_.data() + searched, '\n', end_ - searched);
      if (found) {
        const auto newline =
            static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
        line = std::string_view(buffer_).substr(begin_, newline - begin_);
        begin_ = newline + 1;
        return true;
      }
      searched = end_;
      if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        searched -= begin_;
        begin_ = 0;
      }
      if (end_ == buffer_.size()) {
        if (buffer_.size() >= kLineBytesMax) return note("a line of more than 8 MiB"), false;
        buffer_.resize(buffer_.size() * 2);
      }
      const int got =
          gzread(file_.get(), buffer_.data() + end_, static_cast<unsigned>(buffer_.size() - end_));
      if (got > 0) {
        end_ += static_cast<std::size_t>(got);
        continue;
      }
      int code = Z_OK;
      const char* text = gzerror(file_.get(), &code);
      if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
        ++report_.unreadable;
        note(fmt::format("the file ends early or is damaged: {}", text));
      }
      if (begin_ == end_) return false;
      line = std::string_view(buffer_).substr(begin_, end_ - begin_);  // a last line without end
      begin_ = end_;
      return true;
    }
  }

  void note(std::string problem) {
    if (report_.problems.size() == kProblemsMax) return;
    report_.problems.push_back(fmt::format("line {}: {}", report_.lines, problem));
  }
  bool skip(std::string problem) {
    ++report_.unreadable;
    note(std::move(problem));
    return false;
  }

  bool read_message(std::string_view line, RecordedMessage& message) {
    std::int64_t ns = 0;
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || !read_whole(line, ns))
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

  // The receive time never goes back in what is given out.
  bool accept_time(RecordedMessage& message) {
    if (message.time < last_time_) {
      ++report_.backwards;
      note("its time is before that of the line before");
      message.time = last_time_;
    }
    last_time_ = message.time;
    return true;
  }

  bool read_snapshot(std::string_view json, RecordedMessage& message) {
    if (!read_whole(after(json, "\"lastUpdateId\":"), last_update_) ||
        !read_sides(json, "\"bids\":", "\"asks\":", message)) {
      return skip("a snapshot that does not parse");
    }
    message.kind = RecordedMessage::Kind::snapshot;
    has_snapshot_ = true;
    follows_snapshot_ = true;
    return accept_time(message);
  }

  bool read_depth(std::string_view json, RecordedMessage& message) {
    std::int64_t first = 0, last = 0, previous = 0;
    if (!read_whole(after(json, "\"U\":"), first) || !read_whole(after(json, "\"u\":"), last) ||
        !read_whole(after(json, "\"pu\":"), previous) ||
        !read_sides(json, "\"b\":", "\"a\":", message)) {
      return skip("a depth message that does not parse");
    }
    if (!has_snapshot_) {
      if (pending_.size() < kPendingMax) pending_.emplace_back(json);
      return false;
    }
    if (last <= last_update_) return false;
    const bool follows = follows_snapshot_ ? first <= last_update_ + 1 || previous == last_update_
                                           : previous == last_update_;
    if (!follows) {
      ++report_.gaps;
      note("updates are missing before it");
    }
    follows_snapshot_ = false;
    last_update_ = last;
    message.kind = RecordedMessage::Kind::depth;
    return accept_time(message);
  }

  bool read_trade(std::string_view json, RecordedMessage& message) {
    std::string_view price = after(json, "\"p\":\"");
    std::string_view quantity = after(json, "\"q\":\"");
    const std::string_view buyer_is_maker = after(json, "\"m\":");
    if (!read_price(price, message.trade.price) || !read_price(quantity, message.trade.quantity) ||
        buyer_is_maker.empty()) {
      return skip("a trade that does not parse");
    }
    if (!has_snapshot_) return false;
    message.taker_side = buyer_is_maker.starts_with("true") ? Side::sell : Side::buy;
    message.kind = RecordedMessage::Kind::trade;
    return accept_time(message);
  }

  friend Result<std::unique_ptr<Recording>> venuebox::market::open_recording(const std::string&);

  // Finds the symbol and makes sure that there is a snapshot to begin with.
  Result<void> look_inside() {
    std::string_view line;
    for (int i = 0; i < 1'000 && symbol_.empty() && read_line(line); ++i) {
      const std::string_view value = after(line, "\"s\":\"");
      symbol_ = value.substr(0, value.find('"'));
    }
    rewind();
    RecordedMessage first;
    const bool any = next(first);
    const RecordingReport seen = report_;
    rewind();
    if (any && !symbol_.empty()) return {};
    return invalid(path_, fmt::format("holds no snapshot of a book to begin with ({} lines{}{}); "
                                      "expected lines `<ns> <JSON>` of a Binance USD-M capture",
                                      seen.lines, seen.problems.empty() ? "" : ", first: ",
                                      seen.problems.empty() ? "" : seen.problems[0]));
  }

  std::string path_;
  std::unique_ptr<gzFile_s, CloseGzip> file_;
  std::string buffer_;
  std::size_t begin_ = 0;  // of what is not yet given out
  std::size_t end_ = 0;
  std::string symbol_;
  bool has_snapshot_ = false;
  bool follows_snapshot_ = false;
  // Depth messages from before the snapshot: one can contain updates that are newer than it.
  std::vector<std::string> pending_;
  std::size_t next_pending_ = 0;
  std::int64_t last_update_ = 0;
  Timestamp last_time_;
  RecordingReport report_;
};

Result<void> check_file(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    return Error{ErrorKind::not_found, path, "does not exist; give the path of a recording"};
  }
  if (std::filesystem::is_directory(status)) {
    return invalid(path, "is a folder; give the path of a recording in it");
  }
  if (std::filesystem::file_size(path, error) == 0) return invalid(path, "is empty");
  return {};
}
}  // namespace

Result<std::unique_ptr<Recording>> open_recording(const std::string& path) {
  if (auto checked = check_file(path); !checked) return checked.error();
  std::unique_ptr<gzFile_s, CloseGzip> file(gzopen(path.c_str(), "rb"));
  if (!file) return Error{ErrorKind::io, path, "cannot be opened; may it be read?"};
  gzbuffer(file.get(), 128 * 1024);
  auto recording = std::make_unique<BinanceRecording>(path, std::move(file));
  if (auto looked = recording->look_inside(); !looked) return looked.error();
  return std::unique_ptr<Recording>(std::move(recording));
}

Result<std::uint64_t> content_hash(const std::string& path) {
  if (auto checked = check_file(path); !checked) return checked.error();
  std::ifstream file(path, std::ios::binary);
  std::string chunk(kChunkBytes, '\0');
  Hasher hasher;
  while (file) {
    file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    hasher.add_bytes(std::string_view(chunk).substr(0, static_cast<std::size_t>(file.gcount())));
  }
  if (file.bad()) return Error{ErrorKind::io, path, "cannot be read"};
  return hasher.value();
}

}  // namespace venuebox::market
