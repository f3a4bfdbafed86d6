// What a client signs of an order: the typed data Order or ModifyOrder, in the domain of the venue
// and under the account's address. Neither flags, instruction, client id nor trigger price are in
// it.
#pragma once

#include <string_view>
#include <vector>

#include "crypto/starknet/ecdsa.h"
#include "gateway/venue.h"
#include "venues/paradex/domain.h"

namespace venuebox::venues::paradex {

inline constexpr std::string_view kOrderType =
    "Order(timestamp:felt,market:felt,side:felt,orderType:felt,size:felt,price:felt)";
inline constexpr std::string_view kModifyOrderType =
    "ModifyOrder(timestamp:felt,market:felt,side:felt,orderType:felt,size:felt,price:felt,id:felt)";

// The signed fields as they stand in the body; views into it.
struct SignedOrder {
  std::int64_t timestamp_ms = 0;  // signature_timestamp
  std::string_view market;        // "BTC-USD-PERP"
  Side side = Side::buy;
  std::string_view type;     // "STOP_LOSS_MARKET", exactly as sent
  std::string_view size;     // decimal text; "0" of orders that close a position
  std::string_view price;    // decimal text; empty: none was sent
  std::string_view id = {};  // of the order that is modified, decimal digits; empty: a new order
};

// What prices and sizes are multiplied with before they are signed: ten to this; digits beyond are
// cut off.
inline constexpr int kSignedDecimals = 8;

// What is signed as the price of a type that names MARKET.
enum class MarketPrice : std::uint8_t { zero, as_sent };

// The felts that are hashed after the type's own, in their order: timestamp, market, side, type,
// size, price, and of a modification the id. Fails for a text that is no decimal, is negative or
// too long for its field, which the error names.
Result<std::vector<crypto::starknet::Felt>> order_elements(
    const SignedOrder& order, MarketPrice market_price = MarketPrice::zero);
Result<crypto::starknet::Felt> order_hash(const Signer& signer, const SignedOrder& order,
                                          MarketPrice market_price = MarketPrice::zero);

// Whether the key signed the order as the account, which for a subkey is that of its main key.
//   signature  ["<r>","<s>"], decimal or hexadecimal
//   fails      invalid: the signature's text, or a field's, cannot be read, and `where` names it;
//              not_allowed: the signature is not this key's
// The price of a market order counts as 0. paradex-py signs the one that it sends for every type
// but MARKET, so that is tried next.
Result<void> is_signed(const crypto::starknet::PublicKey& key, const Signer& signer,
                       const SignedOrder& order, std::string_view signature);

// The same for who asks. False when it has written the venue's refusal; true as well where
// signatures are not verified (--auth paradex=off).
bool check_order_signature(gateway::Call& call, const SignedOrder& order,
                           std::string_view signature);

}  // namespace venuebox::venues::paradex
