#include "library/numbers.h"

#include <gtest/gtest.h>

namespace venuebox::library {
namespace {

Decimal of(std::string_view text) { return *decimal(text); }

TEST(Numbers, AreReadAndWritten) {
  EXPECT_EQ(text_of(of("60000.10")), "60000.1");
  EXPECT_EQ(text_of(of("1e-8")), "0.00000001");
  EXPECT_EQ(text_of(std::optional<Decimal>()), "none");
  EXPECT_EQ(decimal("1,5").error().text(), "decimal: '1,5' is no decimal number that can be kept");
}

TEST(Numbers, AreBroughtOntoSteps) {
  struct Row {
    const char *value, *step, *down, *up;
  };
  for (const Row& row :
       {Row{"54000.09", "0.10", "54000", "54000.1"}, Row{"54000.10", "0.1", "54000.1", "54000.1"},
        Row{"7", "0.5", "7", "7"}, Row{"7", "5", "5", "10"}, Row{"0.0004", "0.001", "0", "0.001"},
        Row{"-7", "5", "-10", "-5"}}) {
    EXPECT_EQ(text_of(floored(of(row.value), of(row.step))), row.down) << row.value;
    EXPECT_EQ(text_of(ceiled(of(row.value), of(row.step))), row.up) << row.value;
  }
  EXPECT_EQ(text_of(floored(times(of("60000.1"), {9, 1}), of("0.1"))), "54000");
}

}  // namespace
}  // namespace venuebox::library
