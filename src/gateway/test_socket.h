// A socket for tests: keeps what is sent to it, decoded.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/web_socket.h"

namespace venuebox::gateway {

class TestSocket final : public net::WebSocket {
 public:
  void send(std::string_view frame) override { ++shared, add(frame); }
  void send_text(std::string_view text) override {
    std::string frame;
    net::append_text_frame(frame, text);
    add(frame);
  }
  void close(std::uint16_t code, std::string_view) override { closed_with = code; }
  void end_rudely(net::Delivery::After after) override { ended = after; }
  std::size_t unsent() const override { return backlog; }
  void set_idle_timeout(Nanoseconds timeout) override { idle_timeout = timeout; }
  void set_heartbeat(Nanoseconds every, Nanoseconds answer_within) override {
    ping_every = every;
    pong_within = answer_within;
  }
  void forget_handler() override { is_forgotten = true; }

  // What came since the last call.
  std::vector<std::string> take() { return std::exchange(messages_, {}); }

  std::size_t backlog = 0;
  std::uint16_t closed_with = 0;
  net::Delivery::After ended = net::Delivery::After::kept;  // without a goodbye
  bool is_forgotten = false;
  int shared = 0;  // frames that others may have got as well
  Nanoseconds idle_timeout;
  Nanoseconds ping_every;
  Nanoseconds pong_within;

 private:
  // A final, unmasked text frame, as RFC 6455, section 5.2, has it.
  void add(std::string_view frame) {
    ASSERT_GE(frame.size(), 2U);
    ASSERT_EQ(static_cast<unsigned char>(frame[0]), 0x81);
    const auto size = static_cast<unsigned char>(frame[1]);
    messages_.emplace_back(frame.substr(size == 127 ? 10 : size == 126 ? 4 : 2));
  }

  std::vector<std::string> messages_;
};

}  // namespace venuebox::gateway
