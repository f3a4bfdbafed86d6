// Faults, and what arrived, by the control API.
#include "control/test_api.h"

namespace venuebox::control {
namespace {
using net::Method;

class FaultsApiTest : public ControlTest {
 protected:
  FaultsApiTest() { settings.verify_signatures["bybit"] = false; }
  int place(std::string_view id, std::vector<net::Header> headers = {}) {
    headers.push_back({"Host", "127.0.0.1:8000"});
    return send(Method::post, "/bybit/v5/order/create",
                R"({"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit",)"
                R"("qty":"0.010","price":"50000","orderLinkId":")" +
                    std::string(id) + R"("})",
                headers);
  }
};

constexpr std::string_view kBusy =
    R"({"name":"busy","where":{"operation":"place_order"},"when":{"nth":[2]},)"
    R"("action":{"type":"overloaded"}})";

TEST_F(FaultsApiTest, AFaultComesStrikesIsToldOfAndGoes) {
  EXPECT_EQ(send(Method::get, "/_venuebox/faults"), 200);
  EXPECT_EQ(response.body, "[]");
  EXPECT_EQ(send(Method::post, "/_venuebox/faults", kBusy), 201) << response.body;
  EXPECT_EQ(send(Method::get, "/_venuebox/faults"), 200);
  EXPECT_TRUE(says(R"("name":"busy")")) << response.body;
  place("a");
  EXPECT_FALSE(says("10016")) << response.body;
  place("b");
  EXPECT_TRUE(says("10016")) << response.body;
  EXPECT_EQ(send(Method::get, "/_venuebox/faults/statistics"), 200);
  EXPECT_EQ(response.body, R"({"total":1,"by_type":{"overloaded":1},"rate":0.5})");
  EXPECT_EQ(send(Method::get, "/_venuebox/faults/timeline"), 200);
  EXPECT_TRUE(says(R"("fault":"busy","n":2)")) << response.body;
  EXPECT_EQ(send(Method::post, "/_venuebox/faults/reset"), 204);
  place("c");
  EXPECT_FALSE(says("10016")) << "its running number begins anew";
  EXPECT_EQ(send(Method::del, "/_venuebox/faults/busy"), 204);
  EXPECT_EQ(send(Method::del, "/_venuebox/faults/busy"), 404);
  place("d");
  EXPECT_FALSE(says("10016"));
}

TEST_F(FaultsApiTest, APutReplacesAndAListComesAllOrNone) {
  EXPECT_EQ(send(Method::put, "/_venuebox/faults/slow",
                 R"({"when":{"probability":0.5},"action":{"type":"latency","ms":5}})"),
            200)
      << response.body;
  EXPECT_EQ(send(Method::put, "/_venuebox/faults/slow",
                 R"({"when":{"probability":0.25},"action":{"type":"latency","ms":7}})"),
            200);
  EXPECT_EQ(send(Method::post, "/_venuebox/faults",
                 R"([{"name":"one","action":{"type":"hang"}},)"
                 R"({"name":"two","when":{"probability":2},"action":{"type":"hang"}}])"),
            400);
  EXPECT_TRUE(says(R"("field":"faults[1].when.probability")")) << response.body;
  EXPECT_EQ(send(Method::get, "/_venuebox/faults"), 200);
  EXPECT_TRUE(says(R"("ms":7)"));
  EXPECT_FALSE(says(R"("name":"one")"));
}

TEST_F(FaultsApiTest, AHeaderStrikesOneRequest) {
  send(Method::post, "/_venuebox/faults",
       R"({"name":"never","when":{"probability":0},"action":{"type":"overloaded"}})");
  place("a");
  EXPECT_FALSE(says("10016"));
  place("b", {{"X-Venuebox-Fault", "never"}});
  EXPECT_TRUE(says("10016")) << response.body;
}

TEST_F(FaultsApiTest, AHeaderThatCannotStrikeIsRefused) {
  send(Method::get, "/_venuebox/state_hash");
  const std::string before = response.body;
  EXPECT_EQ(place("a", {{"X-Venuebox-Fault", "busy"}}), 400);
  EXPECT_TRUE(
      says("there is no fault 'busy' in this box, which has none; add it first, or leave "
           "the header out"))
      << response.body;
  EXPECT_TRUE(says(R"("field":"X-Venuebox-Fault")"));
  send(Method::post, "/_venuebox/faults",
       R"([{"name":"lost-frame","when":{"probability":0},"action":{"type":"drop"}},)"
       R"({"name":"late-fill","when":{"probability":0},"action":{"type":"cancel_fill_race"}}])");
  EXPECT_EQ(place("b", {{"X-Venuebox-Fault", "busy"}}), 400);
  EXPECT_TRUE(says("which has lost-frame, late-fill;")) << response.body;
  EXPECT_EQ(place("c", {{"X-Venuebox-Fault", "lost-frame"}}), 400);
  EXPECT_TRUE(says("befalls what streams tell and no request")) << response.body;
  EXPECT_EQ(place("d", {{"X-Venuebox-Fault", "late-fill"}}), 400);
  EXPECT_TRUE(says("befalls only cancelling orders, and this is place_order")) << response.body;
  send(Method::get, "/_venuebox/state_hash");
  EXPECT_EQ(response.body, before) << "none was carried out";
}

TEST_F(FaultsApiTest, DrawsAreToldOnceTheyAreKept) {
  send(Method::post, "/_venuebox/faults", kBusy);
  place("a");
  EXPECT_EQ(send(Method::get, "/_venuebox/faults/draws"), 200);
  EXPECT_EQ(response.body, R"({"keep":0,"total":0,"draws":[]})");
  EXPECT_EQ(send(Method::post, "/_venuebox/faults/draws", R"({"keep":100001})"), 400);
  EXPECT_EQ(send(Method::post, "/_venuebox/faults/draws", R"({"keep":10})"), 200) << response.body;
  place("b");
  place("c");
  send(Method::get, "/_venuebox/faults/draws");
  EXPECT_TRUE(says(R"("keep":10,"total":2)")) << response.body;
  EXPECT_TRUE(says(R"("fault":"busy","n":2,"verdict":"struck","type":"overloaded")"));
  EXPECT_TRUE(says(R"("fault":"busy","n":3,"verdict":"not_its_turn","request":)"));
}

TEST_F(FaultsApiTest, TheRateCanBeRaisedWhileRunning) {
  send(Method::post, "/_venuebox/faults",
       R"({"name":"some","when":{"probability":0},"action":{"type":"overloaded"}})");
  place("a");
  EXPECT_FALSE(says("10016"));
  EXPECT_EQ(send(Method::post, "/_venuebox/faults/rate", R"({"name":"some","rate":1})"), 200)
      << response.body;
  place("b");
  EXPECT_TRUE(says("10016"));
  EXPECT_EQ(send(Method::post, "/_venuebox/faults/rate", R"({"name":"some","rate":1.5})"), 400);
  EXPECT_EQ(send(Method::post, "/_venuebox/faults/rate", R"({"name":"none","rate":1})"), 404);
}

TEST_F(FaultsApiTest, ADryRunTellsWhatWouldStrikeAndChangesNothing) {
  send(Method::post, "/_venuebox/faults", kBusy);
  EXPECT_EQ(send(Method::post, "/_venuebox/faults/dry-run",
                 R"({"venue":"bybit","operation":"place_order","occasions":5})"),
            200)
      << response.body;
  EXPECT_EQ(response.body, R"({"occasions":5,"struck":1,"strikes":[)"
                           R"({"occasion":2,"fault":"busy","n":2,"type":"overloaded"}]})");
  place("a");
  EXPECT_FALSE(says("10016"));
  place("b");
  EXPECT_TRUE(says("10016"));
}

TEST_F(FaultsApiTest, ABoxCanBeginWithFaults) {
  EXPECT_EQ(send(Method::post, "/_venuebox/boxes",
                 R"({"name":"bad","faults":[{"name":"x","action":{"type":"nonsense"}}]})"),
            400);
  EXPECT_EQ(send(Method::post, "/_venuebox/boxes",
                 R"({"name":"bad","faults":[)" + std::string(kBusy) + "]}"),
            201)
      << response.body;
  EXPECT_EQ(send(Method::get, "/_venuebox/boxes/bad/faults"), 200);
  EXPECT_TRUE(says("busy"));
}

TEST_F(FaultsApiTest, RequestsCanBeCountedAndNearMissesAreShown) {
  place("mine");
  place("yours");
  EXPECT_EQ(send(Method::post, "/_venuebox/requests/verify",
                 R"({"where":{"operation":"place_order","body":"mine"},"count":1})"),
            200);
  EXPECT_TRUE(says(R"({"verified":true,"count":1,"looked_at":2,)")) << response.body;
  EXPECT_TRUE(says(R"("differs_in":"body")"));
  EXPECT_EQ(send(Method::post, "/_venuebox/requests/verify",
                 R"({"where":{"operation":"cancel_order"},"at_least":1})"),
            200);
  EXPECT_TRUE(says(R"("verified":false,"count":0)")) << response.body;
  EXPECT_EQ(send(Method::post, "/_venuebox/requests/verify", R"({"where":{"colour":"red"}})"), 400);
  EXPECT_TRUE(says(R"("field":"where.colour")")) << response.body;
}

}  // namespace
}  // namespace venuebox::control
