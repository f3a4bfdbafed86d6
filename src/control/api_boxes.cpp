// Boxes: made, deleted, reset, and what their state comes to.
#include <algorithm>

#include <fmt/core.h>

#include "control/api_call.h"
#include "faults/parse.h"
#include "venues/all.h"

namespace venuebox::control {
namespace {
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
Result<std::vector<faults::Fault>> faults_of(const JsonObject& body,
                                             const std::vector<std::string>& venues) {
  const JsonValue* given = body.find("faults");
  if (!given || given->kind == JsonKind::null) return std::vector<faults::Fault>{};
  if (given->kind != JsonKind::list) return invalid("faults", "must be a list");
  const std::vector<std::string_view> names(venues.begin(), venues.end());
  return faults::faults_from_json(given->text, {.venues = names});
}
}  // namespace

// What is left out is as in the default box.
void Api::create_box(Call& call) {
  const auto name = text_member(call.body, "name");
  const auto seed = number_member(call.body, "seed");
  const auto venues = list_member(call.body, "venues");
  const auto symbols = list_member(call.body, "symbols");
  const auto market = text_member(call.body, "market");
  if (!name) return call.fail(name.error());
  if (!seed) return call.fail(seed.error());
  if (!venues) return call.fail(venues.error());
  if (!symbols) return call.fail(symbols.error());
  if (!market) return call.fail(market.error());
  if (!*name) return call.fail(invalid("name", "is missing"));
  box::BoxConfig config = settings_.defaults;
  config.name = **name;
  if (*seed) config.seed = static_cast<std::uint64_t>(**seed);
  if (*venues) config.venues = **venues;
  if (*symbols) config.symbols = **symbols;
  std::erase_if(config.venue_options, [&](const auto& of) {
    return std::ranges::find(config.venues, of.first) == config.venues.end();
  });
  if (*market) {
    auto spec = market::MarketSpec::from_text(**market);
    if (!spec) return call.fail({spec.error().kind, "market", spec.error().text()});
    config.market = std::move(*spec);
  }
  const auto clock = clock_from(call.body.find("clock"), config.market);
  if (!clock) return call.fail(clock.error());
  const auto plan = faults_of(call.body, config.venues);
  if (!plan) return call.fail(plan.error());
  const auto latency = latency_member(call.body);
  if (!latency) return call.fail(latency.error());
  const auto created = boxes_.create(config, *clock, store::make_memory_store());
  if (!created) return call.fail(created.error());
  if (auto put = (*created)->plan().put_all(*plan, (*created)->now()); !put) {
    VENUEBOX_ASSERT(boxes_.erase(config.name));
    return call.fail(put.error());
  }
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
