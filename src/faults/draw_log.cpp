#include "faults/draw_log.h"

#include "base/json_writer.h"
#include "faults/write.h"

namespace venuebox::faults {

void DrawLog::keep(std::size_t count) {
  keep_ = std::min(count, kDrawsMax);
  if (keep_ == 0) clear();
  while (entries_.size() > keep_)
    entries_.pop_front();
}

void DrawLog::add(const Look& look) {
  if (keep_ == 0) return;
  ++total_;
  if (entries_.size() == keep_) entries_.pop_front();
  const Tag& tag = look.tag;
  entries_.push_back({look.now, std::string(look.fault), look.judgement, std::string(tag.venue),
                      std::string(tag.account), std::string(tag.symbol), std::string(tag.operation),
                      std::string(tag.channel), tag.request});
}

std::string DrawLog::json() const {
  std::string out;
  JsonWriter json(out);
  json.open().number("keep", static_cast<std::int64_t>(keep_));
  json.number("total", static_cast<std::int64_t>(total_)).key("draws").open_list();
  for (const Entry& entry : entries_) {
    const Judgement& judgement = entry.judgement;
    json.open().text("timestamp", iso_text(entry.time)).text("fault", entry.fault);
    json.number("n", static_cast<std::int64_t>(judgement.n));
    json.text("verdict", name_of(judgement.verdict));
    if (judgement.chance != Ratio{}) {
      json.key("draw").raw(ratio_text(judgement.draw));
      json.key("below").raw(ratio_text(judgement.chance));
    }
    if (strikes(judgement.verdict)) json.text("type", name_of(judgement.type));
    json.key("request").open();
    if (entry.request != 0) json.number("number", static_cast<std::int64_t>(entry.request));
    const auto text = [&](std::string_view key, const std::string& value) {
      if (!value.empty()) json.text(key, value);
    };
    text("venue", entry.venue);
    text("account", entry.account);
    text("operation", entry.operation);
    text("symbol", entry.symbol);
    text("channel", entry.channel);
    json.close().close();
  }
  json.close_list().close();
  return out;
}

}  // namespace venuebox::faults
