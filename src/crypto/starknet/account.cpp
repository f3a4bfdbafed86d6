#include "crypto/starknet/account.h"

#include <openssl/crypto.h>

#include "crypto/hmac.h"
#include "crypto/starknet/pedersen.h"
#include "crypto/starknet/text.h"

namespace venuebox::crypto::starknet {
namespace {

// The largest multiple of n below 2^256: 31 n.
constexpr Uint256 kFairEnd = [] {
  Uint256 end;
  std::uint64_t never = 0;
  for (int i = 0; i < 31; ++i)
    end = add_with_carry(end, kN, never);
  return end;
}();

// Big-endian, without leading zeros but for a single one of 0 itself.
std::string shortest_bytes(std::uint64_t number) {
  std::string bytes;
  do {
    bytes.insert(bytes.begin(), static_cast<char>(number & 0xff));
  } while ((number >>= 8) != 0);
  return bytes;
}

}  // namespace

PrivateKey ground_key(std::string_view seed) {
  for (std::uint64_t i = 0;; ++i) {
    std::string message(seed);
    message += shortest_bytes(i);
    const Digest256 digest = sha256(message);
    OPENSSL_cleanse(message.data(), message.size());
    const Uint256 number =
        uint256_from_bytes({reinterpret_cast<const char*>(digest.data()), digest.size()});
    if (number >= kFairEnd) continue;
    // 0 would be no key; no seed is known that gives it.
    if (const auto key = PrivateKey::from_number(Scalar::modulo_n(number).value())) return *key;
  }
}

Felt contract_address(const Felt& salt, const Felt& class_hash, std::span<const Felt> arguments) {
  const Felt deployer;
  const Felt elements[]{short_felt("STARKNET_CONTRACT_ADDRESS"), deployer, salt, class_hash,
                        pedersen_of_many(arguments)};
  // Addresses are below 2^251 - 256, and a hash is below 2 of that.
  constexpr Uint256 kEnd(~std::uint64_t{255}, ~std::uint64_t{0}, ~std::uint64_t{0},
                         (std::uint64_t{1} << 59) - 1);
  const Uint256 hash = pedersen_of_many(elements).value();
  std::uint64_t is_below = 0;
  const Uint256 less = subtract_with_borrow(hash, kEnd, is_below);
  return Felt::modulo_p(is_below ? hash : less);
}

Felt account_address(const AccountClasses& classes, const Felt& public_key) {
  static const Felt kInitialize = selector("initialize");
  constexpr std::uint64_t kArguments = 2;
  const Felt no_guardian;
  const Felt arguments[]{classes.account, kInitialize, Felt(kArguments), public_key, no_guardian};
  return contract_address(public_key, classes.proxy, arguments);
}

}  // namespace venuebox::crypto::starknet
