#include "market/line_reader.h"

#include <cstring>

namespace venuebox::market {
namespace {
constexpr std::size_t kChunkBytes = 256 * 1024;
constexpr std::size_t kLineBytesMax = 8 * 1024 * 1024;
}  // namespace

LineReader::LineReader(std::unique_ptr<ByteSource> bytes)
    : bytes_(std::move(bytes)), buffer_(kChunkBytes, '\0') {}

bool LineReader::next(std::string_view& line) {
  std::size_t searched = begin_;
  while (failure_.empty()) {
    if (const void* found = std::memchr(buffer_.data() + searched, '\n', end_ - searched)) {
      const auto newline =
          static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
      return give(line, newline, newline + 1);
    }
    searched = end_ - begin_;
    if (!make_room()) break;
    const std::size_t got = bytes_->read(std::span(buffer_).subspan(end_));
    if (got > 0) {
      end_ += got;
      continue;
    }
    failure_ = bytes_->failure();
    return failure_.empty() && begin_ < end_ && give(line, end_, end_);
  }
  return false;
}

bool LineReader::give(std::string_view& line, std::size_t end, std::size_t next_begin) {
  line = std::string_view(buffer_).substr(begin_, end - begin_);
  if (line.ends_with('\r')) line.remove_suffix(1);
  begin_ = next_begin;
  ++number_;
  return true;
}

// Moves what is left to the front, and grows when that is a whole buffer without a line's end.
bool LineReader::make_room() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ < buffer_.size()) return true;
  if (buffer_.size() >= kLineBytesMax) return failure_ = "a line has more than 8 MiB", false;
  buffer_.resize(buffer_.size() * 2);
  return true;
}

void LineReader::rewind() {
  bytes_->rewind();
  begin_ = end_ = 0;
  number_ = 0;
  failure_.clear();
}

}  // namespace venuebox::market
