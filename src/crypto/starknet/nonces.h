// The nonces of RFC 6979 for a key and a hash: numbers of 252 bits.
//
// One quirk of the libraries that clients use (noble's curves): of the 32 bytes that are drawn, the
// upper 252 bits are the candidate, but when the first byte is 0 it is dropped and the other 248
// are taken whole.
#pragma once

#include "crypto/rfc6979.h"
#include "crypto/starknet/uint256.h"

namespace venuebox::crypto::starknet {

class Nonces {
 public:
  Nonces(const Uint256& key, const Uint256& hash) : draws_(bytes_of(key), bytes_of(hash)) {}

  // The next candidate that is neither 0 nor above n - 1.
  Uint256 next();

 private:
  Rfc6979 draws_;
};

}  // namespace venuebox::crypto::starknet
