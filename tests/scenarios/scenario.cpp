#include "scenario.h"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "actions.h"
#include "base/utf8.h"
#include "drawing.h"
#include "event_text.h"
#include "expectations.h"
#include "numbers.h"
#include "references.h"
#include "terms.h"

namespace venuebox::scenarios {
namespace {

// One line that says or does something, with the indented lines below it and the events that are
// expected of it.
struct Statement {
  Line line;
  std::vector<Line> block;
  std::vector<Line> events;
};

struct Script {
  std::vector<Statement> statements;
  Problem problem;
};

// A comment begins with "#" and a blank, so that "#7" is a number.
std::string_view without_comment(std::string_view text) {
  for (auto at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    const bool begins = at == 0 || text[at - 1] == ' ';
    if (begins && (at + 1 == text.size() || text[at + 1] == ' ')) return text.substr(0, at);
  }
  return text;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = utf8_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

// Puts one line where it belongs; says what is wrong with it, if anything is.
std::string add_line(std::string_view text, int number, std::vector<Statement>& statements) {
  if (!is_utf8(text)) return "not UTF-8";
  if (text.find_first_of("\t\r") != std::string_view::npos) return "a tab or carriage return";
  if (number == 1 && !(text.starts_with("# ") && text.size() > 2)) {
    return "the first line is the title: # What this shows";
  }
  const std::string_view content = without_comment(text);
  std::string_view words = trimmed(content);
  if (words.empty()) return {};
  const bool is_event = words.starts_with("->");
  if (!is_event && content.front() != ' ') {
    statements.push_back({{number, std::string(words)}, {}, {}});
    return {};
  }
  if (statements.empty()) return "this belongs below an action";
  Statement& last = statements.back();
  if (is_event) {
    words = trimmed(words.substr(2));
    if (words.empty()) return "which event? or: -> nothing";
    last.events.push_back({number, std::string(words)});
    return {};
  }
  if (!last.events.empty()) return "an indented line stands above the events";
  last.block.push_back({number, std::string(words)});
  return {};
}

Script read_script(std::string_view text) {
  Script script;
  int number = 0;
  while (!text.empty() && !script.problem) {
    const auto end = std::min(text.find('\n'), text.size());
    script.problem = {++number, add_line(text.substr(0, end), number, script.statements)};
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (number == 0) script.problem = {1, "the file is empty"};
  return script;
}

bool has_refusal(std::span<const Event> events) {
  return std::ranges::any_of(
      events, [](const Event& event) { return std::holds_alternative<Rejected>(event); });
}

// Whether what happened is what the statement expects of it.
Problem check_events(const Statement& statement, const World& world) {
  if (statement.events.empty()) {
    if (!has_refusal(world.events())) return {};
    return {statement.line.number, "this was refused\n" + list_text(world.events(), world)};
  }
  return unmet_events(statement.line.number, statement.events, world.events(), world);
}

Problem execute(const Statement& statement, const Action& action, World& world) {
  if (std::string what = world.execute(action); !what.empty()) {
    return {statement.line.number, std::move(what)};
  }
  return check_events(statement, world);
}

// "500 times alice buy 0.001 at 50000": how often, and the rest of the line.
std::int64_t take_times(Words& words, Line& line) {
  if (words.peek(1) != "times") return 1;
  const std::int64_t times = read_whole(words);
  if (times < 1) words.fail("how many times?");
  line.text = line.text.substr(line.text.find("times") + std::string_view("times").size());
  return times;
}

Problem run_action(const Statement& statement, World& world) {
  Line line = statement.line;
  Words words(statement.line.text);
  const std::int64_t times = take_times(words, line);
  if (!words.problem().empty()) return {line.number, words.problem()};
  for (std::int64_t i = 0; i < times; ++i) {
    const ReadAction read = read_action(line, statement.block, world);
    if (read.problem) return read.problem;
    if (Problem problem = execute(statement, read.action, world)) return problem;
  }
  return {};
}

// "+10s": time passes, and a Tick tells the exchange so. "+10s silently": nothing tells it; the
// next command comes that much later.
Problem run_time(const Statement& statement, World& world) {
  Words words(statement.line.text);
  const Nanoseconds step = read_duration(words);
  const bool silently = words.take("silently");
  words.expect_end();
  if (step.raw < 0) words.fail("time does not go back");
  if (!words.problem().empty()) return {statement.line.number, words.problem()};
  world.clock = world.clock + step;
  if (silently && statement.events.empty()) return {};
  if (silently) return {statement.events[0].number, "no command, so no events"};
  return execute(statement, {Tick{}, {}, {}}, world);
}

// Puts the drawn orders into the book; they may not trade.
Problem run_book(const Statement& statement, World& world) {
  Words words(statement.line.text);
  words.next("book");
  const InstrumentId instrument = read_instrument(words, world);
  words.expect_end();
  if (!words.problem().empty()) return {statement.line.number, words.problem()};
  Drawing drawing = read_drawing(statement.block, world.terms(instrument));
  const auto orders = drawn_orders(drawing, instrument, world);
  if (drawing.problem) return drawing.problem;
  for (const DrawnOrder& order : orders) {
    if (std::string what = world.execute(order.action); !what.empty()) return {order.line, what};
    const auto events = world.events();
    const bool rests = events.size() == 2 && std::holds_alternative<OrderRested>(events[1]);
    if (!rests)
      return {order.line, "this does more than come to rest\n" + list_text(events, world)};
  }
  return {};
}

Problem run_expect(const Statement& statement, World& world) {
  constexpr std::size_t kExpect = std::string_view("expect").size();
  const Line rest{statement.line.number, statement.line.text.substr(kExpect)};
  return check_expectation(rest, statement.block, world);
}

// "use spot": the instrument of actions that name none.
Problem run_use(const Statement& statement, World& world) {
  Words words(statement.line.text);
  words.next("use");
  const InstrumentId instrument = read_instrument(words, world);
  words.expect_end();
  if (words.problem().empty()) world.instrument = instrument;
  return {statement.line.number, words.problem()};
}

// "set perp open_orders_max 2": terms before anything has happened.
Problem run_set(const Statement& statement, World& world) {
  Words words(statement.line.text);
  words.next("set");
  Instrument* terms = world.unlisted(words.next("an instrument"));
  if (world.started()) {
    words.fail("terms are fixed once something has happened");
  } else if (!terms) {
    words.fail("perp or spot?");
  } else {
    read_terms(words, world, *terms);
  }
  return {statement.line.number, words.problem()};
}

struct Verb {
  std::string_view word;
  Problem (*run)(const Statement&, World&);
  bool needs_world;  // terms are fixed from here on
  bool has_block;
};
// clang-format off
constexpr Verb kVerbs[] = {
    {"set",    run_set,    false, false},
    {"use",    run_use,    false, false},
    {"book",   run_book,   true,  true},
    {"expect", run_expect, true,  true},
};
// clang-format on

Problem run(const Statement& statement, World& world) {
  Words words(statement.line.text);
  if (!words.problem().empty()) return {statement.line.number, words.problem()};
  const auto verb = std::ranges::find(kVerbs, words.peek(), &Verb::word);
  const bool is_plain = verb == std::end(kVerbs);
  if (!world.started() && (is_plain || verb->needs_world)) {
    if (std::string what = world.start(); !what.empty()) {
      return {statement.line.number, std::move(what)};
    }
  }
  const bool is_time = words.peek().starts_with('+');
  if (is_plain && !is_time) return run_action(statement, world);
  if (!statement.events.empty() && !is_time) {
    return {statement.events[0].number, "no command, so no events"};
  }
  if (!statement.block.empty() && (is_time || !verb->has_block)) {
    return {statement.block[0].number, "nothing belongs below this"};
  }
  return is_time ? run_time(statement, world) : verb->run(statement, world);
}

// "path:line: the line" and below it what is wrong.
std::string failure_text(std::string_view path, std::string_view text, const Problem& problem) {
  std::vector<std::string_view> lines = split(text, '\n');
  const auto index = static_cast<std::size_t>(problem.line - 1);
  const std::string_view line = index < lines.size() ? lines[index] : std::string_view();
  std::string what = problem.what;
  if (!what.ends_with('\n')) what += '\n';
  if (!what.starts_with("  ")) what.insert(0, "  ");
  return fmt::format("{}:{}: {}\n{}", path, problem.line, line, what);
}

}  // namespace

std::string run_scenario(std::string_view path, std::string_view text) {
  const Script script = read_script(text);
  if (script.problem) return failure_text(path, text, script.problem);
  World world;
  for (const Statement& statement : script.statements) {
    const Problem problem = run(statement, world);
    if (problem) return failure_text(path, text, problem);
  }
  if (!world.started()) return fmt::format("{}: nothing happens in it\n", path);
  return {};
}

}  // namespace venuebox::scenarios
