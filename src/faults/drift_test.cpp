#include "faults/drift.h"

#include <set>

#include <gtest/gtest.h>

#include "base/json_reader.h"

namespace venuebox::faults {
namespace {

constexpr std::string_view kAnswer =
    R"({"code":0,"message":"OK","result":{"list":[{"price":"1.50","side":"Buy","size":2}]}})";

TEST(Drift, HappensToTheFieldThatIsNamed) {
  const auto with = [](std::string_view kind, std::string_view field) {
    return drifted(kAnswer, kind, field, 0);
  };
  EXPECT_EQ(
      with("null", "price"),
      R"({"code":0,"message":"OK","result":{"list":[{"price":null,"side":"Buy","size":2}]}})");
  EXPECT_EQ(
      with("string_for_number", "size"),
      R"({"code":0,"message":"OK","result":{"list":[{"price":"1.50","side":"Buy","size":"2"}]}})");
  EXPECT_EQ(
      with("string_for_number", "price"),
      R"({"code":0,"message":"OK","result":{"list":[{"price":1.50,"side":"Buy","size":2}]}})");
  EXPECT_EQ(with("missing_field", "side"),
            R"({"code":0,"message":"OK","result":{"list":[{"price":"1.50","size":2}]}})");
  EXPECT_EQ(with("missing_field", "size"),
            R"({"code":0,"message":"OK","result":{"list":[{"price":"1.50","side":"Buy"}]}})");
  EXPECT_EQ(with("missing_field", "result"), R"({"code":0,"message":"OK"})");
  EXPECT_EQ(
      with("unknown_value", "side"),
      R"({"code":0,"message":"OK","result":{"list":[{"price":"1.50","side":"UNKNOWN_VALUE","size":2}]}})");
  EXPECT_EQ(
      with("extra_field", "price"),
      R"({"code":0,"message":"OK","result":{"list":[{"addedField":"1","price":"1.50","side":"Buy","size":2}]}})");
}

TEST(Drift, LeavesAloneWhatItCannotHappenTo) {
  EXPECT_EQ(drifted(kAnswer, "unknown_value", "price", 0), kAnswer);
  EXPECT_EQ(drifted(kAnswer, "string_for_number", "side", 0), kAnswer);
  EXPECT_EQ(drifted(kAnswer, "null", "nowhere", 0), kAnswer);
  EXPECT_EQ(drifted("<html>", "null", "", 0), "<html>");
  EXPECT_EQ(drifted("{}", "null", "", 0), "{}");
  EXPECT_EQ(drifted(R"({"a":1})", "null", "", 0, 2), R"({"a":1})");
}

TEST(Drift, DrawsAnyFieldThereIsAndAlwaysLeavesJson) {
  for (const std::string_view kind :
       {"extra_field", "null", "string_for_number", "missing_field", "unknown_value"}) {
    std::set<std::string> seen;
    for (std::uint64_t i = 0; i < 64; ++i) {
      const std::string text = drifted(kAnswer, kind, "", i << 58);
      EXPECT_NE(text, kAnswer) << kind;
      JsonObject reader;
      EXPECT_TRUE(reader.parse(text)) << kind << ' ' << text;
      seen.insert(text);
    }
    EXPECT_GE(seen.size(), 2u) << kind;
  }
}

TEST(Drift, SparesWhatIsNearTheRoot) {
  for (std::uint64_t i = 0; i < 64; ++i) {
    const std::string text = drifted(kAnswer, "missing_field", "", i << 58, 2);
    EXPECT_NE(text.find(R"("code":0,"message":"OK","result":)"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace venuebox::faults
