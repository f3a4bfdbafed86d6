#include "venues/paradex/streams.h"

#include <fmt/format.h>

#include "venues/paradex/jwt.h"
#include "venues/paradex/stream_wire.h"

namespace venuebox::venues::paradex {
namespace {
constexpr gateway::StreamRoute kRoutes[] = {{"/v1", gateway::Access::open}};
constexpr gateway::StreamLimits kLimits{.ping_every = seconds(55), .pong_within = seconds(5)};

// Why a bearer stands for nobody.
std::optional<RpcError> check_bearer(const StreamCall& call, std::string_view bearer,
                                     AccountId& account) {
  const auto read = subject_of_token(call.box_key, bearer, call.door_time);
  if (const auto* fault = std::get_if<TokenFault>(&read)) {
    switch (*fault) {
      case TokenFault::missing:
      case TokenFault::malformed:
        return RpcError{rpc_code::kMalformedBearer, "malformed bearer", "params.bearer: not a jwt"};
      case TokenFault::foreign:
        return RpcError{rpc_code::kInvalidBearer, "invalid bearer", "not a jwt of this venue"};
      case TokenFault::expired:
        return RpcError{rpc_code::kInvalidBearer, "invalid bearer", "the jwt has expired"};
    }
  }
  const gateway::Credential* credential = call.find(std::get<std::string>(read));
  if (!credential) {
    return RpcError{rpc_code::kInvalidBearer, "invalid bearer", "account not found"};
  }
  account = credential->account;
  return std::nullopt;
}

// Who has proved once who they are stays so for the life of the connection: a token may expire.
void log_in(StreamCall& call, const RpcRequest& request) {
  JsonObject params;
  if (auto error = read_params(request, params)) return answer(call, request, *error);
  AccountId account = call.account.value_or(AccountId{});
  if (call.verifies) {
    const JsonValue* bearer = params.find("bearer");
    const bool is_text = bearer && bearer->kind == JsonKind::text;
    const auto error = check_bearer(call, is_text ? bearer->text : std::string_view(), account);
    if (error) return answer(call, request, *error);
  }
  if (call.account.value_or(account) != account) {
    return answer(call, request,
                  RpcError{rpc_code::kInvalidBearer, "invalid bearer",
                           "this connection is authenticated for another account"});
  }
  call.actions.log_in(account);
  std::string result;
  JsonWriter(result).open().text("node_id", fmt::format("{:016x}", call.box_key)).close();
  answer(call, request, result);
}

// The channel that a request names, which is `params.channel`.
std::optional<RpcError> read_channel_name(const RpcRequest& request, JsonObject& params,
                                          std::string_view& name) {
  if (auto error = read_params(request, params)) return error;
  const JsonValue* channel = params.find("channel");
  if (!channel || channel->kind != JsonKind::text) {
    return RpcError{rpc_code::kParams, "invalid params", "params.channel: not a text"};
  }
  name = channel->text;
  return std::nullopt;
}

std::optional<RpcError> subscribe(StreamCall& call, std::string_view name) {
  const auto invalid = [](std::string_view why) {
    return RpcError{rpc_code::kInvalidRequest, "invalid subscribe request", std::string(why)};
  };
  const auto channel = channel_from(name, call.view, call.options);
  if (!channel) return invalid("invalid channel");
  if (gateway::is_private(channel->kind) && !call.account) {
    return RpcError{rpc_code::kMalformedBearer, "malformed bearer",
                    "the channel is private: auth first"};
  }
  const bool is_lenient = gateway::flag_option(call.options, "lenient_duplicates");
  if (call.actions.is_subscribed(name) && !is_lenient) return invalid("already subscribed");
  if (!call.actions.subscribe(*channel)) return invalid("too many channels for one connection");
  return std::nullopt;
}

std::optional<RpcError> unsubscribe(StreamCall& call, std::string_view name) {
  if (call.actions.unsubscribe(name)) return std::nullopt;
  return RpcError{rpc_code::kInvalidRequest, "invalid unsubscribe request", "not subscribed"};
}

void answer_subscription(StreamCall& call, const RpcRequest& request) {
  JsonObject params;
  std::string_view name;
  auto error = read_channel_name(request, params, name);
  if (!error)
    error = request.method == "subscribe" ? subscribe(call, name) : unsubscribe(call, name);
  if (error) return answer(call, request, *error);
  std::string result;
  JsonWriter(result).open().text("channel", name).close();
  answer(call, request, result);
}

void receive(StreamCall& call, bool is_text) {
  RpcRequest request;
  if (!is_text) {
    return answer(call, request, RpcError{rpc_code::kParse, "parse error", "not a text frame"});
  }
  if (auto error = read_request(call, request)) return answer(call, request, *error);
  if (request.method == "auth") return log_in(call, request);
  if (request.method == "subscribe" || request.method == "unsubscribe") {
    return answer_subscription(call, request);
  }
  if (answer_order_entry(call, request)) return;
  answer(call, request,
         RpcError{rpc_code::kUnknownMethod, "method not found", std::string(request.method)});
}

void answer_performed(StreamCall& call, const gateway::Response& response) {
  RpcRequest request;
  const auto error = read_request(call, request);
  VENUEBOX_ASSERT(!error);  // It was read when it came.
  answer_late_entry(call, request, response);
}

// Whoever asks for the binary encoding, which is not built, hears of it before it waits for data.
bool admits(const gateway::Request& request, gateway::Response& response) {
  for (const std::string_view name : {"sbeSchemaId", "sbeSchemaVersion"}) {
    if (!net::query_value(request.query, name)) continue;
    response.status = 400;
    JsonWriter json(response.body);
    write_error(json, {400, "INVALID_REQUEST_PARAMETER",
                       fmt::format("{}: messages are JSON here; leave it out", name)});
    return false;
  }
  return true;
}

void publish(Publication& publication) {
  if (gateway::is_private(publication.channel.kind)) return publish_private(publication);
  publish_public(publication);
}
}  // namespace

void tell_data(Publication& publication, std::string_view data) {
  std::string text;
  JsonWriter json(text);
  json.open().text("jsonrpc", "2.0").text("method", "subscription").key("params").open();
  json.text("channel", publication.channel.topic).key("data").raw(data).close().close();
  publication.tell(text);
}

constinit const gateway::StreamTable stream_table{.routes = kRoutes,
                                                  .limits = kLimits,
                                                  .receive = receive,
                                                  .publish = publish,
                                                  .answer_performed = answer_performed,
                                                  .has_sessions = true,
                                                  .admits = admits};

}  // namespace venuebox::venues::paradex
