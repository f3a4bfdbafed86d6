// Against OpenSSL's big numbers and its arithmetic on any curve: slow, plain, and written by
// others.
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <rapidcheck.h>

#include "crypto/starknet/ecdsa.h"
#include "crypto/starknet/generator.h"
#include "crypto/starknet/multiples.h"
#include "crypto/starknet/pedersen.h"
#include "crypto/starknet/poseidon.h"
#include "crypto/starknet/test_vectors.h"

namespace venuebox::crypto::starknet {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* it) const {
    Free(it);
  }
};
using Big = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Group = std::unique_ptr<EC_GROUP, Freed<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Freed<EC_POINT_free>>;

BN_CTX* context() {
  static const std::unique_ptr<BN_CTX, Freed<BN_CTX_free>> kContext(BN_CTX_new());
  return kContext.get();
}

Big big(const Uint256& number) {
  const auto bytes = bytes_of(number);
  return Big(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}
Uint256 number(const Big& big) {
  std::array<char, 32> bytes{};
  EXPECT_EQ(BN_bn2binpad(big.get(), reinterpret_cast<unsigned char*>(bytes.data()), 32), 32);
  return uint256_from_bytes({bytes.data(), bytes.size()});
}

// A modulo operation of OpenSSL's on two numbers.
template <class Operation>
Uint256 by_openssl(Operation operation, const Uint256& a, const Uint256& b,
                   const Uint256& modulus) {
  Big result(BN_new());
  EXPECT_EQ(operation(result.get(), big(a).get(), big(b).get(), big(modulus).get(), context()), 1);
  return number(result);
}
Uint256 modulo(const Uint256& a, const Uint256& modulus) {
  return by_openssl(BN_mod_add, a, Uint256(), modulus);
}

// Numbers of every size, and those around the ends of limbs, of p and of n.
rc::Gen<Uint256> any_number() {
  const auto limb = rc::gen::oneOf(rc::gen::arbitrary<std::uint64_t>(),
                                   rc::gen::element<std::uint64_t>(0, 1, 2, ~0ull, ~0ull - 1, kTop,
                                                                   kTop - 1, kTop + 1, 1ull << 59));
  const auto spread = rc::gen::map(rc::gen::tuple(limb, limb, limb, limb), [](const auto& limbs) {
    return Uint256(std::get<0>(limbs), std::get<1>(limbs), std::get<2>(limbs), std::get<3>(limbs));
  });
  const auto near = rc::gen::map(
      rc::gen::tuple(rc::gen::element(kP, kN, Uint256()), rc::gen::inRange<std::uint64_t>(0, 5),
                     rc::gen::arbitrary<bool>()),
      [](const auto& chosen) {
        const auto& [middle, step, above] = chosen;
        std::uint64_t over = 0;
        return above ? add_with_carry(middle, Uint256(step), over)
                     : subtract_with_borrow(middle, Uint256(step), over);
      });
  return rc::gen::oneOf(spread, near);
}
Felt any_felt() { return Felt::modulo_p(*any_number()); }
Scalar any_scalar() { return Scalar::modulo_n(*any_number()); }

TEST(BigNumbers, AgreeOnFelts) {
  EXPECT_TRUE(rc::check([] {
    const Uint256 a = *any_number();
    const Uint256 b = *any_number();
    const Felt x = Felt::modulo_p(a);
    const Felt y = Felt::modulo_p(b);
    RC_ASSERT(x.value() == modulo(a, kP));
    RC_ASSERT((x + y).value() == by_openssl(BN_mod_add, a, b, kP));
    RC_ASSERT((x - y).value() == by_openssl(BN_mod_sub, a, b, kP));
    RC_ASSERT((x * y).value() == by_openssl(BN_mod_mul, a, b, kP));
  }));
}

TEST(BigNumbers, AgreeOnUnreducedFelts) {
  // The largest bounds that the types let through, in numbers that reach them.
  EXPECT_TRUE(rc::check([] {
    const Residue<248> a(
        *rc::gen::suchThat(any_number(), [](const Uint256& n) { return n < kEnoughP<248>; }));
    const Uint256 b = *any_number();
    const Residue<248> wide = a;
    const auto product = wide * Felt::modulo_p(b).residue();
    const Uint256 unscaled = by_openssl(BN_mod_mul, a.raw, b, kP);
    RC_ASSERT(modulo(product.raw, kP) == unscaled);
    RC_ASSERT(product.raw < kEnoughP<16>);
    RC_ASSERT(shrunk(a).raw < kEnoughP<16>);
    RC_ASSERT(modulo(shrunk(a).raw, kP) == modulo(a.raw, kP));
    RC_ASSERT(reduced(a).raw == modulo(a.raw, kP));
  }));
}

TEST(BigNumbers, AgreeOnInverses) {
  EXPECT_TRUE(rc::check([] {
    const Felt x = any_felt();
    const Scalar k = any_scalar();
    RC_PRE(!(x == Felt()) && !k.is_zero());
    const Big inverse_x(BN_mod_inverse(nullptr, big(x.value()).get(), big(kP).get(), context()));
    const Big inverse_k(BN_mod_inverse(nullptr, big(k.value()).get(), big(kN).get(), context()));
    RC_ASSERT(inverse(x).value() == number(inverse_x));
    RC_ASSERT(inverse(k).value() == number(inverse_k));
    RC_ASSERT(inverse_in_constant_time(k) == inverse(k));
  }));
  EXPECT_EQ(inverse(Felt()), Felt());
}

TEST(BigNumbers, AgreeOnScalars) {
  EXPECT_TRUE(rc::check([] {
    const Uint256 a = *any_number();
    const Uint256 b = *any_number();
    const Scalar x = Scalar::modulo_n(a);
    const Scalar y = Scalar::modulo_n(b);
    RC_ASSERT(x.value() == modulo(a, kN));
    RC_ASSERT((x + y).value() == by_openssl(BN_mod_add, a, b, kN));
    RC_ASSERT((x * y).value() == by_openssl(BN_mod_mul, a, b, kN));
  }));
}

TEST(SquareRoot, IsARootOrThereIsNone) {
  int with = 0, without = 0;
  EXPECT_TRUE(rc::check([&] {
    const Felt x = any_felt();
    const Big symbol_of = big(x.value());
    const int symbol = BN_kronecker(symbol_of.get(), big(kP).get(), context());
    const auto root = square_root(x);
    RC_ASSERT(root.has_value() == (symbol != -1));
    if (root) RC_ASSERT(*root * *root == x);
    ++(root ? with : without);
  }));
  EXPECT_GT(with, 10);
  EXPECT_GT(without, 10);
}

// OpenSSL's curve over any prime field.
const EC_GROUP* group() {
  static const Group kGroup = [] {
    Group group(EC_GROUP_new_curve_GFp(big(kP).get(), big(Uint256(1)).get(),
                                       big(kBeta.value()).get(), context()));
    const Point g(EC_POINT_new(group.get()));
    EC_POINT_set_affine_coordinates(group.get(), g.get(), big(kGeneratorX.value()).get(),
                                    big(kGeneratorY.value()).get(), context());
    EC_GROUP_set_generator(group.get(), g.get(), big(kN).get(), big(Uint256(1)).get());
    return group;
  }();
  return kGroup.get();
}

struct Coordinates {
  Felt x, y;
  friend bool operator==(const Coordinates&, const Coordinates&) = default;
};
Coordinates coordinates(const EC_POINT* point) {
  const Big x(BN_new()), y(BN_new());
  EXPECT_EQ(EC_POINT_get_affine_coordinates(group(), point, x.get(), y.get(), context()), 1);
  return {Felt::modulo_p(number(x)), Felt::modulo_p(number(y))};
}
Coordinates coordinates(const Affine& point) {
  return {Felt(reduced(point.x)), Felt(reduced(point.y))};
}
Point openssl_point(const Coordinates& at) {
  Point point(EC_POINT_new(group()));
  EXPECT_EQ(EC_POINT_set_affine_coordinates(group(), point.get(), big(at.x.value()).get(),
                                            big(at.y.value()).get(), context()),
            1);
  return point;
}
// k G by OpenSSL.
Coordinates openssl_multiple(const Scalar& k) {
  const Point point(EC_POINT_new(group()));
  EXPECT_EQ(EC_POINT_mul(group(), point.get(), big(k.value()).get(), nullptr, nullptr, context()),
            1);
  return coordinates(point.get());
}

TEST(Curve, MultiplesOfTheGeneratorAgree) {
  EXPECT_TRUE(rc::check([] {
    const Scalar k = any_scalar();
    RC_PRE(!k.is_zero());
    const Coordinates expected = openssl_multiple(k);
    RC_ASSERT(coordinates(affine_of(multiple_of_generator(k))) == expected);
    const Coordinates secret = coordinates(secret_multiple_of_generator(k));
    RC_ASSERT(secret.x == expected.x);
    RC_ASSERT(secret.y == expected.y || secret.y == Felt() - expected.y);
  }));
  EXPECT_TRUE(multiple_of_generator(Scalar()).is_neutral());
}

TEST(Curve, SumsAgree) {
  // Small multiples, so that equal and opposite points come together often.
  EXPECT_TRUE(rc::check([] {
    const auto any_point = [] {
      const int k = *rc::gen::inRange(-3, 4);
      const Sum sum =
          multiple_of_generator(Scalar::modulo_n(Uint256(static_cast<std::uint64_t>(std::abs(k)))));
      return std::pair(k, k < 0 ? -sum : sum);
    };
    const auto [j, a] = any_point();
    const auto [k, b] = any_point();
    const Sum sum = add(a, b);
    RC_ASSERT(sum.is_neutral() == (j + k == 0));
    const auto check = [&, j = j, k = k](const Sum& ours) {
      if (j + k == 0) return ours.is_neutral();
      Coordinates expected =
          openssl_multiple(Scalar::modulo_n(Uint256(static_cast<std::uint64_t>(std::abs(j + k)))));
      if (j + k < 0) expected.y = Felt() - expected.y;
      return coordinates(affine_of(ours)) == expected;
    };
    RC_ASSERT(check(sum));
    if (!b.is_neutral()) RC_ASSERT(check(add(a, affine_of(b))));
  }));
}

TEST(Curve, TablesOfMultiplesAgree) {
  const std::vector<Affine> table = multiples_of(generator(), 64);
  for (std::uint64_t k = 1; k <= table.size(); ++k)
    EXPECT_EQ(coordinates(table[k - 1]), openssl_multiple(Scalar::modulo_n(Uint256(k)))) << k;
}

TEST(Pedersen, AgreesWithItsDefinition) {
  std::vector<Point> points;
  for (const Json& v : vectors()["pedersen_points"]["points"])
    points.push_back(openssl_point({felt_of(v["x"]), felt_of(v["y"])}));
  ASSERT_EQ(points.size(), 5u);
  EXPECT_TRUE(rc::check([&] {
    const Felt inputs[]{any_felt(), any_felt()};
    const Point sum(EC_POINT_dup(points[0].get(), group()));
    const auto add_multiple = [&](const Uint256& k, const Point& point) {
      const Point multiple(EC_POINT_new(group()));
      EC_POINT_mul(group(), multiple.get(), nullptr, point.get(), big(k).get(), context());
      EC_POINT_add(group(), sum.get(), sum.get(), multiple.get(), context());
    };
    for (std::size_t i = 0; i < 2; ++i) {
      Uint256 low = inputs[i].value();
      const Uint256 high(low.limbs[3] >> 56);
      low.limbs[3] &= (std::uint64_t{1} << 56) - 1;
      add_multiple(low, points[1 + 2 * i]);
      add_multiple(high, points[2 + 2 * i]);
    }
    RC_ASSERT(pedersen(inputs[0], inputs[1]) == coordinates(sum.get()).x);
  }));
}

// As the definition has it, element by element and round by round.
PoseidonState plain_poseidon(PoseidonState s) {
  for (int round = 0; round < 91; ++round) {
    for (int j = 0; j < 3; ++j) {
      s[j] = s[j] + poseidon_constant(3 * round + j);
      if (round < 4 || round >= 87 || j == 2) s[j] = s[j] * s[j] * s[j];
    }
    const Felt total = s[0] + s[1] + s[2];
    s = {total + s[0] + s[0], total - s[1] - s[1], total - s[2] - s[2] - s[2]};
  }
  return s;
}

TEST(Poseidon, AgreesWithItsDefinition) {
  EXPECT_TRUE(rc::check([] {
    const PoseidonState state{any_felt(), any_felt(), any_felt()};
    RC_ASSERT(poseidon_permutation(state) == plain_poseidon(state));
  }));
}

TEST(Signatures, AreVerifiedAndNothingElseIs) {
  EXPECT_TRUE(rc::check([] {
    const Scalar d = any_scalar();
    RC_PRE(!d.is_zero());
    Uint256 z = *any_number();
    z.limbs[3] &= (std::uint64_t{1} << 59) - 1;
    const Felt hash = Felt::modulo_p(z);
    const PrivateKey key = PrivateKey::from_number(d.value()).value();
    const Signature good = key.sign(hash).value();
    const PublicKey verifier = PublicKey::from_x(key.public_key()).value();
    RC_ASSERT(verifier.verifies(hash, good));
    Signature bad = good;
    Uint256& number = *rc::gen::arbitrary<bool>() ? bad.r : bad.s;
    number.limbs[*rc::gen::inRange(0, 4)] ^= std::uint64_t{1} << *rc::gen::inRange(0, 64);
    RC_ASSERT(!verifier.verifies(hash, bad));
  }));
}

}  // namespace
}  // namespace venuebox::crypto::starknet
