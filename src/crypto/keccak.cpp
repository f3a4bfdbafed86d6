#include "crypto/keccak.h"

#include <bit>
#include <cstring>

namespace venuebox::crypto {
namespace {

constexpr std::size_t kRate = 136;  // bytes of a block, for 256 bits of output
constexpr int kRounds = 24;

using State = std::array<std::uint64_t, 25>;  // lane (x, y) at x + 5 y

static_assert(std::endian::native == std::endian::little, "lanes are read as they lie in memory");

// The constants of the step iota, from the shift register that the specification defines them by.
constexpr auto kRoundConstants = [] {
  std::array<std::uint64_t, kRounds> constants{};
  unsigned shift_register = 1;
  for (std::uint64_t& constant : constants) {
    for (int j = 0; j < 7; ++j) {
      if (shift_register & 1) constant |= std::uint64_t{1} << ((1 << j) - 1);
      shift_register <<= 1;
      if (shift_register & 0x100) shift_register ^= 0x171;
    }
  }
  return constants;
}();

void round(State& a, std::uint64_t constant) {
  // Theta: each lane takes in the parity of two columns.
  std::array<std::uint64_t, 5> parity;
  for (int x = 0; x < 5; ++x)
    parity[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
  for (int i = 0; i < 25; ++i)
    a[i] ^= parity[(i + 4) % 5] ^ std::rotl(parity[(i + 1) % 5], 1);
  // Rho and pi: lanes are rotated by the triangular numbers along a walk through all but (0, 0).
  std::uint64_t carried = a[1];
  for (int t = 0, x = 1, y = 0; t < 24; ++t) {
    const int next_y = (2 * x + 3 * y) % 5;
    x = y;
    y = next_y;
    std::swap(carried, a[x + 5 * y]);
    a[x + 5 * y] = std::rotl(a[x + 5 * y], ((t + 1) * (t + 2) / 2) % 64);
  }
  // Chi: the only step that is not linear.
  for (int y = 0; y < 25; y += 5) {
    const std::array<std::uint64_t, 5> row{a[y], a[y + 1], a[y + 2], a[y + 3], a[y + 4]};
    for (int x = 0; x < 5; ++x)
      a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
  }
  a[0] ^= constant;  // Iota.
}

void absorb(State& state, const char* block) {
  for (std::size_t i = 0; i < kRate / 8; ++i) {
    std::uint64_t lane = 0;
    std::memcpy(&lane, block + 8 * i, sizeof lane);
    state[i] ^= lane;
  }
  for (const std::uint64_t constant : kRoundConstants)
    round(state, constant);
}

}  // namespace

std::array<std::uint8_t, 32> keccak256(std::string_view message) {
  State state{};
  for (; message.size() >= kRate; message.remove_prefix(kRate))
    absorb(state, message.data());
  std::array<char, kRate> last{};
  if (!message.empty()) std::memcpy(last.data(), message.data(), message.size());
  last[message.size()] = 0x01;
  last[kRate - 1] = static_cast<char>(last[kRate - 1] | 0x80);
  absorb(state, last.data());
  std::array<std::uint8_t, 32> digest;
  std::memcpy(digest.data(), state.data(), digest.size());
  return digest;
}

}  // namespace venuebox::crypto
