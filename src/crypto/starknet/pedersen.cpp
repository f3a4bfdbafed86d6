// pedersen(a, b) is the x of
//   P0 + (a modulo 2^248) P1 + (a / 2^248) P2 + (b modulo 2^248) P3 + (b / 2^248) P4.
// The lower 247 bits are read as 19 digits between -4095 and 4096, so that a table needs no more
// than half of the multiples; the one above them is looked up together with what is beyond 2^248.
// P0 stands in the table of a. So 40 additions make a hash, and fewer where digits are 0: larger
// digits than a cache would like, but fetching ahead hides most of that.
#include "crypto/starknet/pedersen.h"

#include <cstdlib>
#include <cstring>
#include <future>
#include <memory>

#include "crypto/starknet/multiples.h"
#include "crypto/starknet/processor.h"

namespace venuebox::crypto::starknet {
namespace {

constexpr unsigned kDigitBits = 13;
constexpr unsigned kDigits = 19;
constexpr std::uint32_t kDigitMax = 1u << (kDigitBits - 1);
constexpr unsigned kTopBits = 248 - kDigits * kDigitBits;
constexpr std::size_t kTopSize = (std::size_t{1} << kTopBits) + 1;  // with a carry from below
constexpr std::size_t kHighSize = 9;                                // p is a little above 8 * 2^248

consteval Affine point(std::string_view x, std::string_view y) {
  return {hex_felt(x).residue(), hex_felt(y).residue()};
}

// Derived by StarkWare from the digits of pi.
constexpr Affine kP0 = point("49ee3eba8c1600700ee1b87eb599f16716b0b1022947733551fde4050ca6804",
                             "3ca0cfe4b3bc6ddf346d49d06ea0ed34e621062c0e056c1d0405d266e10268a");
constexpr Affine kP1 = point("234287dcbaffe7f969c748655fca9e58fa8120b6d56eb0c1080d17957ebe47b",
                             "3b056f100f96fb21e889527d41f4e39940135dd7a6c94cc6ed0268ee89e5615");
constexpr Affine kP2 = point("4fa56f376c83db33f9dab2656558f3399099ec1de5e3018b7a6932dba8aa378",
                             "3fa0984c931c9e38113e0c0e47e4401562761f92a7a23b45168f4e80ff5b54d");
constexpr Affine kP3 = point("4ba4cc166be8dec764910f75b45f74b40c690c74709e90f3aa372f0bd2d6997",
                             "40301cf5c1751f4b971e46c4ede85fcac5c59a5ce5ae7c48151f27b24b219c");
constexpr Affine kP4 = point("54302dcb0e6cc1c6e44cca8f61a63bb2ca65048d53fb325d36ff12c49a58202",
                             "1b77b3e37d13504b348046268d8ae25ce98ad783c25561a879dcc77e99c2426");

// The points to be added for one hash.
class Addends {
 public:
  void add(const Affine& point, std::uint32_t is_negative) {
    __builtin_prefetch(&point);
    all_[count_++] = {&point, -static_cast<std::uint64_t>(is_negative)};
  }

  // The x of their sum. Two points that are equal or opposite would tell how the constant points
  // hang together, which nobody knows; within the digits of one input each is a larger multiple
  // than all before it.
  template <class P>
  Felt x_of_sum() const {
    if (count_ == 1) return Felt(all_[0].point->x);
    SumOf<P> sum = add_distinct(affine<P>(0), affine<P>(1));
    for (std::size_t i = 2; i < count_; ++i)
      sum = add_distinct(sum, affine<P>(i));
    return quotient(Residue<248>(sum.x.raw), Residue<248>(sum.zz.raw));
  }

 private:
  struct One {
    const Affine* point;
    std::uint64_t negative;  // all ones for the point's opposite, else 0
  };

  template <class P>
  AffineOf<P> affine(std::size_t i) const {
    const auto& [point, negative] = all_[i];
    return {Residue<8, P>(point->x.raw),
            Residue<8, P>(select(negative, (-point->y).raw, point->y.raw))};
  }

  std::array<One, 2 * (kDigits + 1)> all_;
  std::size_t count_ = 0;
};

// Points that each lie in one cache line, of which a hash reads forty all over the place.
class Lines {
 public:
  explicit Lines(std::size_t count)
      : points_(static_cast<Affine*>(std::aligned_alloc(64, count * sizeof(Affine)))) {
    static_assert(sizeof(Affine) == 64 && std::is_trivially_copyable_v<Affine>);
    VENUEBOX_ASSERT(points_ != nullptr);
  }
  void put(std::size_t at, std::span<const Affine> points) {
    std::memcpy(points_.get() + at, points.data(), points.size_bytes());
  }
  const Affine& operator[](std::size_t at) const { return points_.get()[at]; }

 private:
  struct Free {
    void operator()(Affine* points) const { std::free(points); }
  };
  std::unique_ptr<Affine, Free> points_;
};

// The multiples for one of the two inputs.
class Table {
 public:
  // offset: what the sum for input 0 is, perhaps neutral.
  Table(const Sum& offset, const Affine& low, const Affine& high) {
    Affine base = low;
    for (unsigned digit = 0; digit < kDigits; ++digit) {
      const std::vector<Affine> row = multiples_of(base, kDigitMax);
      multiples_.put(digit * kDigitMax, row);
      base = affine_of(doubled(Sum(row.back())));
    }
    std::vector<Sum> sums;
    Sum first = offset;
    for (std::size_t h = 0; h < kHighSize; ++h, first = starknet::add(first, high)) {
      Sum sum = first;
      for (std::size_t t = 0; t < kTopSize; ++t, sum = starknet::add(sum, base))
        sums.push_back(sum);
    }
    has_neutral_ = offset.is_neutral();
    tops_ = affine_of(std::span(sums).subspan(has_neutral_));
  }

  void add(const Uint256& input, Addends& addends) const {
    std::uint32_t carry = 0;
#pragma GCC unroll 32
    for (unsigned i = 0; i < kDigits; ++i) {
      const std::uint32_t digit = input.bits(i * kDigitBits, kDigitBits) + carry;
      carry = digit > kDigitMax;
      const std::uint32_t size = carry != 0 ? 2 * kDigitMax - digit : digit;
      if (size != 0) addends.add(multiples_[i * kDigitMax + size - 1], carry);
    }
    const std::size_t top = input.bits(kDigits * kDigitBits, kTopBits) + carry;
    const std::size_t place = input.bits(248, 4) * kTopSize + top;
    if (place >= has_neutral_) addends.add(tops_[place - has_neutral_], 0);
  }

 private:
  Lines multiples_{kDigits * kDigitMax};  // kDigitMax for each digit
  std::vector<Affine> tops_;  // kTopSize for each value above 2^248, but for a neutral first
  std::size_t has_neutral_ = 0;
};

struct Tables {
  Table a;
  Table b;
};

// A server waits for them when it starts, so both are built at once where there are two cores.
Tables built_tables() {
  auto b = std::async(std::launch::async, [] { return Table(Sum(), kP3, kP4); });
  Table a(Sum(kP0), kP1, kP2);
  return {std::move(a), b.get()};
}

}  // namespace

Felt pedersen(const Felt& a, const Felt& b) {
  static const Tables tables = built_tables();
  Addends addends;
  tables.b.add(b.value(), addends);
  tables.a.add(a.value(), addends);  // never nothing: P0 is in it
  static const bool is_fast = is_fast_processor();
  return is_fast ? addends.x_of_sum<FastProcessor>() : addends.x_of_sum<AnyProcessor>();
}

}  // namespace venuebox::crypto::starknet
