// Seeded randomness by counter: the n-th draw of a purpose is a function of (seed, purpose, n)
// alone, so adding one consumer disturbs no other and a draw can be repeated without the ones
// before it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/hash.h"
#include "base/wide.h"

namespace venuebox {

class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view purpose)
      : key_(mix(seed ^ 0x452821e638d01377ull) ^ hash_of(purpose)) {}

  // The n-th draw; does not move the stream.
  std::uint64_t at(std::uint64_t n) const {
    return mix(mix(n + 0x9e3779b97f4a7c15ull) ^ key_) ^ mix(key_ + n * 0xd1342543de82ef95ull);
  }
  std::uint64_t next() { return at(position_++); }

  // Uniform over 0 .. bound-1; the bias is below 2^-64 * bound.
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<UInt128>(next()) * bound) >> 64);
  }

  // How many draws were taken: all that a snapshot has to keep.
  std::uint64_t position() const { return position_; }
  void seek(std::uint64_t position) { position_ = position; }

 private:
  std::uint64_t key_;
  std::uint64_t position_ = 0;
};

}  // namespace venuebox
