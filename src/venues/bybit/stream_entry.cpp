// Orders over the trade stream: each is what the REST route of its operation would do, with the
// envelope of the stream around the answer.
#include <deque>

#include "venues/bybit/signing.h"
#include "venues/bybit/stream_wire.h"

namespace venuebox::venues::bybit {
namespace {
struct Operation {
  std::string_view name;
  std::string_view path;
};
constexpr Operation kOperations[] = {
    {"order.create", "/v5/order/create"},
    {"order.amend", "/v5/order/amend"},
    {"order.cancel", "/v5/order/cancel"},
    {"order.create-batch", "/v5/order/create-batch"},
    {"order.amend-batch", "/v5/order/amend-batch"},
    {"order.cancel-batch", "/v5/order/cancel-batch"},
};

constexpr int kUnknownOperation = 10404;
constexpr int kRepeatedRequestId = 20006;
constexpr std::size_t kRequestIdMax = 36;

// The answer of a stream to one order operation.
class Answer {
 public:
  Answer(StreamCall& call, std::string_view op, std::string_view request_id)
      : call_(call), op_(op), request_id_(request_id) {}

  void refuse(const Refusal& refusal) { send(refusal.code, refusal.text, "{}", "{}", {}); }

  // From the REST envelope of the same operation.
  void pass_on(const gateway::Response& response) {
    JsonObject envelope;
    const auto parsed = envelope.parse(response.body);
    VENUEBOX_ASSERT(parsed);
    const JsonValue* code = envelope.find("retCode");
    const std::string_view result = envelope.find("result")->text;
    const std::string_view extra = envelope.find("retExtInfo")->text;
    send(std::stoi(std::string(code->text)), envelope.find("retMsg")->text, result, extra,
         response.headers);
  }

 private:
  void send(int code, std::string_view words, std::string_view data, std::string_view extra,
            std::string_view header_lines) {
    std::string text;
    JsonWriter json(text);
    json.open();
    if (!request_id_.empty()) json.text("reqId", request_id_);
    json.number("retCode", code).text("retMsg", words).text("op", op_);
    json.key("data").raw(data).key("retExtInfo").raw(extra);
    json.key("header").open();
    write_limits(json, header_lines);
    json.number_text("Timenow", call_.door_time.ms()).close();
    json.text("connId", connection_id(call_)).close();
    call_.actions.reply(text);
  }

  static void write_limits(JsonWriter& json, std::string_view lines) {
    while (!lines.empty()) {
      const std::size_t end = std::min(lines.find("\r\n"), lines.size());
      const std::string_view line = lines.substr(0, end);
      lines.remove_prefix(std::min(end + 2, lines.size()));
      const std::size_t colon = line.find(": ");
      if (!line.starts_with("X-Bapi-") || colon == std::string_view::npos) continue;
      json.text(line.substr(0, colon), line.substr(colon + 2));
    }
  }

  StreamCall& call_;
  std::string_view op_;
  std::string_view request_id_;
};

// The message's `header`: when it was sent, as REST says it in its own headers.
std::optional<Refusal> check_header(const StreamCall& call) {
  const JsonValue* header = call.json.find("header");
  if (!header || header->kind != JsonKind::object) return bad_parameter("header");
  JsonObject members;
  if (!members.parse(header->text)) return bad_parameter("header");
  const auto text = [&](std::string_view name) { return text_or_number(members.find(name)); };
  return check_freshness(text("X-BAPI-TIMESTAMP"), text("X-BAPI-RECV-WINDOW"), call.door_time);
}

// `args` holds one object: what REST has as its body.
std::optional<std::string> body_of(const StreamCall& call) {
  const JsonValue* arguments = call.json.find("args");
  if (!arguments || arguments->kind != JsonKind::list) return std::nullopt;
  std::deque<std::string> storage;
  const auto list = json_list(arguments->text, storage);
  if (!list || list->size() != 1 || list->front().kind != JsonKind::object) return std::nullopt;
  return std::string(list->front().text);
}
}  // namespace

void answer_order_entry(StreamCall& call, std::string_view op, std::string_view request_id) {
  Answer answer(call, op, request_id);
  const auto operation = std::ranges::find(kOperations, op, &Operation::name);
  if (operation == std::end(kOperations)) {
    return answer.refuse({kUnknownOperation, "op type is not found"});
  }
  if (!call.account) return answer.refuse({kWrongSignature, "Request not authorized"});
  if (request_id.size() > kRequestIdMax) return answer.refuse(bad_parameter("reqId"));
  if (!request_id.empty() && !call.actions.claim(request_id)) {
    return answer.refuse({kRepeatedRequestId, "duplicate reqId"});
  }
  if (auto refusal = check_header(call)) return answer.refuse(*refusal);
  const auto body = body_of(call);
  if (!body) return answer.refuse(bad_parameter("args"));
  gateway::Response response;
  if (call.actions.perform({gateway::Method::post, operation->path, *body}, response))
    answer.pass_on(response);
}

void answer_late_entry(StreamCall& call, std::string_view op, std::string_view request_id,
                       const gateway::Response& response) {
  Answer(call, op, request_id).pass_on(response);
}

}  // namespace venuebox::venues::bybit
