// For tests: a box with two sockets on its streams.
#pragma once

#include "box/test_box.h"
#include "gateway/test_socket.h"

namespace venuebox::box {

struct Streaming : Running {
  explicit Streaming(const BoxSettings& s = settings())
      : Running(store::make_memory_store(), config("pinned"), s) {
    for (const char* path : {"/v5/private", "/v5/public/linear"}) {
      const net::Header upgrade[] = {{"Upgrade", "websocket"}};
      net::Request request;
      request.path = path;
      request.headers = upgrade;
      response.reset();
      box->handle(0, request, response);
      EXPECT_NE(response.upgrade, nullptr) << path;
      ports.push_back(response.upgrade);
      response.upgrade->opened(sockets[ports.size() - 1], request);
    }
  }
  ~Streaming() { box.reset(); }  // It says goodbye to the sockets.
  std::vector<std::string> say(std::size_t at, std::string_view message) {
    ports[at]->received(sockets[at], message, true);
    return sockets[at].take();
  }
  gateway::TestSocket sockets[2];
  std::vector<net::SocketHandler*> ports;
};

}  // namespace venuebox::box
