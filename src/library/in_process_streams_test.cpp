#include "library/in_process_streams.h"

#include "library/test_box.h"

namespace venuebox::library {
namespace {
constexpr const char* kPublic = "/v5/public/linear";

struct InProcessStreaming : BoxTest, client::MessageStreamHandler {
  InProcessStreaming() { streams = std::make_unique<InProcessStreams>(*box, 0, scheduler); }
  void opened() override { told.emplace_back("opened"); }
  void received(std::string_view message, bool is_text) override {
    told.emplace_back(message);
    EXPECT_TRUE(is_text);
    if (ends_when_told) stream.reset();
  }
  void closed(const client::StreamEnd& end) override {
    told.push_back("closed: " + end.text);
    status = end.status;
    code = end.code;
  }
  void open(std::string_view path = kPublic) {
    stream = streams->open(path, *this);
    EXPECT_TRUE(told.empty()) << "nothing is told from within a call";
    scheduler.run_for({});
  }
  void say(std::string_view message) {
    EXPECT_TRUE(stream->send(message));
    scheduler.run_for({});
  }
  std::size_t heard(std::string_view part) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        told, [part](const std::string& text) { return text.contains(part); }));
  }

  std::unique_ptr<InProcessStreams> streams;
  std::unique_ptr<client::MessageStream> stream;
  std::vector<std::string> told;
  int status = 0;
  std::uint16_t code = 0;
  bool ends_when_told = false;
};

constexpr const char* kSubscribe = R"({"op":"subscribe","args":["orderbook.50.BTCUSDT"]})";

TEST_F(InProcessStreaming, SpeaksToTheBoxAndHearsItInOrder) {
  open();
  EXPECT_EQ(told, std::vector<std::string>{"opened"});
  say(R"({"op":"ping","req_id":"7"})");
  ASSERT_EQ(told.size(), 2u);
  EXPECT_TRUE(told[1].contains(R"("pong")")) << told[1];
  say(kSubscribe);
  scheduler.run_for(seconds(1));
  ASSERT_GE(told.size(), 4u);
  EXPECT_TRUE(told[2].contains(R"("success":true)")) << told[2];
  EXPECT_TRUE(told[3].contains(R"("type":"snapshot")")) << told[3];
}

TEST_F(InProcessStreaming, TimePassesInTheBoxWhileAStreamIsOpen) {
  open();
  const Timestamp before = box->now();
  scheduler.run_for(seconds(1));
  EXPECT_GE(box->now() - before, milliseconds(990));
}

TEST_F(InProcessStreaming, APathThatIsNoStreamIsToldAsSuch) {
  open("/v5/nothing");
  EXPECT_EQ(told, std::vector<std::string>{"closed: the box has no stream /v5/nothing"});
  EXPECT_EQ(status, 404);
  EXPECT_FALSE(stream->send("hello"));
}

TEST_F(InProcessStreaming, TheBoxSaysGoodbye) {
  open();
  ASSERT_TRUE(box->reset());
  scheduler.run_for({});
  EXPECT_EQ(told.back(), "closed: the server said goodbye with 1012: the box was reset");
  EXPECT_EQ(code, 1012);
  EXPECT_FALSE(stream->send("hello"));
}

TEST_F(InProcessStreaming, WhatIsNotInTheJournalIsNotTold) {
  open();
  store->is_full = true;
  ASSERT_TRUE(box->deposit("alice", "bybit", "USDT", "5"));  // which is to be kept
  say(kSubscribe);
  EXPECT_EQ(heard("success"), 0u);
  EXPECT_EQ(told.back(),
            "closed: the box of this process cannot keep its journal: journal: no space left");
}

TEST_F(InProcessStreaming, WhoIsToldMayEndIt) {
  open();
  ends_when_told = true;
  say(kSubscribe);
  scheduler.run_for(seconds(1));
  EXPECT_EQ(told.size(), 2u) << "and hears nothing more";
  EXPECT_FALSE(stream);
}

TEST_F(InProcessStreaming, EndsBeforeItIsOpen) {
  stream = streams->open(kPublic, *this);
  stream.reset();
  streams.reset();
  scheduler.run_for(seconds(1));
  EXPECT_TRUE(told.empty());
}

}  // namespace
}  // namespace venuebox::library
