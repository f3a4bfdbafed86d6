// Parts of a fault as JSON, for the fault itself and for what is told of its strikes.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "faults/action.h"

namespace venuebox::faults {

// "0.1"
std::string ratio_text(Ratio ratio);
// As members of the object that is open.
void write_parameters(JsonWriter& json, const Action& action);

}  // namespace venuebox::faults
