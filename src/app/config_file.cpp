#include "app/config_file.h"

#include <filesystem>
#include <sstream>

#include <fmt/core.h>
#include <toml++/toml.h>

namespace venuebox::app {
namespace {
// One value as text; none for tables and for what no flag takes.
std::optional<std::string> text_of(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  if (const auto truth = node.value_exact<bool>()) return *truth ? "true" : "false";
  return std::nullopt;
}
}  // namespace

Result<std::vector<std::string>> arguments_from_config(
    const std::string& path, FunctionRef<bool(const std::string& flag)> is_given) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return Error{ErrorKind::not_found, "--config", fmt::format("{} is not a file", path)};
  }
  toml::table table;
  try {
    table = toml::parse_file(path);
  } catch (const toml::parse_error& failure) {
    return invalid("--config", fmt::format("{}:{}: {}", path, failure.source().begin.line,
                                           failure.description()));
  }
  std::vector<std::string> arguments;
  for (const auto& entry : table) {
    const toml::key& key = entry.first;
    const toml::node& node = entry.second;
    const std::string flag = "--" + std::string(key.str());
    const auto refuse = [&](std::string_view why) {
      return invalid("--config",
                     fmt::format("{}:{}: {} {}", path, node.source().begin.line, key.str(), why));
    };
    if (flag == "--config") return refuse("cannot be set in a file");
    if (is_given(flag)) continue;
    const auto add = [&](const toml::node& value) {
      const auto text = text_of(value);
      if (text) arguments.push_back(flag + "=" + *text);
      return text.has_value();
    };
    if (const toml::array* list = node.as_array()) {
      for (const toml::node& value : *list) {
        if (!add(value)) return refuse("must be a list of texts");
      }
    } else if (!add(node)) {
      return refuse("must be text, a whole number, true, false, or a list of texts");
    }
  }
  return arguments;
}

}  // namespace venuebox::app
