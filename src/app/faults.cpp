// venuebox faults: adds faults to a running server, lists and removes them, and tells what struck.
#include <fmt/core.h>

#include "app/commands.h"
#include "base/json_reader.h"
#include "faults/file_text.h"

namespace venuebox::app {
namespace {
std::string text_of(const JsonObject& object, std::string_view key) {
  const JsonValue* value = object.find(key);
  return value ? std::string(value->text) : std::string();
}

JsonObject object_in(const JsonObject& object, std::string_view key) {
  JsonObject found;
  const JsonValue* value = object.find(key);
  if (!value || !found.parse(value->text)) return {};
  return found;
}

// "operation place_order, symbol BTCUSDT"
std::string words_of(const JsonObject& object) {
  std::string words;
  for (const auto& member : object.members()) {
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", member.key, member.value.text);
  }
  return words;
}

template <class Print>
void each_in(std::string_view list, Print print) {
  std::deque<std::string> storage;
  const auto rows = json_list(list, storage);
  if (!rows) return;
  for (const JsonValue& row : *rows) {
    JsonObject object;
    if (object.parse(row.text)) print(object);
  }
}

void print_list(std::string_view json) {
  bool is_empty = true;
  each_in(json, [&](const JsonObject& fault) {
    is_empty = false;
    const JsonObject action = object_in(fault, "action");
    const std::string where = words_of(object_in(fault, "where"));
    const std::string when = words_of(object_in(fault, "when"));
    fmt::print("{:<24} {:<24} where {}; when {}\n", text_of(fault, "name"), text_of(action, "type"),
               where.empty() ? "anything" : where, when.empty() ? "always" : when);
  });
  if (is_empty) fmt::print("there are no faults\n");
}

void print_statistics(const std::string& json) {
  JsonObject statistics;
  if (!statistics.parse(json)) return;
  fmt::print("{} strikes, {} of what could be struck\n", text_of(statistics, "total"),
             text_of(statistics, "rate"));
  const JsonObject by_type = object_in(statistics, "by_type");
  for (const auto& member : by_type.members())
    fmt::print("  {:<24} {:>8}\n", member.key, member.value.text);
}

void print_timeline(std::string_view json) {
  each_in(json, [](const JsonObject& strike) {
    fmt::print("{}  {:<24} {:<20} #{:<6} {}\n", text_of(strike, "timestamp"),
               text_of(strike, "fault"), text_of(strike, "type"), text_of(strike, "n"),
               words_of(object_in(strike, "request")));
  });
}

Result<std::string> add(const FaultsFlags& flags) {
  auto text = read_input(flags.subject, "faults add");
  if (!text) return text;
  if (flags.subject != "-") {
    auto json = faults::json_from_file_text(flags.subject, *text);
    if (!json) return json;
    text = std::move(json);
  }
  return ask_control(flags.control, net::Method::post, "faults", std::move(*text));
}

int report(const FaultsFlags& flags, const Result<std::string>& answer,
           void (*print)(const std::string&)) {
  if (!answer) return complain(2, answer.error().text());
  if (flags.json) {
    fmt::print("{}\n", *answer);
  } else {
    print(*answer);
  }
  return 0;
}
}  // namespace

int manage_faults(const FaultsFlags& flags) {
  using net::Method;
  const auto needs_subject = [&] { return flags.subject.empty(); };
  if (flags.action == "add") {
    if (needs_subject()) return complain(2, "faults add: name a file, or - for standard input");
    return report(flags, add(flags), [](const std::string& json) { print_list(json); });
  }
  if (flags.action == "list") {
    return report(flags, ask_control(flags.control, Method::get, "faults"),
                  [](const std::string& json) { print_list(json); });
  }
  if (flags.action == "remove") {
    if (needs_subject()) return complain(2, "faults remove: name a fault; see faults list");
    return report(flags, ask_control(flags.control, Method::del, "faults/" + flags.subject),
                  [](const std::string&) { fmt::print("removed\n"); });
  }
  if (flags.action == "reset") {
    return report(flags, ask_control(flags.control, Method::post, "faults/reset"),
                  [](const std::string&) { fmt::print("all begin anew\n"); });
  }
  if (flags.action == "stats") {
    return report(flags, ask_control(flags.control, Method::get, "faults/statistics"),
                  [](const std::string& json) { print_statistics(json); });
  }
  if (flags.action == "timeline") {
    return report(flags, ask_control(flags.control, Method::get, "faults/timeline"),
                  [](const std::string& json) { print_timeline(json); });
  }
  return complain(
      2, fmt::format("faults: '{}' is no action; choose add, list, remove, reset, stats, timeline "
                     "or run",
                     flags.action));
}

}  // namespace venuebox::app
