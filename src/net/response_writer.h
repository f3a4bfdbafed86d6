// Responses to bytes: the head is written by hand, in one pass, behind what is already there.
#pragma once

#include <string>
#include <string_view>

#include "net/message.h"

namespace venuebox::net {

// What the Connection header says; 1.1 clients take staying open for granted, 1.0 clients closing.
enum class ConnectionHeader : std::uint8_t { none, close, keep_alive };

// The Date line, written anew only when the second has changed.
class DateLine {
 public:
  std::string_view at(Timestamp now);

 private:
  std::int64_t second_ = INT64_MIN;
  std::string line_;
};

// `without_body`: answers HEAD, with the length that GET would have shown.
void append_response(std::string& out, const Response& response, std::string_view date_line,
                     ConnectionHeader connection, bool without_body);

}  // namespace venuebox::net
