// What an Ethereum wallet does where a venue asks it to: its address, and its signature of typed
// data (EIP-712). Verifying, or finding out who signed, is not here.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/hmac.h"

namespace venuebox::crypto::ethereum {

// EIP712Domain(string name,string version,uint256 chainId).
Digest256 domain_hash(std::string_view name, std::string_view version, std::uint64_t chain_id);
// Of a struct whose members are texts, as in "Constant(string action)".
Digest256 struct_hash(std::string_view type, std::span<const std::string_view> texts);
// What is signed of them.
Digest256 message_hash(const Digest256& domain_hash, const Digest256& struct_hash);

struct Signature {
  Digest256 r, s;  // big-endian; s is the lower of the two that would do
  int v = 27;      // 27 or 28: which of the points with this r it was
};

// A wallet's key, on secp256k1.
class PrivateKey {
 public:
  // Fails for 0, and for the group's order and above.
  static Result<PrivateKey> from_bytes(const Digest256& big_endian);
  // 64 hexadecimal digits, with or without 0x; fails for anything else.
  static Result<PrivateKey> from_hex(std::string_view text);

  // 0x and 40 digits, whose case is a checksum (EIP-55).
  std::string address() const;
  // With the nonce of RFC 6979, so that it is always the same one, as every wallet's library does.
  Signature sign(const Digest256& hash) const;
  std::string hex() const;  // 0x and 64 digits

 private:
  explicit PrivateKey(const Digest256& number) : number_(number) {}
  Digest256 number_;
};

}  // namespace venuebox::crypto::ethereum
