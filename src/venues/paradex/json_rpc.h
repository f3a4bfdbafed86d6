// JSON-RPC 2.0 as Paradex speaks it on its streams: one request a message, whose id may be left out
// and comes back as it was sent. Times are box time in microseconds; nothing takes any.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/stream.h"

namespace venuebox::venues::paradex {

// A request, taken apart; its views live as long as the call's scratch.
struct RpcRequest {
  std::string id = "0";  // JSON; a request without one is answered as the first
  std::string_view method;
  JsonValue params;  // null where they are left out
};

struct RpcError {
  int code = 0;
  std::string message;
  std::string data;  // why; empty: it goes without saying
};

namespace rpc_code {
inline constexpr int kParse = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kUnknownMethod = -32601;
inline constexpr int kParams = -32602;
inline constexpr int kMethod = 100;  // the request was understood, and not carried out
inline constexpr int kMalformedBearer = 40110;
inline constexpr int kInvalidBearer = 40111;
}  // namespace rpc_code

// Fills `request` as far as it can be read, its id first.
std::optional<RpcError> read_request(gateway::StreamCall& call, RpcRequest& request);

// Params that are an object.
std::optional<RpcError> read_params(const RpcRequest& request, JsonObject& params);

// {"jsonrpc":"2.0","result":…,"usIn":…,"usOut":…,"usDiff":…,"id":…}
//   result  JSON
void answer(gateway::StreamCall& call, const RpcRequest& request, std::string_view result);
void answer(gateway::StreamCall& call, const RpcRequest& request, const RpcError& error);

}  // namespace venuebox::venues::paradex
