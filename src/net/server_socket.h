// One upgraded connection: the face that the application sees, and what the server keeps for it
// beyond the rest of the connection. Internal to net.
#pragma once

#include <string_view>

#include "net/frame_decoder.h"
#include "net/http_server.h"
#include "net/web_socket.h"

namespace venuebox::net {

struct Connection;

// None of its functions touches the operating system, so none of them can end the connection.
class ServerSocket final : public WebSocket {
 public:
  ServerSocket(HttpServer::Impl& server, Connection& connection, SocketHandler& handler);

  void send(std::string_view frame) override;
  void send_text(std::string_view text) override;
  void close(std::uint16_t code, std::string_view reason) override;
  void end_rudely(Delivery::After after) override;
  std::size_t unsent() const override;
  void set_idle_timeout(Nanoseconds timeout) override;
  void set_heartbeat(Nanoseconds every, Nanoseconds answer_within) override;
  void forget_handler() override { handler = nullptr; }

  // Appends a close frame, the last one that leaves.
  void say_goodbye(std::string_view payload);
  bool is_idle() const;
  // Pings when it is time. False: the last ping has gone unanswered for too long.
  bool beat();

  SocketHandler* handler;  // null: forgotten
  FrameDecoder decoder;
  std::uint64_t heard;       // the sweep in which the last frame came
  std::uint64_t idle_limit;  // in sweeps; zero: none
  bool said_goodbye = false;
  bool awaits_pong = false;

 private:
  bool can_send() const;

  std::uint64_t ping_every_ = 0;  // in sweeps; zero: never
  std::uint64_t pong_within_ = 0;
  std::uint64_t pinged_ = 0;  // the sweep of the last ping

  HttpServer::Impl& server_;
  Connection& connection_;
};

}  // namespace venuebox::net
