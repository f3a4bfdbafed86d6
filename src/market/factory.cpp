#include "market/factory.h"

#include <algorithm>

#include <fmt/core.h>

#include "market/composite.h"
#include "market/past_candles.h"
#include "market/pinned.h"
#include "market/recorded_market.h"
#include "market/recording_parts.h"
#include "market/replay.h"
#include "market/synthetic.h"

namespace venuebox::market {
namespace {
using Source = MarketSpec::Source;

// When the part of a source that is played begins and ends.
Timestamp begin_of(const MarketSpec& spec, const Source& source) {
  return std::max(spec.begins, source.inside.begins);
}
Timestamp end_of(const MarketSpec& spec, const Source& source) {
  return std::min(spec.ends, source.inside.ends);
}

// From the beginning of the first to the end of the last.
Nanoseconds round_of(const MarketSpec& spec, Timestamp first) {
  Timestamp last = first;
  for (const Source& source : spec.sources)
    last = std::max(last, end_of(spec, source));
  return last - first;
}

// The book of one source, with the trades of another one if there are any, cut to what is asked
// for.
Result<std::unique_ptr<Recording>> open_market(const MarketSpec& spec, const Source& book) {
  auto recording = open_recording(book.path);
  if (!recording) return recording;
  for (const Source& source : spec.sources) {
    const bool fits = base_of(source.inside.symbol) == base_of(book.inside.symbol);
    if (source.inside.has_book || !fits) continue;
    auto trades = open_recording(source.path);
    if (!trades) return trades;
    recording = joined(std::move(*recording), std::move(*trades));
  }
  if (!spec.from.empty() || !spec.to.empty()) {
    recording = part_of(std::move(*recording), spec.begins, spec.ends);
  }
  return recording;
}

Result<std::unique_ptr<Replay>> make_replay(const MarketSpec& spec, const Source& book,
                                            const Instrument& instrument, Timestamp first,
                                            Timestamp start) {
  auto recording = open_market(spec, book);
  if (!recording) return recording.error();
  ReplayOptions options;
  options.speed = spec.speed;
  options.loop = spec.loop;
  options.queue = spec.queue;
  options.round = round_of(spec, first);
  const Nanoseconds offset = begin_of(spec, book) - first;
  auto replay = Replay::make(std::move(*recording), instrument, options,
                             start + nanoseconds(offset.raw / spec.speed));
  if (!replay) return Error{replay.error().kind, book.path, replay.error().detail};
  return replay;
}

// Adds a replay for each recorded book; the instruments that have one.
Result<std::vector<InstrumentId>> add_replays(const MarketSpec& spec, const View& view,
                                              Timestamp start, Composite& composite) {
  std::vector<InstrumentId> replayed;
  if (spec.kind != MarketSpec::Kind::replay) return replayed;
  const auto first = recording_start(spec);
  if (!first) return first.error();
  for (const Source& source : spec.sources) {
    if (!source.inside.has_book) continue;
    const auto& [exchange, symbol] = std::tie(source.inside.exchange, source.inside.symbol);
    const Instrument* instrument = instrument_of(view, exchange, symbol);
    if (!instrument) {
      return invalid(source.path,
                     fmt::format("records {}, but {}{} is not among --symbols", symbol,
                                 is_coin_margined(exchange, symbol) ? "a coin-margined " : "",
                                 base_of(symbol)));
    }
    auto replay = make_replay(spec, source, *instrument, *first, start);
    if (!replay) return replay.error();
    replayed.push_back(instrument->id);
    composite.add(std::move(*replay));
  }
  return replayed;
}
}  // namespace

Result<Timestamp> recording_start(const MarketSpec& spec) {
  if (spec.kind != MarketSpec::Kind::replay) {
    return invalid("",
                   "only a market of replay:FILE has a recording; choose one, or another start");
  }
  Timestamp start = kNever;
  for (const Source& source : spec.sources) {
    if (source.inside.has_book) start = std::min(start, begin_of(spec, source));
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
  const auto replayed = add_replays(spec, view, start, *composite);
  if (!replayed) return replayed.error();
  auto synthetic = std::make_unique<Synthetic>(seed, venue, *replayed, start);
  for (const Instrument& instrument : view.instruments()) {
    if (std::find(replayed->begin(), replayed->end(), instrument.id) != replayed->end()) continue;
    synthetic->add(view, instrument.id, std::nullopt);
  }
  composite->add(std::move(synthetic));
  return std::unique_ptr<Market>(std::move(composite));
}

std::unique_ptr<Past> make_past(const MarketSpec& spec, std::uint64_t seed, std::string_view venue,
                                const View& view, Timestamp start) {
  if (spec.kind != MarketSpec::Kind::synthetic) return nullptr;
  return std::make_unique<PastCandles>(seed, venue, view, start);
}

}  // namespace venuebox::market
