#include "venues/paradex/ids.h"

#include <gtest/gtest.h>

namespace venuebox::venues::paradex {
namespace {

TEST(ParadexIds, AShownOrderIsFoundAgain) {
  for (const std::uint64_t number : {1ull, 77ull, 999'999'999'999'999ull}) {
    const ShownId shown = shown_order_id(OrderId{number}, 5);
    EXPECT_EQ(shown.view().size(), 28u);
    EXPECT_EQ(order_id_from_text(shown.view(), 5), OrderId{number});
    EXPECT_FALSE(order_id_from_text(shown.view(), 6));  // another box's
  }
}

TEST(ParadexIds, AnythingElseNamesNothing) {
  const std::string shown(shown_order_id(OrderId{1}, 5).view());
  const std::string fill(shown_fill_id(FillId{1}, 5).view());
  for (const std::string& text :
       {std::string(), fill, shown + "1", shown.substr(1), shown.substr(0, 13) + "-00000000000001",
        shown.substr(0, 13) + "00000000000000x", shown.substr(0, 13) + "000000000000000"}) {
    EXPECT_FALSE(order_id_from_text(text, 5)) << text;
  }
}

}  // namespace
}  // namespace venuebox::venues::paradex
