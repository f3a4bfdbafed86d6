#include "faults/drift.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/json_reader.h"
#include "base/wide.h"

namespace venuebox::faults {
namespace {
// Where a member stands in the text, which is valid JSON.
struct Place {
  std::size_t key = 0;  // its opening quote
  std::size_t value = 0;
  std::size_t end = 0;  // behind the value
  int depth = 0;        // 1: of the outermost object
};

class Finder {
 public:
  explicit Finder(std::string_view json) : json_(json) {}

  std::vector<Place> places() {
    value(0);
    return std::move(places_);
  }

 private:
  void skip_space() {
    while (at_ < json_.size() && std::string_view(" \t\r\n").contains(json_[at_]))
      ++at_;
  }
  void text() {
    for (++at_; json_[at_] != '"'; ++at_) {
      if (json_[at_] == '\\') ++at_;
    }
    ++at_;
  }
  void members(int depth) {
    for (++at_, skip_space(); json_[at_] != '}'; skip_space()) {
      if (json_[at_] == ',') ++at_, skip_space();
      Place place{.key = at_, .depth = depth};
      text();
      skip_space();
      ++at_;  // the colon
      skip_space();
      place.value = at_;
      const std::size_t mine = places_.size();
      places_.push_back(place);
      value(depth);
      places_[mine].end = at_;
    }
    ++at_;
  }
  void elements(int depth) {
    for (++at_, skip_space(); json_[at_] != ']'; skip_space()) {
      if (json_[at_] == ',') ++at_;
      value(depth);
    }
    ++at_;
  }
  void value(int depth) {
    skip_space();
    if (json_[at_] == '{') return members(depth + 1);
    if (json_[at_] == '[') return elements(depth);
    if (json_[at_] == '"') return text();
    at_ = std::min(json_.find_first_of(",]} \t\r\n", at_), json_.size());
  }

  std::string_view json_;
  std::size_t at_ = 0;
  std::vector<Place> places_;
};

bool is_number(std::string_view text) {
  JsonObject reader;
  const auto read = reader.parse(R"({"v":)" + std::string(text) + "}");
  return read && reader.members().front().value.kind == JsonKind::number;
}

std::string_view unquoted(std::string_view value) {
  const bool is_text = value.size() >= 2 && value.front() == '"';
  return is_text ? value.substr(1, value.size() - 2) : std::string_view();
}

// The value as the other kind; none where it is neither a number nor a text of one.
std::optional<std::string> swapped(std::string_view value) {
  if (is_number(value)) return '"' + std::string(value) + '"';
  if (!unquoted(value).empty() && is_number(unquoted(value))) return std::string(unquoted(value));
  return std::nullopt;
}

// What stands in the value's place; none: it cannot happen to this one.
std::optional<std::string> changed(std::string_view value, std::string_view kind) {
  if (kind == "null") return value == "null" ? std::nullopt : std::optional<std::string>("null");
  if (kind == "string_for_number") return swapped(value);
  const std::string_view word = unquoted(value);
  if (kind != "unknown_value" || word.empty() || is_number(word)) return std::nullopt;
  return R"("UNKNOWN_VALUE")";
}

std::string without(std::string_view json, const Place& place) {
  std::size_t from = place.key, to = place.end;
  const std::size_t next = json.find_first_not_of(" \t\r\n", to);
  if (json[next] == ',') {
    to = next + 1;
  } else if (const std::size_t before = json.find_last_not_of(" \t\r\n", from - 1);
             json[before] == ',') {
    from = before;
  }
  return std::string(json.substr(0, from)).append(json.substr(to));
}

bool can_happen(std::string_view json, const Place& place, std::string_view kind) {
  const std::string_view value = json.substr(place.value, place.end - place.value);
  return kind == "extra_field" || kind == "missing_field" || changed(value, kind).has_value();
}
}  // namespace

std::string drifted(std::string_view json, std::string_view kind, std::string_view field,
                    std::uint64_t draw, int depth_min) {
  JsonObject reader;
  if (!reader.parse(json)) return std::string(json);
  std::vector<Place> places = Finder(json).places();
  std::erase_if(places, [&](const Place& place) {
    const std::string_view key = json.substr(place.key + 1);
    const bool is_meant = field.empty() || key.substr(0, key.find('"')) == field;
    return place.depth < depth_min || !is_meant || !can_happen(json, place, kind);
  });
  if (places.empty()) return std::string(json);
  const auto drawn = static_cast<UInt128>(draw) * places.size() >> 64;
  const Place& place = places[field.empty() ? static_cast<std::size_t>(drawn) : 0];
  std::string text(json);
  if (kind == "extra_field") return text.insert(place.key, R"("addedField":"1",)");
  if (kind == "missing_field") return without(json, place);
  const std::string_view value = json.substr(place.value, place.end - place.value);
  return text.replace(place.value, value.size(), *changed(value, kind));
}

}  // namespace venuebox::faults
