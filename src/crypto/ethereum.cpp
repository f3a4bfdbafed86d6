#include "crypto/ethereum.h"

#include <algorithm>
#include <memory>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "base/hex.h"
#include "crypto/keccak.h"
#include "crypto/rfc6979.h"

namespace venuebox::crypto::ethereum {
namespace {

struct Free {
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
  void operator()(EC_POINT* point) const { EC_POINT_clear_free(point); }
};
using Number = std::unique_ptr<BIGNUM, Free>;
using Context = std::unique_ptr<BN_CTX, Free>;
using Point = std::unique_ptr<EC_POINT, Free>;

// Read only once it is made, so that threads may share it.
const EC_GROUP* secp256k1() {
  static const EC_GROUP* group = EC_GROUP_new_by_curve_name(NID_secp256k1);
  VENUEBOX_ASSERT(group != nullptr);
  return group;
}
const BIGNUM* order() { return EC_GROUP_get0_order(secp256k1()); }

Number number_from(const Digest256& bytes) {
  Number number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  VENUEBOX_ASSERT(number != nullptr);
  return number;
}
Number number() {
  Number made(BN_new());
  VENUEBOX_ASSERT(made != nullptr);
  return made;
}
Digest256 bytes_of(const BIGNUM* number) {
  Digest256 bytes;
  VENUEBOX_ASSERT(BN_bn2binpad(number, bytes.data(), static_cast<int>(bytes.size())) == 32);
  return bytes;
}

bool is_scalar(const BIGNUM* candidate) {
  return !BN_is_zero(candidate) && BN_cmp(candidate, order()) < 0;
}

struct Coordinates {
  Number x = number();
  Number y = number();
};
Coordinates multiple_of_generator(const BIGNUM* k, BN_CTX* context) {
  const Point point(EC_POINT_new(secp256k1()));
  Coordinates found;
  VENUEBOX_ASSERT(point != nullptr);
  VENUEBOX_ASSERT(EC_POINT_mul(secp256k1(), point.get(), k, nullptr, nullptr, context) == 1);
  VENUEBOX_ASSERT(EC_POINT_get_affine_coordinates(secp256k1(), point.get(), found.x.get(),
                                                  found.y.get(), context) == 1);
  return found;
}

std::string_view text_of(const Digest256& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
Digest256 keccak_of(std::initializer_list<std::string_view> parts) {
  std::string whole;
  for (const std::string_view part : parts)
    whole += part;
  return keccak256(whole);
}

std::string hex_of(std::string_view bytes) {
  std::string text(bytes.size() * 2, '0');
  char* at = text.data();
  for (const char byte : bytes)
    at = put_hex(at, static_cast<std::uint8_t>(byte));
  return text;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
}  // namespace

Digest256 domain_hash(std::string_view name, std::string_view version, std::uint64_t chain_id) {
  Digest256 chain{};
  for (std::size_t i = 0; i < 8; ++i)
    chain[31 - i] = static_cast<std::uint8_t>(chain_id >> (8 * i));
  return keccak_of({text_of(keccak256("EIP712Domain(string name,string version,uint256 chainId)")),
                    text_of(keccak256(name)), text_of(keccak256(version)), text_of(chain)});
}

Digest256 struct_hash(std::string_view type, std::span<const std::string_view> texts) {
  std::string whole(text_of(keccak256(type)));
  for (const std::string_view text : texts)
    whole += text_of(keccak256(text));
  return keccak256(whole);
}

Digest256 message_hash(const Digest256& domain_hash, const Digest256& struct_hash) {
  return keccak_of({"\x19\x01", text_of(domain_hash), text_of(struct_hash)});
}

Result<PrivateKey> PrivateKey::from_bytes(const Digest256& big_endian) {
  if (!is_scalar(number_from(big_endian).get()))
    return invalid("privateKey", "has to be at least 1 and below the order of secp256k1");
  return PrivateKey(big_endian);
}

Result<PrivateKey> PrivateKey::from_hex(std::string_view text) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  const bool is_hex = std::ranges::all_of(text, [](char c) { return digit_of(c) >= 0; });
  Digest256 number;
  if (!is_hex || text.size() != 2 * number.size())
    return invalid("privateKey", "has to be 64 hexadecimal digits");
  for (std::size_t i = 0; i < number.size(); ++i)
    number[i] = static_cast<std::uint8_t>(digit_of(text[2 * i]) << 4 | digit_of(text[2 * i + 1]));
  return from_bytes(number);
}

std::string PrivateKey::address() const {
  const Context context(BN_CTX_secure_new());
  const Coordinates key = multiple_of_generator(number_from(number_).get(), context.get());
  const Digest256 hash =
      keccak_of({text_of(bytes_of(key.x.get())), text_of(bytes_of(key.y.get()))});
  std::string address = hex_of(text_of(hash).substr(12));
  const std::string checksum = hex_of(text_of(keccak256(address)));
  for (std::size_t i = 0; i < address.size(); ++i) {
    if (address[i] >= 'a' && checksum[i] >= '8') address[i] = static_cast<char>(address[i] - 32);
  }
  return "0x" + address;
}

Signature PrivateKey::sign(const Digest256& hash) const {
  const Context context(BN_CTX_secure_new());
  const Number d = number_from(number_);
  const Number z = number();
  const Number r = number();
  const Number s = number();
  VENUEBOX_ASSERT(BN_nnmod(z.get(), number_from(hash).get(), order(), context.get()) == 1);
  Rfc6979 draws(number_, bytes_of(z.get()));
  for (;;) {
    const Number k = number_from(draws.next());
    if (!is_scalar(k.get())) continue;
    BN_set_flags(k.get(), BN_FLG_CONSTTIME);
    const Coordinates point = multiple_of_generator(k.get(), context.get());
    VENUEBOX_ASSERT(BN_nnmod(r.get(), point.x.get(), order(), context.get()) == 1);
    const Number inverse(BN_mod_inverse(nullptr, k.get(), order(), context.get()));
    VENUEBOX_ASSERT(inverse != nullptr);
    VENUEBOX_ASSERT(BN_mod_mul(s.get(), r.get(), d.get(), order(), context.get()) == 1);
    VENUEBOX_ASSERT(BN_mod_add(s.get(), s.get(), z.get(), order(), context.get()) == 1);
    VENUEBOX_ASSERT(BN_mod_mul(s.get(), s.get(), inverse.get(), order(), context.get()) == 1);
    if (BN_is_zero(r.get()) || BN_is_zero(s.get())) continue;
    bool is_odd = BN_is_odd(point.y.get());
    // Of s and n - s the lower one is the custom (EIP-2); the other belongs to the other y.
    const Number other = number();
    VENUEBOX_ASSERT(BN_sub(other.get(), order(), s.get()) == 1);
    const bool is_low = BN_cmp(s.get(), other.get()) < 0;
    if (!is_low) is_odd = !is_odd;
    return {bytes_of(r.get()), bytes_of(is_low ? s.get() : other.get()), is_odd ? 28 : 27};
  }
}

std::string PrivateKey::hex() const { return "0x" + hex_of(text_of(number_)); }

}  // namespace venuebox::crypto::ethereum
