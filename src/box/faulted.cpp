// The box's side of faults: each request is an occasion, which the plan is asked about once it is
// known who asks for what.
#include "box/box.h"
#include "box/struck.h"
#include "box/struck_desk.h"

namespace venuebox::box {

std::vector<faults::Strike> Box::strikes_at(std::size_t index, const net::Request& request,
                                            const net::Response& response,
                                            faults::Transport transport) {
  std::vector<faults::Strike> strikes;
  if (plan_.size() == 0) return strikes;
  const gateway::Venue& venue = exchanges_[index]->door().venue();
  const std::string symbol = venue.symbol_of ? venue.symbol_of(request) : std::string();
  const faults::Tag tag{.venue = venue.name,
                        .account = response.tag.account,
                        .symbol = symbol,
                        .operation = response.tag.operation,
                        .channel = {},
                        .transport = transport,
                        .request = ++occasions_};
  if (const auto named = request.header(kFaultHeader)) {
    if (auto strike = plan_.strike_by_name(*named, tag, now())) strikes.push_back(*strike);
  }
  plan_.strike(tag, now(), faults::kRequestLayers, strikes);
  for (const faults::Strike& strike : strikes)
    note(FaultStruck{static_cast<std::uint8_t>(index), strike.fault, strike.n});
  return strikes;
}

// Carries out what was let in, as far as faults let it.
void Box::carry_out(std::size_t index, const gateway::Admission& admission,
                    const net::Request& request, net::Response& response,
                    std::span<const faults::Strike> strikes) {
  Exchange& exchange = *exchanges_[index];
  gateway::Door& door = exchange.door();
  const gateway::Moment when = moment();
  if (strikes.empty()) {
    door.carry_out(admission, request, response, exchange.desk(), when);
    return take_noted(exchange);
  }
  Struck struck{exchange, admission, request, response, when, strikes};
  if (!ends_on_the_wire(struck) && !refused_at_door(struck) && !refused_by_exchange(struck)) {
    prepare_trading(struck);
    StruckDesk desk(exchange, when.box_time, strikes);
    door.carry_out(admission, request, response, desk, when);
    change_answer(struck);
  }
  take_noted(exchange);
  bend_delivery(strikes, response);
}

}  // namespace venuebox::box
