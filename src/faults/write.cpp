// Faults to JSON.
#include "faults/write.h"

#include <array>

#include <fmt/core.h>

#include "base/json_writer.h"
#include "faults/actions.h"
#include "faults/parse.h"

namespace venuebox::faults {
namespace {
constexpr std::array<std::string_view, 7> kDays{"sunday",   "monday", "tuesday", "wednesday",
                                                "thursday", "friday", "saturday"};

std::string clock_text(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

void write_ratio(JsonWriter& json, std::string_view key, Ratio ratio) {
  json.key(key).raw(ratio_text(ratio));
}

// To the nanosecond, unlike iso_text, so that a window is read back as it was.
std::string exact_text(Timestamp time) {
  std::string text = iso_text(time);
  const std::int64_t beyond = (time.ns % 1'000'000 + 1'000'000) % 1'000'000;
  if (beyond != 0) text = fmt::format("{}{:06}Z", text.substr(0, text.size() - 1), beyond);
  return text;
}

void write_where(JsonWriter& json, const Selector& where) {
  json.key("where").open();
  const auto text = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) json.text(key, value);
  };
  text("venue", where.venue);
  text("account", where.account);
  text("symbol", where.symbol);
  text("operation", where.operation);
  if (where.transport != Transport::any) json.text("transport", name_of(where.transport));
  text("channel", where.channel);
  json.close();
}

void write_times(JsonWriter& json, const Trigger& when) {
  if (when.window) {
    json.key("window").open();
    if (when.window->from != Timestamp{} || when.window->to == kNever) {
      json.text("from", exact_text(when.window->from));
    }
    if (when.window->to != kNever) json.text("to", exact_text(when.window->to));
    json.close();
  }
  if (when.daily) {
    json.key("daily").open().text("start", clock_text(when.daily->start_minute));
    json.number("minutes", when.daily->minutes).close();
  }
  if (when.weekly) {
    json.key("weekly").open().text("day", kDays[static_cast<std::size_t>(when.weekly->day)]);
    json.text("start", clock_text(when.weekly->start_minute));
    json.number("minutes", when.weekly->minutes).close();
  }
}

void write_chances(JsonWriter& json, const Trigger& when) {
  if (when.probability) write_ratio(json, "probability", *when.probability);
  if (when.hourly_rate) {
    json.key("hourly_rate").open();
    for (std::size_t hour = 0; hour < 24; ++hour) {
      if (const auto rate = when.hourly_rate->hours[hour]) {
        write_ratio(json, std::to_string(hour), *rate);
      }
    }
    write_ratio(json, "default", when.hourly_rate->otherwise);
    json.close();
  }
  if (when.burst) {
    json.key("burst").open();
    write_ratio(json, "enter", when.burst->enter);
    write_ratio(json, "leave", when.burst->leave);
    json.close();
  }
}

void write_when(JsonWriter& json, const Trigger& when) {
  json.key("when").open();
  write_chances(json, when);
  if (!when.nth.empty()) {
    json.key("nth").open_list();
    for (const std::uint64_t n : when.nth)
      json.number(static_cast<std::int64_t>(n));
    json.close_list();
  }
  if (when.every != 0) json.number("every", static_cast<std::int64_t>(when.every));
  write_times(json, when);
  if (when.load_above_per_s) {
    json.key("load_above").open();
    json.number("per_s", static_cast<std::int64_t>(*when.load_above_per_s)).close();
  }
  if (when.after) {
    json.key("after").open().text("event", name_of(when.after->event));
    json.number("n", static_cast<std::int64_t>(when.after->n)).close();
  }
  if (!when.with.empty()) json.text("with", when.with);
  json.close();
}
}  // namespace

std::string ratio_text(Ratio ratio) { return trimmed_text(ratio.raw, 9); }

void write_parameters(JsonWriter& json, const Action& action) {
  const ActionInfo& info = info_of(action.type);
  for (std::size_t i = 0; i < info.parameters.size(); ++i) {
    const Parameter& parameter = info.parameters[i];
    const Value& value = action.values[i];
    switch (parameter.type) {
      case ParameterType::whole: json.number(parameter.name, value.number); break;
      case ParameterType::ratio: write_ratio(json, parameter.name, {value.number}); break;
      case ParameterType::flag: json.boolean(parameter.name, value.number != 0); break;
      case ParameterType::choice: {
        const auto place = static_cast<std::size_t>(value.number);
        json.text(parameter.name, choice_name(parameter, place));
        break;
      }
      case ParameterType::text:
        if (!value.text.empty()) json.text(parameter.name, value.text);
        break;
    }
  }
}

void write_fault(std::string& out, const Fault& fault) {
  JsonWriter json(out);
  json.open().text("name", fault.name);
  if (fault.where != Selector{}) write_where(json, fault.where);
  if (fault.when != Trigger{}) write_when(json, fault.when);
  json.key("action").open().text("type", name_of(fault.action.type));
  write_parameters(json, fault.action);
  json.close();
  if (fault.times) json.number("times", static_cast<std::int64_t>(*fault.times));
  if (fault.lifetime) json.number("for_ms", fault.lifetime->raw / 1'000'000);
  if (fault.priority != 0) json.number("priority", fault.priority);
  json.close();
}

std::string json_of(const Fault& fault) {
  std::string out;
  write_fault(out, fault);
  return out;
}

std::string json_of(std::span<const Fault> faults) {
  std::string out = "[";
  for (const Fault& fault : faults) {
    if (out.size() > 1) out += ',';
    write_fault(out, fault);
  }
  return out += ']';
}

}  // namespace venuebox::faults
