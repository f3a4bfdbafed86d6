// One HTTP/1.x request read from a growing piece of memory, in place: what is kept are offsets, so
// the memory may move between two calls, and a request costs no allocation once the first ones have
// been read.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "net/chunk_decoder.h"
#include "net/head_scanner.h"
#include "net/message.h"

namespace venuebox::net {

using HeaderSpace = std::array<Header, kHeadersMax>;

class RequestParser {
 public:
  enum class State : std::uint8_t { head, body, complete, failed };

  explicit RequestParser(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

  // Goes on with what has arrived. `bytes` begins with the first byte of the request, holds what
  // earlier calls have seen and perhaps more, even of the next request. A chunked body is moved
  // together inside `bytes`.
  State parse(std::span<char> bytes);
  State state() const { return state_; }
  // Whether a byte of this request has been seen.
  bool started() const { return started_; }

  // Makes room in a chunked request: forgets the frames of chunks that were read already. Returns
  // how many bytes shorter `bytes` became.
  std::size_t squeeze(std::span<char> bytes);

  // Of a complete request. Fills everything but arrived, number, peer and listener; views point
  // into `bytes` and `space`.
  void fill(std::span<const char> bytes, HeaderSpace& space, Request& request) const;
  std::size_t wire_bytes() const { return parsed_; }  // the next request begins here
  bool keep_alive() const { return head_.keep_alive(); }

  // From the end of the head on.
  Method method() const { return head_.method(); }
  bool http_1_0() const { return head_.http_1_0(); }
  // The sender waits for "100 Continue" before it sends the body; true once.
  bool claim_continue();

  // Of a failed request: the status to answer with, and why.
  int status() const { return status_; }
  std::string_view reason() const { return reason_; }

  // Ready for the next request.
  void reset();

 private:
  State parse_head(std::span<const char> bytes);
  State parse_chunks(std::span<char> bytes);
  State fail(int status, std::string_view reason);

  HeadScanner head_;
  std::optional<ChunkDecoder> chunks_;  // of a chunked body, once its head is read
  std::size_t body_bytes_max_;
  std::size_t arrived_ = 0;     // as of the last call
  std::size_t parsed_ = 0;      // what is behind the parser
  std::size_t body_begin_ = 0;  // equal to the size of the head
  std::size_t body_bytes_ = 0;  // announced, or of chunks read so far
  std::string_view reason_;
  int status_ = 0;
  State state_ = State::head;
  bool started_ = false;
  bool continue_claimed_ = false;
};

}  // namespace venuebox::net
