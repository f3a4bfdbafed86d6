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

TEST(Time, ReadsIsoWithAndWithoutFraction) {
  EXPECT_EQ(timestamp_from_iso("2024-08-08T23:54:15Z")->ns, 1'723'161'255'000'000'000);
  EXPECT_EQ(timestamp_from_iso("2024-08-08T23:54:15.030314667Z")->ns, 1'723'161'255'030'314'667);
  for (const char* text :
       {"", "2024-08-08", "2024-08-08 23:54:15Z", "2024-13-08T23:54:15Z", "2024-08-08T24:54:15Z",
        "2024-08-08T23:54:15", "2024-08-08T23:54:15.xZ", "1969-08-08T23:54:15Z"}) {
    EXPECT_FALSE(timestamp_from_iso(text)) << text;
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
