// The client's side of Bybit's streams: topics, logins and subscriptions in its words, and what its
// messages mean. Sources and gaps: docs/venues/bybit.md
#pragma once

#include "gateway/client_streams.h"

namespace venuebox::venues::bybit {

extern const gateway::ClientStreams client_streams;

// Places in client_streams.sockets.
enum ClientSocketPlace : std::size_t { kSpotSocket, kLinearSocket, kPrivateSocket };

// client_stream_news.cpp
Result<gateway::StreamNews> read_stream(std::size_t socket, std::string_view message,
                                        gateway::ClientDialect::Markets);

}  // namespace venuebox::venues::bybit
