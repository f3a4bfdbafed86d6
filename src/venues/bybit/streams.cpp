#include "venues/bybit/streams.h"

#include <fmt/format.h>

#include "venues/bybit/signing.h"
#include "venues/bybit/stream_wire.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::Access;
using gateway::StreamRoute;

// Clients tell spot streams by their URL.
constexpr StreamRoute kRoutes[] = {
    {"/v5/public/spot", Access::open, kSpotStream},
    {"/v5/public/linear", Access::open, kLinearStream},
    {"/v5/public/inverse", Access::open, kInverseStream},
    {"/v5/public/option", Access::open, kOptionStream},
    {"/v5/private", Access::read, kPrivateStream},
    {"/v5/trade", Access::trade, kTradeStream},
};

constexpr std::size_t kSpotArgumentsMax = 10;
constexpr std::size_t kArgumentsBytesMax = 21'000;
constexpr int kRepeatedLogin = 20001;
constexpr Nanoseconds kIdleMax = seconds(600);

StreamMarket market_of(const StreamCall& call) {
  return static_cast<StreamMarket>(call.route.market);
}

// One client's message, taken apart.
struct Message {
  std::string_view op;
  std::string_view request_id;
  std::string_view arguments = "[]";  // raw JSON, a list
};

bool read_message(StreamCall& call, Message& message) {
  if (!call.json.parse(call.message)) return false;
  const JsonValue* op = call.json.find("op");
  if (!op || op->kind != JsonKind::text) return false;
  message.op = op->text;
  const char* id = market_of(call) == kTradeStream ? "reqId" : "req_id";
  message.request_id = text_or_number(call.json.find(id));
  const JsonValue* arguments = call.json.find("args");
  if (arguments && arguments->kind == JsonKind::list) message.arguments = arguments->text;
  return true;
}

// ---- answers ------------------------------------------------------------------------------------

// What becomes of a request on the public and private streams.
struct Verdict {
  bool success = true;
  std::string text;
  int code = 0;  // beside it, where clients look for one
};

void answer(StreamCall& call, const Message& message, const Verdict& verdict) {
  std::string text;
  JsonWriter json(text);
  json.open().boolean("success", verdict.success).text("ret_msg", verdict.text);
  if (verdict.code != 0) json.number("retCode", verdict.code);
  json.text("conn_id", connection_id(call));
  if (!message.request_id.empty()) json.text("req_id", message.request_id);
  json.text("op", message.op).close();
  call.actions.reply(text);
}

void answer_trade(StreamCall& call, const Message& message, int code, std::string_view words) {
  std::string text;
  JsonWriter json(text);
  json.open();
  if (!message.request_id.empty()) json.text("reqId", message.request_id);
  json.number("retCode", code).text("retMsg", words).text("op", message.op);
  json.text("connId", connection_id(call)).close();
  call.actions.reply(text);
}

void refuse_message(StreamCall& call, std::string_view words) {
  const Message nothing;
  if (market_of(call) == kTradeStream) {
    answer_trade(call, nothing, kParameterError, words);
  } else {
    answer(call, nothing, {false, std::string(words), 0});
  }
}

// ---- what clients ask for -----------------------------------------------------------------------

void answer_ping(StreamCall& call, const Message& message) {
  const std::string now = std::to_string(call.door_time.ms());
  std::string text;
  JsonWriter json(text);
  json.open();
  switch (market_of(call)) {
    case kTradeStream:
      json.number("retCode", 0).text("retMsg", "OK").text("op", "pong");
      json.key("data").open_list().text(now).close_list().text("connId", connection_id(call));
      break;
    case kPrivateStream:
      json.text("req_id", message.request_id).text("op", "pong");
      json.key("args").open_list().text(now).close_list().text("conn_id", connection_id(call));
      break;
    case kOptionStream:
      json.key("args").open_list().text(now).close_list().text("op", "pong");
      break;
    default: return answer(call, message, {true, "pong", 0});
  }
  json.close();
  call.actions.reply(text);
}

// {"op":"auth","args":[key, expires, signature]}: the signature is over "GET/realtime" and expires.
Refusal check_login(StreamCall& call, const Message& message, AccountId& account) {
  std::deque<std::string> storage;
  const auto list = json_list(message.arguments, storage);
  if (!list || list->size() != 3) return {kParameterError, "Params Error"};
  const std::string_view key = text_or_number(&(*list)[0]);
  const std::string_view expires = text_or_number(&(*list)[1]);
  const std::string_view signature = text_or_number(&(*list)[2]);
  const gateway::Credential* credential = call.find(key);
  if (!credential) return {kUnknownKey, "API key is invalid."};
  if (!is_ahead(expires, call.door_time)) {
    return {kWrongSignature, "Request expired: expires must lie ahead of the server's time"};
  }
  if (!is_signed_by(*credential, {"GET/realtime", expires}, signature)) {
    return {kWrongSignature, "Request not authorized"};
  }
  account = credential->account;
  return {0, {}};
}

void log_in(StreamCall& call, const Message& message) {
  if (call.route.access == Access::open)
    return answer(call, message, {false, "auth is not needed here"});
  if (call.verifies && call.account && market_of(call) == kTradeStream) {
    return answer_trade(call, message, kRepeatedLogin, "Repeat auth");
  }
  AccountId account = call.account.value_or(AccountId{});
  Refusal refusal = call.verifies ? check_login(call, message, account) : Refusal{};
  if (refusal.code == 0 && call.account.value_or(account) != account) {
    refusal = {kRepeatedLogin, "this connection has logged in with another account"};
  }
  if (refusal.code == 0) call.actions.log_in(account);
  if (market_of(call) == kTradeStream) {
    return answer_trade(call, message, refusal.code, refusal.code == 0 ? "OK" : refusal.text);
  }
  answer(call, message, {refusal.code == 0, refusal.text, refusal.code});
}

// One topic that does not exist fails the whole request.
Verdict subscribe(StreamCall& call, std::string_view arguments) {
  if (call.route.access == Access::read && !call.account) {
    return {false, "Request not authorized", kWrongSignature};
  }
  std::deque<std::string> storage;
  const auto list = json_list(arguments, storage);
  if (!list || list->empty()) return {false, "error:args is empty"};
  if (arguments.size() > kArgumentsBytesMax) return {false, "error:args is too long"};
  if (market_of(call) == kSpotStream && list->size() > kSpotArgumentsMax) {
    return {false, "error:args size >10"};
  }
  std::vector<Channel> channels;
  for (const JsonValue& topic : *list) {
    auto channel = channel_from(topic.text, market_of(call), call.view);
    if (!channel || topic.kind != JsonKind::text) {
      return {false, fmt::format("error:handler not found,topic:{}", topic.text)};
    }
    channels.push_back(std::move(*channel));
  }
  for (const Channel& channel : channels) {
    if (!call.actions.subscribe(channel))
      return {false, "error:too many topics for one connection"};
  }
  return {};
}

Verdict unsubscribe(StreamCall& call, std::string_view arguments) {
  std::deque<std::string> storage;
  const auto list = json_list(arguments, storage);
  if (!list || list->empty()) return {false, "error:args is empty"};
  for (const JsonValue& topic : *list)
    call.actions.unsubscribe(topic.text);
  return {};
}

void answer_subscription(StreamCall& call, const Message& message, Verdict verdict) {
  if (market_of(call) != kOptionStream) {
    if (verdict.success && market_of(call) == kSpotStream) verdict.text = message.op;
    return answer(call, message, verdict);
  }
  std::string text;
  JsonWriter json(text);
  json.open().boolean("success", verdict.success).text("conn_id", connection_id(call));
  if (!message.request_id.empty()) json.text("req_id", message.request_id);
  json.key("data").open();
  json.key("failTopics").raw(verdict.success ? "[]" : message.arguments);
  json.key("successTopics").raw(verdict.success ? message.arguments : "[]").close();
  json.text("type", "COMMAND_RESP").close();
  call.actions.reply(text);
}

void receive(StreamCall& call, bool is_text) {
  Message message;
  if (!is_text || !read_message(call, message))
    return refuse_message(call, "error:request is not JSON with an op");
  const bool is_trade = market_of(call) == kTradeStream;
  if (message.op == "ping") return answer_ping(call, message);
  if (message.op == "auth") return log_in(call, message);
  if (is_trade) return answer_order_entry(call, message.op, message.request_id);
  if (message.op == "subscribe") {
    return answer_subscription(call, message, subscribe(call, message.arguments));
  }
  if (message.op == "unsubscribe") {
    return answer_subscription(call, message, unsubscribe(call, message.arguments));
  }
  answer(call, message, {false, fmt::format("error:unknown op {}", message.op)});
}

void answer_performed(StreamCall& call, const gateway::Response& response) {
  Message message;
  VENUEBOX_ASSERT(read_message(call, message));  // It was read when it came.
  answer_late_entry(call, message.op, message.request_id, response);
}

// "?max_active_time=30s", or "1m": between half a minute and ten, on streams of one's own.
Nanoseconds idle_timeout(const StreamRoute& route, std::string_view query) {
  const auto text = net::query_value(query, "max_active_time");
  if (route.access == Access::open || !text || text->size() < 2) return kIdleMax;
  const auto number = integer_from_text(text->substr(0, text->size() - 1));
  const char unit = text->back();
  if (!number || (unit != 's' && unit != 'm')) return kIdleMax;
  const std::int64_t most = kIdleMax.raw / seconds(1).raw;
  const std::int64_t asked = std::min(*number, most) * (unit == 'm' ? 60 : 1);
  return seconds(std::clamp<std::int64_t>(asked, 30, most));
}

void publish(Publication& publication) {
  if (gateway::is_private(publication.channel.kind)) return publish_private(publication);
  publish_public(publication);
}
}  // namespace

std::string_view text_or_number(const JsonValue* value) {
  const bool is_one = value && (value->kind == JsonKind::text || value->kind == JsonKind::number);
  return is_one ? value->text : std::string_view{};
}

std::string connection_id(const StreamCall& call) {
  return fmt::format("{:016x}-{:x}", call.box_key, call.connection);
}

constinit const gateway::StreamTable stream_table{.routes = kRoutes,
                                                  .limits = {},
                                                  .receive = receive,
                                                  .publish = publish,
                                                  .answer_performed = answer_performed,
                                                  .idle_timeout = idle_timeout};

}  // namespace venuebox::venues::bybit
