// The box's side of latency: requests that carry commands reach their exchange later than the box,
// and their answers leave later than they were made.
#include "box/box.h"
#include "box/struck.h"

namespace venuebox::box {

// Carries the request out, or sends it on its way. True when the response is the answer already.
//   known  whom it acts for; absent: that has to be found out
//   asker  who asked on a stream; null: a client of HTTP
bool Box::serve(std::size_t index, const net::Request& request, net::Response& response,
                std::optional<AccountId> known, const gateway::StreamAsker* asker,
                std::vector<faults::Strike> skews) {
  Exchange& exchange = *exchanges_[index];
  gateway::Door& door = exchange.door();
  const auto transport = asker ? faults::Transport::ws : faults::Transport::http;
  std::vector<faults::Strike> strikes =
      asker ? std::move(skews) : skews_at(index, &request, transport);
  const auto admission =
      door.admit(request, response, exchange.engine(), skewed(moment(), strikes), known);
  strikes_at(index, request, response, transport, strikes);
  const std::uint64_t occasion = plan_.size() == 0 ? 0 : occasions_;
  bool is_told = true;
  const bool can_wait = !settings_.latency.is_none() && (asker || response.holder);
  if (admission && admission->carries_commands() && can_wait) {
    if (in_transit() < kInTransitMax) {
      set_out(index, *admission, request, response, asker, std::move(strikes));
      return false;
    }
    door.refuse(*admission, request, response, exchange.engine(), moment(),
                RejectReason::overloaded);
  } else if (admission) {
    is_told = carry_out(index, *admission, request, response, strikes, asker != nullptr);
  } else {
    refuse_struck(index, request, response, strikes, asker != nullptr);
  }
  requests_.add(request, response, occasion);
  return !asker || (is_told && bend_stream(index, *asker, response));
}

void Box::set_out(std::size_t index, const gateway::Admission& admission,
                  const net::Request& request, net::Response& response,
                  const gateway::StreamAsker* asker, std::vector<faults::Strike> strikes) {
  const std::uint64_t n = delayed_++;
  const RandomStream entries(config_.seed, "latency of order entry");
  const RandomStream answers(config_.seed, "latency of answers");
  auto traveller = std::make_unique<Traveller>(Traveller{
      .exchange = index, .admission = admission, .request = gateway::KeptRequest(request)});
  traveller->response = response;
  traveller->strikes = std::move(strikes);
  traveller->occasion = plan_.size() == 0 ? 0 : occasions_;
  traveller->answer_delay = settings_.latency.answer.at(answers, n);
  if (asker) {
    traveller->asker = *asker;
  } else {
    traveller->response.holder = nullptr;
    traveller->held = response.hold();
  }
  transit_.add(now() + settings_.latency.entry.at(entries, n), std::move(traveller));
  while (transit_.next_due() <= now())
    end_next_leg();
}

// Whatever is due before it has happened, of the market and of the exchanges, and it happens at
// its own time.
void Box::end_next_leg() {
  const Timestamp time = std::max(transit_.next_due(), advanced_);
  auto traveller = transit_.take_next();
  advance_to(time);
  if (traveller->is_carried_out) return arrived_.push_back(std::move(traveller));
  const auto turn_time = std::exchange(turn_time_, time);
  const net::Request& request = traveller->request.request();
  const bool is_told = carry_out(traveller->exchange, traveller->admission, request,
                                 traveller->response, traveller->strikes, bool(traveller->asker));
  requests_.add(request, traveller->response, traveller->occasion);
  turn_time_ = turn_time;
  if (!is_told) return;
  traveller->is_carried_out = true;
  const Nanoseconds delay = traveller->answer_delay;
  transit_.add(time + delay, std::move(traveller));
}

// What streams were told of this turn stands before the answers of the same turn.
void Box::answer_arrived() {
  for (const auto& traveller : std::exchange(arrived_, {})) {
    if (traveller->held) {
      traveller->held->send(traveller->response);
      continue;
    }
    Exchange& exchange = *exchanges_[traveller->exchange];
    if (!bend_stream(traveller->exchange, *traveller->asker, traveller->response)) continue;
    exchange.streams().answer(*traveller->asker, traveller->response, exchange.engine(), moment());
  }
}

std::optional<Nanoseconds> Box::next_arrival() {
  Timestamp next = transit_.next_due();
  for (const auto& [exchange, frames] : stream_faults_)
    next = std::min(next, frames.next_due());
  if (next == kNever || clock_.mode() == ClockMode::manual) return std::nullopt;
  return clock_.door_time_until(next);
}

}  // namespace venuebox::box
