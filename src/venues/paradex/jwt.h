// The tokens that stand for a signature: JSON web tokens (RFC 7519) of five minutes. No client
// verifies them, so they are signed by HMAC with a key of the box; another box's are foreign.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/time.h"

namespace venuebox::venues::paradex {

inline constexpr Nanoseconds kTokenLife = seconds(300);  // whatever the signature's own end is

enum class TokenFault : std::uint8_t {
  missing,    // empty
  malformed,  // not a token at all
  foreign,    // not of this box
  expired,
};

//   address  of the account: the token's `sub`
//   now      whole seconds of it become `iat`, and `exp` lies kTokenLife behind that
std::string issued_token(std::uint64_t box_key, std::string_view address, Timestamp now);

// Whom it stands for, or why for nobody.
std::variant<std::string, TokenFault> subject_of_token(std::uint64_t box_key,
                                                       std::string_view token, Timestamp now);

}  // namespace venuebox::venues::paradex
