// A box's configuration as text: what a store keeps of it, and what a replay starts from.
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "box/box.h"

namespace venuebox::box {
namespace {
Result<std::vector<std::string>> names_in(const JsonObject& json, std::string_view key) {
  const JsonValue* value = json.find(key);
  if (!value || value->kind != JsonKind::list) return invalid(std::string(key), "must be a list");
  std::deque<std::string> storage;
  const auto list = json_list(value->text, storage);
  if (!list) return list.error();
  std::vector<std::string> names;
  for (const JsonValue& name : *list)
    names.emplace_back(name.text);
  return names;
}

Result<std::map<std::string, gateway::VenueOptions, std::less<>>> options_in(
    const JsonObject& json) {
  std::map<std::string, gateway::VenueOptions, std::less<>> found;
  const JsonValue* all = json.find("venue_options");
  if (!all) return found;
  JsonObject by_venue;
  if (auto parsed = by_venue.parse(all->text); !parsed) return parsed.error();
  for (const auto& [venue, options] : by_venue.members()) {
    JsonObject by_key;
    if (auto parsed = by_key.parse(options.text); !parsed) return parsed.error();
    for (const auto& [key, value] : by_key.members())
      found[std::string(venue)][std::string(key)] = value.text;
  }
  return found;
}
}  // namespace

std::string BoxConfig::text() const {
  std::string out;
  JsonWriter json(out);
  json.open().text("name", name).number_text("seed", static_cast<std::int64_t>(seed));
  for (const auto& [key, names] : {std::pair{"venues", &venues}, std::pair{"symbols", &symbols}}) {
    json.key(key).open_list();
    for (const std::string& entry : *names)
      json.text(entry);
    json.close_list();
  }
  json.text("market", market.text());
  // Left out where there are none, as it was before there were any.
  if (!venue_options.empty()) {
    json.key("venue_options").open();
    for (const auto& [venue, options] : venue_options) {
      json.key(venue).open();
      for (const auto& [key, value] : options)
        json.text(key, value);
      json.close();
    }
    json.close();
  }
  json.close();
  return out;
}

const gateway::VenueOptions& BoxConfig::options_of(std::string_view venue) const {
  const auto at = venue_options.find(venue);
  return at == venue_options.end() ? gateway::kNoVenueOptions : at->second;
}

Result<BoxConfig> BoxConfig::from_text(std::string_view text) {
  JsonObject json;
  if (auto parsed = json.parse(text); !parsed) return parsed.error();
  const JsonValue* name = json.find("name");
  const JsonValue* seed = json.find("seed");
  const JsonValue* market = json.find("market");
  const auto venues = names_in(json, "venues");
  const auto symbols = names_in(json, "symbols");
  if (!name || !seed || !market || !venues || !symbols) {
    return invalid("configuration", "lacks a member");
  }
  const auto seed_number = units_from_text(seed->text, 0);
  auto spec = market::MarketSpec::from_text(market->text);
  if (!std::holds_alternative<Int128>(seed_number)) return invalid("seed", "is not a number");
  if (!spec) return spec.error();
  auto options = options_in(json);
  if (!options) return options.error();
  BoxConfig config;
  config.name = name->text;
  config.seed = static_cast<std::uint64_t>(std::get<Int128>(seed_number));
  config.venues = *venues;
  config.symbols = *symbols;
  config.market = *spec;
  config.venue_options = std::move(*options);
  return config;
}

}  // namespace venuebox::box
