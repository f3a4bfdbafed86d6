#include "gateway/venue_options.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "gateway/reading.h"

namespace venuebox::gateway {
namespace {
bool is_true(std::string_view value) { return value == "true" || value == "1"; }

Result<void> check_value(const VenueOption& option, const std::string& value) {
  switch (option.kind) {
    case VenueOption::Kind::flag:
      if (is_true(value) || value == "false" || value == "0") return {};
      return invalid(std::string(option.name), fmt::format("'{}' is not true or false", value));
    case VenueOption::Kind::whole: {
      const auto number = integer_from_text(value);
      if (number && option.lowest <= *number && *number <= option.highest) return {};
      return invalid(std::string(option.name), fmt::format("'{}' is not a whole number of {} to {}",
                                                           value, option.lowest, option.highest));
    }
    case VenueOption::Kind::files: break;
  }
  const auto files = files_from_text(value);
  if (files) return {};
  return invalid(std::string(option.name), files.error().text());
}
}  // namespace

std::string names_of(std::span<const VenueOption> known) {
  std::string names;
  for (const VenueOption& option : known)
    names += (names.empty() ? "" : ", ") + std::string(option.name);
  return names.empty() ? "none" : names;
}

Result<void> check_options(const VenueOptions& options, std::span<const VenueOption> known) {
  for (const auto& [key, value] : options) {
    const auto option = std::ranges::find(known, key, &VenueOption::name);
    if (option == known.end()) {
      return invalid(key, fmt::format("is no option of this venue; it has {}", names_of(known)));
    }
    if (auto checked = check_value(*option, value); !checked) return checked;
  }
  return {};
}

bool flag_option(const VenueOptions& options, std::string_view name) {
  const auto at = options.find(name);
  return at != options.end() && is_true(at->second);
}

std::int64_t whole_option(const VenueOptions& options, std::string_view name) {
  const auto at = options.find(name);
  return at == options.end() ? 0 : integer_from_text(at->second).value_or(0);
}

std::string files_text(std::span<const NamedText> files) {
  std::string out;
  JsonWriter json(out);
  json.open();
  // A name is a text like any other here: JsonWriter's keys are not escaped.
  for (const NamedText& file : files) {
    std::string name;
    JsonWriter(name).text(file.name);
    json.key(std::string_view(name).substr(1, name.size() - 2)).text(file.text);
  }
  json.close();
  return out;
}

Result<std::vector<NamedText>> files_from_text(std::string_view text) {
  JsonObject json;
  if (auto parsed = json.parse(text); !parsed) return parsed.error();
  std::vector<NamedText> files;
  for (const auto& [name, value] : json.members()) {
    if (value.kind != JsonKind::text) return invalid(std::string(name), "must be a file's text");
    files.push_back({std::string(name), std::string(value.text)});
  }
  return files;
}

}  // namespace venuebox::gateway
