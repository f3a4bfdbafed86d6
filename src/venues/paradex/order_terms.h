// What a client says of an order, read into the engine's terms: one body of POST /v1/orders, one
// entry of a batch, or a modification.
#pragma once

#include "venues/paradex/order_signature.h"
#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {

// An order as it was sent, with what its signature is made of.
struct SentOrder {
  PlaceOrder order;
  SignedOrder signed_terms;
  std::string_view signature;
};
struct SentModification {
  AmendOrder amend;
  SignedOrder signed_terms;
  std::string_view signature;
};

// Texts are views into the body. A member of the wrong kind reads as absent, so wrong_kind() goes
// before what these say.
std::optional<Refusal> read_order(const Call& call, Body& body, SentOrder& sent);
//   order  that is modified; it is live
std::optional<Refusal> read_modification(const Call& call, Body& body, const Order& order,
                                         SentModification& sent);

// The market that a member names; "market" of most.
std::optional<Refusal> read_market(const Call& call, std::string_view symbol,
                                   const Instrument*& instrument);

}  // namespace venuebox::venues::paradex
