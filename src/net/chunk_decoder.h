// The chunked transfer coding, undone in place. Extensions and trailers are skipped.
#pragma once

#include <cstdint>
#include <span>

namespace venuebox::net {

class ChunkDecoder {
 public:
  enum class Outcome : std::uint8_t { more, done, malformed, body_too_large, line_too_long };

  // A line, or all trailers together, is at most `line_bytes_max` long.
  ChunkDecoder(std::size_t body_bytes_max, std::size_t line_bytes_max)
      : body_bytes_max_(body_bytes_max), line_bytes_max_(line_bytes_max) {}

  // Goes on with `unread`, of which consumed() bytes are done with afterwards; the rest must come
  // again, with more. `to` is where the next piece of the body goes, not behind `unread`.
  Outcome decode(std::span<char> unread, char* to);
  std::size_t consumed() const { return consumed_; }
  std::size_t body_bytes() const { return body_bytes_; }

 private:
  enum class State : std::uint8_t { size, data, data_end, trailers };

  Outcome decode_size(std::span<const char> line);

  std::size_t body_bytes_max_;
  std::size_t line_bytes_max_;
  std::size_t consumed_ = 0;
  std::size_t body_bytes_ = 0;
  std::uint64_t left_ = 0;  // of the current chunk
  std::size_t trailer_bytes_ = 0;
  State state_ = State::size;
};

}  // namespace venuebox::net
