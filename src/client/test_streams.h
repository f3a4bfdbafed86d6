// For tests: streams that say what they are told to, and a venue that speaks in a few words.
#pragma once

#include <vector>

#include "client/message_stream.h"
#include "gateway/client_streams.h"

namespace venuebox::client {

// Keeps what is said on it; speaks when the test does.
class ScriptedStreams final : public StreamTransport {
 public:
  struct Line {
    std::string path;
    MessageStreamHandler* handler = nullptr;  // null: this side has ended it
    std::vector<std::string> sent;
    bool takes_messages = true;
  };

  std::unique_ptr<MessageStream> open(std::string_view path,
                                      MessageStreamHandler& handler) override {
    lines.push_back(std::make_shared<Line>());
    lines.back()->path = path;
    lines.back()->handler = &handler;
    return std::make_unique<Stream>(lines.back());
  }

  // Of the newest.
  Line& last() { return *lines.back(); }
  void accept() { last().handler->opened(); }
  void say(std::string_view message, bool is_text = true) {
    last().handler->received(message, is_text);
  }
  void close(const StreamEnd& end = {.text = "gone"}) { last().handler->closed(end); }
  std::vector<std::string> take_sent() { return std::exchange(last().sent, {}); }

  std::vector<std::shared_ptr<Line>> lines;  // all that were ever opened

 private:
  class Stream final : public MessageStream {
   public:
    explicit Stream(std::shared_ptr<Line> line) : line_(std::move(line)) {}
    ~Stream() override { line_->handler = nullptr; }
    bool send(std::string_view message) override {
      if (line_->takes_messages) line_->sent.emplace_back(message);
      return line_->takes_messages;
    }

   private:
    std::shared_ptr<Line> line_;
  };
};

// Acme has a public and a private socket. It is told "login KEY", "sub 1 a b", "unsub 2 a" and
// "ping 1". It says "login ok", "login no", "login later", "ok 1", "no 1", "pong", and of a
// channel: "book CHANNEL whole|change UPDATE BID ASK", with a checksum behind it where one is due;
// "last CHANNEL whole|change PRICE", "trade CHANNEL ID", "order CHANNEL ID". All else is garbled.
const gateway::ClientDialect& acme_with_streams();
inline constexpr std::size_t kAcmeTopicsMax = 2;        // of one message
inline constexpr std::uint16_t kAcmeNeverAgain = 4001;  // its close code
inline constexpr Nanoseconds kAcmePing = seconds(20);
unified::Market acme_market(std::string_view symbol);

}  // namespace venuebox::client
