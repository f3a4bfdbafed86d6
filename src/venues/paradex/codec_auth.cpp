#include "venues/paradex/codec_auth.h"

#include "venues/paradex/domain.h"
#include "venues/paradex/jwt.h"
#include "venues/paradex/keys.h"
#include "venues/paradex/request_signature.h"
#include "venues/paradex/signature_text.h"
#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {
namespace {
using crypto::starknet::Felt;
using gateway::Credential;

// The key of a body or a query; nothing where it is none.
std::optional<crypto::starknet::PublicKey> public_key_from(std::string_view text) {
  const auto x = crypto::starknet::felt_from_text(text);
  if (!x) return std::nullopt;
  auto key = crypto::starknet::PublicKey::from_x(*x);
  if (!key) return std::nullopt;
  return std::move(*key);
}

std::string_view header_of(const Call& call, std::string_view name) {
  return call.request.header(name).value_or(std::string_view());
}

// Whether the stranger has the key that he names, and its address.
std::optional<Refusal> check_stranger(const Call& call, const crypto::starknet::PublicKey& key,
                                      const Felt& address) {
  const auto given = canonical_felt(header_of(call, "paradex-starknet-account"));
  if (!given || *given != hex_of(address)) return refusal_of(kBadAddress);
  const auto signature = signature_from_text(header_of(call, "paradex-starknet-signature"));
  if (!signature) return refusal_of(kMalformedSignature);
  const Signer signer(kServedChain, address);
  if (key.verifies(onboarding_hash(signer), *signature)) return std::nullopt;
  return refusal_of(kWrongSignature);
}

bool is_known(const Call& call, std::string_view address) {
  return call.credentials != nullptr && call.credentials->contains(address);
}
}  // namespace

void answer_auth(Call& call) {
  VENUEBOX_ASSERT(call.credential != nullptr);  // who asks is known
  JsonWriter json(call.response.body);
  json.open();
  json.text("jwt_token", issued_token(call.box_key, call.credential->key, call.door_time));
  json.close();
}

void answer_onboarding(Call& call) {
  if (const auto no = parse_body(call)) return void(refuse(call, *no));
  Body body(call.json);
  const std::string_view text = body.text("public_key");
  if (const auto no = wrong_kind(body)) return void(refuse(call, *no));
  const auto key = public_key_from(text);
  if (!key) return void(refuse(call, refusal_of(kBadPublicKey)));
  const Felt address = address_of(key->x());
  if (call.verifies) {
    if (const auto no = check_stranger(call, *key, address)) return void(refuse(call, *no));
  }
  const std::string known_as = hex_of(address);
  if (!is_known(call, known_as)) {
    if (call.onboarding == nullptr) return void(refuse(call, not_supported("onboarding")));
    const auto opened = (*call.onboarding)(
        {.account = {}, .key = known_as, .secret = "", .public_key = hex_of(key->x())});
    if (!opened) return void(refuse(call, {503, "SERVICE_UNAVAILABLE", opened.error().text()}));
  }
  call.response.body += "{}";
}

void answer_onboarding_query(Call& call) {
  Params params(call);
  const std::string signer_type = params.text("account_signer_type");
  if (!signer_type.empty() && signer_type != "starknet")
    return void(refuse(call, not_supported("account_signer_type " + signer_type)));
  const auto key = public_key_from(params.text("public_key"));
  if (!key) return void(refuse(call, bad_query("public_key")));
  const std::string address = hex_of(address_of(key->x()));
  JsonWriter json(call.response.body);
  json.open().text("account_signer_type", "starknet").text("address", address);
  json.boolean("exists", is_known(call, address)).key("derivation_info").open();
  json.text("class_hash", kAccountClassHash).text("proxy_class_hash", kProxyClassHash);
  json.close().close();
}

}  // namespace venuebox::venues::paradex
