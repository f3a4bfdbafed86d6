// What the bad days that come with the project do to a box, as far as their order matters.
#include <fstream>

#include <gtest/gtest.h>

#include "box/test_box.h"
#include "faults/file_text.h"
#include "faults/parse.h"

namespace venuebox::box {
namespace {

void load(Box& box, const std::string& name) {
  const std::string path = "scenarios/faults/" + name + ".toml";
  std::ifstream in(path);
  const auto json =
      faults::json_from_file_text(path, std::string(std::istreambuf_iterator<char>(in), {}));
  ASSERT_TRUE(json) << json.error().text();
  const auto read = faults::faults_from_json(*json);
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_TRUE(box.plan().put_all(*read, box.now()));
}

TEST(BadDays, ARollbackShutsTheVenueOnceItHasCancelledOrders) {
  Running running(store::make_memory_store(), config("pinned"));
  const auto says = [&](std::string_view text) {
    return running.response.body.find(text) != std::string::npos;
  };
  const auto look = [&] { running.send(net::Method::get, "/v5/market/time"); };
  running.place("Buy", "59000.00", "a");
  EXPECT_TRUE(says(R"("retCode":0)")) << running.response.body;
  load(*running.box, "incident_rollback");
  look();  // The mark falls,
  look();  // and then all orders are cancelled.
  EXPECT_EQ(running.response.status, 200);
  running.place("Buy", "59000.00", "b");
  EXPECT_EQ(running.response.status, 503) << "shut, since an order was cancelled";
  const auto orders = [&] {
    return running.send(net::Method::get,
                        "/v5/order/realtime?category=linear&symbol=BTCUSDT&openOnly=0");
  };
  running.turn(seconds(301));
  EXPECT_EQ(orders().find(R"("orderLinkId":"a")"), std::string::npos) << running.response.body;
  running.place("Buy", "59000.00", "c");
  EXPECT_FALSE(says(R"("retCode":0)")) << "cancels only";
  running.turn(seconds(600));
  running.place("Buy", "59000.00", "d");
  EXPECT_FALSE(says(R"("retCode":0)")) << "for post-only orders, and this is none";
  running.turn(seconds(600));
  running.place("Buy", "59000.00", "e");
  EXPECT_TRUE(says(R"("retCode":0)")) << running.response.body;
}

}  // namespace
}  // namespace venuebox::box
