// Faults of frames over real sockets, to the byte: what a struck listener hears is set beside what
// it would have heard.
#include <algorithm>

#include "control/test_listener.h"
#include "faults/parse.h"

namespace venuebox::control {
namespace {
using Frames = std::vector<std::string>;

constexpr int kMoves = 4;

// One life of a box: a listener to the book, a fault, and then so many moves, each of which is one
// frame.
struct Life {
  explicit Life(std::string_view action) {
    Served served;
    Listener listener(served);
    served.quote(600'000, 600'010);
    listener.open();
    listener.say(R"({"op":"subscribe","args":["orderbook.50.BTCUSDT"]})");
    served.until([&] { return listener.heard.size() == 2; });
    listener.heard.clear();
    if (!action.empty()) {
      const auto fault = faults::fault_from_json(
          fmt::format(R"({{"name":"f","when":{{"nth":[2]}},"action":{}}})", action));
      EXPECT_TRUE(fault) << fault.error().text();
      EXPECT_TRUE(served.box->plan().put(*fault, served.box->now()));
    }
    for (int i = 1; i <= kMoves; ++i) {
      served.quote(600'000 + 10 * i, 600'010 + 10 * i);
      served.loop.turn();
    }
    // What is answered last has come behind all of it.
    if (!listener.end) listener.say(R"({"op":"ping"})");
    served.until([&] {
      return listener.end ||
             (!listener.heard.empty() && listener.heard.back().find("pong") != std::string::npos);
    });
    end = listener.end;
    heard = std::move(listener.heard);
    if (!end) heard.pop_back();
  }

  Frames heard;
  std::optional<net::WebSocketEnd> end;
};

struct FrameFault {
  std::string_view action;
  std::vector<std::size_t> heard;  // which of the frames, in this order, counted from 1
  bool has_ended = false;
  std::uint16_t code = 0;
  std::string_view reason = {};
};

const FrameFault kFrameFaults[] = {
    {"", {1, 2, 3, 4}},
    {R"({"type":"drop"})", {1, 3, 4}},
    {R"({"type":"duplicate","copies":2})", {1, 2, 2, 2, 3, 4}},
    {R"({"type":"duplicate","after_ms":1500})", {1, 2, 3, 2, 4}},
    {R"({"type":"delay","ms":1500})", {1, 3, 2, 4}},
    {R"({"type":"reorder","by":2,"within_ms":60000})", {1, 3, 4, 2}},
    {R"({"type":"sequence_gap"})", {1, 3, 4}},
    {R"({"type":"sequence_gap","by":2})", {1, 4}},
    {R"({"type":"wrong_checksum"})", {1, 2, 3, 4}},  // Bybit's books have none.
    {R"({"type":"stall","lasts_ms":1500})", {1, 4}},
    {R"({"type":"silence_channel"})", {1}},
    {R"({"type":"hang","hold_ms":1500})", {1, 2, 3, 4}},
    {R"({"type":"close"})", {1}, true, 1011},
    {R"({"type":"close","code":1012,"reason":"upgrade"})", {1}, true, 1012, "upgrade"},
    {R"({"type":"close","code":1006})", {1}, true},
    {R"({"type":"connection_reset"})", {1}, true},
    {R"({"type":"connection_reset","at":"after"})", {1, 2}, true},
    {R"({"type":"half_close"})", {1}, true},
};

TEST(FrameFaults, AreWhatTheySayToTheByte) {
  const Frames plain = Life("").heard;
  ASSERT_EQ(plain.size(), static_cast<std::size_t>(kMoves));
  for (const FrameFault& row : kFrameFaults) {
    Frames expected;
    for (const std::size_t n : row.heard)
      expected.push_back(plain[n - 1]);
    const Life life(row.action);
    EXPECT_EQ(life.heard, expected) << row.action;
    ASSERT_EQ(life.end.has_value(), row.has_ended) << row.action;
    if (!life.end) continue;
    EXPECT_EQ(life.end->code, row.code) << row.action;
    EXPECT_EQ(life.end->reason, row.reason) << row.action;
    EXPECT_EQ(life.end->error.has_value(), row.code == 0) << "no goodbye: " << row.action;
  }
}

TEST(FrameFaults, DamageOneFrameAsMuchAsTheySay) {
  const Frames plain = Life("").heard;
  for (const char* kind : {"bytes", "truncated"}) {
    const Frames struck = Life(fmt::format(R"({{"type":"corrupt","kind":"{}"}})", kind)).heard;
    ASSERT_EQ(struck.size(), plain.size()) << kind;
    for (std::size_t i = 0; i < plain.size(); ++i)
      EXPECT_EQ(struck[i] == plain[i], i != 1) << kind << ": " << struck[i];
    if (kind == std::string_view("truncated")) {
      EXPECT_TRUE(plain[1].starts_with(struck[1])) << struck[1];
      continue;
    }
    ASSERT_EQ(struck[1].size(), plain[1].size());
    const auto [here, there] = std::ranges::mismatch(struck[1], plain[1]);
    EXPECT_TRUE(std::equal(here + 1, struck[1].end(), there + 1)) << "one byte alone";
  }
  const Life unreadable(R"({"type":"corrupt","kind":"not_utf8"})");
  EXPECT_EQ(unreadable.heard, Frames{plain[0]});
  ASSERT_TRUE(unreadable.end);
  EXPECT_TRUE(unreadable.end->error) << "text that is no UTF-8 ends the connection";
}

TEST(FrameFaults, ASequenceThatBeginsAgainComesWithASnapshot) {
  const Frames plain = Life("").heard;
  const Frames struck = Life(R"({"type":"sequence_reset","to":7})").heard;
  ASSERT_GE(struck.size(), 3u);
  EXPECT_EQ(struck[0], plain[0]);
  EXPECT_EQ(struck[1], plain[1]);
  const auto snapshot = std::ranges::find_if(struck, [](const std::string& frame) {
    return frame.find(R"("type":"snapshot")") != std::string::npos;
  });
  ASSERT_NE(snapshot, struck.end());
  EXPECT_NE(snapshot->find(R"("u":8,)"), std::string::npos)
      << "the next after 7, since the book has moved: " << *snapshot;
}

}  // namespace
}  // namespace venuebox::control
