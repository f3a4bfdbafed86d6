#include "gateway/book_feed.h"

namespace venuebox::gateway {
namespace {
// The steps from one picture of a side to the next, best first: levels that are new or have another
// quantity, and with quantity 0 those that are gone or fell out of sight.
void append_changes(const std::vector<BookLevel>& before, const std::vector<BookLevel>& after,
                    Side side, std::vector<BookLevel>& changes) {
  const auto is_better = [side](Ticks a, Ticks b) { return side == Side::buy ? a > b : a < b; };
  auto old = before.begin();
  for (const BookLevel& level : after) {
    for (; old != before.end() && is_better(old->price, level.price); ++old)
      changes.push_back({old->price, {}});
    const bool stood = old != before.end() && old->price == level.price;
    if (!stood || old->quantity != level.quantity) changes.push_back(level);
    if (stood) ++old;
  }
  for (; old != before.end(); ++old)
    changes.push_back({old->price, {}});
}
}  // namespace

bool BookFeed::Half::look(const View& view, InstrumentId instrument, Side side, std::size_t count) {
  seen.resize(count);
  seen.resize(view.depth(instrument, side, seen));
  changes.clear();
  append_changes(levels, seen, side, changes);
  std::swap(levels, seen);
  return !changes.empty();
}

bool BookFeed::look(const View& view, const Channel& channel) {
  const std::uint64_t version = view.book_version(channel.instrument);
  const bool is_first = update_ == 0;
  if (!is_first && version == version_) return false;
  version_ = version;
  const bool bids = bids_.look(view, channel.instrument, Side::buy, channel.levels);
  const bool asks = asks_.look(view, channel.instrument, Side::sell, channel.levels);
  if (!is_first && !bids && !asks) return false;
  ++update_;
  return true;
}

BookNews BookFeed::news() const {
  return {.is_whole = false,
          .bids = bids_.changes,
          .asks = asks_.changes,
          .bids_before = bids_.seen,
          .asks_before = asks_.seen,
          .update = update_,
          .version = version_};
}

BookNews BookFeed::whole() const {
  return {.is_whole = true,
          .bids = bids_.levels,
          .asks = asks_.levels,
          .update = update_,
          .version = version_};
}

}  // namespace venuebox::gateway
