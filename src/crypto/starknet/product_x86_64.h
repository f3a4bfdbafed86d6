// Sums and products for x86-64 in assembly: of the plain ones in uint256.h and product.h, which say
// what these compute, the compiler makes two to four times as many instructions.
//
// Not for builds without optimisation or with sanitizers, in which too few registers are left.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define VENUEBOX_SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VENUEBOX_SANITIZED 1
#endif

#if defined(__x86_64__) && defined(__OPTIMIZE__) && !defined(VENUEBOX_SANITIZED)
#define VENUEBOX_STARKNET_X86_64 1

#include "crypto/starknet/uint256.h"

namespace venuebox::crypto::starknet::x86_64 {

// clang-format off

inline Uint256 sum(const Uint256& a, const Uint256& b) {
  Uint256 c = a;
  asm("addq %4, %0\n\t"
      "adcq %5, %1\n\t"
      "adcq %6, %2\n\t"
      "adcq %7, %3"
      : "+&r"(c.limbs[0]), "+&r"(c.limbs[1]), "+&r"(c.limbs[2]), "+&r"(c.limbs[3])
      : "rme"(b.limbs[0]), "rme"(b.limbs[1]), "rme"(b.limbs[2]), "rme"(b.limbs[3])
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
      : "rme"(b.limbs[0]), "rme"(b.limbs[1]), "rme"(b.limbs[2]), "rme"(b.limbs[3])
      : "cc");
  return c;
}

inline constexpr std::uint64_t kTopLimb = 0x800000000000011;  // of p

// Of the product in t0 to t7, with the offset.
#define VB_CLEAR(limb) "xorl %k[" #limb "], %k[" #limb "]\n\t"
#define VB_ADD(low, high) "addq %%rax, %[" #low "]\n\t" "adcq %%rdx, %[" #high "]\n\t"
#define VB_REDUCE \
  "movq %[t0], %%rax\n\t" "mulq %[top]\n\t" "movq %%rax, %[t0]\n\t" "movq %%rdx, %[e]\n\t" \
  "movq %[t1], %%rax\n\t" "mulq %[top]\n\t" VB_CLEAR(t1) VB_ADD(e, t1) \
  "movq %[t2], %%rax\n\t" "mulq %[top]\n\t" VB_CLEAR(t2) VB_ADD(t1, t2) \
  "movq %[t3], %%rax\n\t" "subq %[t0], %%rax\n\t" "sbbq %[t0], %[t0]\n\t" "mulq %[top]\n\t" \
  "addq %%rax, %[t2]\n\t" "adcq $0, %%rdx\n\t" \
  "addq %[t0], %[t0]\n\t" \
  "sbbq %[e], %[t4]\n\t" "sbbq %[t1], %[t5]\n\t" "sbbq %[t2], %[t6]\n\t" "sbbq %%rdx, %[t7]"

// For every x86-64. Column by column, each product into three limbs, so that no carry is left over.
#define VB_PRODUCT(i, j) "movq 8*" #i "(%[a]), %%rax\n\t" "mulq 8*" #j "(%[b])\n\t"
#define VB_ADD_3(low, high, over) VB_ADD(low, high) "adcq $0, %[" #over "]\n\t"
#define VB_BEGIN_4 "movl $1, %k[t4]\n\t"
#define VB_BEGIN_7 "movq %[top], %[t7]\n\t"
#define VB_OPERANDS(x, y) \
  : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(r.limbs[0]), \
    [t5] "=&r"(r.limbs[1]), [t6] "=&r"(r.limbs[2]), [t7] "=&r"(r.limbs[3]), [e] "=&r"(e) \
  : [a] "r"(&x), [b] "r"(&y), "m"(x), "m"(y), [top] "m"(kTopLimb) \
  : "rax", "rdx", "cc"

#define VB_PRODUCT_AT(i, j) "movq " #i "(%[at]), %%rax\n\t" "mulq " #j "(%[at])\n\t"
#define VB_LIMBS(constraint, a) \
  [a##0] constraint(a.limbs[0]), [a##1] constraint(a.limbs[1]), [a##2] constraint(a.limbs[2]), \
  [a##3] constraint(a.limbs[3])

struct Mul {
  static Uint256 multiply(const Uint256& x, const Uint256& y) {
    Uint256 r;
    std::uint64_t t0, t1, t2, t3, e;
    asm(VB_PRODUCT(0, 0) "movq %%rax, %[t0]\n\t" "movq %%rdx, %[t1]\n\t"
        VB_CLEAR(t2)
        VB_PRODUCT(0, 1) VB_ADD(t1, t2) VB_CLEAR(t3)
        VB_PRODUCT(1, 0) VB_ADD_3(t1, t2, t3) VB_BEGIN_4
        VB_PRODUCT(0, 2) VB_ADD_3(t2, t3, t4)
        VB_PRODUCT(1, 1) VB_ADD_3(t2, t3, t4)
        VB_PRODUCT(2, 0) VB_ADD_3(t2, t3, t4) VB_CLEAR(t5)
        VB_PRODUCT(0, 3) VB_ADD_3(t3, t4, t5)
        VB_PRODUCT(1, 2) VB_ADD_3(t3, t4, t5)
        VB_PRODUCT(2, 1) VB_ADD_3(t3, t4, t5)
        VB_PRODUCT(3, 0) VB_ADD_3(t3, t4, t5) VB_CLEAR(t6)
        VB_PRODUCT(1, 3) VB_ADD_3(t4, t5, t6)
        VB_PRODUCT(2, 2) VB_ADD_3(t4, t5, t6)
        VB_PRODUCT(3, 1) VB_ADD_3(t4, t5, t6) VB_BEGIN_7
        VB_PRODUCT(2, 3) VB_ADD_3(t5, t6, t7)
        VB_PRODUCT(3, 2) VB_ADD_3(t5, t6, t7)
        VB_PRODUCT(3, 3) VB_ADD(t6, t7)
        VB_REDUCE
        VB_OPERANDS(x, y));
    return r;
  }
  static Uint256 square(const Uint256& x) {
    Uint256 r;
    std::uint64_t t0, t1, t2, t3, e;
    asm(VB_PRODUCT(0, 0) "movq %%rax, %[t0]\n\t" "movq %%rdx, %[t1]\n\t"
        VB_CLEAR(t2) VB_CLEAR(t3)
        VB_PRODUCT(0, 1) VB_ADD(t1, t2) VB_ADD_3(t1, t2, t3) VB_BEGIN_4
        VB_PRODUCT(0, 2) VB_ADD_3(t2, t3, t4) VB_ADD_3(t2, t3, t4)
        VB_PRODUCT(1, 1) VB_ADD_3(t2, t3, t4) VB_CLEAR(t5)
        VB_PRODUCT(0, 3) VB_ADD_3(t3, t4, t5) VB_ADD_3(t3, t4, t5)
        VB_PRODUCT(1, 2) VB_ADD_3(t3, t4, t5) VB_ADD_3(t3, t4, t5) VB_CLEAR(t6)
        VB_PRODUCT(1, 3) VB_ADD_3(t4, t5, t6) VB_ADD_3(t4, t5, t6)
        VB_PRODUCT(2, 2) VB_ADD_3(t4, t5, t6) VB_BEGIN_7
        VB_PRODUCT(2, 3) VB_ADD_3(t5, t6, t7) VB_ADD_3(t5, t6, t7)
        VB_PRODUCT(3, 3) VB_ADD(t6, t7)
        VB_REDUCE
        VB_OPERANDS(x, x));
    return r;
  }
  static Uint256 multiply_add(const Uint256& a, const Uint256& b, const Uint256& c,
                              const Uint256& d) {
    Uint256 r;
    std::uint64_t t0, t1, t2, t3, e;
    const Uint256 operands[4] = {a, b, c, d};  // so that one register points to all of them
    asm(VB_PRODUCT_AT(0, 32) "movq %%rax, %[t0]\n\t" "movq %%rdx, %[t1]\n\t" VB_CLEAR(t2)
        VB_PRODUCT_AT(64, 96) VB_ADD_3(t0, t1, t2) VB_CLEAR(t3)
        VB_PRODUCT_AT(0, 40) VB_ADD_3(t1, t2, t3)
        VB_PRODUCT_AT(8, 32) VB_ADD_3(t1, t2, t3)
        VB_PRODUCT_AT(64, 104) VB_ADD_3(t1, t2, t3)
        VB_PRODUCT_AT(72, 96) VB_ADD_3(t1, t2, t3) VB_BEGIN_4
        VB_PRODUCT_AT(0, 48) VB_ADD_3(t2, t3, t4)
        VB_PRODUCT_AT(8, 40) VB_ADD_3(t2, t3, t4)
        VB_PRODUCT_AT(16, 32) VB_ADD_3(t2, t3, t4)
        VB_PRODUCT_AT(64, 112) VB_ADD_3(t2, t3, t4)
        VB_PRODUCT_AT(72, 104) VB_ADD_3(t2, t3, t4)
        VB_PRODUCT_AT(80, 96) VB_ADD_3(t2, t3, t4) VB_CLEAR(t5)
        VB_PRODUCT_AT(0, 56) VB_ADD_3(t3, t4, t5)
        VB_PRODUCT_AT(8, 48) VB_ADD_3(t3, t4, t5)
        VB_PRODUCT_AT(16, 40) VB_ADD_3(t3, t4, t5)
        VB_PRODUCT_AT(24, 32) VB_ADD_3(t3, t4, t5)
        VB_PRODUCT_AT(64, 120) VB_ADD_3(t3, t4, t5)
        VB_PRODUCT_AT(72, 112) VB_ADD_3(t3, t4, t5)
        VB_PRODUCT_AT(80, 104) VB_ADD_3(t3, t4, t5)
        VB_PRODUCT_AT(88, 96) VB_ADD_3(t3, t4, t5) VB_CLEAR(t6)
        VB_PRODUCT_AT(8, 56) VB_ADD_3(t4, t5, t6)
        VB_PRODUCT_AT(16, 48) VB_ADD_3(t4, t5, t6)
        VB_PRODUCT_AT(24, 40) VB_ADD_3(t4, t5, t6)
        VB_PRODUCT_AT(72, 120) VB_ADD_3(t4, t5, t6)
        VB_PRODUCT_AT(80, 112) VB_ADD_3(t4, t5, t6)
        VB_PRODUCT_AT(88, 104) VB_ADD_3(t4, t5, t6) VB_BEGIN_7
        VB_PRODUCT_AT(16, 56) VB_ADD_3(t5, t6, t7)
        VB_PRODUCT_AT(24, 48) VB_ADD_3(t5, t6, t7)
        VB_PRODUCT_AT(80, 120) VB_ADD_3(t5, t6, t7)
        VB_PRODUCT_AT(88, 112) VB_ADD_3(t5, t6, t7)
        VB_PRODUCT_AT(24, 56) VB_ADD(t6, t7)
        VB_PRODUCT_AT(88, 120) VB_ADD(t6, t7)
        VB_REDUCE
        : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(r.limbs[0]),
          [t5] "=&r"(r.limbs[1]), [t6] "=&r"(r.limbs[2]), [t7] "=&r"(r.limbs[3]), [e] "=&r"(e)
        : [at] "r"(operands), "m"(operands), [top] "m"(kTopLimb)
        : "rax", "rdx", "cc");
    return r;
  }
};
#undef VB_OPERANDS

// For those with BMI2 and ADX (Intel since Broadwell, AMD since Zen): two chains of carries at once.
#define VB_ROW_TERM(b, low, high) \
  "mulxq %[" #b "], %[l], %[e]\n\t" "adcxq %[l], %[" #low "]\n\t" "adoxq %[e], %[" #high "]\n\t"
#define VB_ROW(a, s0, s1, s2, s3, s4) \
  "movq %[" #a "], %%rdx\n\t" VB_CLEAR(s4) \
  VB_ROW_TERM(b0, s0, s1) VB_ROW_TERM(b1, s1, s2) VB_ROW_TERM(b2, s2, s3) VB_ROW_TERM(b3, s3, s4) \
  "adcq $0, %[" #s4 "]\n\t"
#define VB_REDUCE_X \
  "movabsq $0x800000000000011, %%rdx\n\t" \
  "mulxq %[t0], %[t0], %[e]\n\t" \
  "mulxq %[t1], %[l], %[t1]\n\t" "addq %[l], %[e]\n\t" \
  "mulxq %[t2], %[l], %[t2]\n\t" "adcq %[l], %[t1]\n\t" "adcq $0, %[t2]\n\t" \
  "subq %[t0], %[t3]\n\t" "sbbq %[t0], %[t0]\n\t" \
  "addq %%rdx, %[t7]\n\t" \
  "mulxq %[t3], %[l], %[t3]\n\t" \
  "addq %[l], %[t2]\n\t" "adcq $0, %[t3]\n\t" \
  "addq %[t0], %[t0]\n\t" \
  "sbbq %[e], %[t4]\n\t" "sbbq %[t1], %[t5]\n\t" "sbbq %[t2], %[t6]\n\t" "sbbq %[t3], %[t7]"
#define VB_OUTPUTS \
  : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(r.limbs[0]), \
    [t5] "=&r"(r.limbs[1]), [t6] "=&r"(r.limbs[2]), [t7] "=&r"(r.limbs[3]), [e] "=&r"(e), \
    [l] "=&r"(l)

// Onto what is there already.
#define VB_ROW_MORE(a, s0, s1, s2, s3, s4) \
  "movq %[" #a "], %%rdx\n\t" VB_CLEAR(l) \
  VB_ROW_TERM(d0, s0, s1) VB_ROW_TERM(d1, s1, s2) VB_ROW_TERM(d2, s2, s3) VB_ROW_TERM(d3, s3, s4) \
  "adcq $0, %[" #s4 "]\n\t"

// Always inlined, as the limbs of most operands are in registers already.
struct Adx {
  [[gnu::always_inline]] static Uint256 multiply(const Uint256& a, const Uint256& b) {
    Uint256 r;
    std::uint64_t t0, t1, t2, t3, e, l;

    asm("movq %[a0], %%rdx\n\t"
        "mulxq %[b0], %[t0], %[t1]\n\t"
        "mulxq %[b1], %[l], %[t2]\n\t" "addq %[l], %[t1]\n\t"
        "mulxq %[b2], %[l], %[t3]\n\t" "adcq %[l], %[t2]\n\t"
        "mulxq %[b3], %[l], %[t4]\n\t" "adcq %[l], %[t3]\n\t"
        "adcq $1, %[t4]\n\t"
        VB_ROW(a1, t1, t2, t3, t4, t5)
        VB_ROW(a2, t2, t3, t4, t5, t6)
        VB_ROW(a3, t3, t4, t5, t6, t7)
        VB_REDUCE_X
        VB_OUTPUTS
        : VB_LIMBS("rm", a), VB_LIMBS("m", b)
        : "rdx", "cc");
    return r;
  }
  [[gnu::always_inline]] static Uint256 multiply_add(const Uint256& a, const Uint256& b, const Uint256& c,
                              const Uint256& d) {
    Uint256 r;
    std::uint64_t t0, t1, t2, t3, e, l;
    asm("movq %[a0], %%rdx\n\t"
        "mulxq %[b0], %[t0], %[t1]\n\t"
        "mulxq %[b1], %[l], %[t2]\n\t" "addq %[l], %[t1]\n\t"
        "mulxq %[b2], %[l], %[t3]\n\t" "adcq %[l], %[t2]\n\t"
        "mulxq %[b3], %[l], %[t4]\n\t" "adcq %[l], %[t3]\n\t"
        "adcq $1, %[t4]\n\t"
        VB_ROW_MORE(c0, t0, t1, t2, t3, t4)
        VB_ROW(a1, t1, t2, t3, t4, t5) VB_ROW_MORE(c1, t1, t2, t3, t4, t5)
        VB_ROW(a2, t2, t3, t4, t5, t6) VB_ROW_MORE(c2, t2, t3, t4, t5, t6)
        VB_ROW(a3, t3, t4, t5, t6, t7) VB_ROW_MORE(c3, t3, t4, t5, t6, t7)
        VB_REDUCE_X
        VB_OUTPUTS
        : VB_LIMBS("m", a), VB_LIMBS("m", b), VB_LIMBS("m", c), VB_LIMBS("m", d)
        : "rdx", "cc");
    return r;
  }
  [[gnu::always_inline]] static Uint256 square(const Uint256& a) {
    Uint256 r;
    std::uint64_t t0, t1, t2, t3, e, l;
    asm("movq %[a0], %%rdx\n\t"
        "mulxq %[a1], %[t1], %[t2]\n\t"
        "mulxq %[a2], %[l], %[t3]\n\t" "addq %[l], %[t2]\n\t"
        "mulxq %[a3], %[l], %[t4]\n\t" "adcq %[l], %[t3]\n\t"
        "adcq $0, %[t4]\n\t"
        "movq %[a1], %%rdx\n\t" VB_CLEAR(t5)
        "mulxq %[a2], %[l], %[e]\n\t" "adcxq %[l], %[t3]\n\t" "adoxq %[e], %[t4]\n\t"
        "mulxq %[a3], %[l], %[e]\n\t" "adcxq %[l], %[t4]\n\t" "adoxq %[e], %[t5]\n\t"
        "adcq $0, %[t5]\n\t"
        "movq %[a2], %%rdx\n\t"
        "mulxq %[a3], %[l], %[t6]\n\t" "addq %[l], %[t5]\n\t" "adcq $0, %[t6]\n\t"
        VB_CLEAR(t7)
        // Twice the mixed products by one chain, and the squares by the other.
        "movq %[a0], %%rdx\n\t" "mulxq %%rdx, %[t0], %[e]\n\t"
        "adcxq %[t1], %[t1]\n\t" "adoxq %[e], %[t1]\n\t"
        "movq %[a1], %%rdx\n\t" "mulxq %%rdx, %[l], %[e]\n\t"
        "adcxq %[t2], %[t2]\n\t" "adoxq %[l], %[t2]\n\t"
        "adcxq %[t3], %[t3]\n\t" "adoxq %[e], %[t3]\n\t"
        // The offset's 1; no square is -1 modulo 2^64, so there is no carry.
        "movq %[a2], %%rdx\n\t" "mulxq %%rdx, %[l], %[e]\n\t" "leaq 1(%[l]), %[l]\n\t"
        "adcxq %[t4], %[t4]\n\t" "adoxq %[l], %[t4]\n\t"
        "adcxq %[t5], %[t5]\n\t" "adoxq %[e], %[t5]\n\t"
        "movq %[a3], %%rdx\n\t" "mulxq %%rdx, %[l], %[e]\n\t"
        "adcxq %[t6], %[t6]\n\t" "adoxq %[l], %[t6]\n\t"
        "adcxq %[t7], %[t7]\n\t" "adoxq %[e], %[t7]\n\t"
        VB_REDUCE_X
        VB_OUTPUTS
        : VB_LIMBS("rm", a)
        : "rdx", "cc");
    return r;
  }
};

// clang-format on

#undef VB_CLEAR
#undef VB_LIMBS
#undef VB_PRODUCT_AT
#undef VB_ROW_MORE
#undef VB_ADD
#undef VB_REDUCE
#undef VB_PRODUCT
#undef VB_ADD_3
#undef VB_BEGIN_4
#undef VB_BEGIN_7
#undef VB_ROW_TERM
#undef VB_ROW
#undef VB_REDUCE_X
#undef VB_OUTPUTS

}  // namespace venuebox::crypto::starknet::x86_64

#endif
