// Signatures on the STARK curve. What is signed is a number below 2^251, used as it is: nothing is
// hashed or cut off, unlike what ECDSA libraries do. A public key is only the x of its point.
#pragma once

#include "crypto/starknet/point.h"
#include "crypto/starknet/scalar.h"

namespace venuebox::crypto::starknet {

struct Signature {
  Uint256 r, s;

  friend bool operator==(const Signature&, const Signature&) = default;
};

// A key that checks signatures. 4 kB of multiples of its point, computed once, make a check some
// three times quicker: keep it with the account.
class PublicKey {
 public:
  // Fails where no point of the curve has this x.
  static Result<PublicKey> from_x(const Felt& x);

  const Felt& x() const { return x_; }
  // False for numbers out of range as well. (r, n - s) is as good as (r, s): there is no low-s
  // rule, and the sign of y, which is not in the key, could not tell them apart.
  bool verifies(const Felt& hash, const Signature& signature) const;

 private:
  // Rows of bits of a scalar that are taken at once, and how far they are apart.
  static constexpr unsigned kTeeth = 6;
  static constexpr unsigned kSpacing = 42;

  PublicKey(const Felt& x, const Affine& point);
  Sum multiple(const Uint256& k) const;

  Felt x_;
  // multiples_[m - 1] is the sum of 2^(42 i) times the point over the bits i of m.
  std::vector<Affine> multiples_;
};

// A key that signs. Neither branches nor memory addresses depend on it or on a nonce.
class PrivateKey {
 public:
  // Fails for 0, and for n and above.
  static Result<PrivateKey> from_number(const Uint256& d);

  const Uint256& number() const { return number_; }
  Felt public_key() const;
  // With the nonce of RFC 6979, as ccxt, starknet.js and Extended's library do.
  // Fails for hashes of 2^251 and above, one in 2^55.
  Result<Signature> sign(const Felt& hash) const;

 private:
  explicit PrivateKey(const Uint256& d) : number_(d) {}
  Uint256 number_;
};

}  // namespace venuebox::crypto::starknet
