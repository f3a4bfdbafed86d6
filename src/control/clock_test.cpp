// Clocks over the control API: of new boxes, and of those that run.
#include <gtest/gtest.h>

#include "control/test_api.h"

namespace venuebox::control {
namespace {

using net::Method;

// A minute of BTCUSDT.
constexpr const char* kReplay =
    "replay:" VENUEBOX_SOURCE_DIR "/examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz";

struct ClockTest : ControlTest {
  // Makes a box with this clock, and leaves its clock in the response.
  int make(const std::string& clock, const std::string& market = "pinned") {
    const std::string name = "c" + std::to_string(++made);
    const int status = send(Method::post, "/_venuebox/boxes",
                            fmt::format(R"({{"name":"{}","market":"{}"{}}})", name, market,
                                        clock.empty() ? "" : ",\"clock\":" + clock));
    if (status == 201) send(Method::get, "/box/" + name + "/_venuebox/clock");
    return status;
  }
  int made = 0;
};

TEST_F(ClockTest, ANewBoxHasTheClockThatItIsGiven) {
  EXPECT_EQ(make(""), 201);
  EXPECT_TRUE(says(R"("mode":"manual","scale":1)") && says("2025-01-01T00:00:00.000Z"));
  EXPECT_EQ(make(R"("scaled:10")"), 201);
  EXPECT_TRUE(says(R"("mode":"scaled","scale":10)"));
  EXPECT_EQ(make(R"({"mode":"scaled:60","start":"2019-03-01"})"), 201);
  EXPECT_TRUE(says(R"("mode":"scaled","scale":60)") && says("2019-03-01T00:00:00.000Z"));
  EXPECT_EQ(make(R"({"mode":"scaled","scale":30})"), 201);
  EXPECT_TRUE(says(R"("scale":30)"));
  EXPECT_EQ(make(R"({"start":"2031-05-04T03:02:01.5Z"})"), 201);
  EXPECT_TRUE(says(R"("mode":"manual")") && says("2031-05-04T03:02:01.500Z"));
  EXPECT_EQ(make(R"({"mode":"manual","start":"now"})"), 201);
  EXPECT_TRUE(says(iso_text(door.now())));
  EXPECT_EQ(make(R"({"mode":"wall","start":null})"), 201);
  EXPECT_TRUE(says(R"("mode":"wall")") && says(iso_text(door.now())));
}

TEST_F(ClockTest, ANewBoxCanBeginWithItsRecording) {
  EXPECT_EQ(make(R"({"start":"recording"})", kReplay), 201) << response.body;
  EXPECT_TRUE(says("2024-08-08T23:54:15.")) << response.body;
  EXPECT_EQ(make(R"({"start":"recording"})", fmt::format("{}:from=20s", kReplay)), 201)
      << response.body;
  EXPECT_TRUE(says("2024-08-08T23:54:35.")) << response.body;
  EXPECT_EQ(make(R"({"start":"2020-01-01"})", kReplay), 201) << response.body;
  EXPECT_TRUE(says("2020-01-01T00:00:00.000Z")) << response.body;
}

// What a server that begins with its recording hands on is that, not the time of it.
TEST_F(ClockTest, TheRecordingOfANewBoxIsItsOwn) {
  box::ClockSettings clock = settings.clock;
  clock.start = timestamp_from_ms(1'600'000'000'000);
  clock.at_recording = true;
  api = std::make_unique<Api>(*boxes, ApiSettings{"1", "", "http://127.0.0.1:8000",
                                                  boxes->find("default")->config(), clock});
  router = std::make_unique<Router>(*boxes, *api);
  EXPECT_EQ(make("", kReplay), 201) << response.body;
  EXPECT_TRUE(says("2024-08-08T23:54:15.")) << response.body;
  EXPECT_EQ(make(""), 201);
  EXPECT_TRUE(says("2025-01-01T00:00:00.000Z")) << response.body;
}

TEST_F(ClockTest, WhatIsWrongWithANewClockIsNamed) {
  const std::tuple<const char*, const char*, const char*> table[] = {
      {R"("fast")", R"("field":"clock")", "'fast' is not wall, scaled:N or manual"},
      {R"("scaled:0")", R"("field":"clock")", "from 1 to 100000"},
      {R"(7)", R"("field":"clock")", "must be a mode as text"},
      {R"(["manual"])", R"("field":"clock")", "must be a mode as text"},
      {R"({"mod":"manual"})", R"("field":"clock")", "mod: is not known here"},
      {R"({"mode":1})", R"("field":"clock")", "mode: must be text"},
      {R"({"mode":"fast"})", R"("field":"clock")", "mode: 'fast' is not wall"},
      {R"({"scale":5})", R"("field":"clock")", "scale: belongs to a mode"},
      {R"({"start":"recording"})", R"("field":"clock.start")", "has a recording"},
      {R"({"start":"2024-13-01"})", R"("field":"clock.start")", "a day that there is not"},
      {R"({"start":1723161255030})", R"("field":"clock")", "start: must be text"},
  };
  for (const auto& [clock, field, cause] : table) {
    EXPECT_EQ(make(clock), 400) << clock;
    EXPECT_TRUE(says(field) && says(cause)) << clock << ": " << response.body;
  }
  EXPECT_EQ(boxes->all().size(), 1u);
}

TEST_F(ClockTest, ARefusedStepChangesNothingAndNamesItsMember) {
  const std::tuple<const char*, const char*, const char*> table[] = {
      {"{}", R"("field":"body")", "needs mode, advance_ms or set_ms"},
      {R"({"mode":"x"})", R"("field":"mode")", "'x' is not wall"},
      {R"({"mode":"scaled"})", R"("field":"mode")", "'scaled' is not wall, scaled:N"},
      {R"({"mode":"scaled","scale":0})", R"("field":"mode")", "from 1 to 100000"},
      {R"({"mode":"manual","scale":2})", R"("field":"scale")", "belongs to scaled"},
      {R"({"advance_ms":1,"scale":2})", R"("field":"scale")", "belongs to a mode"},
      {R"({"advance_ms":-1})", R"("field":"advance_ms")", "a whole number >= 0"},
      {R"({"advance_ms":0.5})", R"("field":"advance_ms")", "a whole number >= 0"},
      {R"({"advance_ms":9223372036854775807})", R"("field":"advance_ms")", "the year 2200"},
      {R"({"advance_ms":5600000000000})", R"("field":"advance_ms")", "the year 2200"},
      {R"({"advance_ms":1,"set_ms":1735689603000})", R"("field":"set_ms")", "beside advance_ms"},
      {R"({"set_ms":1000})", R"("field":"set_ms")", "never goes back"},
      {R"({"set_ms":9223372036854775807})", R"("field":"set_ms")", "the year 2200"},
      {R"({"mode":"wall","set_ms":1000})", R"("field":"set_ms")", "never goes back"},
  };
  for (const auto& [body, field, cause] : table) {
    EXPECT_EQ(send(Method::post, "/_venuebox/clock", body), 400) << body;
    EXPECT_TRUE(says(field) && says(cause)) << body << ": " << response.body;
  }
  EXPECT_EQ(send(Method::get, "/_venuebox/clock"), 200);
  EXPECT_TRUE(says(R"("mode":"manual","scale":1,"now_ms":1735689600000)")) << response.body;
}

TEST_F(ClockTest, NoClockGoesBeyondTheLastYear) {
  EXPECT_EQ(send(Method::post, "/_venuebox/clock", R"({"set_ms":7258118400000})"), 200);
  EXPECT_TRUE(says("2200-01-01T00:00:00.000Z"));
  EXPECT_EQ(send(Method::post, "/_venuebox/clock", R"({"advance_ms":1})"), 400);
  EXPECT_EQ(send(Method::post, "/_venuebox/clock", R"({"mode":"scaled:100000"})"), 200);
  door.advance(seconds(86'400 * 365));
  EXPECT_EQ(send(Method::get, "/_venuebox/clock"), 200);
  EXPECT_TRUE(says("2200-01-01T00:00:00.000Z")) << response.body;
}

TEST_F(ClockTest, ALongStepOfABusyMarketIsRefusedWithTheMend) {
  EXPECT_EQ(send(Method::post, "/_venuebox/boxes", R"({"name":"busy","market":"synthetic"})"), 201);
  EXPECT_EQ(send(Method::post, "/box/busy/_venuebox/clock", R"({"advance_ms":86400001})"), 400);
  EXPECT_TRUE(says(R"("field":"advance_ms")") && says("86400000 ms") && says("several times"))
      << response.body;
}

TEST_F(ClockTest, AResetGoesBackToTheStart) {
  EXPECT_EQ(make(R"({"start":"2019-03-01"})"), 201);
  EXPECT_EQ(send(Method::post, "/box/c1/_venuebox/clock", R"({"advance_ms":3600000})"), 200);
  EXPECT_TRUE(says("2019-03-01T01:00:00.000Z"));
  EXPECT_EQ(send(Method::post, "/box/c1/_venuebox/reset"), 200);
  EXPECT_EQ(send(Method::get, "/box/c1/_venuebox/clock"), 200);
  EXPECT_TRUE(says("2019-03-01T00:00:00.000Z")) << response.body;
}

TEST_F(ClockTest, WhatIsToldOfAClockCanBeSentBack) {
  for (const std::string_view mode : {R"({"mode":"manual"})", R"({"mode":"scaled:7"})"}) {
    EXPECT_EQ(send(Method::post, "/_venuebox/clock", mode), 200) << response.body;
    const std::size_t end = response.body.find(R"(,"now_ms")");
    const std::string told = response.body.substr(0, end) + "}";
    EXPECT_EQ(send(Method::post, "/_venuebox/clock", told), 200) << told << response.body;
    EXPECT_EQ(response.body.substr(0, end) + "}", told);
  }
}

}  // namespace
}  // namespace venuebox::control
