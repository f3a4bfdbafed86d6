#include "net/request_parser.h"

#include <cstring>
#include <utility>

#include "base/assert.h"

namespace venuebox::net {

void RequestParser::reset() {
  head_.reset();
  chunks_.reset();
  parsed_ = body_begin_ = body_bytes_ = 0;
  status_ = 0;
  reason_ = {};
  state_ = State::head;
  started_ = continue_claimed_ = false;
}

RequestParser::State RequestParser::fail(int status, std::string_view reason) {
  status_ = status;
  reason_ = reason;
  return state_ = State::failed;
}

RequestParser::State RequestParser::parse(std::span<char> bytes) {
  VENUEBOX_ASSERT(bytes.size() >= parsed_);
  started_ = started_ || !bytes.empty();
  arrived_ = bytes.size();
  if (state_ == State::head) parse_head(bytes);
  if (state_ == State::body) {
    if (chunks_) return parse_chunks(bytes);
    // A body of known length needs no parser: it is there or not yet.
    if (bytes.size() - body_begin_ < body_bytes_) return state_;
    parsed_ = body_begin_ + body_bytes_;
    state_ = State::complete;
  }
  return state_;
}

RequestParser::State RequestParser::parse_head(std::span<const char> bytes) {
  switch (head_.scan({bytes.data(), bytes.size()})) {
    case HeadScanner::Outcome::more: return state_;
    case HeadScanner::Outcome::failed: return fail(head_.status(), head_.reason());
    case HeadScanner::Outcome::done: break;
  }
  const std::uint64_t length = head_.content_length().value_or(0);
  if (length > body_bytes_max_) return fail(413, "body too large");
  if (head_.chunked()) chunks_.emplace(body_bytes_max_, kHeadBytesMax);
  body_bytes_ = length;
  body_begin_ = parsed_ = head_.size();
  return state_ = State::body;
}

RequestParser::State RequestParser::parse_chunks(std::span<char> bytes) {
  const auto outcome =
      chunks_->decode(bytes.subspan(parsed_), bytes.data() + body_begin_ + body_bytes_);
  parsed_ += chunks_->consumed();
  body_bytes_ = chunks_->body_bytes();
  switch (outcome) {
    case ChunkDecoder::Outcome::more: break;
    case ChunkDecoder::Outcome::done: state_ = State::complete; break;
    case ChunkDecoder::Outcome::malformed: return fail(400, "bad chunk");
    case ChunkDecoder::Outcome::body_too_large: return fail(413, "body too large");
    case ChunkDecoder::Outcome::line_too_long: return fail(431, "chunk header too large");
  }
  return state_;
}

std::size_t RequestParser::squeeze(std::span<char> bytes) {
  if (!chunks_ || state_ != State::body) return 0;
  const std::size_t body_end = body_begin_ + body_bytes_;
  const std::size_t gap = parsed_ - body_end;
  std::memmove(bytes.data() + body_end, bytes.data() + parsed_, bytes.size() - parsed_);
  parsed_ = body_end;
  return gap;
}

void RequestParser::fill(std::span<const char> bytes, HeaderSpace& space, Request& request) const {
  VENUEBOX_ASSERT(state_ == State::complete);
  for (std::size_t i = 0; i < head_.header_count(); ++i)
    space[i] = head_.header(bytes, i);
  request.method = head_.method();
  request.target = head_.target(bytes);
  request.headers = std::span(space.data(), head_.header_count());
  request.body = {bytes.data() + body_begin_, body_bytes_};
  split_target(request);
}

bool RequestParser::claim_continue() {
  const bool body_begun = arrived_ > body_begin_;
  if (state_ != State::body || body_begun || !head_.expects_continue()) return false;
  return !std::exchange(continue_claimed_, true);
}

}  // namespace venuebox::net
