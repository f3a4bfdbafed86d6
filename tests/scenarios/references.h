// How a line refers to what there is: accounts, instruments and orders by their names in the
// scenario, or by a raw number ("#99"), which need not exist.
#pragma once

#include "words.h"
#include "world.h"

namespace venuebox::scenarios {

AccountId read_account(Words& words, const World& world);
InstrumentId read_instrument(Words& words, const World& world);

struct OrderReference {
  OrderId id;  // 0: named by the client's id
  ClientOrderId client_order_id;
  InstrumentId instrument;
};
// A name, "#7", or: id "x1".
OrderReference read_order(Words& words, const World& world);

ClientOrderId read_client_order_id(Words& words);
// A name that no order has yet.
std::string read_new_name(Words& words, const World& world);

}  // namespace venuebox::scenarios
