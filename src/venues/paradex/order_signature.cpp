#include "venues/paradex/order_signature.h"

#include "base/decimal.h"
#include "venues/paradex/keys.h"
#include "venues/paradex/signature_text.h"
#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {
namespace {
using crypto::starknet::Felt;
using crypto::starknet::PedersenChain;
using crypto::starknet::Uint256;

// A number of the body times 10^8, without what lies behind that.
Result<Felt> scaled(std::string_view name, std::string_view text) {
  const auto read = decimal_from_text(text);
  const Decimal* number = std::get_if<Decimal>(&read);
  if (!number || number->units < 0)
    return invalid(std::string(name), "has to be a decimal number, not below zero");
  Decimal cut = *number;
  if (cut.scale > kSignedDecimals)
    cut = {cut.units / power_of_ten(cut.scale - kSignedDecimals), kSignedDecimals};
  const auto units = rescale(cut, kSignedDecimals);
  const Int128* whole = std::get_if<Int128>(&units);
  if (!whole) return invalid(std::string(name), "is too large");
  const auto value = static_cast<UInt128>(*whole);
  return Felt::modulo_p(
      Uint256(static_cast<std::uint64_t>(value), static_cast<std::uint64_t>(value >> 64), 0, 0));
}

bool is_market(const SignedOrder& order) {
  return order.type.find("MARKET") != std::string_view::npos;
}

Result<Felt> named(std::string_view name, const Result<Felt>& felt) {
  if (felt) return felt;
  return invalid(std::string(name), felt.error().detail);
}

// The two types that are signed, hashed so far as they do not depend on the order.
PedersenChain begun(const SignedOrder& order) {
  static const PedersenChain kOrder = crypto::starknet::revision0::begun(kOrderType);
  static const PedersenChain kModifyOrder = crypto::starknet::revision0::begun(kModifyOrderType);
  return order.id.empty() ? kOrder : kModifyOrder;
}

Result<bool> signs(const crypto::starknet::PublicKey& key, const Signer& signer,
                   const SignedOrder& order, const crypto::starknet::Signature& signature,
                   MarketPrice market_price) {
  const auto hash = order_hash(signer, order, market_price);
  if (!hash) return hash.error();
  return key.verifies(*hash, signature);
}
}  // namespace

Result<std::vector<Felt>> order_elements(const SignedOrder& order, MarketPrice market_price) {
  if (order.timestamp_ms < 0) return invalid("signature_timestamp", "is below zero");
  const bool has_no_price = is_market(order) && market_price == MarketPrice::zero;
  const Result<Felt> fields[]{
      Felt(static_cast<std::uint64_t>(order.timestamp_ms)),
      named("market", crypto::starknet::short_string(order.market)),
      Felt(order.side == Side::buy ? 1 : 2),
      named("type", crypto::starknet::short_string(order.type)),
      scaled("size", order.size),
      has_no_price ? Result<Felt>(Felt()) : scaled("price", order.price),
  };
  std::vector<Felt> elements;
  for (const Result<Felt>& field : fields) {
    if (!field) return field.error();
    elements.push_back(*field);
  }
  if (order.id.empty()) return elements;
  const auto id = named("id", crypto::starknet::felt_from_json_text(order.id));
  if (!id) return id.error();
  elements.push_back(*id);
  return elements;
}

Result<Felt> order_hash(const Signer& signer, const SignedOrder& order, MarketPrice market_price) {
  const auto elements = order_elements(order, market_price);
  if (!elements) return elements.error();
  PedersenChain chain = begun(order);
  for (const Felt& element : *elements)
    chain.add(element);
  return signer.message_hash(chain.hash());
}

Result<void> is_signed(const crypto::starknet::PublicKey& key, const Signer& signer,
                       const SignedOrder& order, std::string_view signature) {
  const auto numbers = signature_from_text(signature);
  if (!numbers) return numbers.error();
  auto good = signs(key, signer, order, *numbers, MarketPrice::zero);
  if (good && !*good && is_market(order) && order.type != "MARKET" && !order.price.empty())
    good = signs(key, signer, order, *numbers, MarketPrice::as_sent);
  if (!good) return good.error();
  if (*good) return {};
  return Error{ErrorKind::not_allowed, "signature",
               "is not the account's signature of this order on the chain of /v1/system/config"};
}

bool check_order_signature(gateway::Call& call, const SignedOrder& order,
                           std::string_view signature) {
  if (!call.verifies) return true;
  VENUEBOX_ASSERT(call.credential != nullptr);  // order routes ask who is there
  const Verifier& verifier = verifier_of(*call.credential);
  const auto checked = is_signed(verifier.key, verifier.signer, order, signature);
  if (checked) return true;
  const Error& error = checked.error();
  if (error.kind == ErrorKind::not_allowed) return refuse(call, refusal_of(kWrongOrderSignature));
  if (error.where == "signature") return refuse(call, refusal_of(kMalformedSignature));
  return refuse(call, bad_field(error.where, error.detail));
}

}  // namespace venuebox::venues::paradex
