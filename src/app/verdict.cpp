// venuebox verdict: asks a running server how what a client believes differs from what the venue
// knows. Equal or not is the exit status, for CI.
#include <fmt/core.h>

#include "app/commands.h"
#include "base/json_reader.h"

namespace venuebox::app {
namespace {
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
  auto belief = read_input(flags.belief, "--belief");
  if (!belief) return complain(2, belief.error().text());
  const auto answer = ask_control(flags.control, net::Method::post, "verdict", std::move(*belief));
  if (!answer) return complain(2, answer.error().text());
  std::deque<std::string> storage;
  const auto differences = json_list(*answer, storage);
  if (!differences) return complain(2, "the server's answer is not a list of differences");
  if (flags.json) {
    fmt::print("{}\n", *answer);
  } else {
    for (const JsonValue& difference : *differences)
      print_difference(difference.text);
    if (differences->empty()) fmt::print("venue and client agree\n");
  }
  return differences->empty() ? 0 : 1;
}

}  // namespace venuebox::app
