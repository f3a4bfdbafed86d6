// Keccak-256 as Ethereum and Starknet use it: with the padding of the original submission, which
// SHA-3 changed afterwards, so that OpenSSL's SHA3-256 is another function.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace venuebox::crypto {

std::array<std::uint8_t, 32> keccak256(std::string_view message);

}  // namespace venuebox::crypto
