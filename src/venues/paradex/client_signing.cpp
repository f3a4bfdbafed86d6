#include "venues/paradex/client_signing.h"

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "gateway/client_fields.h"
#include "venues/paradex/keys.h"
#include "venues/paradex/order_signature.h"
#include "venues/paradex/request_signature.h"
#include "venues/paradex/signature_text.h"

namespace venuebox::venues::paradex {
namespace {
using crypto::starknet::Felt;
using crypto::starknet::PrivateKey;
using gateway::ClientKeys;
using gateway::ClientRequest;

constexpr std::string_view kAuthPath = "/v1/auth";
constexpr std::string_view kOrdersPath = "/v1/orders";
constexpr std::int64_t kSignatureLifeS = 180;    // as ccxt has it
constexpr Nanoseconds kTokenAge = seconds(240);  // of 300, as paradex-py has it
constexpr std::string_view kSignatureMember = R"(,"signature":)";

struct SigningKey {
  PrivateKey key;
  std::string address;
  Signer signer;
};

Chain chain_of(const ClientKeys& keys) {
  return keys.network == gateway::Network::mainnet ? Chain::mainnet : Chain::testnet;
}

Error wrong_key(std::string detail) { return invalid("privateKey", std::move(detail)); }

std::shared_ptr<const void> prepared(const PrivateKey& key, const Felt& address, Chain chain) {
  return std::make_shared<const SigningKey>(
      SigningKey{key, hex_of(address), Signer(chain, address)});
}

// ---- headers and bodies -------------------------------------------------------------------------

void set_header(ClientRequest& request, std::string_view name, std::string value) {
  std::erase_if(request.headers, [&](const auto& header) { return header.first == name; });
  request.headers.emplace_back(name, std::move(value));
}

Result<void> sign_auth(ClientRequest& request, const SigningKey& signing, Timestamp now) {
  const std::int64_t timestamp = now.ms() / 1'000;
  const std::int64_t expiration = timestamp + kSignatureLifeS;
  const auto signature = signing.key.sign(auth_hash(signing.signer, timestamp, expiration));
  if (!signature) return signature.error();
  set_header(request, "PARADEX-STARKNET-ACCOUNT", signing.address);
  set_header(request, "PARADEX-STARKNET-SIGNATURE", signature_text(*signature));
  set_header(request, "PARADEX-TIMESTAMP", std::to_string(timestamp));
  set_header(request, "PARADEX-SIGNATURE-EXPIRATION", std::to_string(expiration));
  return {};
}

bool is_order(const ClientRequest& request) {
  const bool has_body = request.method == net::Method::post || request.method == net::Method::put;
  return has_body && request.path.starts_with(kOrdersPath);
}

// The last two members, which an earlier signature has left there, are replaced.
Result<void> sign_order(ClientRequest& request, const SigningKey& signing, Timestamp now) {
  const std::size_t earlier = request.body.find(kSignatureMember);
  if (earlier != std::string::npos) request.body.replace(earlier, std::string::npos, "}");
  JsonObject json;
  if (auto parsed = json.parse(request.body); !parsed) return parsed.error();
  const auto text = [&](std::string_view name) {
    const JsonValue* value = json.find(name);
    return value ? value->text : std::string_view();
  };
  const auto hash =
      order_hash(signing.signer, {.timestamp_ms = now.ms(),
                                  .market = text("market"),
                                  .side = text("side") == "SELL" ? Side::sell : Side::buy,
                                  .type = text("type"),
                                  .size = text("size"),
                                  .price = text("price"),
                                  .id = text("id")});
  if (!hash) return hash.error();
  const auto signature = signing.key.sign(*hash);
  if (!signature) return signature.error();
  std::string members;
  JsonWriter writer(members);
  writer.open().text("signature", signature_text(*signature));
  writer.number("signature_timestamp", now.ms()).close();
  request.body.back() = ',';
  request.body += std::string_view(members).substr(1);
  return {};
}
}  // namespace

Result<std::shared_ptr<const void>> prepare_keys(const ClientKeys& keys) {
  const Chain chain = chain_of(keys);
  const auto address = crypto::starknet::felt_from_text(keys.key);
  if (const auto wallet = crypto::ethereum::PrivateKey::from_hex(keys.secret)) {
    const PrivateKey key = starknet_key(*wallet, chain);
    const Felt own = address_of(key.public_key());
    const bool is_wallets = net::same_name(wallet->address(), keys.key);
    if (is_wallets || (address && hex_of(*address) == hex_of(own)))
      return prepared(key, own, chain);
  }
  const auto number = crypto::starknet::uint256_from_text(keys.secret);
  const auto key = number ? PrivateKey::from_number(*number)
                          : Result<PrivateKey>(wrong_key("is no number in hexadecimal"));
  if (!key) return wrong_key("is neither a wallet's key nor a Starknet key");
  if (!address) return invalid("walletAddress", "is no address in hexadecimal");
  return prepared(*key, *address, chain);
}

ClientRequest ask_token() {
  return {.method = net::Method::post,
          .path = std::string(kAuthPath),
          .query = {},
          .headers = {},
          .body = {},
          .is_private = true};
}

Result<gateway::ClientToken> read_token(const gateway::ClientResponse& response, Timestamp asked) {
  JsonObject json;
  if (auto parsed = json.parse(response.body); !parsed) return parsed.error();
  gateway::Fields fields(json, "");
  std::string token = fields.text("jwt_token");
  if (fields.wrong()) return *fields.wrong();
  return gateway::ClientToken{.text = std::move(token), .renew_at = asked + kTokenAge};
}

Result<void> sign_request(ClientRequest& request, const ClientKeys& keys, Timestamp now) {
  const auto made =
      keys.prepared ? Result<std::shared_ptr<const void>>(keys.prepared) : prepare_keys(keys);
  if (!made) return made.error();
  const auto& signing = *static_cast<const SigningKey*>(made->get());
  if (request.path == kAuthPath) return sign_auth(request, signing, now);
  if (keys.token.empty()) return invalid("token", "is to be asked for first");
  set_header(request, "Authorization", "Bearer " + keys.token);
  return is_order(request) ? sign_order(request, signing, now) : Result<void>();
}

}  // namespace venuebox::venues::paradex
