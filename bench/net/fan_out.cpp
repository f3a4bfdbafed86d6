// Serves WebSockets and, once enough clients are there, sends each of them the same frames as fast
// as all of them take them: the server's part of fan_out.py, with the arguments of the bare epoll
// server it is compared with.
//
//   fan_out PORT CLIENTS SECONDS [FRAMES_PER_TURN]
//
// A frame has 205 bytes, as an update of an order book has them. Ends when a client leaves.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "base/time.h"
#include "net/http_server.h"
#include "net/web_socket.h"

namespace {

using namespace venuebox;
using SteadyClock = std::chrono::steady_clock;

class Publisher final : public net::HttpHandler, public net::SocketHandler {
 public:
  Publisher(net::Loop& loop, std::size_t clients, double seconds, int frames_per_turn)
      : loop_(loop), clients_(clients), seconds_(seconds), frames_per_turn_(frames_per_turn) {}

  void handle(const net::Request&, net::Response& response) override { response.upgrade = this; }
  void opened(net::WebSocket& socket, const net::Request&) override { sockets_.push_back(&socket); }
  void received(net::WebSocket&, std::string_view, bool) override {}
  void closed(net::WebSocket&) override {
    sockets_.clear();
    loop_.stop();
  }

  // At the end of a turn, before the flush.
  void publish() {
    if (sockets_.size() < clients_ || is_any_behind() || is_over()) return;
    for (int i = 0; i < frames_per_turn_; ++i) {
      frame_.clear();
      net::append_text_frame(frame_, update());
      for (net::WebSocket* socket : sockets_)
        socket->send(frame_);
    }
    loop_.post([] {});  // The next turn comes even if no client says anything.
  }

 private:
  bool is_any_behind() const {
    return std::ranges::any_of(sockets_,
                               [](const net::WebSocket* socket) { return socket->unsent() > 0; });
  }

  bool is_over() {
    const auto now = SteadyClock::now();
    if (sequence_ == 0) begin_ = now;
    return std::chrono::duration<double>(now - begin_).count() > seconds_;
  }

  std::string update() {
    std::string text =
        fmt::format(R"({{"channel":"order_book.BTC-USD-PERP.deltas","data":{{"seq_no":{:012},)"
                    R"("market":"BTC-USD-PERP","last_updated_at":1763640000000,"update_type":"d",)"
                    R"("inserts":[["BUY","95000.5","0.125"]],"deletes":[]}}}})",
                    ++sequence_);
    text.resize(kUpdateBytes, ' ');
    return text;
  }

  static constexpr std::size_t kUpdateBytes = 201;

  net::Loop& loop_;
  std::size_t clients_;
  double seconds_;
  int frames_per_turn_;
  std::vector<net::WebSocket*> sockets_;
  std::string frame_;
  std::uint64_t sequence_ = 0;
  SteadyClock::time_point begin_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4 || argc > 5) {
    fmt::print(stderr, "usage: fan_out PORT CLIENTS SECONDS [FRAMES_PER_TURN]\n");
    return 2;
  }
  const auto clients = static_cast<std::size_t>(std::atoi(argv[2]));
  net::raise_open_files_limit();
  net::Loop loop;
  const ManualClock clock;
  Publisher publisher(loop, clients, std::atof(argv[3]), argc > 4 ? std::atoi(argv[4]) : 1);
  net::HttpServer server(loop, clock, publisher, {.connections_max = clients});
  const auto listening = server.listen("127.0.0.1", static_cast<std::uint16_t>(std::atoi(argv[1])));
  if (!listening) {
    fmt::print(stderr, "fan_out: {}: {}\n", listening.error().where, listening.error().detail);
    return 1;
  }
  loop.at_end_of_turn([&] { publisher.publish(); });
  loop.at_end_of_turn([&] { server.flush(); });
  loop.run();
  return 0;
}
