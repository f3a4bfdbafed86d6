#include "market/whole_book.h"

namespace venuebox::market {

bool WholeBook::read(std::span<const RecordedLevel> levels, Levels& side) {
  side.clear();
  for (const RecordedLevel& level : levels) {
    if (level.price == 0 || !side.emplace(level.price, level.quantity).second) return false;
  }
  return true;
}

bool WholeBook::set(std::span<const RecordedLevel> bids, std::span<const RecordedLevel> asks) {
  if (!read(bids, next_bids_) || !read(asks, next_asks_)) return false;
  if (!next_bids_.empty() && !next_asks_.empty() &&
      next_bids_.rbegin()->first >= next_asks_.begin()->first) {
    return false;
  }
  bids_.swap(next_bids_);
  asks_.swap(next_asks_);
  return true;
}

void WholeBook::changes(const Levels& from, const Levels& to, std::vector<RecordedLevel>& out) {
  out.clear();
  auto old = from.begin();
  auto now = to.begin();
  while (old != from.end() || now != to.end()) {
    if (now == to.end() || (old != from.end() && old->first < now->first)) {
      out.push_back({old->first, 0});
      ++old;
    } else if (old == from.end() || now->first < old->first) {
      out.push_back({now->first, now->second});
      ++now;
    } else {
      if (old->second != now->second) out.push_back({now->first, now->second});
      ++old, ++now;
    }
  }
}

bool WholeBook::take_changes(std::vector<RecordedLevel>& bids, std::vector<RecordedLevel>& asks) {
  changes(told_bids_, bids_, bids);
  changes(told_asks_, asks_, asks);
  told_bids_ = bids_;
  told_asks_ = asks_;
  return !bids.empty() || !asks.empty();
}

void WholeBook::update(const RecordedMessage& message) {
  if (message.kind == RecordedMessage::Kind::trade) return;
  if (message.kind == RecordedMessage::Kind::snapshot) clear();
  for (const bool is_bid : {true, false}) {
    Levels& side = is_bid ? bids_ : asks_;
    for (const RecordedLevel& level : is_bid ? message.bids : message.asks) {
      if (level.quantity == 0) {
        side.erase(level.price);
      } else {
        side[level.price] = level.quantity;
      }
    }
  }
}

void WholeBook::copy_to(std::vector<RecordedLevel>& bids, std::vector<RecordedLevel>& asks) const {
  bids.clear();
  asks.clear();
  for (auto level = bids_.rbegin(); level != bids_.rend(); ++level)
    bids.push_back({level->first, level->second});
  for (const auto& [price, quantity] : asks_)
    asks.push_back({price, quantity});
}

bool WholeBook::is_crossed() const {
  return !bids_.empty() && !asks_.empty() && bids_.rbegin()->first >= asks_.begin()->first;
}

void WholeBook::clear() {
  bids_.clear();
  asks_.clear();
  told_bids_.clear();
  told_asks_.clear();
}

}  // namespace venuebox::market
