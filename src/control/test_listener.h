// For tests: a client of one of Bybit's streams, over a real socket, that keeps what it hears.
#pragma once

#include "control/test_served.h"
#include "net/web_socket_client.h"

namespace venuebox::control {

class Listener final : public net::WebSocketClientHandler {
 public:
  explicit Listener(Served& served) : served_(served) {}

  // Opens a stream, and waits until it is open or is not to be.
  void open(net::HeaderList headers = {}) {
    client_.reset();
    is_open = false;
    heard.clear();
    end.reset();
    net::WebSocketTarget target{.url = *net::base_url_from(served_.url),
                                .target = "/v5/public/linear",
                                .headers = std::move(headers)};
    client_.emplace(
        served_.loop, std::move(target), *this, [] { return net::Mask{1}; },
        net::WebSocketClientOptions{.open_timeout = milliseconds(200)});
    served_.until([&] { return is_open || end; });
  }
  void say(std::string_view message) { EXPECT_TRUE(client_->send_text(message)); }

  bool is_open = false;
  std::vector<std::string> heard;
  std::optional<net::WebSocketEnd> end;

 private:
  void opened() override { is_open = true; }
  void received(std::string_view message, bool) override { heard.emplace_back(message); }
  void closed(const net::WebSocketEnd& given) override { end = given; }

  Served& served_;
  std::optional<net::WebSocketClient> client_;
};

}  // namespace venuebox::control
