// Faults of the request that opens a stream: it is refused, it ends without an answer, or the
// stream opens late.
#include <utility>

#include "box/box.h"
#include "box/struck.h"

namespace venuebox::box {
namespace {
using faults::ActionType;
using faults::Strike;
using net::Delivery;
using After = Delivery::After;

constexpr faults::Layers kUpgradeLayers =
    faults::Layer::exchange | faults::Layers(faults::Layer::http);

// What comes in place of an answer; kept: there is one.
After end_of(const faults::Action& action) {
  if (action.type == ActionType::connection_reset) return After::reset;
  if (action.type == ActionType::half_close) return After::half_closed;
  const bool is_hung = action.type == ActionType::hang && action.number("hold_ms") == 0;
  return is_hung ? After::silent : After::kept;
}

Nanoseconds wait_of(const Strike& strike) {
  if (strike.action.type == ActionType::latency) return milliseconds(strike.drawn);
  if (strike.action.type == ActionType::hang) return milliseconds(strike.action.number("hold_ms"));
  return {};
}

// A venue that refuses calls within an answer of 200 cannot refuse a stream so: clients look at
// nothing but the status.
void give_status(net::Response& response, const Strike& strike) {
  if (response.status != 200) return;
  const bool is_limit =
      strike.action.type == ActionType::rate_limit || strike.action.type == ActionType::ban;
  response.status = is_limit ? 429 : 503;
  const std::int64_t wait_ms = strike.drawn > 0 ? strike.drawn : faults::kWaitMs;
  response.add_header("Retry-After", std::to_string((wait_ms + 999) / 1'000));
}
}  // namespace

void Box::strike_upgrade(std::size_t index, const net::Request& request, net::Response& response) {
  if (plan_.size() == 0) return;
  Exchange& exchange = *exchanges_[index];
  const faults::Tag tag{.venue = exchange.door().venue().name,
                        .operation = faults::kStreamOperation,
                        .request = ++occasions_};
  std::vector<Strike> strikes;
  if (const auto named = request.header(kFaultHeader)) {
    if (auto strike = plan_.strike_by_name(*named, tag, now())) strikes.push_back(*strike);
  }
  plan_.strike(tag, now(), kUpgradeLayers, strikes);
  note_struck(index, tag, strikes);

  const gateway::Moment when = moment();
  const gateway::Admission nobody;
  Struck struck{exchange, nobody, request, response, when, strikes};
  Delivery delivery;
  for (const Strike& strike : strikes) {
    delivery.wait += wait_of(strike);
    if (const After end = end_of(strike.action); end != After::kept) delivery.after = end;
  }
  net::SocketHandler* stream = std::exchange(response.upgrade, nullptr);
  if (delivery.after != After::kept) {
    delivery.bytes_max = 0;
    response.delivery = delivery;
  } else if (ends_on_the_wire(struck)) {
    bend_delivery(strikes, response);
  } else if (refused_by_exchange(struck)) {
    for (const Strike& strike : strikes)
      give_status(response, strike);
    bend_delivery(strikes, response);
  } else {
    response.upgrade = stream;
    if (delivery.wait.raw > 0) response.delivery = delivery;
  }
}

}  // namespace venuebox::box
