#include "venues/paradex/keys.h"

#include "base/assert.h"
#include "crypto/hmac.h"

namespace venuebox::venues::paradex {
namespace {
using crypto::starknet::Felt;
using crypto::starknet::felt_from_text;
using crypto::starknet::PublicKey;
using gateway::Credential;
namespace ethereum = crypto::ethereum;

constexpr std::string_view kDemoSeed = "venuebox demo credentials for paradex";

std::string_view text_of(const crypto::Digest256& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// What a wallet signs so that its Starknet key can be made of the signature.
crypto::Digest256 key_message(Chain chain) {
  constexpr std::string_view kAction[]{"STARK Key"};
  return ethereum::message_hash(ethereum::domain_hash("Paradex", "1", ethereum_chain_id(chain)),
                                ethereum::struct_hash("Constant(string action)", kAction));
}

Credential credential_of(const ethereum::PrivateKey& wallet) {
  const Felt public_key = starknet_key(wallet, kServedChain).public_key();
  return {.account = {},
          .key = hex_of(address_of(public_key)),
          .secret = wallet.hex(),
          .public_key = hex_of(public_key)};
}

// Empty where it is not given.
std::string_view text_of(const JsonObject& fields, std::string_view name) {
  const JsonValue* value = fields.find(name);
  return value && value->kind == JsonKind::text ? value->text : std::string_view();
}
}  // namespace

crypto::starknet::PrivateKey starknet_key(const ethereum::PrivateKey& wallet, Chain chain) {
  return crypto::starknet::ground_key(text_of(wallet.sign(key_message(chain)).r));
}

Result<std::string> canonical_felt(std::string_view text) {
  const auto felt = felt_from_text(text);
  if (!felt) return felt.error();
  return hex_of(*felt);
}

Credential demo_credential(std::string_view account_name) {
  for (char attempt = '0';; ++attempt) {
    const auto number = crypto::hmac_sha256(
        kDemoSeed, {"wallet", std::string_view(&attempt, 1), "/", account_name});
    const auto wallet = ethereum::PrivateKey::from_bytes(number);
    // Of an r that begins with a zero byte ccxt and paradex-py make different Starknet keys.
    if (!wallet || wallet->sign(key_message(kServedChain)).r[0] == 0) continue;
    return credential_of(*wallet);
  }
}

std::vector<std::pair<std::string, std::string>> credential_fields(const Credential& credential) {
  if (const auto wallet = ethereum::PrivateKey::from_hex(credential.secret))
    return {{"walletAddress", wallet->address()}, {"privateKey", credential.secret}};
  return {{"address", credential.key}, {"publicKey", credential.public_key}};
}

Result<Credential> credential_from(std::string_view account_name, const JsonObject& fields) {
  const std::string_view private_key = text_of(fields, "privateKey");
  const std::string_view public_key = text_of(fields, "publicKey");
  const std::string_view address = text_of(fields, "address");
  if (!private_key.empty() && !public_key.empty())
    return invalid("publicKey", "follows from privateKey; give one of the two");
  if (!private_key.empty()) {
    const auto wallet = ethereum::PrivateKey::from_hex(private_key);
    if (!wallet) return wallet.error();
    return credential_of(*wallet);
  }
  if (public_key.empty()) {
    if (!address.empty()) return invalid("publicKey", "has to be given with an address");
    return demo_credential(account_name);
  }
  const auto x = felt_from_text(public_key);
  if (!x || !PublicKey::from_x(*x))
    return invalid("publicKey", "is not the x of a point of the STARK curve");
  const auto given_address =
      address.empty() ? Result<Felt>(address_of(*x)) : felt_from_text(address);
  if (!given_address) return invalid("address", given_address.error().detail);
  return Credential{
      .account = {}, .key = hex_of(*given_address), .secret = "", .public_key = hex_of(*x)};
}

std::shared_ptr<const void> prepare(const Credential& credential) {
  const auto x = felt_from_text(credential.public_key);
  const auto address = felt_from_text(credential.key);
  if (!x || !address) return nullptr;
  auto key = PublicKey::from_x(*x);
  if (!key) return nullptr;
  return std::make_shared<const Verifier>(
      Verifier{std::move(*key), Signer(kServedChain, *address)});
}

const Verifier& verifier_of(const Credential& credential) {
  VENUEBOX_ASSERT(credential.prepared != nullptr);
  return *static_cast<const Verifier*>(credential.prepared.get());
}

}  // namespace venuebox::venues::paradex
