// Which market a box has, as text says it.
#pragma once

#include <string>
#include <vector>

#include "market/inspection.h"
#include "market/ladder.h"

namespace venuebox::market {

struct MarketSpec {
  enum class Kind : std::uint8_t { synthetic, pinned, replay };
  struct Source {
    std::string path;           // absolute
    std::uint64_t content = 0;  // hash of the file's bytes
    Inspection inside;
  };

  Kind kind = Kind::synthetic;
  std::vector<Source> sources;  // of a replay
  int speed = 1;
  bool loop = true;
  QueueModel queue = QueueModel::tail;
  std::string from, to;  // as given; empty: from the beginning, to the end
  Timestamp begins;      // what they mean, in the recordings' time
  Timestamp ends = kNever;

  // "synthetic", "pinned" or "replay:FILE[,FILE…]" with, in any order, ":speed=N", ":loop=off",
  // ":queue=tail|proportional|head", ":from=" and ":to=". These two are a time like
  // 2024-08-08T23:55:00Z, or a length like 1500ms, 90s, 5m or 2h after the first file's beginning.
  // A file may be followed by '#' and the hash that text() writes; it is then an error when the
  // file has another one. Reads the files, and refuses those that cannot be replayed.
  static Result<MarketSpec> from_text(std::string_view text);
  std::string text() const;

  // What the files hold that is passed over: "FILE: 3 sequence gaps, first line 7: …".
  std::vector<std::string> notes() const;
};

}  // namespace venuebox::market
