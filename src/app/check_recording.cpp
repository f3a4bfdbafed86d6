// venuebox replay --check: reads a whole recording and says what is in it and what is wrong with
// it.
#include <fmt/core.h>

#include "app/commands.h"
#include "base/json_writer.h"
#include "market/inspection.h"

namespace venuebox::app {
namespace {
using market::Flaw;
using market::Inspection;

Result<std::optional<Step>> tick_from(const std::string& text) {
  if (text.empty()) return std::optional<Step>{};
  const auto read = decimal_from_text(text);
  const auto* tick = std::get_if<Decimal>(&read);
  if (!tick || tick->units <= 0 || tick->units > INT64_MAX || tick->scale < 0) {
    return invalid("--tick", fmt::format("'{}' is not a price step such as 0.10", text));
  }
  return std::optional<Step>({static_cast<std::int64_t>(tick->units), tick->scale});
}

void add_flaw(JsonWriter& json, const char* name, const Flaw& flaw) {
  json.key(name).open().number("count", static_cast<std::int64_t>(flaw.count));
  if (flaw.count > 0) {
    json.number("first_line", static_cast<std::int64_t>(flaw.first_line));
    json.text("first_cause", flaw.first_cause);
  }
  json.close();
}

std::string json_of(const Inspection& seen) {
  std::string out;
  JsonWriter json(out);
  const auto count = [&](const char* name, std::uint64_t value) {
    json.number(name, static_cast<std::int64_t>(value));
  };
  json.open().text("format", seen.format).text("exchange", seen.exchange);
  json.text("symbol", seen.symbol).text("begins", iso_text(seen.begins));
  json.text("ends", iso_text(seen.ends));
  count("lines", seen.report.lines);
  count("messages", seen.report.messages);
  count("snapshots", seen.report.snapshots);
  count("trades", seen.trades);
  count("before_the_first_snapshot", seen.report.early);
  add_flaw(json, "unreadable", seen.report.unreadable);
  add_flaw(json, "gaps", seen.report.gaps);
  add_flaw(json, "backwards", seen.report.backwards);
  add_flaw(json, "off_tick", seen.off_tick);
  add_flaw(json, "crossed", seen.crossed);
  json.close();
  return out;
}
}  // namespace

int check_recording(const ReplayFlags& flags) {
  const auto tick = tick_from(flags.tick);
  if (!tick) return complain(2, tick.error().text());
  const auto seen = market::inspect(flags.check, *tick);
  if (!seen) return complain(1, seen.error().text());
  if (flags.json) {
    fmt::print("{}\n", json_of(*seen));
    return 0;
  }
  const market::RecordingReport& report = seen->report;
  fmt::print(
      "{} of {} ({}), {} to {}\n{} lines, {} messages: {} snapshots, {} trades, {} book changes; "
      "{} left out before the first snapshot\n",
      seen->format, seen->symbol, seen->exchange, iso_text(seen->begins), iso_text(seen->ends),
      report.lines, report.messages, report.snapshots, seen->trades,
      report.messages - report.snapshots - seen->trades, report.early);
  for (const std::string& note : seen->notes())
    fmt::print("{}\n", note);
  if (seen->notes().empty()) fmt::print("no gaps, no unreadable lines, no times that go back\n");
  return 0;
}

}  // namespace venuebox::app
