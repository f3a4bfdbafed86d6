#include "crypto/starknet/generator.h"

#include "crypto/starknet/multiples.h"

namespace venuebox::crypto::starknet {
namespace {

// For public numbers: 32 windows of 8 bits; rows[w][d - 1] is d * 2^(8 w) * G. 520 kB, 1 ms.
struct ByteTable {
  static constexpr unsigned kWindows = 32;
  std::vector<Affine> points;

  ByteTable() {
    Affine base = generator();
    for (unsigned window = 0; window < kWindows; ++window) {
      const std::vector<Affine> row = multiples_of(base, 256);
      points.insert(points.end(), row.begin(), row.end() - 1);
      base = row.back();
    }
  }
};

// For secret ones: 63 digits to the base 16, each of -15, -13, ... 13, 15, so that no digit is 0
// and no addition special. rows[w][i] is (2 i + 1) * 16^w * G.
struct OddTable {
  static constexpr unsigned kWindows = 63;
  std::array<std::array<Affine, 8>, kWindows> rows;

  OddTable() {
    Affine base = generator();
    for (auto& row : rows) {
      const std::vector<Affine> multiples = multiples_of(base, 16);
      for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = multiples[2 * i];
      base = multiples.back();
    }
  }
};

// All ones where the two are equal; both below 2^32.
std::uint64_t equal_mask(std::uint64_t a, std::uint64_t b) { return -(((a ^ b) - 1) >> 63); }

// Reads the whole row, whichever entry is wanted.
Affine masked_entry(const std::array<Affine, 8>& row, std::uint32_t window) {
  // The digit is 2 * window - 15: negative below 8, and symmetric about it.
  const std::uint64_t negative = -static_cast<std::uint64_t>(1 - (window >> 3));
  const std::uint64_t index = (window ^ negative) & 7;
  Affine chosen;
  for (std::uint64_t i = 0; i < row.size(); ++i) {
    const std::uint64_t mask = equal_mask(i, index);
    chosen.x.raw = select(mask, row[i].x.raw, chosen.x.raw);
    chosen.y.raw = select(mask, row[i].y.raw, chosen.y.raw);
  }
  chosen.y.raw = select(negative, (-chosen.y).raw, chosen.y.raw);
  return chosen;
}

// 1 / a as a^(p - 2), by Fermat; which bits of the exponent are set is no secret.
Residue<16> inverse_in_constant_time(const Residue<16>& a) {
  std::uint64_t never = 0;
  const Uint256 exponent = subtract_with_borrow(kP, Uint256(2), never);
  Residue<16> result = a;  // for the topmost bit
  for (int bit = 250; bit >= 0; --bit) {
    result = square(result);
    if (exponent.bit(static_cast<unsigned>(bit))) result = result * a;
  }
  return result;
}

}  // namespace

Sum multiple_of_generator(const Scalar& k) {
  static const ByteTable table;
  const Uint256 number = k.value();
  Sum sum;
  for (unsigned window = 0; window < ByteTable::kWindows; ++window) {
    const std::uint32_t digit = number.bits(8 * window, 8);
    if (digit != 0) sum = add(sum, table.points[255 * window + digit - 1]);
  }
  return sum;
}

Affine secret_multiple_of_generator(const Scalar& k) {
  static const OddTable table;
  // Of k and n - k one is odd. An odd number below 2^252 is the sum of +-2^i over i < 252, with
  // plus where bit i of (number + 2^252 - 1) / 2 is set; four such signs are one digit.
  std::uint64_t over = 0;
  const Uint256 number = k.value();
  const std::uint64_t is_odd = -(number.limbs[0] & 1);
  const Uint256 odd = select(is_odd, number, subtract_with_borrow(kN, number, over));
  constexpr Uint256 kHalf(0, 0, 0, std::uint64_t{1} << 59);  // 2^251
  Uint256 signs;                                             // (odd - 1) / 2 + 2^251
  for (int i = 0; i < 4; ++i)
    signs.limbs[i] = odd.limbs[i] >> 1 | (i < 3 ? odd.limbs[i + 1] << 63 : 0);
  signs = add_with_carry(signs, kHalf, over);

  // Each point that is added is a larger multiple of G, up to the sign, than all before it
  // together, so the two are never equal or opposite.
  Sum sum(masked_entry(table.rows[0], signs.bits(0, 4)));
  for (unsigned window = 1; window < OddTable::kWindows; ++window)
    sum = add_distinct(sum, masked_entry(table.rows[window], signs.bits(4 * window, 4)));
  const Residue<16> zzz_inverse = inverse_in_constant_time(sum.zzz);
  return {reduced(sum.x * square(zzz_inverse * sum.zz)), reduced(sum.y * zzz_inverse)};
}

}  // namespace venuebox::crypto::starknet
