// Square roots modulo p. p - 1 is 2^192 * (2^59 + 17), the worst case for Tonelli and Shanks, whose
// loop would take some 18,000 multiplications. As in Sarkar, "Computing square roots faster than
// the Tonelli-Shanks/Bernstein algorithm" (2020), tables of powers make it 800.
#include <vector>

#include "crypto/starknet/felt.h"

namespace venuebox::crypto::starknet {
namespace {

constexpr int kDigitBits = 6;
constexpr int kDigits = 192 / kDigitBits;
constexpr int kDigitMax = 1 << kDigitBits;

Residue<16> power(Residue<16> base, std::uint64_t exponent) {
  Residue<16> result = Felt(1).residue();
  for (; exponent != 0; exponent >>= 1, base = square(base)) {
    if (exponent & 1) result = result * base;
  }
  return result;
}

// With g = 3^(2^59 + 17), which generates the subgroup of order 2^192 because 3 generates the
// field.
struct Tables {
  // powers[k][d] = g^(-d * 2^(6 k))
  std::array<std::array<Residue<16>, kDigitMax>, kDigits> powers;
  // The elements of the subgroup of order 64: digit_of(x) is d for g^(d * 2^186).
  std::array<Reduced, kDigitMax> last;

  Tables() {
    Residue<16> step = inverse(Felt(reduced(power(Felt(3).residue(), kTop)))).residue();
    for (auto& row : powers) {
      row[0] = Felt(1).residue();
      for (int d = 1; d < kDigitMax; ++d)
        row[d] = row[d - 1] * step;
      step = row[kDigitMax - 1] * step;
    }
    for (int d = 0; d < kDigitMax; ++d)
      last[d] = reduced(powers[kDigits - 1][(kDigitMax - d) % kDigitMax]);
  }
  int digit_of(const Residue<16>& x) const {
    const Reduced wanted = reduced(x);
    for (int d = 0; d < kDigitMax; ++d) {
      if (last[d].raw == wanted.raw) return d;
    }
    return -1;
  }
};

// The digits to the base 64, lowest first, of the s with g^s = b, for b of the subgroup. Raised to
// 2^186, only the lowest digit of s counts; taken off, the next one does at 2^180, and so on.
std::array<int, kDigits> logarithm(const Residue<16>& b, const Tables& tables) {
  std::array<Residue<16>, kDigits> raised;  // raised[k] = b^(2^(6 k))
  raised[0] = b;
  for (int k = 1; k < kDigits; ++k) {
    raised[k] = raised[k - 1];
    for (int i = 0; i < kDigitBits; ++i)
      raised[k] = square(raised[k]);
  }
  std::array<int, kDigits> digits{};
  for (int i = 0; i < kDigits; ++i) {
    const int k = kDigits - 1 - i;
    Residue<16> rest = raised[k];
    for (int j = 0; j < i; ++j)
      rest = rest * tables.powers[j + k][digits[j]];
    digits[i] = tables.digit_of(rest);
    VENUEBOX_ASSERT(digits[i] >= 0);
  }
  return digits;
}

}  // namespace

std::optional<Felt> square_root(const Felt& a) {
  if (a == Felt()) return a;
  static const Tables tables;  // built when a root is first asked for, some 30 us
  // With q = 2^59 + 17: a^q is g^s, and a^((q + 1) / 2) squared is a * g^s, so the root is that
  // times g^(-s / 2). An odd s has no half, and a no root.
  const Residue<16> half = power(a.residue(), kTop / 2);  // q is odd: (q - 1) / 2
  const Residue<16> root = half * a.residue();
  const std::array<int, kDigits> s = logarithm(half * root, tables);
  if (s[0] & 1) return std::nullopt;
  Residue<16> result = root;
  for (int k = 0; k < kDigits; ++k) {
    const int above = k + 1 < kDigits ? s[k + 1] & 1 : 0;
    result = result * tables.powers[k][s[k] >> 1 | above << (kDigitBits - 1)];
  }
  return Felt(reduced(result));
}

}  // namespace venuebox::crypto::starknet
