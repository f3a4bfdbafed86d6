#include "venues/bybit/ids.h"

#include <set>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace venuebox::venues::bybit {
namespace {

constexpr auto kLinear = InstrumentKindOf::linear_perpetual;
constexpr auto kSpot = InstrumentKindOf::spot;

TEST(Ids, LinearIdsComeBackForEveryNumberAndKey) {
  EXPECT_TRUE(rc::check([](std::uint64_t number, std::uint64_t key) {
    RC_PRE(number != 0u);
    const ShownId order = shown_order_id(OrderId{number}, kLinear, key);
    const ShownId fill = shown_fill_id(FillId{number}, kLinear, key);
    RC_ASSERT(order_id_from_text(order.view(), kLinear, key) == OrderId{number});
    RC_ASSERT(fill_id_from_text(fill.view(), kLinear, key) == FillId{number});
    RC_ASSERT(!(order == fill));
    RC_ASSERT(!order_id_from_text(fill.view(), kLinear, key));
    RC_ASSERT(!order_id_from_text(order.view(), kLinear, key + 1));
    RC_ASSERT(!order_id_from_text(order.view(), kSpot, key));
  }));
}

TEST(Ids, LinearIdsLookLikeRandomUuids) {
  std::set<std::string> seen;
  for (std::uint64_t number = 1; number <= 1'000; ++number) {
    const std::string id(shown_order_id(OrderId{number}, kLinear, 5).view());
    ASSERT_EQ(id.size(), 36u);
    for (const std::size_t dash : {8, 13, 18, 23})
      EXPECT_EQ(id[dash], '-');
    EXPECT_EQ(id[14], '4') << id;
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
    EXPECT_TRUE(seen.insert(id.substr(0, 8)).second) << "neighbours differ at once: " << id;
  }
}

TEST(Ids, SpotIdsHaveNineteenDigitsAndRise) {
  EXPECT_TRUE(rc::check([](std::uint32_t number, std::uint64_t key) {
    RC_PRE(number != 0u);
    const ShownId order = shown_order_id(OrderId{number}, kSpot, key);
    RC_ASSERT(order.view().size() == 19u);
    RC_ASSERT(order < shown_order_id(OrderId{std::uint64_t{number} + 1}, kSpot, key));
    RC_ASSERT(order_id_from_text(order.view(), kSpot, key) == OrderId{number});
    const ShownId fill = shown_fill_id(FillId{number}, kSpot, key);
    RC_ASSERT(fill_id_from_text(fill.view(), kSpot, key) == FillId{number});
    RC_ASSERT(!order_id_from_text(fill.view(), kSpot, key));
  }));
}

TEST(Ids, ForeignTextsNameNothing) {
  for (const char* text :
       {"", "0", "o1", "no-such-order", "fd4300ae-7847-404e-b947-b46980a4d140",
        "fd4300ae-7847-404e-b947-b46980a4d14", "FD4300AE-7847-404E-B947-B46980A4D140",
        "1321003749386327552", "1900000000000000000", "-900000000000000001", "99999999999999999999",
        "19000000000000000 1"}) {
    EXPECT_FALSE(order_id_from_text(text, kLinear, 5)) << text;
    EXPECT_FALSE(order_id_from_text(text, kSpot, 5)) << text;
  }
  // One digit off is another number's id, or nobody's.
  std::string id(shown_order_id(OrderId{9}, kLinear, 5).view());
  for (char& c : id) {
    const char before = c;
    if (c == '-') continue;
    c = c == '7' ? '8' : '7';
    EXPECT_FALSE(before != c && order_id_from_text(id, kLinear, 5)) << id;
    c = before;
  }
}

}  // namespace
}  // namespace venuebox::venues::bybit
