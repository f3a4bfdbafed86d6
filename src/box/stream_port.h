// Where the sockets of one of a box's stream routes come in.
#pragma once

#include "gateway/streams.h"

namespace venuebox::box {

class Box;

class StreamPort final : public net::SocketHandler {
 public:
  StreamPort(Box& box, std::size_t exchange, const gateway::StreamRoute& route)
      : box_(box), exchange_(exchange), route_(route) {}

  void opened(net::WebSocket& socket, const net::Request& request) override;
  void received(net::WebSocket& socket, std::string_view message, bool is_text) override;
  void closed(net::WebSocket& socket) override;

 private:
  Box& box_;
  std::size_t exchange_;
  const gateway::StreamRoute& route_;
};

}  // namespace venuebox::box
