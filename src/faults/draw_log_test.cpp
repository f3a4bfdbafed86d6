#include "faults/draw_log.h"

#include "faults/test_plan.h"

namespace venuebox::faults {
namespace {

struct Logged : testing::Test {
  Logged() {
    test.plan.on_look([this](const Look& look) { log.add(look); });
  }
  TestPlan test{{R"({"name":"half","when":{"probability":0.5},"action":{"type":"hang"}})"}};
  DrawLog log;
};

TEST_F(Logged, NothingIsKeptUnlessItIsAskedFor) {
  test.request();
  EXPECT_EQ(log.json(), R"({"keep":0,"total":0,"draws":[]})");
}

TEST_F(Logged, ADrawIsToldWithWhatItHadToBeBelow) {
  log.keep(10);
  bool has_struck = false, has_missed = false;
  for (int i = 0; i < 10; ++i) {
    const bool is_struck = test.is_struck();
    (is_struck ? has_struck : has_missed) = true;
    const std::string told = log.json();
    const std::string last = told.substr(told.rfind(R"({"timestamp")"));
    EXPECT_NE(last.find(R"("below":0.5)"), std::string::npos) << last;
    EXPECT_NE(last.find(R"("operation":"place_order")"), std::string::npos) << last;
    EXPECT_EQ(last.find(R"("verdict":"struck","draw":0.)") != std::string::npos, is_struck);
    EXPECT_EQ(last.find(R"("verdict":"draw_missed","draw":0.)") != std::string::npos, !is_struck);
    EXPECT_EQ(last.find(R"("type":"hang")") != std::string::npos, is_struck) << last;
  }
  EXPECT_TRUE(has_struck && has_missed);
}

TEST_F(Logged, TheNewestAreKept) {
  log.keep(3);
  test.pattern(5);
  const std::string told = log.json();
  EXPECT_NE(told.find(R"("keep":3,"total":5)"), std::string::npos) << told;
  EXPECT_EQ(told.find(R"("n":2)"), std::string::npos) << told;
  EXPECT_LT(told.find(R"("n":3)"), told.find(R"("n":5)"));
  log.keep(0);
  EXPECT_EQ(log.json(), R"({"keep":0,"total":0,"draws":[]})");
}

}  // namespace
}  // namespace venuebox::faults
