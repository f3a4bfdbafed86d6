// SHA-256, HMAC-SHA256 over it, and what goes with them on the wire. OpenSSL does the work; here it
// only gets a shape in which signing a message costs no allocation once its key has been seen.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "base/text.h"

namespace venuebox::crypto {

using Digest256 = std::array<std::uint8_t, 32>;

Digest256 sha256(std::string_view message);

// HMAC-SHA256 of the parts, one after the other. Each thread keeps what came of a bounded number of
// keys, so the common case hashes the message and nothing else.
Digest256 hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts);

// Lower-case hexadecimal.
FixedText<64> hex_text(const Digest256& digest);

// Whether two texts are equal, in a time that depends on their lengths alone.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace venuebox::crypto
