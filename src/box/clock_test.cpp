#include "box/clock_settings.h"
#include "box/test_streaming.h"
namespace venuebox::box {
namespace {

TEST(ClockSettings, ModesAreReadFromText) {
  ClockSettings clock;
  ASSERT_TRUE(set_clock_mode("scaled:60", clock));
  EXPECT_EQ(clock.mode, ClockMode::scaled);
  EXPECT_EQ(clock.scale, 60);
  ASSERT_TRUE(set_clock_mode("manual", clock));
  EXPECT_EQ(clock.mode, ClockMode::manual);
  EXPECT_EQ(clock.scale, 1);
  ASSERT_TRUE(set_clock_mode("wall", clock));
  EXPECT_EQ(clock.mode, ClockMode::wall);
  for (const char* text :
       {"", "Wall", "wall:1", "scaled", "scaled:", "scaled:0", "scaled:-1", "scaled:1.5",
        "scaled:100001", "scaled:99999999999999999999", "manual "}) {
    EXPECT_FALSE(set_clock_mode(text, clock)) << text;
    EXPECT_EQ(clock.mode, ClockMode::wall) << "a refusal changes nothing";
  }
}

TEST(ClockSettings, StartsAreReadFromText) {
  const ManualClock door{timestamp_from_ms(1'700'000'000'000)};
  const market::MarketSpec pinned = *market::MarketSpec::from_text("pinned");
  ClockSettings clock;
  ASSERT_TRUE(set_clock_start("2024-08-08", pinned, door, clock));
  EXPECT_EQ(iso_text(*clock.start), "2024-08-08T00:00:00.000Z");
  ASSERT_TRUE(set_clock_start("", pinned, door, clock));
  EXPECT_TRUE(clock.start) << "nothing said, nothing changed";
  ASSERT_TRUE(set_clock_start("now", pinned, door, clock));
  EXPECT_FALSE(clock.start) << "a clock that runs follows the door's";
  clock.mode = ClockMode::manual;
  ASSERT_TRUE(set_clock_start("now", pinned, door, clock));
  EXPECT_EQ(clock.start, door.now());
}

TEST(ClockSettings, AStartThatCannotBeSaysWhy) {
  const ManualClock door;
  const auto error_of = [&](std::string_view start) {
    ClockSettings clock;
    const auto set = set_clock_start(start, *market::MarketSpec::from_text("pinned"), door, clock);
    EXPECT_FALSE(set) << start;
    return set ? std::string() : set.error().text();
  };
  EXPECT_EQ(error_of("recording"),
            "only a market of replay:FILE has a recording; choose one, or another start");
  EXPECT_EQ(error_of("2023-02-29"),
            "'2023-02-29' names a day that there is not; or say now or recording");
  EXPECT_EQ(error_of("soon"),
            "'soon' is not like 2024-08-08, 2024-08-08T23:54:15Z or "
            "2024-08-08T23:54:15.030+02:00; or say now or recording");
}

TEST(BoxClock, StopsAtTheEndOfTimes) {
  ManualClock door{timestamp_from_ms(1'700'000'000'000)};
  BoxClock clock(door, {.mode = ClockMode::scaled, .scale = 100'000, .start = {}});
  door.advance(seconds(60));
  EXPECT_EQ(clock.now(), timestamp_from_ms(1'700'000'000'000) + seconds(6'000'000));
  door.advance(seconds(86'400 * 30));
  EXPECT_EQ(clock.now(), kLatest);
  door.advance(seconds(60));
  EXPECT_EQ(clock.now(), kLatest);
}

// ---- a server that comes back -------------------------------------------------------------------

struct Return {
  ClockMode mode;
  const char* start;  // empty: none is given
  std::int64_t goes_on_after_seconds;
};

// At whatever date a box is, its time goes on when it comes back: without the pause, but for one
// that follows the wall.
TEST(BoxClock, ABoxThatComesBackGoesOnAtItsDate) {
  for (const auto& [mode, start, goes_on_after_seconds] :
       {Return{ClockMode::manual, "", 0}, Return{ClockMode::manual, "2017-11-08", 0},
        Return{ClockMode::wall, "2017-11-08", 0}, Return{ClockMode::wall, "2091-06-15", 0},
        Return{ClockMode::scaled, "2091-06-15", 0}, Return{ClockMode::wall, "", 7'200}}) {
    Folder folder;
    BoxSettings wanted = settings(mode);
    if (*start) wanted.clock.start = *timestamp_from_iso(start);
    Timestamp reached;
    {
      Running running(folder.store(), config("pinned"), wanted);
      if (wanted.clock.start) {
        EXPECT_EQ(running.box->now(), *wanted.clock.start);
      }
      running.turn(seconds(3'600));
      running.place("Buy", "59000.00", "rests");
      ASSERT_TRUE(running.box->commit());
      reached = running.box->now();
      ASSERT_TRUE(running.box->end());
    }
    {
      Running again(folder.store(), config("pinned"), wanted);
      ASSERT_TRUE(again.box) << again.error;
      EXPECT_EQ(again.box->now(), reached) << "an hour ahead of a door that stood still";
      ASSERT_TRUE(again.box->commit());
      again.turn(seconds(60));
      EXPECT_EQ(again.box->now(), reached + seconds(60));
      ASSERT_TRUE(again.box->end());
    }
    Running late;
    late.door.advance(seconds(3 * 3'600));
    late.open(folder.store(), config("pinned"), wanted);
    ASSERT_TRUE(late.box) << late.error;
    EXPECT_EQ(late.box->now() - reached, std::max(seconds(60), seconds(goes_on_after_seconds)));
    ASSERT_TRUE(late.box->reset());
    const Timestamp begin =
        wanted.clock.start.value_or(mode == ClockMode::manual ? kManualStart : late.door.now());
    EXPECT_EQ(late.box->now(), begin);
  }
}

}  // namespace
}  // namespace venuebox::box
