// The clocks of boxes: what a new one begins with, and how a running one is moved.
#include <fmt/core.h>

#include "box/clock_settings.h"
#include "control/api_call.h"

namespace venuebox::control {
namespace {
std::string_view name_of(box::ClockMode mode) {
  switch (mode) {
    case box::ClockMode::wall: return "wall";
    case box::ClockMode::scaled: return "scaled";
    case box::ClockMode::manual: return "manual";
  }
  return "wall";
}

Error in(std::string_view where, const Error& error) {
  return {error.kind, std::string(where), error.text()};
}

// The mode that a body asks for, if any: "scaled:60", or "scaled" beside its scale.
Result<std::optional<box::ClockSettings>> mode_in(const JsonObject& body) {
  const auto mode = text_member(body, "mode");
  const auto scale = number_member(body, "scale");
  if (!mode) return mode.error();
  if (!scale) return scale.error();
  if (!*mode && *scale) return invalid("scale", "belongs to a mode; say \"mode\":\"scaled\" too");
  if (!*mode) return std::optional<box::ClockSettings>{};
  std::string text = **mode;
  if (text == "scaled" && *scale) text += fmt::format(":{}", **scale);
  // Of the others GET tells a scale of 1, and what it tells can be sent back.
  if (scale->value_or(1) != 1 && !text.starts_with("scaled:")) {
    return invalid("scale", "belongs to scaled alone");
  }
  box::ClockSettings chosen;
  if (auto set = box::set_clock_mode(text, chosen); !set) return in("mode", set.error());
  return std::optional(chosen);
}
}  // namespace

// What is left out is as in the default box.
//   json    "manual", or {"mode":"manual","start":"recording"}; null: it is left out
//   market  of the new box
Result<box::ClockSettings> Api::clock_from(const JsonValue* json,
                                           const market::MarketSpec& market) const {
  box::ClockSettings clock = settings_.clock;
  std::string start;
  if (clock.at_recording) {  // Another market has its own, or none.
    clock.start.reset();
    clock.at_recording = false;
    if (market.kind == market::MarketSpec::Kind::replay) start = "recording";
  }
  if (json && json->kind == JsonKind::text) {
    if (auto set = box::set_clock_mode(json->text, clock); !set) return in("clock", set.error());
  } else if (json && json->kind == JsonKind::object) {
    JsonObject body;
    if (auto parsed = body.parse(json->text); !parsed) return in("clock", parsed.error());
    if (auto known = check_members(body, "mode scale start"); !known) {
      return in("clock", known.error());
    }
    const auto mode = mode_in(body);
    const auto wanted = text_member(body, "start");
    if (!mode) return in("clock", mode.error());
    if (!wanted) return in("clock", wanted.error());
    if (*mode) clock.mode = (*mode)->mode, clock.scale = (*mode)->scale;
    if (*wanted) start = **wanted;
  } else if (json && json->kind != JsonKind::null) {
    return invalid("clock", "must be a mode as text, or an object of mode and start");
  }
  auto set = box::set_clock_start(start, market, boxes_.door(), clock);
  if (!set) return in("clock.start", set.error());
  return clock;
}

// A clock that runs is shown as far as the box has lived through it.
void Api::get_clock(Call& call) {
  call.box.advance();
  auto json = call.json();
  const Timestamp now = call.box.now();
  json.open().text("mode", name_of(call.box.clock().mode()));
  json.number("scale", call.box.clock().scale());
  json.number("now_ms", now.ms()).text("now", iso_text(now)).close();
}

void Api::set_clock(Call& call) {
  const auto mode = mode_in(call.body);
  const auto advance = number_member(call.body, "advance_ms");
  const auto set = number_member(call.body, "set_ms");
  if (!mode) return call.fail(mode.error());
  if (!advance) return call.fail(advance.error());
  if (!set) return call.fail(set.error());
  if (!*mode && !*advance && !*set) {
    return call.fail(invalid("body", "needs mode, advance_ms or set_ms"));
  }
  if (*advance && *set) return call.fail(invalid("set_ms", "cannot stand beside advance_ms"));
  if (*advance || *set) {
    call.box.advance();
    const std::int64_t now_ms = call.box.now().ms();
    const std::int64_t left_ms = box::kLatest.ms() - now_ms;
    const std::string_view member = *advance ? "advance_ms" : "set_ms";
    const std::int64_t step_ms = *advance ? **advance : **set - now_ms;
    if (step_ms > left_ms)
      return call.fail(invalid(std::string(member), "is beyond the year 2200"));
    const Timestamp to = *set ? timestamp_from_ms(**set) : call.box.now() + milliseconds(step_ms);
    if (auto moved = call.box.advance_clock(to); !moved) {
      return call.fail(in(member, moved.error()));
    }
  }
  if (*mode) call.box.clock().set_mode((*mode)->mode, (*mode)->scale);
  get_clock(call);
}

}  // namespace venuebox::control
