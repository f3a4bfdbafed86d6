// The box's side of faults: each request is an occasion, which the plan is asked about once it is
// known who asks for what; about the venue's clock before that, since who asks is judged by it.
#include "base/json_writer.h"
#include "box/box.h"
#include "box/struck.h"

namespace venuebox::box {
namespace {
using T = faults::ActionType;
}  // namespace

std::vector<faults::Strike> Box::skews_at(std::size_t index, const net::Request* request,
                                          faults::Transport transport) {
  std::vector<faults::Strike> strikes;
  ++occasions_;
  if (!plan_.holds(T::clock_skew)) return strikes;
  gateway::Door& door = exchanges_[index]->door();
  const gateway::Venue& venue = door.venue();
  const std::string symbol = request && venue.symbol_of ? venue.symbol_of(*request) : std::string();
  const faults::Tag tag{
      .venue = venue.name,
      .account = {},
      .symbol = symbol,
      .operation = request ? door.operation_of(*request) : faults::kStreamOperation,
      .channel = {},
      .transport = transport,
      .request = occasions_};
  const auto named = request ? request->header(kFaultHeader) : std::nullopt;
  const faults::Fault* fault = named ? plan_.find(*named) : nullptr;
  if (fault && fault->action.type == T::clock_skew) {
    if (auto strike = plan_.strike_by_name(*named, tag, now())) strikes.push_back(*strike);
  }
  plan_.strike(tag, now(), faults::Layer::clock, strikes);
  note_struck(index, tag, strikes);
  return strikes;
}

void Box::strikes_at(std::size_t index, const net::Request& request, const net::Response& response,
                     faults::Transport transport, std::vector<faults::Strike>& strikes) {
  if (plan_.size() == 0) return;
  const std::size_t known = strikes.size();
  const gateway::Venue& venue = exchanges_[index]->door().venue();
  const std::string symbol = venue.symbol_of ? venue.symbol_of(request) : std::string();
  const faults::Tag tag{.venue = venue.name,
                        .account = response.tag.account,
                        .symbol = symbol,
                        .operation = response.tag.operation,
                        .channel = {},
                        .transport = transport,
                        .request = occasions_};
  const auto named = request.header(kFaultHeader);
  const faults::Fault* fault = named ? plan_.find(*named) : nullptr;
  if (fault && fault->action.type != T::clock_skew) {
    if (auto strike = plan_.strike_by_name(*named, tag, now())) strikes.push_back(*strike);
  }
  plan_.strike(tag, now(), faults::kRequestLayers, strikes);
  note_struck(index, tag, std::span(strikes).subspan(known));
}

// A name that is not known would let a test pass that strikes nothing.
bool Box::refuses_named_fault(std::size_t index, const net::Request& request,
                              net::Response& response) {
  const auto named = request.header(kFaultHeader);
  if (!named) return false;
  Exchange& exchange = *exchanges_[index];
  const bool is_stream =
      request.header("upgrade") && exchange.streams().find_route(request.path) != nullptr;
  const std::string_view operation =
      is_stream ? faults::kStreamOperation : exchange.door().operation_of(request);
  const auto checked = plan_.check_by_name(*named, operation);
  if (checked) return false;
  response.status = 400;
  response.content_type = "application/problem+json";
  response.tag.venue = exchange.door().venue().name;
  JsonWriter json(response.body);
  json.open().text("type", "about:blank").text("title", "Bad Request").number("status", 400);
  json.text("detail", checked.error().text()).text("field", kFaultHeader).close();
  return true;
}

// Whether a fault is loaded that may tell the answer again when it is old.
bool Box::remembers_answers(std::string_view operation) const {
  return (plan_.holds(T::stale_data) &&
          faults::concerns(faults::Subject::market_data, operation)) ||
         (plan_.holds(T::balance_mismatch) &&
          faults::concerns(faults::Subject::balances, operation));
}

// Carries out what was let in, as far as faults let it.
bool Box::carry_out(std::size_t index, const gateway::Admission& admission,
                    const net::Request& request, net::Response& response,
                    std::span<const faults::Strike> strikes, bool is_on_stream) {
  Exchange& exchange = *exchanges_[index];
  const gateway::Moment when = skewed(moment(), strikes);
  Struck struck{exchange, admission, request, response, when, strikes, is_on_stream};
  if (strikes.empty()) {
    exchange.door().carry_out(admission, request, response, exchange.desk(), when);
    if (remembers_answers(response.tag.operation)) answers_.remember(request, response, now());
  } else if (!ends_on_the_wire(struck) && !refused_at_door(struck) &&
             !refused_by_exchange(struck)) {
    prepare_trading(struck);
    carry_out_bent(struck);
    if (remembers_answers(response.tag.operation)) answers_.remember(request, response, now());
    change_answer(struck, answers_);
  }
  take_noted(exchange);
  bend_delivery(strikes, response);
  return !struck.is_lost;
}

// What was not let in can still be refused for another reason.
void Box::refuse_struck(std::size_t index, const net::Request& request, net::Response& response,
                        std::span<const faults::Strike> strikes, bool is_on_stream) {
  const gateway::Moment when = skewed(moment(), strikes);
  const gateway::Admission nobody;
  Struck struck{*exchanges_[index], nobody, request, response, when, strikes, is_on_stream};
  if (!ends_on_the_wire(struck) && !refused_at_door(struck)) refused_by_exchange(struck);
  bend_delivery(strikes, response);
}

}  // namespace venuebox::box
