#include "market/inspection.h"

#include <algorithm>

#include <fmt/core.h>

#include "market/whole_book.h"

namespace venuebox::market {
namespace {
using Kind = RecordedMessage::Kind;

void check_prices(const RecordedMessage& message, std::int64_t tick, Flaw& off_tick) {
  const auto check = [&](const RecordedLevel& level) {
    if (level.price % tick == 0) return;
    off_tick.add(message.line, fmt::format("its price {} is no multiple of {}",
                                           trimmed_text(level.price, kRecordedScale),
                                           trimmed_text(tick, kRecordedScale)));
  };
  if (message.kind == Kind::trade) return check(message.trade);
  std::ranges::for_each(message.bids, check);
  std::ranges::for_each(message.asks, check);
}
}  // namespace

std::vector<std::string> Inspection::notes() const {
  std::vector<std::string> lines;
  const auto note = [&](const Flaw& flaw, std::string_view what) {
    if (flaw.count == 0) return;
    lines.push_back(fmt::format("{} {}, first line {}: {}", flaw.count, what, flaw.first_line,
                                flaw.first_cause));
  };
  note(report.unreadable, "unreadable lines skipped");
  note(report.gaps, "sequence gaps");
  note(report.backwards, "times that go back");
  note(off_tick, "prices off the tick");
  note(crossed, "crossed books");
  return lines;
}

Result<Inspection> inspect(const std::string& path, std::optional<Step> tick) {
  std::int64_t tick_units = 1;
  if (tick) {
    if (tick->scale > kRecordedScale) return invalid("tick", "is finer than 8 decimals");
    tick_units =
        static_cast<std::int64_t>(tick->units * power_of_ten(kRecordedScale - tick->scale));
  }
  const auto recording = open_recording(path);
  if (!recording) return recording.error();
  Inspection seen;
  RecordedMessage message;
  WholeBook book;
  while ((*recording)->next(message)) {
    if (seen.ends.ns == 0) seen.begins = message.time;
    seen.ends = message.time;
    if (tick) check_prices(message, tick_units, seen.off_tick);
    if (message.kind == Kind::trade) {
      ++seen.trades;
      continue;
    }
    book.update(message);
    if (book.is_crossed()) {
      seen.crossed.add(message.line, "its best bid is not below its best ask afterwards");
    }
  }
  seen.format = (*recording)->format();
  seen.exchange = (*recording)->exchange();
  seen.symbol = (*recording)->symbol();
  seen.has_book = (*recording)->has_book();
  seen.has_trades = (*recording)->has_trades();
  seen.report = (*recording)->report();
  const Flaw& damage = seen.report.damaged;
  if (damage.count == 0) return seen;
  return invalid(path, fmt::format("line {}: {}; get the file again, or cut it before that line",
                                   damage.first_line, damage.first_cause));
}

}  // namespace venuebox::market
