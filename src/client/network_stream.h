// Streams over the network: WebSockets to a venue's base URL, on the loop of the caller's thread.
#pragma once

#include "client/message_stream.h"
#include "client/network_transport.h"
#include "net/web_socket_client.h"

namespace venuebox::client {

class NetworkStreams final : public StreamTransport {
 public:
  //   draw  random bits for masks, which nobody may foresee
  // The loop outlives it.
  NetworkStreams(net::Loop& loop, net::BaseUrl url, NetworkSettings settings,
                 net::WebSocketClient::Draw draw);

  std::unique_ptr<MessageStream> open(std::string_view path,
                                      MessageStreamHandler& handler) override;

 private:
  net::Loop& loop_;
  net::BaseUrl url_;
  NetworkSettings settings_;
  net::WebSocketClient::Draw draw_;
};

}  // namespace venuebox::client
