// One 64-bit hash for state, events and journals: the same bytes give the same value on every
// machine and in every build. It detects differences; it is no defence against an adversary.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace venuebox {

// The finaliser of SplitMix64: a bijection that spreads every input bit over the whole output.
constexpr std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ull;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

class Hasher {
 public:
  constexpr void add(std::uint64_t word) {
    state_ = std::rotl((state_ ^ word) * 0x9fb21c651e98df25ull, 29) + 0x9e3779b97f4a7c15ull;
  }
  void add_bytes(std::string_view bytes) {
    add(bytes.size());
    while (bytes.size() >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data(), 8);
      add(word);
      bytes.remove_prefix(8);
    }
    std::uint64_t word = 0;
    if (!bytes.empty()) {
      std::memcpy(&word, bytes.data(), bytes.size());
      add(word);
    }
  }
  constexpr std::uint64_t value() const { return mix(state_); }
  constexpr std::uint64_t state() const { return state_; }
  constexpr void resume(std::uint64_t state) { state_ = state; }

 private:
  std::uint64_t state_ = 0x243f6a8885a308d3ull;
};

inline std::uint64_t hash_of(std::string_view bytes) {
  Hasher hasher;
  hasher.add_bytes(bytes);
  return hasher.value();
}

}  // namespace venuebox
