// A book that is told anew each time, as changes of what it was before.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "market/recording.h"

namespace venuebox::market {

class WholeBook {
 public:
  // What the book is from now on, in any order. False, and nothing changes, for levels that make no
  // book: no price, the same price twice, or a best bid that is not below the best ask.
  bool set(std::span<const RecordedLevel> bids, std::span<const RecordedLevel> asks);

  // The levels that differ from the last call, those that are gone with quantity 0; whether there
  // are any.
  bool take_changes(std::vector<RecordedLevel>& bids, std::vector<RecordedLevel>& asks);

  // Changes single levels, as a message of updates does.
  void update(const RecordedMessage& message);
  // All of it, each side from its best price.
  void copy_to(std::vector<RecordedLevel>& bids, std::vector<RecordedLevel>& asks) const;
  bool is_crossed() const;

  void clear();

 private:
  using Levels = std::map<std::int64_t, std::int64_t>;  // quantity by price
  static bool read(std::span<const RecordedLevel> levels, Levels& side);
  static void changes(const Levels& from, const Levels& to, std::vector<RecordedLevel>& out);

  Levels bids_, asks_;
  Levels told_bids_, told_asks_;  // by take_changes()
  Levels next_bids_, next_asks_;  // scratch of set()
};

}  // namespace venuebox::market
