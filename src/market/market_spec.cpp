#include "market/market_spec.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fmt/core.h>

#include "market/recorded_market.h"

namespace venuebox::market {
namespace {
constexpr std::pair<std::string_view, QueueModel> kQueueModels[] = {
    {"tail", QueueModel::tail},
    {"proportional", QueueModel::proportional},
    {"head", QueueModel::head},
};

bool parse_whole(std::string_view digits, auto& value, int base = 10) {
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  return error == std::errc{} && end == digits.data() + digits.size();
}

// "1500ms", "90s", "5m", "2h".
bool parse_length(std::string_view text, Nanoseconds& length) {
  constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
      {"ms", 1'000'000}, {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000}};
  constexpr std::int64_t kLengthMax = 1'000'000;
  for (const auto& [unit, ns] : kUnits) {
    std::int64_t count = 0;
    if (!text.ends_with(unit) || !parse_whole(text.substr(0, text.size() - unit.size()), count)) {
      continue;
    }
    if (count < 0 || count > kLengthMax * (unit == "ms" ? 1'000 : 1)) return false;
    length = nanoseconds(count * ns);
    return true;
  }
  return false;
}

Result<MarketSpec::Source> source_from(std::string_view text) {
  MarketSpec::Source source;
  std::string_view path = text;
  std::optional<std::uint64_t> expected;
  if (const std::size_t mark = text.rfind('#'); mark != std::string_view::npos) {
    std::uint64_t hash = 0;
    const std::string_view digits = text.substr(mark + 1);
    if (digits.size() == 16 && parse_whole(digits, hash, 16)) {
      expected = hash;
      path = text.substr(0, mark);
    }
  }
  std::error_code error;
  source.path = std::filesystem::absolute(std::filesystem::path(path), error).lexically_normal();
  const auto content = content_hash(source.path);
  if (!content) return content.error();
  if (expected && *expected != *content) {
    return Error{ErrorKind::conflict, source.path,
                 "is not the recording it was: its content has changed"};
  }
  source.content = *content;
  auto inside = inspect(source.path);
  if (!inside) return inside.error();
  source.inside = std::move(*inside);
  return source;
}

Result<void> set_option(std::string_view name, std::string_view value, MarketSpec& spec) {
  if (name == "speed") {
    if (parse_whole(value, spec.speed) && spec.speed >= 1 && spec.speed <= 100'000) return {};
    return invalid("speed", "must be a whole number from 1 to 100000");
  }
  if (name == "loop") {
    spec.loop = value == "on";
    if (value == "on" || value == "off") return {};
    return invalid("loop", "must be on or off");
  }
  if (name == "queue") {
    for (const auto& [known, model] : kQueueModels) {
      if (value == known) return spec.queue = model, Result<void>{};
    }
    return invalid("queue", "must be tail, proportional or head");
  }
  (name == "from" ? spec.from : spec.to) = value;
  return {};
}

// Options stand at the end, so that a path may contain a colon, and a time as well.
Result<std::string_view> without_options(std::string_view text, MarketSpec& spec) {
  while (true) {
    std::size_t at = 0;
    std::string_view last;
    for (const std::string_view name : {"speed", "loop", "queue", "from", "to"}) {
      const std::size_t found = text.rfind(fmt::format(":{}=", name));
      if (found != std::string_view::npos && found >= at) at = found, last = name;
    }
    if (last.empty()) return text;
    if (auto set = set_option(last, text.substr(at + last.size() + 2), spec); !set) {
      return set.error();
    }
    text = text.substr(0, at);
  }
}

Result<void> set_moment(const char* name, std::string_view text, Timestamp first,
                        Timestamp& moment) {
  if (text.empty()) return {};
  Nanoseconds length;
  if (parse_length(text, length)) {
    moment = first + length;
    return {};
  }
  const auto time = timestamp_from_iso(text);
  if (!time) {
    return invalid(name, fmt::format("'{}' is neither a time like 2024-08-08T23:55:00Z nor a "
                                     "length like 90s, 5m or 2h",
                                     text));
  }
  moment = *time;
  return {};
}

Result<void> set_window(MarketSpec& spec) {
  Timestamp first = kNever;
  for (const MarketSpec::Source& source : spec.sources) {
    if (source.inside.has_book) first = std::min(first, source.inside.begins);
  }
  if (auto set = set_moment("from", spec.from, first, spec.begins); !set) return set;
  if (auto set = set_moment("to", spec.to, first, spec.ends); !set) return set;
  if (spec.ends < spec.begins) return invalid("to", "must not be before from");
  for (const auto& [path, content, inside] : spec.sources) {
    if (inside.begins <= spec.ends && inside.ends >= spec.begins) continue;
    return invalid(path, fmt::format("was recorded from {} to {}, and nothing of that is asked for",
                                     iso_text(inside.begins), iso_text(inside.ends)));
  }
  return {};
}

// One book for each market, and trades only where it has none of its own.
Result<void> check_together(const std::vector<MarketSpec::Source>& sources) {
  for (const MarketSpec::Source& source : sources) {
    int books = 0, tapes = 0;
    for (const MarketSpec::Source& other : sources) {
      if (base_of(other.inside.symbol) != base_of(source.inside.symbol)) continue;
      books += other.inside.has_book ? 1 : 0;
      tapes += other.inside.has_trades ? 1 : 0;
    }
    if (books == 0) {
      return invalid(source.path,
                     fmt::format("holds only trades of {}, with no book to trade in; give a "
                                 "recording of its book as well, BOOKFILE,{}",
                                 source.inside.symbol,
                                 std::filesystem::path(source.path).filename().string()));
    }
    if (books > 1 || tapes > 1) {
      return invalid(source.path, fmt::format("is a second recording of the {} of {}; give one",
                                              books > 1 ? "book" : "trades", source.inside.symbol));
    }
  }
  return {};
}

Result<MarketSpec> replay_from(std::string_view text) {
  MarketSpec spec;
  spec.kind = MarketSpec::Kind::replay;
  const auto rest = without_options(text, spec);
  if (!rest) return rest.error();
  for (text = *rest; !text.empty();) {
    const std::size_t comma = std::min(text.find(','), text.size());
    auto source = source_from(text.substr(0, comma));
    if (!source) return source.error();
    spec.sources.push_back(std::move(*source));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  if (spec.sources.empty()) return invalid("", "replay: needs a file after it");
  if (auto checked = check_together(spec.sources); !checked) return checked.error();
  if (auto set = set_window(spec); !set) return set.error();
  return spec;
}
}  // namespace

Result<MarketSpec> MarketSpec::from_text(std::string_view text) {
  if (text == "synthetic") return MarketSpec{};
  if (text == "pinned") {
    MarketSpec spec;
    spec.kind = Kind::pinned;
    return spec;
  }
  if (text.starts_with("replay:")) return replay_from(text.substr(7));
  return invalid("", fmt::format("'{}' is not pinned, synthetic or replay:FILE", text));
}

std::string MarketSpec::text() const {
  if (kind == Kind::synthetic) return "synthetic";
  if (kind == Kind::pinned) return "pinned";
  std::string out = "replay:";
  for (const Source& source : sources) {
    if (out.back() != ':') out += ',';
    out += fmt::format("{}#{:016x}", source.path, source.content);
  }
  if (speed != 1) out += fmt::format(":speed={}", speed);
  if (!loop) out += ":loop=off";
  for (const auto& [name, model] : kQueueModels) {
    if (model == queue && queue != QueueModel::tail) out += fmt::format(":queue={}", name);
  }
  if (!from.empty()) out += ":from=" + from;
  if (!to.empty()) out += ":to=" + to;
  return out;
}

std::vector<std::string> MarketSpec::notes() const {
  std::vector<std::string> all;
  for (const Source& source : sources) {
    for (const std::string& note : source.inside.notes())
      all.push_back(fmt::format("{}: {}", source.path, note));
  }
  return all;
}

}  // namespace venuebox::market
