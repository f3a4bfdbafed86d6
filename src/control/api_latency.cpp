// How long orders and their answers are on their way.
#include "control/api_call.h"

namespace venuebox::control {
namespace {
//   path  of the object whose members these are, with a point behind it, or empty
Result<gateway::Latency> latency_from(const JsonObject& json, std::string_view path) {
  gateway::Latency latency;
  struct Way {
    std::string_view name;
    gateway::LatencyModel& model;
  };
  for (const Way& way : {Way{"entry", latency.entry}, Way{"answer", latency.answer}}) {
    const std::string field = std::string(path) + std::string(way.name);
    const auto text = text_member(json, way.name);
    if (!text) return invalid(field, text.error().detail);
    if (!*text) continue;
    const auto model = gateway::LatencyModel::from_text(**text);
    if (!model) return invalid(field, model.error().detail);
    way.model = *model;
  }
  return latency;
}
}  // namespace

Result<std::optional<gateway::Latency>> latency_member(const JsonObject& body) {
  const JsonValue* value = body.find("latency");
  if (!value || value->kind == JsonKind::null) return std::optional<gateway::Latency>{};
  JsonObject json;
  if (value->kind != JsonKind::object || !json.parse(value->text)) {
    return invalid("latency", "must be an object with entry and answer");
  }
  if (auto known = check_members(json, "entry answer"); !known) {
    return invalid("latency." + known.error().where, known.error().detail);
  }
  auto latency = latency_from(json, "latency.");
  if (!latency) return latency.error();
  return std::optional(*latency);
}

void Api::get_latency(Call& call) {
  auto json = call.json();
  const gateway::Latency& latency = call.box.latency();
  json.open().text("entry", latency.entry.text()).text("answer", latency.answer.text()).close();
}

// What is left out takes no time.
void Api::set_latency(Call& call) {
  const auto latency = latency_from(call.body, "");
  if (!latency) return call.fail(latency.error());
  call.box.set_latency(*latency);
  get_latency(call);
}

}  // namespace venuebox::control
