// Faults on their way through a box, without a socket in between.
#include <gtest/gtest.h>

#include "box/test_box.h"
#include "faults/parse.h"

namespace venuebox::box {
namespace {

void add(Box& box, std::string_view json) {
  auto fault = faults::fault_from_json(json);
  ASSERT_TRUE(fault) << fault.error().text();
  ASSERT_TRUE(box.plan().put(*fault, box.now()));
}

constexpr std::string_view kOverloaded =
    R"({"name":"busy","where":{"operation":"place_order"},"when":{"nth":[2]},)"
    R"("action":{"type":"overloaded"}})";

TEST(Faulted, ARefusalReplacesWhatWouldHaveBeenDone) {
  Running running(store::make_memory_store());
  add(*running.box, kOverloaded);
  EXPECT_NE(running.place("Buy", "59000.00", "a").find(R"("retCode":0)"), std::string::npos);
  EXPECT_NE(running.place("Buy", "59000.00", "b").find(R"("retCode":10016)"), std::string::npos);
  EXPECT_NE(running.place("Buy", "59000.00", "c").find(R"("retCode":0)"), std::string::npos);
  const auto open =
      running.send(net::Method::get, "/v5/order/realtime?category=linear&symbol=BTCUSDT");
  EXPECT_NE(open.find(R"("orderLinkId":"a")"), std::string::npos);
  EXPECT_EQ(open.find(R"("orderLinkId":"b")"), std::string::npos);
}

TEST(Faulted, AJournalTellsWhatStruckAndGivesTheSameWorldWithoutThePlan) {
  Folder folder;
  std::uint64_t state = 0, events = 0;
  {
    Running running(folder.store());
    add(*running.box, kOverloaded);
    for (const char* id : {"a", "b", "c"})
      running.place("Buy", "62000.00", id);
    running.turn(seconds(1));
    state = running.box->state_hash();
    events = running.box->event_hash();
  }
  Running again(folder.store());
  ASSERT_TRUE(again.box) << again.error;
  EXPECT_EQ(again.box->state_hash(), state);
  EXPECT_EQ(again.box->event_hash(), events);
}

TEST(Faulted, SomeFaultsWaitForWhatHappens) {
  Running running(store::make_memory_store());
  add(*running.box,
      R"({"name":"after-two","where":{"operation":"place_order"},)"
      R"("when":{"after":{"event":"order_accepted","n":2}},"action":{"type":"overloaded"}})");
  const auto is_taken = [&](std::string_view id) {
    return running.place("Buy", "59000.00", id).find(R"("retCode":0)") != std::string::npos;
  };
  EXPECT_TRUE(is_taken("a"));
  running.turn(seconds(1));  // The market's own orders do not count.
  EXPECT_TRUE(is_taken("b"));
  EXPECT_FALSE(is_taken("c"));
}

}  // namespace
}  // namespace venuebox::box
