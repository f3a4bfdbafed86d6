// How Paradex writes signatures: ["<r>","<s>"], a JSON list of two numbers in text.
#pragma once

#include <string>
#include <string_view>

#include "crypto/starknet/ecdsa.h"

namespace venuebox::venues::paradex {

// The numbers are decimal, or hexadecimal behind 0x; whether they can be a signature's is not
// looked at. Fails for any other text.
Result<crypto::starknet::Signature> signature_from_text(std::string_view text);
// Decimal, without spaces.
std::string signature_text(const crypto::starknet::Signature& signature);

}  // namespace venuebox::venues::paradex
