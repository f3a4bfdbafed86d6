// What Starknet's hashes and signatures cost, each beside a limit that is measured in the same run:
//   pedersen  of two random elements, against one public key recovery of libsecp256k1; at most 0.12
//   poseidon  of two elements, against a Pedersen; at most 0.5
//   order     the hash of one Paradex order of a known account and the check of its signature,
//             against one point multiplication on this curve by OpenSSL; at most 0.7
// The figures take turns, and each is the least of its rounds: what else runs here only adds time.
#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include <fmt/core.h>
#include <openssl/ec.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include "crypto/starknet/account.h"
#include "crypto/starknet/generator.h"
#include "crypto/starknet/message.h"

namespace {
using namespace venuebox::crypto::starknet;

// One thing to measure: `run` does it `count` times.
struct Figure {
  const char* name;
  int count;
  std::function<void(int)> run;
  double best_ns = 1e18;

  void measure() {
    const auto begin = std::chrono::steady_clock::now();
    run(count);
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    best_ns = std::min(best_ns, took.count() / count);
  }
};

// Keeps a result from being thought unused.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

std::function<void(int)> secp256k1_recovery() {
  secp256k1_context* context =
      secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY);
  static unsigned char key[32] = {1, 2, 3}, message[32] = {4, 5, 6};
  static secp256k1_ecdsa_recoverable_signature signature;
  if (!secp256k1_ecdsa_sign_recoverable(context, &signature, message, key, nullptr, nullptr))
    std::abort();
  return [context](int count) {
    for (int i = 0; i < count; ++i) {
      secp256k1_pubkey recovered;
      if (!secp256k1_ecdsa_recover(context, &recovered, &signature, message)) std::abort();
      keep(recovered);
    }
  };
}

BIGNUM* big(const Uint256& number) {
  const auto bytes = bytes_of(number);
  return BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr);
}

std::function<void(int)> openssl_multiplication() {
  BN_CTX* context = BN_CTX_new();
  EC_GROUP* group = EC_GROUP_new_curve_GFp(big(kP), big(Uint256(1)), big(kBeta.value()), context);
  EC_POINT* g = EC_POINT_new(group);
  EC_POINT_set_affine_coordinates(group, g, big(kGeneratorX.value()), big(kGeneratorY.value()),
                                  context);
  EC_GROUP_set_generator(group, g, big(kN), big(Uint256(1)));
  BIGNUM* k = big(selector("a number of full size").value());
  EC_POINT* result = EC_POINT_new(group);
  return [=](int count) {
    for (int i = 0; i < count; ++i)
      if (EC_POINT_mul(group, result, nullptr, g, k, context) != 1) std::abort();
  };
}

// A server's part of one order: its fields are new, the account is known.
std::function<void(int)> order() {
  const PrivateKey key = ground_key("bench");
  static const PublicKey verifier = PublicKey::from_x(key.public_key()).value();
  static const PedersenChain type = revision0::begun(
      "Order(timestamp:felt,market:felt,side:felt,orderType:felt,size:felt,price:felt)");
  static const PedersenChain message = revision0::message_begun(
      revision0::domain_hash(short_felt("Paradex"), short_felt("PRIVATE_SN_POTC_SEPOLIA"), Felt(1)),
      selector("an address"));
  static const auto hash_of = [](std::uint64_t price) {
    const Felt hash =
        revision0::struct_hash(type, {Felt(1'750'000'000'000), short_felt("BTC-USD-PERP"), Felt(1),
                                      short_felt("LIMIT"), Felt(5'000'000), Felt(price)});
    return revision0::message_hash(message, hash);
  };
  static std::vector<Signature> signatures;
  for (std::uint64_t i = 0; i < 64; ++i)
    signatures.push_back(key.sign(hash_of(6'500'000'000'000 + i)).value());
  return [](int count) {
    for (int i = 0; i < count; ++i) {
      const std::uint64_t price = 6'500'000'000'000 + static_cast<std::uint64_t>(i % 64);
      if (!verifier.verifies(hash_of(price), signatures[i % 64])) std::abort();
    }
  };
}

std::function<void(int)> chained(Felt (*hash)(const Felt&, const Felt&)) {
  return [hash](int count) {
    Felt a = selector("a"), b = selector("b");
    for (int i = 0; i < count; ++i)
      a = hash(b, std::exchange(b, a));
    keep(a);
  };
}

}  // namespace

int main() {
  Figure recovery{"recover_ns", 50, secp256k1_recovery()};
  Figure multiplication{"openssl_multiply_ns", 10, openssl_multiplication()};
  Figure pedersen_hash{"pedersen_ns", 300, chained(pedersen)};
  Figure poseidon_hash{"poseidon_ns", 300, chained(poseidon)};
  Figure whole_order{"order_ns", 30, order()};
  Figure key{"key_ns", 20, [](int count) {
               for (int i = 0; i < count; ++i)
                 keep(PublicKey::from_x(kGeneratorX).value());
             }};
  Figure signing{"sign_ns", 20, [](int count) {
                   static const PrivateKey kKey = ground_key("bench");
                   for (int i = 0; i < count; ++i)
                     keep(kKey.sign(Felt(static_cast<std::uint64_t>(i))).value());
                 }};
  Figure* figures[]{&recovery, &multiplication, &pedersen_hash, &poseidon_hash, &whole_order,
                    &key,      &signing};
  for (int round = 0; round < 200; ++round) {
    for (Figure* figure : figures)
      figure->measure();
  }
  fmt::print(R"({{"bench":"starknet")");
  for (const Figure* figure : figures)
    fmt::print(R"(,"{}":{:.0f})", figure->name, figure->best_ns);
  fmt::print(R"(,"pedersen_ratio":{:.3f},"pedersen_goal":0.12,"poseidon_ratio":{:.3f},)"
             R"("poseidon_goal":0.5,"order_ratio":{:.3f},"order_goal":0.7}})"
             "\n",
             pedersen_hash.best_ns / recovery.best_ns,
             poseidon_hash.best_ns / pedersen_hash.best_ns,
             whole_order.best_ns / multiplication.best_ns);
}
