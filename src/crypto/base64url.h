// Base64 for URLs and tokens (RFC 4648, section 5): with - and _, and without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace venuebox::crypto {

std::string base64url(std::string_view bytes);

// Nothing for other characters, for lengths that none can have, and where bits that stand for
// nothing are set: each text of bytes has one spelling.
std::optional<std::string> bytes_from_base64url(std::string_view text);

}  // namespace venuebox::crypto
