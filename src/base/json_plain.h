// The JSON that clients and venues mostly send, read in one pass without a general parser: one
// object whose members are plain, that is ASCII text without escapes, numbers, true, false, null,
// and objects and lists of these. What is anything else, malformed or not, is left to the reader in
// json_reader.cpp.
#pragma once

#include <string>
#include <vector>

#include "base/json_reader.h"

namespace venuebox {

// Whether a token is a number by JSON's grammar.
bool is_json_number(std::string_view token);

// Reads an object of at most `members_max` plain members; false when it is none. Views point into
// `json`. Whether a key stands twice is not looked at.
bool read_plain_object(const std::string& json, std::size_t members_max,
                       std::vector<JsonObject::Member>& members);

}  // namespace venuebox
