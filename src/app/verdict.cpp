// venuebox verdict: asks a running server how what a client believes differs from what the venue
// knows. Equal or not is the exit status, for CI.
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/core.h>

#include "app/commands.h"
#include "base/json_reader.h"
#include "net/http_client.h"

namespace venuebox::app {
namespace {
Result<std::string> belief_of(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(path, std::ios::binary);
  if (!file) return invalid("--belief", fmt::format("'{}' cannot be read", path));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

net::ClientResult<net::HttpClientResponse> ask(net::BaseUrl url, const VerdictFlags& flags,
                                               std::string belief) {
  net::Loop loop;
  net::HttpClient client(loop);
  net::HttpClientRequest request{.url = std::move(url), .method = net::Method::post};
  request.target = fmt::format("/_venuebox/boxes/{}/verdict", flags.box);
  request.headers.emplace_back("Content-Type", "application/json");
  if (!flags.control_token.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + flags.control_token);
  }
  request.body = std::move(belief);
  std::optional<net::ClientResult<net::HttpClientResponse>> answer;
  client.send(std::move(request), [&](auto given) { answer = std::move(given); });
  while (!answer)
    loop.turn(seconds(1));
  return std::move(*answer);
}

// The server's refusal: its problem's field and detail.
std::string refusal_of(const net::HttpClientResponse& response) {
  JsonObject problem;
  if (!problem.parse(response.body)) return fmt::format("the server answers {}", response.status);
  const auto member = [&](std::string_view key) {
    const JsonValue* value = problem.find(key);
    return value ? std::string(value->text) : std::string();
  };
  const std::string field = member("field");
  return field.empty() ? member("detail") : field + ": " + member("detail");
}

void print_difference(std::string_view json) {
  JsonObject difference;
  if (!difference.parse(json)) return;
  const auto text = [](const JsonObject& object, std::string_view key) {
    const JsonValue* value = object.find(key);
    return value ? std::string(value->text) : std::string();
  };
  fmt::print("{}: the venue knows {}, the client believes {}\n", text(difference, "path"),
             text(difference, "venue_knows"), text(difference, "client_believes"));
  JsonObject request;
  const JsonValue* led = difference.find("request");
  if (!led || !request.parse(led->text)) return;
  fmt::print("  request {}: {} {} {}, answered {}\n", text(request, "number"),
             text(request, "operation"), text(request, "method"), text(request, "target"),
             text(request, "status"));
  std::deque<std::string> storage;
  const JsonValue* list = difference.find("faults");
  const auto faults = json_list(list ? list->text : "[]", storage);
  if (!faults) return;
  for (const JsonValue& entry : *faults) {
    JsonObject fault;
    if (!fault.parse(entry.text)) continue;
    fmt::print("  fault '{}': {}, its {}. occasion\n", text(fault, "fault"), text(fault, "type"),
               text(fault, "n"));
  }
}
}  // namespace

int verdict(const VerdictFlags& flags) {
  auto belief = belief_of(flags.belief);
  if (!belief) return complain(2, belief.error().text());
  auto url = net::base_url_from(flags.url);
  if (!url) return complain(2, "--url: " + url.error().text());
  auto answer = ask(std::move(*url), flags, std::move(*belief));
  if (!answer) return complain(2, answer.error().text);
  if (answer->status != 200) return complain(2, refusal_of(*answer));
  std::deque<std::string> storage;
  const auto differences = json_list(answer->body, storage);
  if (!differences) return complain(2, "the server's answer is not a list of differences");
  if (flags.json) {
    fmt::print("{}\n", answer->body);
  } else {
    for (const JsonValue& difference : *differences)
      print_difference(difference.text);
    if (differences->empty()) fmt::print("venue and client agree\n");
  }
  return differences->empty() ? 0 : 1;
}

}  // namespace venuebox::app
