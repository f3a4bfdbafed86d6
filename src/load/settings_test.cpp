#include "load/settings.h"

#include <gtest/gtest.h>

namespace venuebox::load {
namespace {

// The setting that is refused.
std::string refused(const Settings& settings) {
  const auto checked = check(settings);
  return checked ? "none" : checked.error().where;
}

TEST(LoadSettings, RefuseWhatCannotBeMeantByItsName) {
  const auto with = [](auto change) {
    Settings settings;
    change(settings);
    return refused(settings);
  };
  EXPECT_EQ(refused({}), "none");
  EXPECT_EQ(with([](Settings& s) { s.venue = "acme"; }), "venue");
  EXPECT_EQ(with([](Settings& s) { s.clients = 0; }), "clients");
  EXPECT_EQ(with([](Settings& s) { s.duration_s = 0; }), "duration");
  EXPECT_EQ(with([](Settings& s) { s.rate = kRateMax + 1; }), "rate");
  EXPECT_EQ(with([](Settings& s) { s.rate_limit = -1; }), "rate-limit");
  EXPECT_EQ(with([](Settings& s) { s.timeout_s = 0; }), "timeout");
  EXPECT_EQ(with([](Settings& s) { s.latency = "slow"; }), "latency");
  EXPECT_EQ(with([](Settings& s) {
              s.maintenance = faults::Daily{1'440, 30};
            }),
            "maintenance-start");
  EXPECT_EQ(with([](Settings& s) {
              s.maintenance = faults::Daily{120, 0};
            }),
            "maintenance-duration");
  EXPECT_EQ(with([](Settings& s) { s.modes = {{.name = "SLEEPY"}}; }), "mode");
  EXPECT_EQ(with([](Settings& s) {
              s.modes = {{.name = "TIMEOUT"}, {.name = "TIMEOUT"}};
            }),
            "modes");
  EXPECT_EQ(with([](Settings& s) {
              s.modes = {{.name = "TIMEOUT", .probability = faults::Ratio{1'000'000'001}}};
            }),
            "probabilities");
}

TEST(LoadSettings, AMaintenanceFallsIntoTheTest) {
  Settings settings;
  EXPECT_EQ(iso_text(start_of(settings)), "2025-01-01T00:00:00.000Z");
  settings.maintenance = faults::Daily{.start_minute = 120, .minutes = 30};
  EXPECT_EQ(iso_text(start_of(settings)), "2025-01-02T01:40:00.000Z");
}

TEST(LoadSettings, NameTheirFaults) {
  Settings settings;
  settings.modes = {{.name = "TIMEOUT"}, {.name = "MIXED"}};
  settings.maintenance = faults::Daily{.start_minute = 120, .minutes = 30};
  const auto faults = faults_of(settings);
  ASSERT_TRUE(faults);
  ASSERT_EQ(faults->size(), 4u);
  EXPECT_EQ((*faults)[0].name, "timeout");
  EXPECT_EQ((*faults)[2].name, "rate-limit");
  EXPECT_EQ((*faults)[2].action.number("threshold"), 60);
  EXPECT_EQ((*faults)[3].when.daily, settings.maintenance);
}

}  // namespace
}  // namespace venuebox::load
