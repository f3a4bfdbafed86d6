#include "client/live_book.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "client/test_streams.h"

namespace venuebox::client {
namespace {
using gateway::BookUpdate;
using unified::BookLevel;
using unified::Origin;

Decimal decimal(std::string_view text) { return std::get<Decimal>(decimal_from_text(text)); }

BookUpdate update(bool is_whole, std::uint64_t number, std::vector<BookLevel> bids,
                  std::vector<BookLevel> asks) {
  BookUpdate news;
  news.is_whole = is_whole;
  news.update = number;
  news.book.bids = std::move(bids);
  news.book.asks = std::move(asks);
  return news;
}
BookLevel level(std::string_view price, std::string_view quantity) {
  return {decimal(price), decimal(quantity)};
}
std::string text_of(const std::vector<BookLevel>& levels) {
  std::string text;
  for (const BookLevel& each : levels) {
    text += trimmed_text(each.price.units, each.price.scale) + "x" +
            trimmed_text(each.quantity.units, each.quantity.scale) + " ";
  }
  return text;
}

struct LiveBookTest : testing::Test {
  LiveBook book{*acme_with_streams().streams, acme_market("BTC"), Origin::live};
};

TEST_F(LiveBookTest, KeepsLevelsBestFirst) {
  EXPECT_EQ(book.book().origin, Origin::unavailable);
  EXPECT_EQ(book.take(update(true, 7, {level("10", "1")}, {level("12", "2")})), std::nullopt);
  EXPECT_EQ(book.book().origin, Origin::live);
  EXPECT_EQ(book.book().symbol, "BTC");
  const auto change =
      update(false, 8, {level("9.5", "3"), level("11", "4"), level("10.00", "5"), level("8", "0")},
             {level("13", "6"), level("11.5", "7"), level("12", "0")});
  EXPECT_EQ(book.take(change), std::nullopt);
  EXPECT_EQ(text_of(book.book().bids), "11x4 10x5 9.5x3 ");
  EXPECT_EQ(text_of(book.book().asks), "11.5x7 13x6 ");
}

TEST_F(LiveBookTest, BelievesNoChangeBeforeAWholeBook) {
  EXPECT_EQ(book.take(update(false, 8, {level("10", "1")}, {})),
            "a change came before the whole book");
  EXPECT_FALSE(book.is_believed());
  EXPECT_EQ(book.book().origin, Origin::unavailable);
}

TEST_F(LiveBookTest, BelievesNoChangeThatDoesNotFollow) {
  ASSERT_EQ(book.take(update(true, 7, {level("10", "1")}, {})), std::nullopt);
  EXPECT_EQ(book.take(update(false, 9, {level("10", "2")}, {})), "change 9 does not follow 7");
  EXPECT_EQ(book.book().origin, Origin::stale);
  EXPECT_EQ(text_of(book.book().bids), "10x1 ") << "as it was when it was believed";
  EXPECT_NE(book.take(update(false, 8, {level("10", "2")}, {})), std::nullopt)
      << "nothing but a whole one will do";
  EXPECT_EQ(book.take(update(true, 20, {level("9", "1")}, {})), std::nullopt);
  EXPECT_EQ(book.book().origin, Origin::live);
}

TEST_F(LiveBookTest, ARepeatedChangeChangesNothing) {
  ASSERT_EQ(book.take(update(true, 7, {level("10", "1")}, {})), std::nullopt);
  EXPECT_EQ(book.take(update(false, 7, {level("10", "2")}, {})), std::nullopt);
  EXPECT_TRUE(book.is_repeated());
  EXPECT_EQ(text_of(book.book().bids), "10x1 ");
}

TEST_F(LiveBookTest, BelievesNoCrossedBook) {
  for (const char* ask : {"10", "9"}) {
    ASSERT_EQ(book.take(update(true, 7, {level("10", "1")}, {level("11", "1")})), std::nullopt);
    EXPECT_EQ(book.take(update(false, 8, {}, {level(ask, "1")})),
              "its best bid is not below its best offer");
    EXPECT_EQ(book.book().origin, Origin::stale);
    EXPECT_TRUE(book.book().bids.empty()) << "nobody knows since when it was wrong";
  }
}

TEST_F(LiveBookTest, ChecksTheChecksumWhereThereIsOne) {
  BookUpdate whole = update(true, 7, {level("10", "1")}, {level("11", "1")});
  whole.checksum = 11;  // acme counts levels
  ASSERT_EQ(book.take(whole), std::nullopt);
  BookUpdate change = update(false, 8, {level("9", "1")}, {});
  change.checksum = 22;
  EXPECT_EQ(book.take(change), "its checksum is another");
  EXPECT_FALSE(book.is_believed());
}

TEST_F(LiveBookTest, IsBounded) {
  ASSERT_EQ(book.take(update(true, 0, {}, {})), std::nullopt);
  std::vector<BookLevel> many;
  for (int i = 0; i <= 20'000; ++i)
    many.push_back({{i + 1, 0}, {1, 0}});
  EXPECT_EQ(book.take(update(false, 1, std::move(many), {})), "it has too many levels");
}

// Against a map, which is the obvious way.
TEST_F(LiveBookTest, IsWhatItsChangesMakeOfIt) {
  EXPECT_TRUE(rc::check("changes", [] {
    LiveBook live(*acme_with_streams().streams, acme_market("BTC"), Origin::live);
    std::map<std::int64_t, std::int64_t, std::greater<>> expected;
    RC_ASSERT(!live.take(update(true, 0, {}, {})));
    const auto changes = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(1, 20), rc::gen::inRange(0, 3)));
    std::uint64_t number = 0;
    for (const auto& [price, quantity] : changes) {
      const int scale = quantity % 2;  // 5 is 5.0 as well
      const Decimal shown{price * power_of_ten(scale), scale};
      RC_ASSERT(!live.take(update(false, ++number, {{shown, {quantity, 0}}}, {})));
      if (quantity == 0) expected.erase(price);
      if (quantity != 0) expected[price] = quantity;
    }
    RC_ASSERT(live.book().bids.size() == expected.size());
    std::size_t i = 0;
    for (const auto& [price, quantity] : expected) {
      const BookLevel& found = live.book().bids[i++];
      RC_ASSERT(is_eq(compare(found.price, {price, 0})));
      RC_ASSERT(is_eq(compare(found.quantity, {quantity, 0})));
    }
  }));
}

}  // namespace
}  // namespace venuebox::client
