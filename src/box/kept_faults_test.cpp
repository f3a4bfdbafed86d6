// The plan of faults over restarts, on a store that lasts.
#include <gtest/gtest.h>

#include "box/test_box.h"
#include "faults/parse.h"

namespace venuebox::box {
namespace {

std::vector<faults::Fault> list(std::string_view json) {
  auto read = faults::faults_from_json(json);
  EXPECT_TRUE(read) << (read ? "" : read.error().text());
  return read ? std::move(*read) : std::vector<faults::Fault>();
}

constexpr std::string_view kThird =
    R"({"name":"third","where":{"operation":"place_order"},"when":{"nth":[3]},)"
    R"("action":{"type":"overloaded"}})";
constexpr std::string_view kOnce =
    R"({"name":"once","where":{"operation":"place_order"},"times":1,)"
    R"("action":{"type":"overloaded"}})";
constexpr std::string_view kSometimes =
    R"({"name":"sometimes","when":{"probability":0},"action":{"type":"overloaded"}})";

struct KeptFaults : testing::Test {
  KeptFaults() { start(); }
  void start() {
    running.reset();  // The store is of one box at a time.
    running = std::make_unique<Running>(folder.store(), config("pinned"));
    ASSERT_TRUE(running->box) << running->error;
  }
  Box& box() { return *running->box; }
  void put(std::string_view json) { ASSERT_TRUE(box().put_faults(list(json))); }
  // Of the next order.
  bool is_struck() {
    const std::string id = fmt::format("order-{}", ++orders);
    const bool is_taken =
        running->place("Buy", "59000.00", id).find(R"("retCode":0)") != std::string::npos;
    running->turn(seconds(1));
    return !is_taken;
  }
  std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const faults::Fault& fault : box().plan().faults())
      all.push_back(fault.name);
    return all;
  }
  // As when the process is killed, or the server ends in order, with a snapshot or without.
  enum class End { killed, ended, saved };
  void restart(End end) {
    ASSERT_TRUE(box().commit());
    if (end == End::ended) {
      ASSERT_TRUE(box().end());
    }
    if (end == End::saved) {
      ASSERT_TRUE(box().save_snapshot());
    }
    start();
  }
  using Names = std::vector<std::string>;

  Folder folder;
  std::unique_ptr<Running> running;
  int orders = 0;
};

TEST_F(KeptFaults, WhatStruckOnceDoesNotStrikeAgain) {
  for (const End end : {End::killed, End::ended, End::saved}) {
    put(kOnce);
    EXPECT_TRUE(is_struck());
    const auto& timeline = [&]() -> const faults::Timeline& { return box().plan().timeline(); };
    const std::string told = timeline().timeline_json();
    const std::string counted = timeline().statistics_json();
    restart(end);
    EXPECT_EQ(timeline().timeline_json(), told);
    EXPECT_EQ(timeline().statistics_json(), counted);
    EXPECT_FALSE(is_struck());
    box().reset_faults();
    EXPECT_TRUE(is_struck()) << "all begins anew,";
    restart(end);
    EXPECT_FALSE(is_struck()) << "and that lasts as well";
    box().reset_faults();
  }
}

TEST_F(KeptFaults, RunningNumbersGoOnWhereTheServerEndedInOrder) {
  for (const End end : {End::ended, End::saved}) {
    put(kThird);
    box().reset_faults();
    EXPECT_FALSE(is_struck());
    EXPECT_FALSE(is_struck());
    restart(end);
    EXPECT_TRUE(is_struck());
  }
}

TEST_F(KeptFaults, ChangesOfThePlanLast) {
  put(kThird);
  put(kSometimes);
  ASSERT_TRUE(box().set_failure_rate("sometimes", faults::kWhole));
  ASSERT_TRUE(box().remove_fault("third"));
  EXPECT_FALSE(box().remove_fault("third"));
  EXPECT_FALSE(box().set_failure_rate("third", faults::kWhole));
  for (const End end : {End::killed, End::ended, End::saved}) {
    restart(end);
    EXPECT_EQ(names(), Names{"sometimes"});
    EXPECT_TRUE(is_struck()) << "by the rate that was set";
  }
}

TEST_F(KeptFaults, ThoseOfAFileAreThoseOfTheFile) {
  const std::string both = fmt::format("[{},{}]", kThird, kOnce);
  ASSERT_TRUE(box().put_file_faults(list(both)));
  put(kSometimes);
  EXPECT_TRUE(is_struck());
  for (const End end : {End::killed, End::saved}) {
    restart(end);
    ASSERT_TRUE(box().put_file_faults(list(both)));
    EXPECT_EQ(names(), (Names{"third", "once", "sometimes"}));
  }
  EXPECT_FALSE(is_struck()) << "the file is the same, so all goes on";
  restart(End::killed);
  ASSERT_TRUE(box().put_file_faults(list(kThird)));
  EXPECT_EQ(names(), (Names{"third", "sometimes"}));
  restart(End::killed);
  ASSERT_TRUE(box().put_file_faults({}));
  EXPECT_EQ(names(), Names{"sometimes"}) << "what was added by hand stays";
}

TEST_F(KeptFaults, WhatLastsGoesOn) {
  put(R"({"name":"night","times":1,"action":{"type":"maintenance","closed_ms":600000}})");
  EXPECT_TRUE(is_struck());
  for (const End end : {End::killed, End::ended, End::saved}) {
    restart(end);
    EXPECT_TRUE(is_struck());
  }
  running->turn(seconds(600));
  EXPECT_FALSE(is_struck());
}

TEST_F(KeptFaults, AResetOfTheBoxKeepsThem) {
  ASSERT_TRUE(box().put_file_faults(list(kThird)));
  put(kOnce);
  EXPECT_TRUE(is_struck());
  ASSERT_TRUE(box().reset());
  EXPECT_TRUE(is_struck());
  restart(End::killed);
  EXPECT_EQ(names(), (Names{"third", "once"}));
  EXPECT_FALSE(is_struck());
  ASSERT_TRUE(box().put_file_faults({}));
  EXPECT_EQ(names(), Names{"once"}) << "it is known which came with a file";
}

}  // namespace
}  // namespace venuebox::box
