// One HTTP/1.x response read from bytes as they come, in whatever pieces. Stricter than most: what
// two readers could take for two things is refused, since an order's fate may hang on it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/chunk_decoder.h"
#include "net/http_client.h"

namespace venuebox::net {

class ResponseParser {
 public:
  enum class State : std::uint8_t { head, body, complete, failed };
  // What was asked decides what the head of an answer means.
  enum class Asked : std::uint8_t { ordinary, head_only, upgrade };

  // head_bytes_max holds for all heads together, those of interim answers (1xx) included.
  ResponseParser(Asked asked, std::size_t head_bytes_max, std::size_t body_bytes_max);

  // Goes on with `bytes`, which are scratch afterwards but for those behind consumed().
  State parse(std::span<char> bytes);
  // The connection has ended: completes an answer that says it ends so. State::failed, or `head` or
  // `body` for an answer that was cut off.
  State finish();

  // Of the last parse(): less than it was given only when the response is complete or has failed.
  std::size_t consumed() const { return consumed_; }
  // Of a complete response: whether the connection may carry another one.
  bool keep_alive() const { return keep_alive_; }
  HttpClientResponse take() { return std::move(response_); }

  // Of a failed one. The reason has static life.
  ClientErrorKind kind() const { return kind_; }
  std::string_view reason() const { return reason_; }

 private:
  // How a body's end is known.
  enum class Framing : std::uint8_t { none, length, chunked, until_close };

  State take_head(std::span<char>& bytes);
  State take_body(std::span<char>& bytes);
  State take_chunks(std::span<char>& bytes);
  State read_head();
  bool read_status_line(std::string_view line);
  bool read_field(std::string_view line);
  State choose_framing();
  bool has_token(std::string_view name, std::string_view token) const;
  State fail(ClientErrorKind kind, std::string_view reason);

  Asked asked_;
  std::size_t head_bytes_left_;
  std::size_t body_bytes_max_;
  std::size_t consumed_ = 0;
  std::size_t body_bytes_left_ = 0;
  State state_ = State::head;
  Framing framing_ = Framing::none;
  ClientErrorKind kind_ = ClientErrorKind::garbled;
  bool http_1_0_ = false;
  bool keep_alive_ = false;
  std::string head_;    // of the head that is being read
  std::string chunks_;  // what the decoder has not done with
  std::optional<ChunkDecoder> decoder_;
  HttpClientResponse response_;
  std::string_view reason_;
};

}  // namespace venuebox::net
