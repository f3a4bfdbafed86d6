#include "app/control_client.h"

#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/core.h>

#include "base/json_reader.h"
#include "net/http_client.h"

namespace venuebox::app {
namespace {
Error refusal_of(const net::HttpClientResponse& response) {
  JsonObject problem;
  if (!problem.parse(response.body)) {
    return invalid("", fmt::format("the server answers {}; is it venuebox?", response.status));
  }
  const auto member = [&](std::string_view key) {
    const JsonValue* value = problem.find(key);
    return value ? std::string(value->text) : std::string();
  };
  return invalid(member("field"), member("detail"));
}
}  // namespace

Result<std::string> ask_control(const ControlFlags& flags, net::Method method,
                                std::string_view path, std::string body) {
  const auto url = net::base_url_from(flags.url);
  if (!url) return Error{url.error().kind, "--url", url.error().text()};
  net::Loop loop;
  net::HttpClient client(loop);
  net::HttpClientRequest request{.url = *url, .method = method};
  request.target = fmt::format("/_venuebox/boxes/{}/{}", flags.box, path);
  request.headers.emplace_back("Content-Type", "application/json");
  if (!flags.token.empty()) request.headers.emplace_back("Authorization", "Bearer " + flags.token);
  request.body = std::move(body);
  std::optional<net::ClientResult<net::HttpClientResponse>> answer;
  client.send(std::move(request), [&](auto given) { answer = std::move(given); });
  while (!answer)
    loop.turn(seconds(1));
  if (!*answer) {
    return invalid("", answer->error().text +
                           "; start a server with venuebox serve, or name one "
                           "with --url");
  }
  net::HttpClientResponse& response = **answer;
  if (response.status >= 300) return refusal_of(response);
  return std::move(response.body);
}

Result<std::string> read_input(const std::string& path, std::string_view flag) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  if (!file) return invalid(std::string(flag), fmt::format("'{}' cannot be read", path));
  return bytes;
}

}  // namespace venuebox::app
