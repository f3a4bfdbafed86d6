// Boxes and their clocks.
#include <fmt/core.h>

#include "control/api_call.h"
#include "venues/all.h"

namespace venuebox::control {
namespace {
void write_clock(JsonWriter& json, box::Box& box) {
  const Timestamp now = box.now();
  json.open().text("mode", name_of(box.clock().mode())).number("scale", box.clock().scale());
  json.number("now_ms", now.ms()).text("now", iso_text(now)).close();
}

std::string hex(std::uint64_t value) { return fmt::format("{:016x}", value); }
}  // namespace

std::string Api::box_url(const box::Box& box) const {
  const std::string& name = box.config().name;
  return name == kDefaultBox ? settings_.url : fmt::format("{}/box/{}", settings_.url, name);
}

void Api::health(Call& call) {
  auto json = call.json();
  json.open().text("status", "ok").text("version", settings_.version);
  json.number("uptime_ms", (boxes_.door().now() - started_).raw / 1'000'000);
  json.number("boxes", static_cast<std::int64_t>(boxes_.all().size()));
  json.key("venues").open_list();
  for (const gateway::Venue* venue : venues::all())
    json.text(venue->name);
  json.close_list().close();
}

namespace {
void write_box(JsonWriter& json, const box::Box& box, const std::string& url) {
  json.open().text("name", box.config().name).text("url", url);
  json.key("venues").open();
  for (const std::string& venue : box.config().venues)
    json.text(venue, fmt::format("{}/{}", url, venue));
  json.close().text("control", url + "/_venuebox");
  json.number_text("seed", static_cast<std::int64_t>(box.config().seed));
  json.text("market", box.config().market.text()).close();
}
}  // namespace

void Api::list_boxes(Call& call) {
  auto json = call.json();
  json.open_list();
  for (const auto& [name, box] : boxes_.all())
    write_box(json, *box, box_url(*box));
  json.close_list();
}

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
}  // namespace

// What is left out is as in the default box.
void Api::create_box(Call& call) {
  const auto name = text_member(call.body, "name");
  const auto seed = number_member(call.body, "seed");
  const auto venues = list_member(call.body, "venues");
  const auto symbols = list_member(call.body, "symbols");
  const auto market = text_member(call.body, "market");
  const auto mode = text_member(call.body, "clock");
  if (!name) return call.fail(name.error());
  if (!seed) return call.fail(seed.error());
  if (!venues) return call.fail(venues.error());
  if (!symbols) return call.fail(symbols.error());
  if (!market) return call.fail(market.error());
  if (!mode) return call.fail(mode.error());
  if (!*name) return call.fail(invalid("name", "is missing"));
  std::deque<std::string> storage;
  if (const JsonValue* faults = call.body.find("faults");
      faults && faults->kind != JsonKind::null &&
      (faults->kind != JsonKind::list || !json_list(faults->text, storage)->empty())) {
    return call.fail({ErrorKind::unsupported, "faults", "this version does not have them yet"});
  }

  box::BoxConfig config = settings_.defaults;
  config.name = **name;
  if (*seed) config.seed = static_cast<std::uint64_t>(**seed);
  if (*venues) config.venues = **venues;
  if (*symbols) config.symbols = **symbols;
  if (*market) {
    auto spec = market::MarketSpec::from_text(**market);
    if (!spec) return call.fail({spec.error().kind, "market", spec.error().text()});
    config.market = std::move(*spec);
  }
  box::ClockSettings clock = settings_.clock;
  if (*mode) {
    const std::string_view text = **mode;
    const std::size_t colon = std::min(text.find(':'), text.size());
    const auto parsed = clock_mode_from(text.substr(0, colon));
    const bool is_scaled = parsed && *parsed == box::ClockMode::scaled;
    if (!parsed || is_scaled == (colon == text.size())) {
      return call.fail(invalid("clock", "must be wall, scaled:N or manual"));
    }
    clock.mode = *parsed;
    if (is_scaled) {
      const auto scale = units_from_text(text.substr(colon + 1), 0);
      const auto* whole = std::get_if<Int128>(&scale);
      if (!whole || *whole < 1 || *whole > 100'000) {
        return call.fail(invalid("clock", "scaled:N takes a whole number from 1 to 100000"));
      }
      clock.scale = static_cast<int>(*whole);
    }
  }
  const auto latency = latency_member(call.body);
  if (!latency) return call.fail(latency.error());
  const auto created = boxes_.create(config, clock, store::make_memory_store());
  if (!created) return call.fail(created.error());
  if (*latency) (*created)->set_latency(**latency);
  call.response.status = 201;
  auto json = call.json();
  write_box(json, **created, box_url(**created));
}

void Api::delete_box(Call& call) {
  if (auto erased = boxes_.erase(call.arguments[0]); !erased) return call.fail(erased.error());
  call.response.status = 204;
}

void Api::reset(Call& call) {
  if (auto reset = call.box.reset(); !reset) return call.fail(reset.error());
  state_hash(call);
}

void Api::get_clock(Call& call) {
  auto json = call.json();
  write_clock(json, call.box);
}

void Api::set_clock(Call& call) {
  const auto mode = text_member(call.body, "mode");
  const auto scale = number_member(call.body, "scale");
  const auto advance = number_member(call.body, "advance_ms");
  const auto set = number_member(call.body, "set_ms");
  if (!mode) return call.fail(mode.error());
  if (!scale) return call.fail(scale.error());
  if (!advance) return call.fail(advance.error());
  if (!set) return call.fail(set.error());
  if (!*mode && !*advance && !*set) {
    return call.fail(invalid("body", "needs mode, advance_ms or set_ms"));
  }
  constexpr std::int64_t kTooFar = 7'258'118'400'000;  // the year 2200, in ms
  if (scale->value_or(1) < 1 || scale->value_or(1) > 100'000) {
    return call.fail(invalid("scale", "must be 1 to 100,000"));
  }
  if (advance->value_or(0) > kTooFar || set->value_or(0) > kTooFar) {
    return call.fail(invalid(*advance ? "advance_ms" : "set_ms", "is beyond the year 2200"));
  }
  std::optional<box::ClockMode> new_mode;
  if (*mode) {
    const auto parsed = clock_mode_from(**mode);
    if (!parsed) return call.fail(parsed.error());
    new_mode = *parsed;
  }
  if (*advance || *set) {
    const Timestamp to = *set ? timestamp_from_ms(**set) : call.box.now() + milliseconds(**advance);
    if (auto moved = call.box.advance_clock(to); !moved) return call.fail(moved.error());
  }
  if (new_mode) call.box.clock().set_mode(*new_mode, static_cast<int>(scale->value_or(1)));
  get_clock(call);
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

void Api::state_hash(Call& call) {
  call.box.advance();
  auto json = call.json();
  json.open().text("state_hash", hex(call.box.state_hash()));
  json.text("event_hash", hex(call.box.event_hash())).key("venues").open();
  for (const auto& exchange : call.box.exchanges()) {
    json.text(exchange->door().venue().name, hex(exchange->engine().state_hash()));
  }
  json.close().close();
}

}  // namespace venuebox::control
