#include "faults/file_text.h"

#include <fmt/core.h>

namespace venuebox::faults {

Result<std::string> json_from_file_text(std::string_view file_name, std::string_view text) {
  if (text.size() > kFaultFileBytesMax) {
    return invalid(std::string(file_name),
                   fmt::format("has more than {} bytes; split it", kFaultFileBytesMax));
  }
  if (file_name.ends_with(".json")) return std::string(text);
  if (file_name.ends_with(".toml")) return json_from_toml(text);
  if (file_name.ends_with(".yaml") || file_name.ends_with(".yml")) return json_from_yaml(text);
  return invalid(std::string(file_name), "must end in .json, .toml, .yaml or .yml");
}

}  // namespace venuebox::faults
