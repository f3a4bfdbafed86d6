// The partial rounds are where the time goes: each can only begin when the one before has its cube.
// Only the last of the three elements is cubed in them, and what they do to the others, u0 and u1,
// is linear: with c for the cube of y, and without the constants,
//   y' = u0 + u1 - 2 c    u0' = 3 u0 + u1 + c    u1' = u0 - u1 + c.
// In tau = (u0 + u1) / 2 and h = 2 u0 this has the fewest additions:
//   y' = 2 (tau - c)      tau' = h + c           h' = 2 (2 tau + tau').
// The constants of u0 and u1 are moved to where they next reach y, once for all permutations.
#include "crypto/starknet/poseidon.h"

#include <string>

#include "crypto/hmac.h"
#include "crypto/starknet/processor.h"

namespace venuebox::crypto::starknet {
namespace {

constexpr int kHalf = 4;  // full rounds before the partial ones, and as many after
constexpr int kPartial = 83;
static_assert(kPoseidonConstants == 3 * (kHalf + kPartial + kHalf));

using Triple = std::array<Reduced, 3>;

struct Constants {
  std::array<Triple, kHalf> before;
  Triple first;                           // of the first partial round
  std::array<Reduced, kPartial> partial;  // of y in the round after each partial one
  std::array<Triple, kHalf> after;        // of its first round, y's is in `partial`
  Reduced half = inverse(Felt(2)).residue();

  Constants() {
    int next = 0;
    const auto triple = [&] {
      PoseidonState constants;
      for (Felt& constant : constants)
        constant = poseidon_constant(next++);
      return constants;
    };
    const auto residues = [](const PoseidonState& s) {
      return Triple{s[0].residue(), s[1].residue(), s[2].residue()};
    };
    for (Triple& round : before)
      round = residues(triple());
    first = residues(triple());
    // What u0 and u1 still lack of their constants, by the linear map above.
    Felt lack0, lack1;
    for (Reduced& of_y : partial) {
      const PoseidonState constants = triple();
      of_y = (constants[2] + lack0 + lack1).residue();
      const Felt total = lack0 + lack1;
      lack1 = lack0 - lack1 + constants[1];
      lack0 = total + lack0 + lack0 + constants[0];
    }
    after[0] = residues({lack0, lack1, Felt()});
    for (int i = 1; i < kHalf; ++i)
      after[i] = residues(triple());
  }
};

template <class P>
using State = std::array<Residue<16, P>, 3>;

template <unsigned B, class P>
auto cube(const Residue<B, P>& x) {
  return square(x) * x;
}

template <class P>
void full_round(State<P>& s, const Triple& added) {
  const auto cube_of = [&](int i) { return cube(s[i] + Residue<8, P>(added[i].raw)); };
  const auto c0 = cube_of(0), c1 = cube_of(1), c2 = cube_of(2);
  const auto total = c0 + c1 + c2;
  s = {shrunk(total + twice(c0)), shrunk(total - twice(c1)), shrunk(total - (twice(c2) + c2))};
}

template <class P>
void partial_rounds(State<P>& s, const Constants& constants) {
  const auto constant = [](const Reduced& value) { return Residue<8, P>(value.raw); };
  const auto half = constant(constants.half);
  const auto u0 = s[0] + constant(constants.first[0]);
  const auto u1 = s[1] + constant(constants.first[1]);
  Residue<16, P> y = shrunk(s[2] + constant(constants.first[2]));
  Residue<25, P> tau = (u0 + u1) * half;
  Residue<16, P> h = shrunk(twice(u0));
  for (const Reduced& added : constants.partial) {
    const auto c = cube(y);
    y = shrunk(twice(tau - c) + constant(added));
    const auto next = h + c;
    h = shrunk(twice(twice(tau) + next));
    tau = next;
  }
  s[0] = h * half;
  s[1] = shrunk(twice(tau) - s[0]);
  s[2] = y;
}

template <class P>
void permute(PoseidonState& state, const Constants& constants) {
  State<P> s;
  for (int i = 0; i < 3; ++i)
    s[i] = Residue<8, P>(state[i].residue().raw);
  for (const Triple& added : constants.before)
    full_round<P>(s, added);
  partial_rounds<P>(s, constants);
  for (const Triple& added : constants.after)
    full_round<P>(s, added);
  for (int i = 0; i < 3; ++i)
    state[i] = Felt(Reduced(reduced(s[i]).raw));
}

}  // namespace

Felt poseidon_constant(int index) {
  const Digest256 digest = sha256("Hades" + std::to_string(index));
  return Felt::modulo_p(
      uint256_from_bytes({reinterpret_cast<const char*>(digest.data()), digest.size()}));
}

PoseidonState poseidon_permutation(const PoseidonState& state) {
  static const Constants constants;
  static const bool is_fast = is_fast_processor();
  PoseidonState permuted = state;
  is_fast ? permute<FastProcessor>(permuted, constants)
          : permute<AnyProcessor>(permuted, constants);
  return permuted;
}

Felt poseidon(const Felt& x) { return poseidon_permutation({x, Felt(), Felt(1)})[0]; }

Felt poseidon(const Felt& x, const Felt& y) { return poseidon_permutation({x, y, Felt(2)})[0]; }

Felt poseidon_of_many(std::span<const Felt> elements) {
  // A 1 behind the last element, and zeros up to an even number.
  PoseidonState s;
  for (std::size_t i = 0; i <= elements.size(); i += 2) {
    const auto element = [&](std::size_t at) {
      return at < elements.size() ? elements[at] : Felt(at == elements.size() ? 1 : 0);
    };
    s = poseidon_permutation({s[0] + element(i), s[1] + element(i + 1), s[2]});
  }
  return s[0];
}

}  // namespace venuebox::crypto::starknet
