#include "crypto/starknet/poseidon.h"

#include <string>

#include "crypto/hmac.h"

namespace venuebox::crypto::starknet {
namespace {

constexpr int kFull = 8;  // four before the partial rounds and four after
constexpr int kPartial = 83;
constexpr int kRounds = kFull + kPartial;
static_assert(kPoseidonConstants == 3 * kRounds);

using State = std::array<Residue<2>, 3>;

struct RoundConstants {
  std::array<std::array<Residue<1>, 3>, kRounds> of_round;

  RoundConstants() {
    for (int i = 0; i < kPoseidonConstants; ++i)
      of_round[i / 3][i % 3] = poseidon_constant(i).residue();
  }
};

template <unsigned B>
Residue<2> cube(const Residue<B>& x) {
  return square(x) * x;
}

// Times the matrix ((3, 1, 1), (1, -1, 1), (1, 1, -2)).
State mixed(const State& s) {
  const auto total = s[0] + s[1] + s[2];
  return {shrunk(total + twice(s[0])), shrunk(total - twice(s[1])),
          shrunk(total - twice(s[2]) - s[2])};
}

State permuted(State s) {
  static const RoundConstants constants;
  for (int round = 0; round < kRounds; ++round) {
    const auto& added = constants.of_round[round];
    const bool is_full = round < kFull / 2 || round >= kRounds - kFull / 2;
    const auto last = cube(s[2] + added[2]);
    if (is_full) {
      s = mixed({cube(s[0] + added[0]), cube(s[1] + added[1]), last});
    } else {
      s = mixed({shrunk(s[0] + added[0]), shrunk(s[1] + added[1]), last});
    }
  }
  return s;
}

State residues_of(const PoseidonState& s) {
  return {s[0].residue(), s[1].residue(), s[2].residue()};
}

}  // namespace

Felt poseidon_constant(int index) {
  const Digest256 digest = sha256("Hades" + std::to_string(index));
  return Felt::modulo_p(
      uint256_from_bytes({reinterpret_cast<const char*>(digest.data()), digest.size()}));
}

PoseidonState poseidon_permutation(const PoseidonState& state) {
  const State s = permuted(residues_of(state));
  return {Felt(reduced(s[0])), Felt(reduced(s[1])), Felt(reduced(s[2]))};
}

Felt poseidon(const Felt& x) { return poseidon_permutation({x, Felt(), Felt(1)})[0]; }

Felt poseidon(const Felt& x, const Felt& y) { return poseidon_permutation({x, y, Felt(2)})[0]; }

Felt poseidon_of_many(std::span<const Felt> elements) {
  // A 1 behind the last element, and zeros up to an even number.
  State s = residues_of({});
  for (std::size_t i = 0; i <= elements.size(); i += 2) {
    const auto element = [&](std::size_t at) {
      return at < elements.size() ? elements[at] : Felt(at == elements.size() ? 1 : 0);
    };
    s[0] = shrunk(s[0] + element(i).residue());
    s[1] = shrunk(s[1] + element(i + 1).residue());
    s = permuted(s);
  }
  return Felt(reduced(s[0]));
}

}  // namespace venuebox::crypto::starknet
