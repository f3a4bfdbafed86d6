#include "gateway/venue_options.h"

#include <gtest/gtest.h>

namespace venuebox::gateway {
namespace {
constexpr VenueOption kKnown[] = {
    {.name = "files", .kind = VenueOption::Kind::files},
    {.name = "lenient", .kind = VenueOption::Kind::flag},
    {.name = "rate", .kind = VenueOption::Kind::whole, .lowest = 0, .highest = 10},
};

std::string error_of(const VenueOptions& options) {
  const auto checked = check_options(options, kKnown);
  return checked ? "none" : checked.error().text();
}

TEST(VenueOptions, TakeWhatTheVenueKnows) {
  const VenueOptions options{{"files", "{}"}, {"lenient", "true"}, {"rate", "10"}};
  EXPECT_EQ(error_of(options), "none");
  EXPECT_TRUE(flag_option(options, "lenient"));
  EXPECT_EQ(whole_option(options, "rate"), 10);
  EXPECT_FALSE(flag_option({}, "lenient"));
  EXPECT_EQ(whole_option({}, "rate"), 0);
}

TEST(VenueOptions, NameTheKeyThatIsWrong) {
  EXPECT_EQ(error_of({{"speed", "1"}}),
            "speed: is no option of this venue; it has files, lenient, rate");
  EXPECT_EQ(error_of({{"lenient", "yes"}}), "lenient: 'yes' is not true or false");
  for (const char* value : {"", "11", "-1", "1.5", "one"}) {
    EXPECT_EQ(error_of({{"rate", value}}),
              "rate: '" + std::string(value) + "' is not a whole number of 0 to 10");
  }
  EXPECT_EQ(error_of({{"files", R"({"a":5})"}}), "files: a: must be a file's text");
  EXPECT_EQ(names_of({}), "none");
}

TEST(VenueOptions, KeepTheTextsOfFiles) {
  const std::vector<NamedText> files{{"a \"b\".json", "{\n\"x\":\t1}"}, {"c.json", ""}};
  const auto read = files_from_text(files_text(files));
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].text, files[0].text);
  EXPECT_EQ((*read)[1].name, "c.json");
}

}  // namespace
}  // namespace venuebox::gateway
