// Sums and products for x86-64 in assembly: the compiler makes two to four times as many
// instructions of the plain ones in uint256.h and product.h, which say what these compute.
#pragma once

#include "crypto/starknet/uint256.h"

#ifdef __x86_64__
namespace venuebox::crypto::starknet::x86_64 {

// clang-format off

// a + b and a - b modulo 2^256.
inline Uint256 sum(const Uint256& a, const Uint256& b) {
  Uint256 c = a;
  asm("addq %4, %0\n\t"
      "adcq %5, %1\n\t"
      "adcq %6, %2\n\t"
      "adcq %7, %3"
      : "+&r"(c.limbs[0]), "+&r"(c.limbs[1]), "+&r"(c.limbs[2]), "+&r"(c.limbs[3])
      : "rm"(b.limbs[0]), "rm"(b.limbs[1]), "rm"(b.limbs[2]), "rm"(b.limbs[3])
      : "cc");
  return c;
}
inline Uint256 difference(const Uint256& a, const Uint256& b) {
  Uint256 c = a;
  asm("subq %4, %0\n\t"
      "sbbq %5, %1\n\t"
      "sbbq %6, %2\n\t"
      "sbbq %7, %3"
      : "+&r"(c.limbs[0]), "+&r"(c.limbs[1]), "+&r"(c.limbs[2]), "+&r"(c.limbs[3])
      : "rm"(b.limbs[0]), "rm"(b.limbs[1]), "rm"(b.limbs[2]), "rm"(b.limbs[3])
      : "cc");
  return c;
}

// clang-format on

}  // namespace venuebox::crypto::starknet::x86_64
#endif
