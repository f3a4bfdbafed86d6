#include "net/chunk_decoder.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace venuebox::net {
namespace {

constexpr std::size_t kLineEndBytes = 2;

// No control characters: above all no bare CR or LF, which others might take for a line end.
bool is_plain(std::span<const char> line) {
  return std::ranges::none_of(line, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

}  // namespace

ChunkDecoder::Outcome ChunkDecoder::decode_size(std::span<const char> line) {
  const char* end = line.data() + line.size();
  const auto [stop, failure] = std::from_chars(line.data(), end, left_, 16);
  if (failure != std::errc{}) return Outcome::malformed;
  if (stop != end && *stop != ';' && *stop != ' ' && *stop != '\t') return Outcome::malformed;
  if (left_ > body_bytes_max_ - body_bytes_) return Outcome::body_too_large;
  state_ = left_ == 0 ? State::trailers : State::data;
  return Outcome::more;
}

ChunkDecoder::Outcome ChunkDecoder::decode(std::span<char> unread, char* to) {
  consumed_ = 0;
  for (;;) {
    const auto rest = unread.subspan(consumed_);
    if (state_ == State::data) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, rest.size()));
      std::memmove(to, rest.data(), count);
      to += count;
      body_bytes_ += count;
      consumed_ += count;
      left_ -= count;
      if (left_ > 0) return Outcome::more;
      state_ = State::data_end;
      continue;
    }
    const auto found = std::ranges::find(rest, '\n');
    if (found == rest.end()) {
      if (rest.size() > line_bytes_max_) return Outcome::line_too_long;
      // What follows a chunk's data is two known bytes; anything else is wrong at once.
      const bool wrong = state_ == State::data_end && !rest.empty() &&
                         (rest[0] != '\r' || rest.size() >= kLineEndBytes);
      return wrong ? Outcome::malformed : Outcome::more;
    }
    const auto line_bytes = static_cast<std::size_t>(found - rest.begin()) + 1;
    if (line_bytes > line_bytes_max_) return Outcome::line_too_long;
    if (line_bytes < kLineEndBytes || rest[line_bytes - kLineEndBytes] != '\r')
      return Outcome::malformed;
    const auto line = rest.first(line_bytes - kLineEndBytes);
    if (!is_plain(line)) return Outcome::malformed;
    consumed_ += line_bytes;
    if (state_ == State::size) {
      const Outcome outcome = decode_size(line);
      if (outcome != Outcome::more) return outcome;
    } else if (state_ == State::data_end) {
      if (!line.empty()) return Outcome::malformed;
      state_ = State::size;
    } else {
      if (line.empty()) return Outcome::done;
      trailer_bytes_ += line_bytes;
      if (trailer_bytes_ > line_bytes_max_) return Outcome::line_too_long;
    }
  }
}

}  // namespace venuebox::net
