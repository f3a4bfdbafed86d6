#include "faults/timeline.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "faults/write.h"

namespace venuebox::faults {
namespace {
void write_details(JsonWriter& json, const Strike& strike) {
  json.key("details").open();
  write_parameters(json, strike.action);
  const ActionInfo& info = info_of(strike.action.type);
  if (strike.action.type == ActionType::slippage) {
    json.key(info.drawn).raw(ratio_text({strike.drawn}));
  } else if (strike.action.type == ActionType::unknown_outcome) {
    // The parameter `accepted` is the chance; this is what came of it.
    json.boolean("carried_out", strike.drawn != 0);
  } else if (!info.drawn.empty()) {
    json.number(info.drawn, strike.drawn);
  }
  json.close();
}
}  // namespace

void Timeline::add(const Strike& strike, const Tag& tag, Timestamp now) {
  ++total_;
  ++by_type_[static_cast<std::size_t>(strike.action.type)];
  if (entries_.size() == kTimelineMax) entries_.pop_front();
  entries_.push_back({now, strike, std::string(tag.venue), std::string(tag.account),
                      std::string(tag.symbol), std::string(tag.operation), std::string(tag.channel),
                      tag.request});
}

std::string Timeline::statistics_json() const {
  std::string out;
  JsonWriter json(out);
  json.open().number("total", static_cast<std::int64_t>(total_)).key("by_type").open();
  for (const ActionInfo& info : all_actions()) {
    if (count(info.type) > 0) json.number(info.name, static_cast<std::int64_t>(count(info.type)));
  }
  json.close();
  const Int128 rate =
      occasions_ == 0 ? 0 : div_half_even(static_cast<Int128>(struck_) * kWhole.raw, occasions_);
  json.key("rate").raw(trimmed_text(rate, 9)).close();
  return out;
}

void Timeline::each_of(std::uint64_t request, FunctionRef<void(const Strike&)> visit) const {
  for (const Entry& entry : entries_) {
    if (entry.request == request) visit(entry.strike);
  }
}

std::string Timeline::timeline_json() const {
  std::string out;
  JsonWriter json(out);
  json.open_list();
  for (const Entry& entry : entries_) {
    json.open().text("timestamp", iso_text(entry.time));
    json.text("type", name_of(entry.strike.action.type)).text("fault", entry.strike.fault);
    json.number("n", static_cast<std::int64_t>(entry.strike.n)).key("request").open();
    if (entry.request != 0) json.number("number", static_cast<std::int64_t>(entry.request));
    const auto text = [&](std::string_view key, const std::string& value) {
      if (!value.empty()) json.text(key, value);
    };
    text("venue", entry.venue);
    text("account", entry.account);
    text("operation", entry.operation);
    text("symbol", entry.symbol);
    text("channel", entry.channel);
    json.close();
    write_details(json, entry.strike);
    json.close();
  }
  json.close_list();
  return out;
}

std::vector<std::uint64_t> Timeline::counts() const {
  std::vector<std::uint64_t> counts{total_, occasions_, struck_};
  counts.insert(counts.end(), by_type_.begin(), by_type_.end());
  return counts;
}

std::string Timeline::save() const {
  const auto kept = static_cast<std::ptrdiff_t>(std::min(entries_.size(), kTimelineKept));
  return bytes_of(std::vector<Entry>(entries_.end() - kept, entries_.end()));
}

// What is not as a timeline wrote it is refused: places in tables are looked up by it.
bool Timeline::load(std::string_view bytes) {
  std::vector<Entry> entries;
  ByteReader reader(bytes);
  reader.get(entries);
  const auto is_sound = [](const Entry& entry) {
    const Action& action = entry.strike.action;
    return static_cast<std::size_t>(action.type) < kActionTypes && is_within_table(action);
  };
  if (!reader.ok() || !reader.at_end() || !std::ranges::all_of(entries, is_sound)) return false;
  entries_.assign(std::make_move_iterator(entries.begin()), std::make_move_iterator(entries.end()));
  return true;
}

bool Timeline::set_counts(const std::vector<std::uint64_t>& counts) {
  if (counts.size() != 3 + kActionTypes) return false;
  total_ = counts[0];
  occasions_ = counts[1];
  struck_ = counts[2];
  std::copy(counts.begin() + 3, counts.end(), by_type_.begin());
  return true;
}

}  // namespace venuebox::faults
