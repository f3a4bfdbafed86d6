// The numbers that RFC 6979 draws for a key and a hash, so that signing needs no other source of
// chance: HMAC-SHA256, groups of up to 256 bits, no extra data. What of the bytes becomes a nonce
// is the curve's affair.
#pragma once

#include <array>
#include <cstdint>

namespace venuebox::crypto {

class Rfc6979 {
 public:
  using Bytes = std::array<std::uint8_t, 32>;  // big-endian

  //   hash  reduced as the curve's signatures do it
  Rfc6979(const Bytes& key, const Bytes& hash);
  ~Rfc6979();
  Rfc6979(const Rfc6979&) = delete;
  Rfc6979& operator=(const Rfc6979&) = delete;

  // The next draw, from which a candidate is made.
  Bytes next();

 private:
  void stir(std::uint8_t separator, const std::uint8_t* more, std::size_t size);

  Bytes k_, v_;
  bool has_drawn_ = false;
};

}  // namespace venuebox::crypto
