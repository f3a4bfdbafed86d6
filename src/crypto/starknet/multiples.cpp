#include "crypto/starknet/multiples.h"

#include <bit>

namespace venuebox::crypto::starknet {

std::vector<Affine> multiples_of(const Affine& base, std::size_t count) {
  VENUEBOX_ASSERT(std::has_single_bit(count));
  std::vector<Affine> multiples{base};
  while (multiples.size() < count) {
    // With those up to m there are those up to 2 m.
    const Affine last = multiples.back();
    const std::vector<Affine> next =
        sums_with(last, std::span(multiples).first(multiples.size() - 1));
    multiples.insert(multiples.end(), next.begin(), next.end());
    multiples.push_back(affine_of(doubled(Sum(last))));
  }
  return multiples;
}

std::vector<Affine> sums_with(const Affine& other, std::span<const Affine> points) {
  // The slope of each chord needs an inverse: Montgomery's trick, as in affine_of().
  std::vector<Affine> sums(points.size());
  std::vector<Residue<16>> products(points.size());  // of all differences before each
  Residue<16> product = Felt(1).residue();
  for (std::size_t i = 0; i < points.size(); ++i) {
    products[i] = product;
    product = product * (other.x - points[i].x);
  }
  Residue<16> rest = inverse(Felt(reduced(product))).residue();
  for (std::size_t i = points.size(); i-- > 0;) {
    const auto& [x, y] = points[i];
    const auto difference = other.x - x;
    const Residue<16> slope = rest * products[i] * (other.y - y);
    rest = rest * difference;
    sums[i].x = reduced(square(slope) - other.x - x);
    sums[i].y = reduced(slope * (x - sums[i].x) - y);
  }
  return sums;
}

}  // namespace venuebox::crypto::starknet
