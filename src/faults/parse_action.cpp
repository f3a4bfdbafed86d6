// The `action` of a fault, by the table of actions.
#include <fmt/core.h>

#include "faults/actions.h"
#include "faults/parse.h"

namespace venuebox::faults {
namespace {
std::string choices_of(const Parameter& parameter) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < choice_count(parameter); ++i)
    names.push_back(choice_name(parameter, i));
  return listed(names);
}

// A choice such as 502 may be written as the number that it is.
std::int64_t choice_from(const JsonValue& value, const Parameter& parameter,
                         const std::string& path, Failure& failure) {
  if (value.kind == JsonKind::text || value.kind == JsonKind::number) {
    for (std::size_t i = 0; i < choice_count(parameter); ++i) {
      if (choice_name(parameter, i) == value.text) return static_cast<std::int64_t>(i);
    }
  }
  failure.set(path, "must be one of: " + choices_of(parameter));
  return 0;
}

Value value_from(const JsonValue& value, const Parameter& parameter, const std::string& path,
                 Failure& failure) {
  switch (parameter.type) {
    case ParameterType::whole:
      return {whole_of(value, parameter.least, parameter.most, path, failure)};
    case ParameterType::ratio:
      return {ratio_of(value, parameter.least, parameter.most, path, failure)};
    case ParameterType::flag: return {flag_of(value, path, failure) ? 1 : 0};
    case ParameterType::choice: return {choice_from(value, parameter, path, failure)};
    case ParameterType::text: {
      std::string text = text_of(value, path, failure);
      if (std::ssize(text) > parameter.most) {
        failure.set(path, fmt::format("must have at most {} bytes", parameter.most));
      }
      return {0, std::move(text)};
    }
  }
  return {};
}

// A rate limit's own defaults, and its shorthand: `calls_per_minute` is a threshold in 60 s.
void settle_rate_limit(Fields& fields, const Trigger& when, Action& action) {
  const ActionInfo& info = info_of(ActionType::rate_limit);
  std::int64_t& threshold = action.values[*find_parameter(info, "threshold")].number;
  const auto per_minute =
      fields.whole("calls_per_minute", 1, info.parameters[*find_parameter(info, "threshold")].most);
  if (per_minute && (fields.has("threshold") || fields.has("window_ms"))) {
    fields.refuse("calls_per_minute",
                  "is short for threshold and window_ms, which stand here too; leave one out");
  } else if (per_minute) {
    threshold = *per_minute;
  } else if (!fields.has("threshold") && when.chooses()) {
    threshold = 0;  // The trigger says which calls are refused.
  }
}

std::string known_types() {
  std::vector<std::string_view> names;
  for (const ActionInfo& info : all_actions())
    names.push_back(info.name);
  for (const Alias& alias : all_aliases())
    names.push_back(alias.name);
  return listed(names);
}
}  // namespace

Action action_from(Fields& fields, const Trigger& when) {
  const auto name = fields.text("type");
  const auto type = action_from_name(name.value_or(""));
  if (!type) {
    fields.refuse("type",
                  name ? fmt::format("'{}' is not known; known are: {}", *name, known_types())
                       : "is missing; known are: " + known_types());
    return default_action(ActionType::latency);
  }
  const ActionInfo& info = info_of(*type);
  Action action = default_action(*type);
  for (std::size_t i = 0; i < info.parameters.size(); ++i) {
    const Parameter& parameter = info.parameters[i];
    const JsonValue* value = fields.find(parameter.name);
    if (value == nullptr) continue;
    action.values[i] =
        value_from(*value, parameter, fields.path_of(parameter.name), fields.failure());
  }
  if (*type == ActionType::rate_limit) settle_rate_limit(fields, when, action);
  fields.refuse_unknown();
  return action;
}

}  // namespace venuebox::faults
