// Faults of the request that opens a stream, over real sockets: what the client end makes of each.
#include "control/test_listener.h"
#include "faults/parse.h"

namespace venuebox::control {
namespace {
using net::ClientErrorKind;

struct UpgradeFaults : Served, testing::Test {
  void strike(std::string_view action, std::string_view where = R"({"operation":"stream"})") {
    auto fault = faults::fault_from_json(
        fmt::format(R"({{"name":"f","where":{},"action":{}}})", where, action));
    ASSERT_TRUE(fault) << fault.error().text();
    ASSERT_TRUE(box->plan().put(*fault, box->now()));
  }
  void open(net::HeaderList headers = {}) { listener.open(std::move(headers)); }

  Listener listener{*this};
};

TEST_F(UpgradeFaults, AreToldByTheStatus) {
  for (const auto& [action, status] : {
           std::pair(R"({"type":"rate_limit","threshold":0})", 429),
           std::pair(R"({"type":"ban"})", 429),
           std::pair(R"({"type":"ban","scope":"address"})", 403),
           std::pair(R"({"type":"maintenance"})", 503),
           std::pair(R"({"type":"overloaded"})", 503),
           std::pair(R"({"type":"html_error_page","status":502})", 502),
       }) {
    strike(action);
    open();
    ASSERT_TRUE(listener.end) << action;
    EXPECT_EQ(listener.end->status, status) << action;
    EXPECT_EQ(listener.end->error->kind, ClientErrorKind::not_upgraded) << action;
  }
  ASSERT_TRUE(box->plan().remove("f"));
  open();
  EXPECT_TRUE(listener.is_open);
}

TEST_F(UpgradeFaults, EndWithoutAnAnswer) {
  for (const auto& [action, kind] : {
           std::pair(R"({"type":"connection_reset"})", ClientErrorKind::closed),
           std::pair(R"({"type":"half_close"})", ClientErrorKind::closed),
           std::pair(R"({"type":"hang"})", ClientErrorKind::timeout),
       }) {
    strike(action);
    open();
    ASSERT_TRUE(listener.end) << action;
    EXPECT_EQ(listener.end->error->kind, kind) << action << ": " << listener.end->error->text;
  }
}

TEST_F(UpgradeFaults, MakeAStreamOpenLateAndWhole) {
  for (const char* action : {R"({"type":"latency","ms":30})", R"({"type":"hang","hold_ms":30})"}) {
    strike(action);
    open();
    ASSERT_TRUE(listener.is_open) << action;
    ASSERT_TRUE(box->plan().remove("f"));
    listener.say(R"({"op":"ping"})");
    until([&] { return !listener.heard.empty(); });
    EXPECT_NE(listener.heard[0].find("pong"), std::string::npos);
  }
  strike(R"({"type":"latency","ms":60000})");
  open();
  ASSERT_TRUE(listener.end) << "later than the client waits";
  EXPECT_EQ(listener.end->error->kind, ClientErrorKind::timeout);
}

TEST_F(UpgradeFaults, ComeFromWhatStrikesEverythingAndFromTheHeader) {
  strike(R"({"type":"maintenance"})", "{}");
  open();
  EXPECT_EQ(listener.end->status, 503);
  strike(R"({"type":"truncated_body"})", "{}");
  open();
  EXPECT_TRUE(listener.is_open) << "there is no body";
  auto fault = faults::fault_from_json(
      R"({"name":"f","when":{"probability":0},"action":{"type":"overloaded"}})");
  ASSERT_TRUE(box->plan().put(*fault, box->now()));
  open();
  EXPECT_TRUE(listener.is_open);
  open({{"X-Venuebox-Fault", "f"}});
  EXPECT_EQ(listener.end->status, 503);
  open({{"X-Venuebox-Fault", "unknown"}});
  EXPECT_EQ(listener.end->status, 400);
}

TEST_F(UpgradeFaults, AreCountedAndToldInTheTimeline) {
  strike(R"({"type":"overloaded"})", R"({"operation":"stream","transport":"http"})");
  open();
  EXPECT_EQ(box->plan().timeline().total(), 1u);
  EXPECT_NE(box->plan().timeline().timeline_json().find(R"("operation":"stream")"),
            std::string::npos);
}

}  // namespace
}  // namespace venuebox::control
