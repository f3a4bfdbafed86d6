// The --config file: TOML whose keys are the flags of `serve` without their dashes in front.
#pragma once

#include <string>
#include <vector>

#include "base/function_ref.h"
#include "base/result.h"

namespace venuebox::app {

// The file's settings as command-line arguments ("--market=pinned"). Keys for which `is_given`
// says true are left out: the command line and the environment come first.
Result<std::vector<std::string>> arguments_from_config(
    const std::string& path, FunctionRef<bool(const std::string& flag)> is_given);

}  // namespace venuebox::app
