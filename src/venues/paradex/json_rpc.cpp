#include "venues/paradex/json_rpc.h"

#include <deque>

namespace venuebox::venues::paradex {
namespace {
using gateway::StreamCall;

// Whether it is JSON, if no object.
bool is_json(std::string_view message) {
  std::string list = "[";
  list += message;
  list += "]";
  std::deque<std::string> storage;
  const auto values = json_list(list, storage);
  return values && values->size() == 1;
}

RpcError invalid_request(std::string_view why) {
  return {rpc_code::kInvalidRequest, "invalid request", std::string(why)};
}

// The id as JSON; none where it is of a kind that no id is.
std::optional<std::string> id_text(const JsonValue& id) {
  std::string text;
  if (id.kind == JsonKind::text) return JsonWriter(text).text(id.text), text;
  if (id.kind == JsonKind::number) return std::string(id.text);
  if (id.kind == JsonKind::null) return "null";
  return std::nullopt;
}

void write_times(JsonWriter& json, const StreamCall& call) {
  const std::int64_t now_us = call.now.ns / 1'000;
  json.number("usIn", now_us).number("usOut", now_us).number("usDiff", 0);
}
}  // namespace

std::optional<RpcError> read_request(StreamCall& call, RpcRequest& request) {
  if (!call.json.parse(call.message)) {
    if (!is_json(call.message)) return RpcError{rpc_code::kParse, "parse error", "not JSON"};
    return invalid_request("not an object; batches are not supported");
  }
  if (const JsonValue* id = call.json.find("id")) {
    auto text = id_text(*id);
    if (!text) return invalid_request("id: neither a number nor a text");
    request.id = std::move(*text);
  }
  const JsonValue* version = call.json.find("jsonrpc");
  if (!version || version->kind != JsonKind::text || version->text != "2.0")
    return invalid_request("jsonrpc: not \"2.0\"");
  const JsonValue* method = call.json.find("method");
  if (!method || method->kind != JsonKind::text) return invalid_request("method: not a text");
  request.method = method->text;
  if (const JsonValue* params = call.json.find("params")) request.params = *params;
  return std::nullopt;
}

std::optional<RpcError> read_params(const RpcRequest& request, JsonObject& params) {
  if (request.params.kind == JsonKind::object && params.parse(request.params.text)) {
    return std::nullopt;
  }
  return RpcError{rpc_code::kParams, "invalid params", "params: not an object"};
}

void answer(StreamCall& call, const RpcRequest& request, std::string_view result) {
  std::string text;
  JsonWriter json(text);
  json.open().text("jsonrpc", "2.0").key("result").raw(result);
  write_times(json, call);
  json.key("id").raw(request.id).close();
  call.actions.reply(text);
}

void answer(StreamCall& call, const RpcRequest& request, const RpcError& error) {
  std::string text;
  JsonWriter json(text);
  json.open().text("jsonrpc", "2.0").key("id").raw(request.id);
  json.key("error").open().number("code", error.code).text("message", error.message);
  if (!error.data.empty()) json.text("data", error.data);
  json.close();
  write_times(json, call);
  json.close();
  call.actions.reply(text);
}

}  // namespace venuebox::venues::paradex
