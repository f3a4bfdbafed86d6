// A felt: an element of the field of p elements that Starknet counts in, p = 2^251 + 17 * 2^192
// + 1. A value with one representation per element; hot loops work on Residue instead.
#pragma once

#include <optional>

#include "crypto/starknet/residue.h"

namespace venuebox::crypto::starknet {

class Felt {
 public:
  constexpr Felt() = default;
  constexpr explicit Felt(std::uint64_t value) : Felt(modulo_p(Uint256(value))) {}
  constexpr explicit Felt(const Reduced& residue) : residue_(residue) {}

  // Any number of 256 bits, modulo p.
  static constexpr Felt modulo_p(const Uint256& value);
  // Nothing for p and above: on the wire such a number is an error, not another spelling.
  static constexpr std::optional<Felt> below_p(const Uint256& value) {
    if (value >= kP) return std::nullopt;
    return modulo_p(value);
  }

  constexpr Uint256 value() const;  // below p
  constexpr const Reduced& residue() const { return residue_; }

  friend constexpr bool operator==(const Felt& a, const Felt& b) {
    return a.residue_.raw == b.residue_.raw;
  }
  friend constexpr Felt operator+(const Felt& a, const Felt& b) {
    return Felt(reduced(a.residue_ + b.residue_));
  }
  friend constexpr Felt operator-(const Felt& a, const Felt& b) {
    return Felt(reduced(a.residue_ - b.residue_));
  }
  friend constexpr Felt operator*(const Felt& a, const Felt& b) {
    return Felt(reduced(a.residue_ * b.residue_));
  }

 private:
  Reduced residue_;
};

// 2^512 modulo p, which takes a number into Montgomery form.
inline constexpr Reduced kIntoMontgomery{
    hex256("7ffd4ab5e008810ffffffffff6f800000000001330ffffffffffd737e000401")};

constexpr Felt Felt::modulo_p(const Uint256& value) {
  // 256 bits are a little more than 31 p, and what reduces takes any of them.
  return Felt(reduced(Residue<248>(value) * kIntoMontgomery));
}
constexpr Uint256 Felt::value() const { return reduced(residue_ * Reduced(Uint256(1))).raw; }

consteval Felt hex_felt(std::string_view digits) { return Felt::modulo_p(hex256(digits)); }

// 1 / a modulo p, and 0 for 0. Its time depends on the number: not for secrets.
Felt inverse(const Felt& a);
// a / b; 0 for b = 0. Not for secrets.
Felt quotient(const Residue<248>& a, const Residue<248>& b);
// One of the two roots, or nothing where there is none. Not for secrets.
std::optional<Felt> square_root(const Felt& a);

// Decimal, or 0x and hexadecimal digits; fails beyond p.
Result<Felt> felt_from_text(std::string_view text);
inline std::string hex_of(const Felt& felt) { return hex_of(felt.value()); }

}  // namespace venuebox::crypto::starknet
