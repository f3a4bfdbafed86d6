// Rows of public data, which are the same in an answer and in a stream: a trade, the best bid and
// offer, a market's summary, an observation of its funding, and a market's terms. Each writes one
// JSON value and takes all it shows from the view, so that whoever asks in whichever way sees the
// same. What the box does not know is empty.
#pragma once

#include <span>

#include "gateway/writing.h"

namespace venuebox::venues::paradex {

void write_trade(JsonWriter& json, const Trade& trade, const Instrument& instrument,
                 std::uint64_t box_key);

// `now` is box time, as in all below: the box keeps no time of a book's last change.
void write_bbo(JsonWriter& json, const Instrument& instrument, const View& view, Timestamp now);

void write_summary(JsonWriter& json, const Instrument& instrument, const View& view, Timestamp now);

// What funding is at a moment.
struct FundingObservation {
  Timestamp time;
  FundingState state;
  std::optional<MarkPrice> spot;  // the index price; none: not known
};
FundingObservation funding_now(const Instrument& instrument, const View& view, Timestamp now);
void write_funding_row(JsonWriter& json, const FundingObservation& seen,
                       const Instrument& instrument, const View& view);
// The funding index as Paradex shows it: quote units that one whole coin has run up to.
//   index  settlement units of one lot, as in FundingState
void write_funding_index(JsonWriter& json, std::string_view key, Int128 index,
                         const Instrument& instrument, const View& view);

// A market's terms, as /v1/markets lists them.
void write_market(JsonWriter& json, const Instrument& instrument, const View& view);

// [[price, size], …], best first.
void write_levels(JsonWriter& json, std::string_view key, std::span<const BookLevel> levels,
                  const Instrument& instrument);

}  // namespace venuebox::venues::paradex
