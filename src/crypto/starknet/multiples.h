// Tables of multiples of a point, for those who add from them.
#pragma once

#include "crypto/starknet/point.h"

namespace venuebox::crypto::starknet {

// base, 2 base, ... count * base; count is a power of two. Some six multiplications each.
std::vector<Affine> multiples_of(const Affine& base, std::size_t count);

// other + each of the points, none of which has the x of the other.
std::vector<Affine> sums_with(const Affine& other, std::span<const Affine> points);

}  // namespace venuebox::crypto::starknet
