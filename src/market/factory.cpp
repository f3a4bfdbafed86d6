#include "market/factory.h"

#include <charconv>
#include <filesystem>

#include <fmt/core.h>

#include "market/pinned.h"
#include "market/recording.h"
#include "market/replay.h"
#include "market/synthetic.h"

namespace venuebox::market {
namespace {

// Several markets of one exchange, in the order in which they come due; the first of equals first.
class Composite final : public Market {
 public:
  void add(std::unique_ptr<Market> child) { children_.push_back(std::move(child)); }

  Timestamp next_due() const override {
    Timestamp due = kNever;
    for (const auto& child : children_)
      due = std::min(due, child->next_due());
    return due;
  }
  void step(Desk& desk) override {
    const Timestamp due = next_due();
    for (const auto& child : children_) {
      if (child->next_due() == due) return child->step(desk);
    }
  }
  void resume_at(Timestamp time) override {
    for (const auto& child : children_)
      child->resume_at(time);
  }
  void save(ByteWriter& out) const override {
    for (const auto& child : children_)
      child->save(out);
  }
  void load(ByteReader& in) override {
    for (const auto& child : children_)
      child->load(in);
  }

 private:
  std::vector<std::unique_ptr<Market>> children_;
};

// "BTC" of "BTCUSDT".
std::string_view base_of(std::string_view symbol) {
  for (const std::string_view quote : {"USDT", "USDC", "USD"}) {
    if (symbol.ends_with(quote)) return symbol.substr(0, symbol.size() - quote.size());
  }
  return symbol;
}

Result<MarketSpec::Source> source_from(std::string_view text) {
  MarketSpec::Source source;
  std::string_view path = text;
  std::optional<std::uint64_t> expected;
  if (const std::size_t mark = text.rfind('#'); mark != std::string_view::npos) {
    std::uint64_t hash = 0;
    const std::string_view digits = text.substr(mark + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), hash, 16);
    if (error == std::errc{} && end == digits.data() + digits.size() && digits.size() == 16) {
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
  return source;
}

Result<MarketSpec> replay_from(std::string_view text) {
  MarketSpec spec;
  spec.kind = MarketSpec::Kind::replay;
  // Options stand at the end, so that a path may contain a colon.
  for (std::size_t colon = text.rfind(':'); colon != std::string_view::npos;
       colon = text.rfind(':')) {
    const std::string_view option = text.substr(colon + 1);
    if (option == "loop=off") {
      spec.loop = false;
    } else if (option.starts_with("speed=")) {
      const std::string_view number = option.substr(6);
      const auto [end, error] =
          std::from_chars(number.data(), number.data() + number.size(), spec.speed);
      if (error != std::errc{} || end != number.data() + number.size() || spec.speed < 1 ||
          spec.speed > 100'000) {
        return invalid("speed", "must be a whole number from 1 to 100000");
      }
    } else {
      break;
    }
    text = text.substr(0, colon);
  }
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    auto source = source_from(text.substr(0, comma));
    if (!source) return source.error();
    spec.sources.push_back(std::move(*source));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  if (spec.sources.empty()) return invalid("", "replay: needs a file after it");
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
  return out;
}

namespace {
Result<Timestamp> first_time(Recording& recording) {
  RecordedMessage message;
  if (!recording.next(message)) return invalid(recording.symbol(), "holds no message");
  recording.rewind();
  return message.time;
}
}  // namespace

Result<Timestamp> recording_start(const MarketSpec& spec) {
  if (spec.kind != MarketSpec::Kind::replay) {
    return invalid("", "only a replay: market has a recording");
  }
  Timestamp start = kNever;
  for (const MarketSpec::Source& source : spec.sources) {
    const auto recording = open_recording(source.path);
    if (!recording) return recording.error();
    const auto time = first_time(**recording);
    if (!time) return time.error();
    start = std::min(start, *time);
  }
  return start;
}

Result<std::unique_ptr<Market>> make_market(const MarketSpec& spec, std::uint64_t seed,
                                            std::string_view venue, const View& view,
                                            Timestamp start) {
  if (spec.kind == MarketSpec::Kind::pinned) {
    return std::unique_ptr<Market>(std::make_unique<Pinned>());
  }
  auto composite = std::make_unique<Composite>();
  std::vector<InstrumentId> replayed;
  if (spec.kind == MarketSpec::Kind::replay) {
    const auto first = recording_start(spec);
    if (!first) return first.error();
    for (const MarketSpec::Source& source : spec.sources) {
      auto recording = open_recording(source.path);
      if (!recording) return recording.error();
      const std::string symbol = (*recording)->symbol();
      const Instrument* found = nullptr;
      for (const Instrument& instrument : view.instruments()) {
        const std::string& base = view.assets()[instrument.base.raw].name;
        const bool is_linear = !instrument.is_spot() && !instrument.is_inverse();
        if (is_linear && base == base_of(symbol)) found = &instrument;
      }
      if (!found) {
        return invalid(source.path, fmt::format("records {}, but {} is not among --symbols", symbol,
                                                base_of(symbol)));
      }
      if (std::find(replayed.begin(), replayed.end(), found->id) != replayed.end()) {
        return invalid(source.path, fmt::format("is a second recording of {}; give one", symbol));
      }
      const auto begins = first_time(**recording);
      if (!begins) return begins.error();
      auto replay =
          Replay::make(std::move(*recording), *found, {.speed = spec.speed, .loop = spec.loop},
                       start + nanoseconds((*begins - *first).raw / spec.speed));
      if (!replay) return replay.error();
      replayed.push_back(found->id);
      composite->add(std::move(*replay));
    }
  }
  std::vector<InstrumentId> simulated;
  std::vector<std::pair<InstrumentId, InstrumentId>> anchored;
  for (const Instrument& instrument : view.instruments()) {
    if (std::find(replayed.begin(), replayed.end(), instrument.id) != replayed.end()) continue;
    simulated.push_back(instrument.id);
    for (const InstrumentId id : replayed) {
      if (view.instruments()[id.raw].base == instrument.base) {
        anchored.emplace_back(instrument.id, id);
      }
    }
  }
  composite->add(std::make_unique<Synthetic>(seed, venue, view, simulated, anchored, start));
  return std::unique_ptr<Market>(std::move(composite));
}

}  // namespace venuebox::market
