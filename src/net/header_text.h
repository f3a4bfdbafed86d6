// The small words of HTTP headers (RFC 9110, section 5.6), for both ends.
#pragma once

#include <string_view>

namespace venuebox::net {

// Whether it can be a header's name.
bool is_token(std::string_view text);

// Without the spaces and tabs around it.
std::string_view trimmed(std::string_view text);

// Whether a comma-separated list has the token, whatever its case.
bool list_has(std::string_view list, std::string_view token);

}  // namespace venuebox::net
