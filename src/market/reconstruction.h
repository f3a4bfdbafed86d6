// For tests: the book as a recording says it is, kept by other means than the replay's.
#pragma once

#include <map>

#include <gtest/gtest.h>

#include "market/recording.h"
#include "model/view.h"

namespace venuebox::market {

class Reconstruction {
 public:
  // Recorded units of one tick and of one lot.
  Reconstruction(std::int64_t tick, std::int64_t lot) : tick_(tick), lot_(lot) {}

  void apply(const RecordedMessage& message) {
    if (message.kind == RecordedMessage::Kind::trade) return;
    if (message.kind == RecordedMessage::Kind::snapshot) bids_.clear(), asks_.clear();
    for (const RecordedLevel& level : message.bids)
      set(bids_, level);
    for (const RecordedLevel& level : message.asks)
      set(asks_, level);
  }

  void expect_equal(const View& view, InstrumentId instrument, std::uint64_t after) const {
    std::vector<BookLevel> levels(20'000);
    std::size_t count = view.depth(instrument, Side::buy, levels);
    ASSERT_EQ(count, bids_.size()) << "bids after message " << after;
    std::size_t i = 0;
    for (auto level = bids_.rbegin(); level != bids_.rend(); ++level, ++i) {
      ASSERT_EQ(levels[i].price.raw, level->first) << "after message " << after;
      ASSERT_EQ(levels[i].quantity.raw, level->second) << "after message " << after;
    }
    count = view.depth(instrument, Side::sell, levels);
    ASSERT_EQ(count, asks_.size()) << "asks after message " << after;
    i = 0;
    for (auto level = asks_.begin(); level != asks_.end(); ++level, ++i) {
      ASSERT_EQ(levels[i].price.raw, level->first) << "after message " << after;
      ASSERT_EQ(levels[i].quantity.raw, level->second) << "after message " << after;
    }
  }

 private:
  void set(std::map<std::int64_t, std::int64_t>& side, const RecordedLevel& level) const {
    if (level.quantity == 0) {
      side.erase(level.price / tick_);
    } else {
      side[level.price / tick_] = level.quantity / lot_;
    }
  }
  std::int64_t tick_;
  std::int64_t lot_;
  std::map<std::int64_t, std::int64_t> bids_, asks_;
};

}  // namespace venuebox::market
