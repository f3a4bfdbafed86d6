// Bernstein and Yang, "Fast constant-time gcd computation and modular inversion" (2019), in the
// variant that skips runs of zeros and so is not constant in time. 62 of its steps look only at the
// lowest 64 bits of f and g; they make one matrix, which is then applied to the whole numbers.
#include "crypto/starknet/inverse.h"

#include <algorithm>
#include <bit>

#include "crypto/starknet/product.h"
#include "crypto/starknet/scalar.h"

namespace venuebox::crypto::starknet {
namespace {

constexpr std::uint64_t kMask62 = ~std::uint64_t{0} >> 2;

// A signed number of five limbs of 62 bits each, the topmost with the sign.
using Signed = std::array<std::int64_t, 5>;

struct OddModulus {
  Signed value;
  std::uint64_t inverse;  // of value, modulo 2^62
};

// What a run of 62 steps does: (f, g) becomes (u f + v g, q f + r g) / 2^62.
struct Matrix {
  std::int64_t u, v, q, r;
};

constexpr Signed signed_of(const Uint256& x) {
  const auto& a = x.limbs;
  const auto limb = [](std::uint64_t value) { return static_cast<std::int64_t>(value & kMask62); };
  return {limb(a[0]), limb(a[0] >> 62 | a[1] << 2), limb(a[1] >> 60 | a[2] << 4),
          limb(a[2] >> 58 | a[3] << 6), static_cast<std::int64_t>(a[3] >> 56)};
}

// At compile time, so that nothing is multiplied by p's limbs of 0 and 1.
constexpr OddModulus kModulusP{signed_of(kP), 1};
constexpr OddModulus kModulusN{signed_of(kN), 0x494c3b3174219cf};

Uint256 unsigned_of(const Signed& x) {
  const auto limb = [&](int i) { return static_cast<std::uint64_t>(x[i]); };
  return {limb(0) | limb(1) << 62, limb(1) >> 2 | limb(2) << 60, limb(2) >> 4 | limb(3) << 58,
          limb(3) >> 6 | limb(4) << 56};
}

// Takes 62 steps on the lowest bits; eta is the negative of the paper's delta.
Matrix sixty_two_steps(std::int64_t& eta, std::uint64_t f, std::uint64_t g) {
  std::uint64_t u = 1, v = 0, q = 0, r = 1;
  // -1 / f modulo 64, for any odd f.
  std::uint64_t minus_inverse = f * (f * f - 2);
  for (int left = 62;;) {
    // A marker above the bits that are left ends the run at the latest.
    const int zeros = std::countr_zero(g | ~std::uint64_t{0} << left);
    g >>= zeros;
    u <<= zeros;
    v <<= zeros;
    eta -= zeros;
    left -= zeros;
    if (left == 0) break;
    if (eta < 0) {
      eta = -eta;
      std::swap(f, g);
      g = -g;
      std::swap(u, q);
      q = -q;
      std::swap(v, r);
      r = -r;
      minus_inverse = f * (f * f - 2);
    }
    // As many low bits of g are cleared as may be before f and g change places again, at most 6.
    const std::int64_t clear = std::min<std::int64_t>(eta + 1, left);
    const std::uint64_t mask = (~std::uint64_t{0} >> (64 - clear)) & 63;
    const std::uint64_t w = (g * minus_inverse) & mask;
    g += f * w;
    q += u * w;
    r += v * w;
  }
  return {static_cast<std::int64_t>(u), static_cast<std::int64_t>(v), static_cast<std::int64_t>(q),
          static_cast<std::int64_t>(r)};
}

// (f, g) becomes matrix (f, g) / 2^62, exactly; only `size` limbs are in use.
void apply(const Matrix& t, Signed& f, Signed& g, int size) {
  Int128 cf = static_cast<Int128>(t.u) * f[0] + static_cast<Int128>(t.v) * g[0];
  Int128 cg = static_cast<Int128>(t.q) * f[0] + static_cast<Int128>(t.r) * g[0];
  cf >>= 62;
  cg >>= 62;
#pragma GCC unroll 4
  for (int i = 1; i < size; ++i) {
    cf += static_cast<Int128>(t.u) * f[i] + static_cast<Int128>(t.v) * g[i];
    cg += static_cast<Int128>(t.q) * f[i] + static_cast<Int128>(t.r) * g[i];
    f[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(cf) & kMask62);
    g[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(cg) & kMask62);
    cf >>= 62;
    cg >>= 62;
  }
  f[size - 1] = static_cast<std::int64_t>(cf);
  g[size - 1] = static_cast<std::int64_t>(cg);
}

// The same modulo the modulus, between -2 and +1 times it: multiples are added that make the
// division exact.
template <const OddModulus& kModulus>
void apply_modulo(const Matrix& t, Signed& d, Signed& e) {
  constexpr const Signed& modulus = kModulus.value;
  const std::int64_t d_sign = d[4] >> 63;
  const std::int64_t e_sign = e[4] >> 63;
  std::int64_t md = (t.u & d_sign) + (t.v & e_sign);
  std::int64_t me = (t.q & d_sign) + (t.r & e_sign);
  Int128 cd = static_cast<Int128>(t.u) * d[0] + static_cast<Int128>(t.v) * e[0];
  Int128 ce = static_cast<Int128>(t.q) * d[0] + static_cast<Int128>(t.r) * e[0];
  const auto off = [&](Int128 low, std::int64_t m) {
    return static_cast<std::int64_t>(
        (kModulus.inverse * static_cast<std::uint64_t>(low) + static_cast<std::uint64_t>(m)) &
        kMask62);
  };
  md -= off(cd, md);
  me -= off(ce, me);
  cd += static_cast<Int128>(modulus[0]) * md;
  ce += static_cast<Int128>(modulus[0]) * me;
  cd >>= 62;
  ce >>= 62;
#pragma GCC unroll 4
  for (int i = 1; i < 5; ++i) {
    cd += static_cast<Int128>(t.u) * d[i] + static_cast<Int128>(t.v) * e[i] +
          static_cast<Int128>(modulus[i]) * md;
    ce += static_cast<Int128>(t.q) * d[i] + static_cast<Int128>(t.r) * e[i] +
          static_cast<Int128>(modulus[i]) * me;
    d[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(cd) & kMask62);
    e[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(ce) & kMask62);
    cd >>= 62;
    ce >>= 62;
  }
  d[4] = static_cast<std::int64_t>(cd);
  e[4] = static_cast<std::int64_t>(ce);
}

void carry(Signed& x) {
  for (int i = 0; i < 4; ++i) {
    x[i + 1] += x[i] >> 62;
    x[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(x[i]) & kMask62);
  }
}

// Between 0 and the modulus, with the sign of f taken in.
Uint256 normalised(Signed d, bool negate, const Signed& modulus) {
  const auto add_modulus_if_negative = [&] {
    if (d[4] >= 0) return;
    for (int i = 0; i < 5; ++i)
      d[i] += modulus[i];
    carry(d);
  };
  add_modulus_if_negative();
  if (negate) {
    for (std::int64_t& limb : d)
      limb = -limb;
    carry(d);
  }
  add_modulus_if_negative();
  return unsigned_of(d);
}

// Drops top limbs that hold nothing but the sign.
int shortened(Signed& f, Signed& g, int size) {
  const auto is_sign = [](std::int64_t limb) { return limb == 0 || limb == -1; };
  if (size > 1 && is_sign(f[size - 1]) && is_sign(g[size - 1])) {
    f[size - 2] |= static_cast<std::int64_t>(static_cast<std::uint64_t>(f[size - 1]) << 62);
    g[size - 2] |= static_cast<std::int64_t>(static_cast<std::uint64_t>(g[size - 1]) << 62);
    return size - 1;
  }
  return size;
}

template <const OddModulus& kModulus>
Uint256 inverse(const Uint256& x) {
  Signed d{}, e{1}, f = kModulus.value, g = signed_of(x);
  std::int64_t eta = -1;
  const auto is_zero = [](const Signed& number, int size) {
    std::int64_t any = 0;
    for (int i = 0; i < size; ++i)
      any |= number[i];
    return any == 0;
  };
  int size = 5;
  while (!is_zero(g, size)) {
    const Matrix t =
        sixty_two_steps(eta, static_cast<std::uint64_t>(f[0]), static_cast<std::uint64_t>(g[0]));
    apply_modulo<kModulus>(t, d, e);
    apply(t, f, g, size);
    size = shortened(f, g, size);
  }
  // f is now plus or minus the greatest common divisor, which is 1 (or the modulus, for x = 0).
  return normalised(d, f[size - 1] < 0, kModulus.value);
}

}  // namespace

Uint256 inverse_modulo_p(const Uint256& x) { return inverse<kModulusP>(x); }
Uint256 inverse_modulo_n(const Uint256& x) { return inverse<kModulusN>(x); }

}  // namespace venuebox::crypto::starknet
