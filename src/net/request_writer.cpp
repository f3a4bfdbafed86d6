#include "net/request_writer.h"

#include <algorithm>

#include <fmt/core.h>

#include "net/header_text.h"

namespace venuebox::net {
namespace {

// What the client writes itself; a second one would let two readers see two requests.
constexpr std::string_view kOwnHeaders[] = {
    "Host",    "Connection",        "Content-Length",        "Transfer-Encoding",
    "Upgrade", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Extensions"};

bool takes_body(Method method) {
  return method == Method::post || method == Method::put || method == Method::patch;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool is_target(std::string_view target) {
  return target.starts_with('/') &&
         std::ranges::none_of(target, [](char c) { return is_control(c) || c == ' ' || c == '#'; });
}

// "Name: value" with CRLF, each.
Result<std::string> header_lines(const HeaderList& headers) {
  std::string lines;
  for (const auto& [name, value] : headers) {
    if (!is_token(name)) return invalid("headers", "the name of one is not a token");
    if (std::ranges::any_of(kOwnHeaders, [&](auto own) { return same_name(own, name); }))
      return invalid("headers", name + " is the client's own; leave it out");
    // Most likely a credential that was read with the end of its line.
    if (std::ranges::any_of(value, is_control)) {
      return invalid("headers", "the value of " + name +
                                    " holds a line end or another control character; trim it");
    }
    lines.append(name).append(": ").append(value).append("\r\n");
  }
  return lines;
}

// Without the empty line at the end.
Result<std::string> head_bytes(std::string_view method, const BaseUrl& url, std::string_view target,
                               const HeaderList& headers) {
  if (!is_target(target)) return invalid("target", "has to begin with '/' and be percent-encoded");
  auto lines = header_lines(headers);
  if (!lines) return lines.error();
  return fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\n{}", method, url.path, target,
                     url.authority(), *lines);
}

}  // namespace

Result<std::string> request_bytes(const HttpClientRequest& request) {
  if (request.method == Method::other) return invalid("method", "is none that can be sent");
  auto head = head_bytes(method_name(request.method), request.url, request.target, request.headers);
  if (!head) return head.error();
  std::string bytes = *std::move(head);
  if (takes_body(request.method) || !request.body.empty())
    bytes += fmt::format("Content-Length: {}\r\n", request.body.size());
  bytes.append("\r\n").append(request.body);
  return bytes;
}

Result<std::string> upgrade_bytes(const BaseUrl& url, std::string_view target,
                                  const HeaderList& headers, std::string_view key) {
  auto head = head_bytes("GET", url, target, headers);
  if (!head) return head.error();
  return fmt::format(
      "{}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: {}\r\n\r\n",
      *head, key);
}

}  // namespace venuebox::net
