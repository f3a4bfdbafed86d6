// The nonces of RFC 6979 for a key and a hash: HMAC-SHA256, numbers of 252 bits, no extra data.
//
// One quirk of the libraries that clients use (noble's curves): of the 32 bytes that are drawn, the
// upper 252 bits are the candidate, but when the first byte is 0 it is dropped and the other 248
// are taken whole.
#pragma once

#include "crypto/starknet/uint256.h"

namespace venuebox::crypto::starknet {

class Nonces {
 public:
  Nonces(const Uint256& key, const Uint256& hash);
  ~Nonces();
  Nonces(const Nonces&) = delete;
  Nonces& operator=(const Nonces&) = delete;

  // The next candidate that is neither 0 nor above n - 1.
  Uint256 next();

 private:
  using Bytes = std::array<std::uint8_t, 32>;

  void stir(std::uint8_t separator, const std::uint8_t* more, std::size_t size);

  Bytes k_, v_;
  bool has_drawn_ = false;
};

}  // namespace venuebox::crypto::starknet
