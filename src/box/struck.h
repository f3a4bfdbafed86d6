// One request that faults strike, on its way through the box, and what they do to it there. Each
// layer is a file of its own: what the venue's door says (door_faults.cpp), what the exchange says
// (exchange_faults.cpp), what befalls the trading by ordinary commands (trading_faults.cpp, and of
// the request's own orders struck_desk.cpp), and
// how the answer's bytes leave (wire_faults.cpp). Who is struck, and with what, the plan decides.
#pragma once

#include <span>

#include "box/exchange.h"
#include "faults/plan.h"

namespace venuebox::box {

struct Struck {
  Exchange& exchange;
  const gateway::Admission& admission;
  const net::Request& request;
  net::Response& response;
  const gateway::Moment& moment;
  std::span<const faults::Strike> strikes;
};

// What comes before the request is carried out, in this order. True: it has been answered, or will
// never be, and is not carried out.
bool ends_on_the_wire(Struck& struck);
bool refused_at_door(Struck& struck);
bool refused_by_exchange(Struck& struck);
void prepare_trading(Struck& struck);

// What comes after.
void change_answer(Struck& struck);
// Also of requests that were refused or not let in at all.
void bend_delivery(std::span<const faults::Strike> strikes, net::Response& response);

}  // namespace venuebox::box
