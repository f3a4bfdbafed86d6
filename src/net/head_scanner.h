// The head of an HTTP/1.x request (RFC 9112), read line by line from a growing piece of memory and
// in one pass over each line. What is kept are offsets, so the memory may move between two calls.
// How the bytes were cut into calls never changes what comes out. Decides nothing about bodies but
// how they are framed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "net/message.h"

namespace venuebox::net {

inline constexpr std::size_t kTargetBytesMax = 8 * 1024;
inline constexpr std::size_t kHeadBytesMax = 16 * 1024;  // request line and headers together
inline constexpr std::size_t kHeadersMax = 100;

class HeadScanner {
 public:
  enum class Outcome : std::uint8_t { more, done, failed };

  // Goes on with what has arrived: `bytes` begins with the first byte of the request, and holds
  // what earlier calls have seen and perhaps more, even of what follows the head.
  Outcome scan(std::string_view bytes);

  // Of a head that is done; views point into `bytes`.
  std::size_t size() const { return line_; }
  Method method() const { return method_; }
  std::string_view target(std::span<const char> bytes) const { return view(bytes, target_); }
  std::size_t header_count() const { return fields_.size(); }
  Header header(std::span<const char> bytes, std::size_t i) const {
    return {view(bytes, fields_[i].name), view(bytes, fields_[i].value)};
  }
  bool http_1_0() const { return http_1_0_; }
  bool keep_alive() const { return http_1_0_ ? says_keep_alive_ && !says_close_ : !says_close_; }
  bool expects_continue() const { return expects_continue_; }
  bool chunked() const { return chunked_; }
  std::optional<std::uint64_t> content_length() const { return content_length_; }

  // Of one that has failed: the status to answer with, and why.
  int status() const { return status_; }
  std::string_view reason() const { return reason_; }

  // Ready for the next request, with the memory of this one.
  void reset();

 private:
  enum class State : std::uint8_t { method, request_line, headers };

  // Heads are below 64 KiB by the limits.
  struct Slice {
    std::uint16_t offset = 0;
    std::uint16_t size = 0;
  };
  struct Field {
    Slice name;
    Slice value;
  };

  static std::string_view view(std::span<const char> bytes, Slice slice) {
    return {bytes.data() + slice.offset, slice.size};
  }
  // Each of these is false when it has failed, or waits for more.
  bool read_method(std::string_view bytes);
  bool read_request_line(std::string_view line);
  bool read_field(std::string_view line);
  bool note_field(std::string_view name, std::string_view value);
  bool note_connection(std::string_view value);
  bool note_content_length(std::string_view value);
  bool note_transfer_encoding(std::string_view value);
  bool fail(int status, std::string_view reason);

  std::vector<Field> fields_;
  std::optional<std::uint64_t> content_length_;
  std::string_view reason_;
  std::size_t line_ = 0;  // where the line begins that is not complete yet
  std::size_t seen_ = 0;  // no line end stands between line_ and here
  int status_ = 0;
  Slice target_;
  Method method_ = Method::other;
  State state_ = State::method;
  bool http_1_0_ = false;
  bool has_host_ = false;
  bool says_close_ = false;
  bool says_keep_alive_ = false;
  bool expects_continue_ = false;
  bool chunked_ = false;
};

}  // namespace venuebox::net
