// venuebox replay: runs a journal again and compares what happens with what was noted.
#include <fmt/core.h>

#include "app/commands.h"
#include "base/json_writer.h"
#include "store/store.h"

namespace venuebox::app {

int replay(const ReplayFlags& flags) {
  auto store = store::open_sqlite_store(
      {.path = flags.journal, .durability = store::Durability::process, .read_only = true});
  if (!store) return complain(1, store.error().text());
  const auto report = box::replay_journal(std::move(*store));
  if (!report) return complain(1, report.error().text());
  if (flags.json) {
    std::string out;
    JsonWriter json(out);
    json.open().boolean("equal", true);
    json.number("batches", static_cast<std::int64_t>(report->batches));
    json.number("entries", static_cast<std::int64_t>(report->entries));
    json.number("events", static_cast<std::int64_t>(report->events));
    json.boolean("from_snapshot", report->from_snapshot);
    json.text("event_hash", fmt::format("{:016x}", report->event_hash));
    json.text("state_hash", fmt::format("{:016x}", report->state_hash)).close();
    fmt::print("{}\n", out);
  } else {
    fmt::print(
        "{} batches with {} entries{} replay to the same events.\n"
        "events      {}\nevent hash  {:016x}\nstate hash  {:016x}\n",
        report->batches, report->entries, report->from_snapshot ? " after the newest snapshot" : "",
        report->events, report->event_hash, report->state_hash);
  }
  return 0;
}

}  // namespace venuebox::app
