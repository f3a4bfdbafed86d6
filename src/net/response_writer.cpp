#include "net/response_writer.h"

#include <array>
#include <charconv>

namespace venuebox::net {
namespace {

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits;
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), result.ptr);
}

}  // namespace

std::string_view DateLine::at(Timestamp now) {
  constexpr std::int64_t kSecondNs = 1'000'000'000;
  const std::int64_t second = now.ns / kSecondNs - (now.ns % kSecondNs < 0 ? 1 : 0);
  if (second != second_) {
    second_ = second;
    line_ = "Date: " + http_date_text(now) + "\r\n";
  }
  return line_;
}

void append_response(std::string& out, const Response& response, std::string_view date_line,
                     ConnectionHeader connection, bool without_body) {
  // These never have a body, so a length would only mislead.
  const bool bodiless = response.status < 200 || response.status == 204 || response.status == 304;
  if (response.status == 200) {
    out.append("HTTP/1.1 200 OK\r\n");
  } else {
    out.append("HTTP/1.1 ");
    append_number(out, static_cast<std::size_t>(response.status));
    out.push_back(' ');
    out.append(reason_phrase(response.status)).append("\r\n");
  }
  if (!bodiless) {
    if (!response.content_type.empty())
      out.append("Content-Type: ").append(response.content_type).append("\r\n");
    out.append("Content-Length: ");
    const std::size_t size = response.body.size();
    append_number(out, response.delivery ? response.delivery->content_length.value_or(size) : size);
    out.append("\r\n");
  }
  out.append(date_line);
  if (connection == ConnectionHeader::close) out.append("Connection: close\r\n");
  if (connection == ConnectionHeader::keep_alive) out.append("Connection: keep-alive\r\n");
  out.append(response.headers).append("\r\n");
  if (!bodiless && !without_body) out.append(response.body);
}

}  // namespace venuebox::net
