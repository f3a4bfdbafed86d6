#include "client/network_stream.h"

namespace venuebox::client {
namespace {

bool is_ours(net::ClientErrorKind kind) {
  return kind == net::ClientErrorKind::refused_by_guard ||
         kind == net::ClientErrorKind::invalid_request || kind == net::ClientErrorKind::redirect;
}

StreamEnd end_of(const net::WebSocketEnd& end) {
  if (end.error) {
    return {.code = end.code,
            .status = end.status,
            .is_guarded = is_ours(end.error->kind),
            .text = end.error->text};
  }
  return goodbye(end.code, end.reason);
}

class NetworkStream final : public MessageStream, net::WebSocketClientHandler {
 public:
  NetworkStream(net::Loop& loop, net::WebSocketTarget target, net::WebSocketClient::Draw draw,
                net::WebSocketClientOptions options, MessageStreamHandler& handler)
      : handler_(handler),
        socket_(loop, std::move(target), *this, std::move(draw), std::move(options)) {}

  bool send(std::string_view message) override { return socket_.send_text(message); }

 private:
  void opened() override { handler_.opened(); }
  void received(std::string_view message, bool is_text) override {
    handler_.received(message, is_text);
  }
  void closed(const net::WebSocketEnd& end) override { handler_.closed(end_of(end)); }

  MessageStreamHandler& handler_;
  net::WebSocketClient socket_;
};
}  // namespace

NetworkStreams::NetworkStreams(net::Loop& loop, net::BaseUrl url, NetworkSettings settings,
                               net::WebSocketClient::Draw draw)
    : loop_(loop), url_(std::move(url)), settings_(std::move(settings)), draw_(std::move(draw)) {}

std::unique_ptr<MessageStream> NetworkStreams::open(std::string_view path,
                                                    MessageStreamHandler& handler) {
  net::WebSocketClientOptions options;
  options.guard = &net::network_guard(settings_.allow_network);
  options.ca_file = settings_.ca_file;
  return std::make_unique<NetworkStream>(
      loop_, net::WebSocketTarget{.url = url_, .target = std::string(path)}, draw_,
      std::move(options), handler);
}

}  // namespace venuebox::client
