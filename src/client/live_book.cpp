#include "client/live_book.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/decimal.h"

namespace venuebox::client {
namespace {
using gateway::BookStep;
using gateway::BookUpdate;
using unified::BookLevel;

// Far beyond any venue's deepest book: a server that only ever adds levels is not believed.
constexpr std::size_t kLevelsMax = 20'000;

void apply_level(std::vector<BookLevel>& levels, const BookLevel& change, Side side) {
  const auto is_before = [side](const BookLevel& level, const Decimal& price) {
    const auto order = compare(level.price, price);
    return side == Side::buy ? is_gt(order) : is_lt(order);
  };
  const auto place = std::lower_bound(levels.begin(), levels.end(), change.price, is_before);
  const bool is_there = place != levels.end() && is_eq(compare(place->price, change.price));
  if (change.quantity.units == 0) {
    if (is_there) levels.erase(place);
  } else if (is_there) {
    place->quantity = change.quantity;
  } else {
    levels.insert(place, change);
  }
}
}  // namespace

LiveBook::LiveBook(const gateway::ClientStreams& venue, unified::Market market,
                   unified::Origin origin)
    : venue_(venue), market_(std::move(market)), origin_(origin) {
  book_.symbol = market_.symbol;
}

std::optional<std::string> LiveBook::take(const BookUpdate& news) {
  if (auto why = apply(news)) return mark_stale(), why;
  if (is_repeated_) return std::nullopt;
  if (auto why = doubt(news)) {
    // What is wrong now was perhaps wrong before.
    book_.bids.clear();
    book_.asks.clear();
    return mark_stale(), why;
  }
  is_believed_ = true;
  book_.origin = origin_;
  return std::nullopt;
}

std::optional<std::string> LiveBook::apply(const BookUpdate& news) {
  is_repeated_ = false;
  if (news.is_whole) {
    const unified::Origin origin = book_.origin;
    book_ = news.book;
    book_.origin = origin;
    book_.symbol = market_.symbol;
    update_ = news.update;
    return std::nullopt;
  }
  if (!is_believed_) return "a change came before the whole book";
  const BookStep step = venue_.book_step(update_, news);
  if (step == BookStep::breaks)
    return fmt::format("change {} does not follow {}", news.update, update_);
  is_repeated_ = step == BookStep::repeats;
  if (is_repeated_) return std::nullopt;
  for (const BookLevel& level : news.book.bids)
    apply_level(book_.bids, level, Side::buy);
  for (const BookLevel& level : news.book.asks)
    apply_level(book_.asks, level, Side::sell);
  book_.time = news.book.time;
  book_.sequence = news.book.sequence;
  update_ = news.update;
  return std::nullopt;
}

std::optional<std::string> LiveBook::doubt(const BookUpdate& news) const {
  if (std::max(book_.bids.size(), book_.asks.size()) > kLevelsMax) return "it has too many levels";
  const bool is_crossed = !book_.bids.empty() && !book_.asks.empty() &&
                          is_gteq(compare(book_.bids.front().price, book_.asks.front().price));
  if (is_crossed) return "its best bid is not below its best offer";
  if (venue_.checksum && news.checksum && *news.checksum != venue_.checksum(book_, market_))
    return "its checksum is another";
  return std::nullopt;
}

void LiveBook::mark_stale() {
  is_believed_ = false;
  if (book_.origin != unified::Origin::unavailable) book_.origin = unified::Origin::stale;
}

}  // namespace venuebox::client
