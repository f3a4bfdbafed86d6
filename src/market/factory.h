// Which market a box has: read from text, and made for one exchange.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "market/market.h"

namespace venuebox::market {

struct MarketSpec {
  enum class Kind : std::uint8_t { synthetic, pinned, replay };
  struct Source {
    std::string path;           // absolute
    std::uint64_t content = 0;  // hash of the file's bytes
  };

  Kind kind = Kind::synthetic;
  std::vector<Source> sources;  // of a replay
  int speed = 1;
  bool loop = true;

  // "synthetic", "pinned" or "replay:FILE[,FILE…][:speed=N][:loop=off]". A file may be followed by
  // '#' and the hash that text() writes; it is then an error when the file has another one.
  static Result<MarketSpec> from_text(std::string_view text);
  std::string text() const;
};

// When the recording (the first to begin, of several) starts; an error for other markets.
Result<Timestamp> recording_start(const MarketSpec& spec);

// The market of one exchange, a `venue` of this name, whose instruments are listed and whose market
// accounts are open. Symbols that a replay lacks have the synthetic market; the spot market of a
// replayed perpetual follows the perpetual's price.
Result<std::unique_ptr<Market>> make_market(const MarketSpec& spec, std::uint64_t seed,
                                            std::string_view venue, const View& view,
                                            Timestamp start);

}  // namespace venuebox::market
