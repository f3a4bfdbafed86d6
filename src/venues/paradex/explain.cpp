#include "venues/paradex/explain.h"

#include <array>

#include <fmt/format.h>

#include "gateway/reading.h"
#include "venues/paradex/keys.h"
#include "venues/paradex/order_signature.h"
#include "venues/paradex/request_signature.h"
#include "venues/paradex/signature_text.h"

namespace venuebox::venues::paradex {
namespace {
using crypto::starknet::Felt;
using gateway::SigningStep;

constexpr std::array<std::string_view, 7> kFieldNames{"timestamp", "market", "side", "orderType",
                                                      "size",      "price",  "id"};

// The order of a body; views into `json`.
Result<SignedOrder> order_from(const JsonObject& json, Timestamp now) {
  gateway::Body body(json);
  SignedOrder order{.timestamp_ms = now.ms(),
                    .market = body.text("market"),
                    .side = body.text("side") == "BUY" ? Side::buy : Side::sell,
                    .type = body.text("type"),
                    .size = body.number("size"),
                    .price = body.number("price"),
                    .id = body.text("id")};
  if (order.market.empty()) return invalid("market", "is missing, as in BTC-USD-PERP");
  if (order.side == Side::sell && body.text("side") != "SELL")
    return invalid("side", "has to be BUY or SELL");
  if (order.type.empty()) return invalid("type", "is missing, as in LIMIT or MARKET");
  const std::string_view timestamp = body.number("signature_timestamp");
  if (!body.wrong_name().empty()) return invalid(std::string(body.wrong_name()), "wrong type");
  if (timestamp.empty()) return order;
  const auto ms = gateway::integer_from_text(timestamp);
  if (!ms) return invalid("signature_timestamp", "has to be whole milliseconds since 1970");
  order.timestamp_ms = *ms;
  return order;
}

// As the client wrote the field.
std::string as_written(const SignedOrder& order, std::size_t field) {
  const std::string_view texts[]{"",         order.market, order.side == Side::buy ? "BUY" : "SELL",
                                 order.type, order.size,   order.price,
                                 order.id};
  return field == 0 ? std::to_string(order.timestamp_ms) : std::string(texts[field]);
}

// "0.05 * 10^8 = 5000000 = 0x4c4b40"
std::string explained(const SignedOrder& order, std::size_t field, const Felt& element) {
  const std::string written = as_written(order, field);
  const std::string felt = hex_of(element);
  const std::string number = decimal_of(element.value());
  if (kFieldNames[field] == "size" || kFieldNames[field] == "price") {
    if (written.empty() || element == Felt()) return fmt::format("{} = {}", number, felt);
    return fmt::format("{} * 10^{} = {} = {}", written, kSignedDecimals, number, felt);
  }
  return fmt::format("{} = {}", written, felt);
}

// What a wallet is handed.
std::string typed_data(Chain chain, const SignedOrder& order, std::span<const Felt> elements) {
  const std::string_view type = order.id.empty() ? "Order" : "ModifyOrder";
  std::string text;
  JsonWriter json(text);
  const auto field = [&](std::string_view name) {
    json.open().text("name", name).text("type", "felt").close();
  };
  json.open().key("types").open().key("StarkNetDomain").open_list();
  field("name"), field("chainId"), field("version");
  json.close_list().key(type).open_list();
  for (std::size_t i = 0; i < elements.size(); ++i)
    field(kFieldNames[i]);
  json.close_list().close().text("primaryType", type).key("domain").open();
  json.text("name", "Paradex").text("chainId", chain_id(chain)).text("version", "1");
  json.close().key("message").open();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const bool is_name = kFieldNames[i] == "market" || kFieldNames[i] == "orderType";
    json.text(kFieldNames[i], is_name ? as_written(order, i) : decimal_of(elements[i].value()));
  }
  json.close().close();
  return text;
}

Result<void> explain_on(Chain chain, const crypto::ethereum::PrivateKey& wallet,
                        const SignedOrder& order, std::vector<SigningStep>& steps) {
  const auto elements = order_elements(order);
  if (!elements) return elements.error();
  const auto key = starknet_key(wallet, chain);
  const Felt address = address_of(key.public_key());
  const Signer signer(chain, address);
  const Felt hash = order_hash(signer, order).value();
  const auto signature = key.sign(hash);
  if (!signature) return signature.error();
  const auto add = [&](std::string_view name, std::string value,
                       SigningStep::Kind kind = SigningStep::Kind::text) {
    steps.push_back(
        {std::string(environment_name(chain)), std::string(name), std::move(value), kind});
  };
  add("chain_id", std::string(chain_id(chain)));
  add("wallet", wallet.address());
  add("wallet_private_key", wallet.hex(), SigningStep::Kind::secret);
  add("private_key", hex_of(key.number()), SigningStep::Kind::secret);
  add("public_key", hex_of(key.public_key()));
  add("account", hex_of(address));
  add("typed_data", typed_data(chain, order, *elements), SigningStep::Kind::json);
  add("type", std::string(order.id.empty() ? kOrderType : kModifyOrderType));
  for (std::size_t i = 0; i < elements->size(); ++i)
    add(kFieldNames[i], explained(order, i, (*elements)[i]));
  add("domain_hash", hex_of(domain_hash(chain)));
  add("message_hash", hex_of(hash));
  add("r", hex_of(signature->r));
  add("s", hex_of(signature->s));
  add("signature", signature_text(*signature));
  add("signature_timestamp", std::to_string(order.timestamp_ms));
  return {};
}
}  // namespace

Result<std::vector<SigningStep>> explain_order(const gateway::Credential& credential,
                                               std::string_view order, Timestamp now) {
  const auto wallet = crypto::ethereum::PrivateKey::from_hex(credential.secret);
  if (!wallet) return wallet.error();
  JsonObject json;
  if (auto parsed = json.parse(order); !parsed) return parsed.error();
  const auto read = order_from(json, now);
  if (!read) return read.error();
  std::vector<SigningStep> steps;
  for (const Chain chain : {Chain::testnet, Chain::mainnet}) {
    if (auto done = explain_on(chain, *wallet, *read, steps); !done) return done.error();
  }
  return steps;
}

std::string curl_example(const gateway::Credential& credential) {
  const auto wallet = crypto::ethereum::PrivateKey::from_hex(credential.secret).value();
  const auto key = starknet_key(wallet, kServedChain);
  const Felt address = address_of(key.public_key());
  // Its hash is below 2^251 but for one account in 2^55.
  const auto signature = key.sign(onboarding_hash(Signer(kServedChain, address))).value();
  return fmt::format(
      R"(curl -X POST "$URL/v1/onboarding" \
  -H 'Content-Type: application/json' \
  -H 'PARADEX-ETHEREUM-ACCOUNT: {}' \
  -H 'PARADEX-STARKNET-ACCOUNT: {}' \
  -H 'PARADEX-STARKNET-SIGNATURE: {}' \
  -d '{{"public_key":"{}"}}')",
      wallet.address(), hex_of(address), signature_text(signature), hex_of(key.public_key()));
}

}  // namespace venuebox::venues::paradex
