#include "crypto/starknet/text.h"

#include <algorithm>

#include "crypto/keccak.h"

namespace venuebox::crypto::starknet {
namespace {

bool is_number(std::string_view text) {
  const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  const std::string_view digits = is_hex ? text.substr(2) : text;
  return !digits.empty() &&
         digits.find_first_not_of(is_hex ? "0123456789abcdefABCDEF" : "0123456789") ==
             std::string_view::npos;
}

}  // namespace

Felt selector(std::string_view name) {
  const auto digest = keccak256(name);
  Uint256 number =
      uint256_from_bytes({reinterpret_cast<const char*>(digest.data()), digest.size()});
  number.limbs[3] &= (std::uint64_t{1} << 58) - 1;
  return Felt::modulo_p(number);
}

Result<Felt> short_string(std::string_view text) {
  if (text.size() > kShortStringMax)
    return invalid(
        "", "a short string has at most 31 bytes, this one has " + std::to_string(text.size()));
  return Felt::modulo_p(uint256_from_bytes(text));
}

Result<Felt> felt_from_json_text(std::string_view text) {
  return is_number(text) ? felt_from_text(text) : short_string(text);
}

std::vector<Felt> byte_array(std::string_view text) {
  std::vector<Felt> felts{Felt(text.size() / kShortStringMax)};
  for (; text.size() >= kShortStringMax; text.remove_prefix(kShortStringMax))
    felts.push_back(Felt::modulo_p(uint256_from_bytes(text.substr(0, kShortStringMax))));
  felts.push_back(Felt::modulo_p(uint256_from_bytes(text)));
  felts.push_back(Felt(text.size()));
  return felts;
}

}  // namespace venuebox::crypto::starknet
