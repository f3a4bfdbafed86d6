// One request that faults strike, on its way through the box, and what they do to it there. Each
// layer is a file of its own: what the venue's door says (door_faults.cpp), what the exchange says
// (exchange_faults.cpp), what befalls the trading by ordinary commands (trading_faults.cpp, and of
// the request's own orders struck_desk.cpp), and
// how the answer's bytes leave (wire_faults.cpp). Who is struck, and with what, the plan decides.
#pragma once

#include <span>

#include "box/answer_memory.h"
#include "box/exchange.h"
#include "faults/plan.h"

namespace venuebox::box {

struct Struck {
  Exchange& exchange;
  const gateway::Admission& admission;  // without a route: it was not let in
  const net::Request& request;
  net::Response& response;
  const gateway::Moment& moment;
  std::span<const faults::Strike> strikes;
  bool is_on_stream = false;
  bool is_lost = false;  // there is an answer, and nobody gets it
};

// The moment by a venue's clock that is off.
gateway::Moment skewed(gateway::Moment moment, std::span<const faults::Strike> strikes);

// What comes before the request is carried out, in this order. True: it has been answered, or will
// never be, and is not carried out.
bool ends_on_the_wire(Struck& struck);
bool refused_at_door(Struck& struck);
bool refused_by_exchange(Struck& struck);
void prepare_trading(Struck& struck);

// Carries it out, by a desk that says no, shows less than there is or arranges what becomes of
// orders where faults will have it so.
void carry_out_bent(Struck& struck);

// What comes after.
void change_answer(Struck& struck, AnswerMemory& memory);
// Also of requests that were refused or not let in at all.
void bend_delivery(std::span<const faults::Strike> strikes, net::Response& response);

// The answer is made, and never arrives.
//   how      "reset": the connection ends; "timeout": it stays open and silent
//   hold_ms  of timeout: for so long; 0: until the client ends it
void lose_answer(Struck& struck, std::string_view how, std::int64_t hold_ms);

// Answers with a trouble in the venue's words, in place of any other answer.
//   strike  says in drawn how long it lasts; where nobody knows, clients are told kWaitMs
void tell(Struck& struck, gateway::Trouble trouble, const faults::Strike* strike = nullptr,
          std::string_view message = {});

}  // namespace venuebox::box
