// The picture of a book that a channel's subscribers have, and what brings it up to date.
#pragma once

#include <vector>

#include "gateway/stream.h"

namespace venuebox::gateway {

class BookFeed {
 public:
  // Looks at the book. False when what the subscribers have is still right; else news() is what
  // changed, and is good until the next look.
  bool look(const View& view, const Channel& channel);

  // What changed at the last look.
  BookNews news() const;
  // All of it, as of the last look.
  BookNews whole() const;

  // The updates are counted on from `number`, which is that of the picture as it is now.
  void count_from(std::uint64_t number) { update_ = number; }

 private:
  // One side: as it was told last, and how it differs from the one before.
  struct Half {
    std::vector<BookLevel> levels;
    std::vector<BookLevel> changes;
    std::vector<BookLevel> seen;  // as it was before the last look
    bool look(const View& view, InstrumentId instrument, Side side, std::size_t count);
  };

  Half bids_;
  Half asks_;
  std::uint64_t update_ = 0;
  std::uint64_t version_ = 0;
};

}  // namespace venuebox::gateway
