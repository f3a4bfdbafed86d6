#include "venues/paradex/signature_text.h"

#include "base/json_reader.h"

namespace venuebox::venues::paradex {
namespace {
using crypto::starknet::uint256_from_text;

constexpr std::size_t kTextBytesMax = 512;  // two numbers of 256 bits need 162
}  // namespace

Result<crypto::starknet::Signature> signature_from_text(std::string_view text) {
  const Error malformed =
      invalid("signature", R"(has to be ["<r>","<s>"], two whole numbers in text)");
  if (text.size() > kTextBytesMax) return malformed;
  std::deque<std::string> storage;
  const auto numbers = json_list(text, storage);
  if (!numbers || numbers->size() != 2) return malformed;
  for (const JsonValue& number : *numbers) {
    if (number.kind != JsonKind::text) return malformed;
  }
  const auto r = uint256_from_text((*numbers)[0].text);
  const auto s = uint256_from_text((*numbers)[1].text);
  if (!r || !s) return malformed;
  return crypto::starknet::Signature{*r, *s};
}

std::string signature_text(const crypto::starknet::Signature& signature) {
  return "[\"" + decimal_of(signature.r) + "\",\"" + decimal_of(signature.s) + "\"]";
}

}  // namespace venuebox::venues::paradex
