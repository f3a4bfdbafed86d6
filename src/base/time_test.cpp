#include "base/time.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace venuebox {
namespace {

TEST(Time, WritesIsoAndHttpDates) {
  const Timestamp recorded{1'723'161'255'030'314'667};
  EXPECT_EQ(iso_text(recorded), "2024-08-08T23:54:15.030Z");
  EXPECT_EQ(http_date_text(recorded), "Thu, 08 Aug 2024 23:54:15 GMT");
  EXPECT_EQ(http_date_text(Timestamp{}), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date_text(timestamp_from_ms(951'782'400'000)), "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST(Time, ReadsIsoWithAndWithoutTimeAndFraction) {
  const std::int64_t second = 1'723'161'255'000'000'000;
  const std::pair<const char*, std::int64_t> table[] = {
      {"2024-08-08T23:54:15Z", second},
      {"2024-08-08T23:54:15.030314667Z", second + 30'314'667},
      {"2024-08-08T23:54:15.5Z", second + 500'000'000},
      {"2024-08-08T23:54Z", second - 15'000'000'000},
      {"2024-08-08", 1'723'075'200'000'000'000},
      {"2024-08-09T01:54:15+02:00", second},
      {"2024-08-08T18:24:15-0530", second},
      {"2024-02-29", 1'709'164'800'000'000'000},
      {"1970-01-01", 0},
  };
  for (const auto& [text, ns] : table) {
    const auto time = timestamp_from_iso(text);
    ASSERT_TRUE(time) << text << ": " << time.error().text();
    EXPECT_EQ(time->ns, ns) << text;
  }
}

TEST(Time, SaysWhatIsWrongWithAnIsoTime) {
  const std::pair<const char*, const char*> table[] = {
      {"", "is not like"},
      {"yesterday", "is not like"},
      {"2024-8-8", "is not like"},
      {"2024-08-08T", "is not like"},
      {"2024-08-08 23:54:15Z", "is not like"},
      {"2024-08-08T23:54:15", "is not like"},  // in which zone?
      {"2024-08-08T23:54:15.Z", "is not like"},
      {"2024-08-08T23:54:15.xZ", "is not like"},
      {"2024-08-08T23:54:15.0303146670Z", "is not like"},
      {"2024-08-08T23:54:15ZZ", "is not like"},
      {"2024-08-08T23:54:15+99:00", "is not like"},
      {"2024-13-08T23:54:15Z", "a day that there is not"},
      {"2024-00-08", "a day that there is not"},
      {"2023-02-29", "a day that there is not"},
      {"2024-08-08T24:54:15Z", "a time of day that there is not"},
      {"2024-08-08T23:60:15Z", "a time of day that there is not"},
      {"1969-08-08T23:54:15Z", "the years 1970 to 2199"},
      {"1970-01-01T01:00:00+02:00", "the years 1970 to 2199"},
      {"2200-01-01", "the years 1970 to 2199"},
  };
  for (const auto& [text, cause] : table) {
    const auto time = timestamp_from_iso(text);
    ASSERT_FALSE(time) << text;
    EXPECT_NE(time.error().text().find(cause), std::string::npos) << time.error().text();
  }
}

TEST(Time, IsoTextAndBackIsTheSameMillisecond) {
  EXPECT_TRUE(rc::check("ms -> text -> ms", [] {
    const auto ms = *rc::gen::inRange<std::int64_t>(0, 4'102'444'800'000);
    RC_ASSERT(timestamp_from_iso(iso_text(timestamp_from_ms(ms)))->ms() == ms);
  }));
}

}  // namespace
}  // namespace venuebox
