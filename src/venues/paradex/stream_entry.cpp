// Orders over the stream: each is what the REST route of its operation would do, with the frame of
// the stream around its answer.
#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "venues/paradex/stream_wire.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::Method;
using gateway::Response;

constexpr std::string_view kQueued = "QUEUED_FOR_CANCELLATION";

// What is asked of REST.
struct Errand {
  Method method = Method::post;
  std::string target;
  std::string body;
};

struct Operation {
  std::string_view name;
  std::optional<RpcError> (*read)(const RpcRequest&, Errand&);
  // The result, from the answer of REST.
  std::string (*result)(const RpcRequest&, const Response&);
};

RpcError bad_params(std::string_view why) {
  return {rpc_code::kParams, "invalid params", std::string(why)};
}

// For a place in a path or a query.
std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                          (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
    encoded += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

// A text that is not empty; absent, null and "" are the same.
std::string_view text_of(const JsonObject& params, std::string_view name) {
  const JsonValue* value = params.find(name);
  return value && value->kind == JsonKind::text ? value->text : std::string_view();
}

std::string market_query(const JsonObject& params) {
  const std::string_view market = text_of(params, "market");
  return market.empty() ? std::string() : "?market=" + percent_encoded(market);
}

// ---- what is asked ------------------------------------------------------------------------------

std::optional<RpcError> read_create(const RpcRequest& request, Errand& errand) {
  if (request.params.kind != JsonKind::object) return bad_params("params: not an object");
  errand = {Method::post, "/v1/orders", std::string(request.params.text)};
  return std::nullopt;
}

std::optional<RpcError> read_create_batch(const RpcRequest& request, Errand& errand) {
  if (request.params.kind != JsonKind::list) return bad_params("params: not a list");
  errand = {Method::post, "/v1/orders/batch", std::string(request.params.text)};
  return std::nullopt;
}

std::optional<RpcError> read_modify(const RpcRequest& request, Errand& errand) {
  JsonObject params;
  if (auto error = read_params(request, params)) return error;
  const std::string_view id = text_of(params, "id");
  if (id.empty()) return bad_params("params.id: not a text");
  errand = {Method::put, "/v1/orders/" + percent_encoded(id), std::string(request.params.text)};
  return std::nullopt;
}

std::optional<RpcError> read_cancel(const RpcRequest& request, Errand& errand) {
  JsonObject params;
  if (auto error = read_params(request, params)) return error;
  errand.method = Method::del;
  const std::string_view id = text_of(params, "id");
  const std::string_view client_id = text_of(params, "client_id");
  if (id.empty() && client_id.empty()) return bad_params("params: neither id nor client_id");
  if (!id.empty()) {
    errand.target = "/v1/orders/" + percent_encoded(id);
  } else {
    errand.target = "/v1/orders/by_client_id/" + percent_encoded(client_id) + market_query(params);
  }
  return std::nullopt;
}

std::optional<RpcError> read_cancel_all(const RpcRequest& request, Errand& errand) {
  errand = {Method::del, "/v1/orders", {}};
  if (request.params.kind == JsonKind::null) return std::nullopt;
  JsonObject params;
  if (auto error = read_params(request, params)) return error;
  const JsonValue* market = params.find("market");
  // What cannot be a market must not become all of them.
  if (market && market->kind != JsonKind::text && market->kind != JsonKind::null) {
    return bad_params("params.market: not a text");
  }
  errand.target += market_query(params);
  return std::nullopt;
}

std::optional<RpcError> read_cancel_batch(const RpcRequest& request, Errand& errand) {
  if (request.params.kind != JsonKind::object) return bad_params("params: not an object");
  errand = {Method::del, "/v1/orders/batch", std::string(request.params.text)};
  return std::nullopt;
}

// ---- what came of it ----------------------------------------------------------------------------

std::string order_result(const RpcRequest&, const Response& response) {
  std::string result;
  JsonWriter(result).open().key("order").raw(response.body).close();
  return result;
}

std::string created_result(const RpcRequest&, const Response& response) {
  JsonObject order;
  VENUEBOX_ASSERT(order.parse(response.body));
  std::string result;
  JsonWriter json(result);
  json.open().key("order").raw(response.body);
  for (const std::string_view key : {"created_at", "received_at"})
    json.key(key).raw(order.find(key)->text);
  json.close();
  return result;
}

// {"orders":[…],"errors":[…]} as one list.
std::string batch_result(const RpcRequest&, const Response& response) {
  JsonObject answer;
  VENUEBOX_ASSERT(answer.parse(response.body));
  std::string result;
  JsonWriter json(result);
  json.open().key("results").open_list();
  const auto append = [&](std::string_view list, std::string_view key) {
    std::deque<std::string> storage;
    const auto entries = json_list(answer.find(list)->text, storage);
    VENUEBOX_ASSERT(entries);
    for (const JsonValue& entry : *entries)
      json.open().key(key).raw(entry.text).close();
  };
  append("orders", "order");
  append("errors", "error");
  json.close_list().close();
  return result;
}

// By whichever name the client has cancelled it.
std::string cancel_result(const RpcRequest& request, const Response&) {
  JsonObject params;
  VENUEBOX_ASSERT(params.parse(request.params.text));
  const std::string_view id = text_of(params, "id");
  std::string result;
  JsonWriter json(result);
  json.open();
  if (!id.empty()) {
    json.text("order_id", id);
  } else {
    json.text("client_id", text_of(params, "client_id"));
  }
  json.text("status", kQueued).close();
  return result;
}

std::string queued_result(const RpcRequest&, const Response&) {
  std::string result;
  JsonWriter(result).open().text("status", kQueued).close();
  return result;
}

std::string same_result(const RpcRequest&, const Response& response) { return response.body; }

constexpr Operation kOperations[] = {
    {"order.create", read_create, created_result},
    {"order.create_batch", read_create_batch, batch_result},
    {"order.modify", read_modify, order_result},
    {"order.cancel", read_cancel, cancel_result},
    {"order.cancel_all", read_cancel_all, queued_result},
    {"order.cancel_batch", read_cancel_batch, same_result},
};

// From the envelope of REST: its code and words.
RpcError error_of(const Response& response) {
  RpcError error{rpc_code::kMethod, "method error", {}};
  JsonObject envelope;
  if (!envelope.parse(response.body)) return error;
  const JsonValue* code = envelope.find("error");
  const JsonValue* words = envelope.find("message");
  const std::string text(words ? words->text : std::string_view());
  if (!code) return {rpc_code::kMethod, text, {}};
  return {rpc_code::kMethod, std::string(code->text), text};
}

void pass_on(StreamCall& call, const RpcRequest& request, const Operation& operation,
             const Response& response) {
  if (response.status >= 300) return answer(call, request, error_of(response));
  answer(call, request, operation.result(request, response));
}
// What becomes of the connection's orders when it ends; nothing is asked of REST.
constexpr std::string_view kSwitch = "order.cancel_on_disconnect";

void set_cancel_on_disconnect(StreamCall& call, const RpcRequest& request) {
  JsonObject params;
  if (auto error = read_params(request, params)) return answer(call, request, *error);
  const JsonValue* enabled = params.find("enabled");
  if (!enabled || enabled->kind != JsonKind::boolean) {
    return answer(call, request, bad_params("params.enabled: neither true nor false"));
  }
  const bool is_enabled = enabled->text == "true";
  call.actions.cancel_on_disconnect(is_enabled);
  std::string result;
  JsonWriter(result).open().boolean("enabled", is_enabled).close();
  answer(call, request, result);
}
}  // namespace

bool answer_order_entry(StreamCall& call, const RpcRequest& request) {
  const auto* operation = std::ranges::find(kOperations, request.method, &Operation::name);
  const bool is_switch = request.method == kSwitch;
  if (operation == std::end(kOperations) && !is_switch) return false;
  if (!call.account) {
    answer(call, request,
           RpcError{rpc_code::kMalformedBearer, "malformed bearer", "orders need auth first"});
    return true;
  }
  if (is_switch) {
    set_cancel_on_disconnect(call, request);
    return true;
  }
  Errand errand;
  if (auto error = operation->read(request, errand)) {
    answer(call, request, *error);
    return true;
  }
  Response response;
  const bool is_done = call.actions.perform({errand.method, errand.target, errand.body}, response);
  if (is_done) pass_on(call, request, *operation, response);
  return true;
}

void answer_late_entry(StreamCall& call, const RpcRequest& request, const Response& response) {
  const auto* operation = std::ranges::find(kOperations, request.method, &Operation::name);
  VENUEBOX_ASSERT(operation != std::end(kOperations));
  pass_on(call, request, *operation, response);
}

}  // namespace venuebox::venues::paradex
