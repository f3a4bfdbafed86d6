// Which multiplication this processor has. Chosen once, per hash and not per product, so that each
// variant is inlined into the whole of it.
#pragma once

#include "crypto/starknet/product.h"

#ifdef VENUEBOX_STARKNET_X86_64
#include <cpuid.h>
#endif

namespace venuebox::crypto::starknet {

#ifdef VENUEBOX_STARKNET_X86_64
using FastProcessor = x86_64::Adx;
inline bool is_fast_processor() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned kBmi2 = 1u << 8, kAdx = 1u << 19;  // of leaf 7's EBX
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & kBmi2) != 0 && (b & kAdx) != 0;
}
#else
using FastProcessor = AnyProcessor;
inline bool is_fast_processor() { return false; }
#endif

}  // namespace venuebox::crypto::starknet
