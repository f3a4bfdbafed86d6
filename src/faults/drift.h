// Answers whose shape is not the documented one, as pure functions of the JSON.
#pragma once

#include <string>
#include <string_view>

namespace venuebox::faults {

//   json       an object; what is none comes back as it was
//   kind       extra_field, null, string_for_number (and a number for a string of one),
//              missing_field or unknown_value
//   field      the member it happens to, the first of that name; empty: drawn
//   draw       uniform over 64 bits: which member, of those to which it can happen
//   depth_min  members nearer to the root are spared; 1: none
//   returns    JSON; unchanged when there is no such member
std::string drifted(std::string_view json, std::string_view kind, std::string_view field,
                    std::uint64_t draw, int depth_min = 1);

}  // namespace venuebox::faults
