#include "app/venue_options.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "venues/all.h"

namespace venuebox::app {
namespace {
constexpr std::size_t kFileBytesMax = 4 * 1024 * 1024;

struct Chosen {
  std::string venue, key, value;
};

Error wrong(std::string detail) { return invalid("--venue-option", std::move(detail)); }

Result<Chosen> chosen_from(const std::string& text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::size_t dot = std::min(text.find('.'), text.size());
  if (dot == 0 || dot + 1 >= equals || equals + 1 >= text.size()) {
    return wrong(fmt::format("'{}' is not VENUE.KEY=VALUE, such as paradex.heartbeat_hz=1", text));
  }
  return Chosen{text.substr(0, dot), text.substr(dot + 1, equals - dot - 1),
                text.substr(equals + 1)};
}

Result<gateway::NamedText> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  gateway::NamedText read{path.filename().string(), std::string(kFileBytesMax + 1, '\0')};
  file.read(read.text.data(), static_cast<std::streamsize>(read.text.size()));
  read.text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad() || !file.eof()) {
    return wrong(fmt::format("{} cannot be read, or is longer than {} MiB", path.string(),
                             kFileBytesMax >> 20));
  }
  return read;
}

// The folder's JSON files, by name.
Result<std::string> read_folder(const std::string& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  }
  if (error) return wrong(fmt::format("{}: {}", folder, error.message()));
  if (paths.empty()) return wrong(fmt::format("{} has no .json files", folder));
  std::ranges::sort(paths);
  std::vector<gateway::NamedText> files;
  for (const std::filesystem::path& path : paths) {
    auto file = read_file(path);
    if (!file) return file.error();
    files.push_back(std::move(*file));
  }
  return gateway::files_text(files);
}
}  // namespace

Result<void> set_venue_options(const std::vector<std::string>& texts, box::BoxConfig& config) {
  for (const std::string& text : texts) {
    auto chosen = chosen_from(text);
    if (!chosen) return chosen.error();
    if (std::ranges::find(config.venues, chosen->venue) == config.venues.end()) {
      return wrong(fmt::format("'{}' is not among --venues", chosen->venue));
    }
    const auto known = venues::find(chosen->venue)->options;
    const auto option = std::ranges::find(known, chosen->key, &gateway::VenueOption::name);
    if (option == known.end()) {
      return wrong(fmt::format("{} has no option '{}'; it has {}", chosen->venue, chosen->key,
                               gateway::names_of(known)));
    }
    if (option->kind == gateway::VenueOption::Kind::files) {
      auto files = read_folder(chosen->value);
      if (!files) return files.error();
      chosen->value = std::move(*files);
    }
    auto& options = config.venue_options[chosen->venue];
    if (!options.emplace(chosen->key, chosen->value).second) {
      return wrong(fmt::format("{}.{} is given twice", chosen->venue, chosen->key));
    }
  }
  for (const auto& [name, options] : config.venue_options) {
    const gateway::Venue& venue = *venues::find(name);
    if (auto checked = gateway::check_options(options, venue.options); !checked) {
      return wrong(fmt::format("{}.{}", name, checked.error().text()));
    }
    if (const auto listed = venue.listings(config.symbols, options); !listed) {
      return wrong(fmt::format("{}: {}", name, listed.error().text()));
    }
  }
  return {};
}

}  // namespace venuebox::app
