// Fault files in TOML and YAML as the JSON that parse.h reads, so that all three say the same and
// are refused in the same words. The kind follows from the file's name.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace venuebox::faults {

// Sizes of a file and of what aliases of YAML may make of it.
inline constexpr std::size_t kFaultFileBytesMax = 4 * 1024 * 1024;

// `text` as JSON. `[[faults]]` in TOML and a list in YAML are lists of faults. Errors say line and
// column.
Result<std::string> json_from_toml(std::string_view text);
Result<std::string> json_from_yaml(std::string_view text);

// By the name's ending: .json (as it is), .toml, .yaml or .yml.
Result<std::string> json_from_file_text(std::string_view file_name, std::string_view text);

}  // namespace venuebox::faults
