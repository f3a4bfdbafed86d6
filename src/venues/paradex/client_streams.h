// The client's side of Paradex's streams: JSON-RPC on one socket for what is public and one for an
// account's own. Sources and gaps: docs/venues/paradex.md
#pragma once

#include "gateway/client_streams.h"

namespace venuebox::venues::paradex {

extern const gateway::ClientStreams client_streams;

// Places in client_streams.sockets. The venue has one socket for all; what is public needs no
// login, so it does not wait for one.
enum ClientSocketPlace : std::size_t { kPublicSocket, kPrivateSocket };

// Requests that are no subscriptions carry texts, so that answers tell them apart.
inline constexpr std::string_view kLoginId = "login";
inline constexpr std::string_view kPingId = "ping";

// client_stream_news.cpp
Result<gateway::StreamNews> read_stream(std::size_t socket, std::string_view message,
                                        gateway::ClientDialect::Markets markets);

}  // namespace venuebox::venues::paradex
