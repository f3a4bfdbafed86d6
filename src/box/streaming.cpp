// The box's side of streams: sockets come in beside requests, and are told at the end of a turn.
#include "box/box.h"
#include "box/struck.h"

namespace venuebox::box {

void StreamPort::opened(net::WebSocket& socket, const net::Request& request) {
  box_.open_stream(exchange_, socket, route_, request.query);
}

void StreamPort::received(net::WebSocket& socket, std::string_view message, bool is_text) {
  box_.receive(exchange_, socket, message, is_text);
}

void StreamPort::closed(net::WebSocket& socket) { box_.close_stream(exchange_, socket); }

// Whether the request asks for one of the venue's streams, which the response then says, or why it
// does not get it.
bool Box::offer_stream(std::size_t index, const net::Request& request, net::Response& response) {
  if (!request.header("upgrade")) return false;
  const gateway::StreamRoute* route = exchanges_[index]->streams().find_route(request.path);
  if (!route) return false;
  if (!exchanges_[index]->streams().admits(request, response)) return true;
  auto& port = ports_[route];
  if (!port) port = std::make_unique<StreamPort>(*this, index, *route);
  response.upgrade = port.get();
  response.status = 101;
  response.tag.venue = exchanges_[index]->door().venue().name;
  response.tag.operation = "stream";
  return true;
}

void Box::open_stream(std::size_t index, net::WebSocket& socket, const gateway::StreamRoute& route,
                      std::string_view query) {
  exchanges_[index]->streams().open(socket, route, query);
  tell_plan(index, faults::Happening::connect);
}

void Box::receive(std::size_t index, net::WebSocket& socket, std::string_view message,
                  bool is_text) {
  advance();
  Exchange& exchange = *exchanges_[index];
  const auto skews = skews_at(index, nullptr, faults::Transport::ws);
  const auto perform = [&](const gateway::StreamAsker& asker, AccountId account,
                           const net::Request& request, net::Response& response) {
    return serve(index, request, response, account, &asker, skews);
  };
  const gateway::Perform delayed(perform);
  tap_streams(index);
  exchange.streams().receive(socket, message, is_text, exchange.desk(), skewed(moment(), skews),
                             requests_, is_hindered() ? &delayed : nullptr);
  take_noted(exchange);
}

void Box::close_stream(std::size_t index, net::WebSocket& socket) {
  Exchange& exchange = *exchanges_[index];
  if (const auto ended = exchange.streams().close(socket)) {
    advance();
    exchange.desk().execute(*ended);
    take_noted(exchange);
  }
  tell_plan(index, faults::Happening::disconnect);
}

// What befalls the wire of a request that came on a stream befalls the stream. False: nobody is to
// be told the answer.
bool Box::bend_stream(std::size_t index, const gateway::StreamAsker& asker,
                      const net::Response& response) {
  if (!response.delivery) return true;
  net::WebSocket* socket = exchanges_[index]->streams().find(asker);
  if (!socket) return false;
  if (response.delivery->after != net::Delivery::After::kept) {
    socket->end_rudely(response.delivery->after);
    return false;
  }
  if (StreamFaults* faults = tap_streams(index)) {
    faults->hold(asker.connection, now() + response.delivery->wait);
  }
  return true;
}

// What is sent goes through the faults of streams where there is a plan, or where what it once
// struck goes on. Null: straight to the sockets.
StreamFaults* Box::tap_streams(std::size_t index) {
  auto known = stream_faults_.find(index);
  const bool goes_on = known != stream_faults_.end() && !known->second.is_idle();
  Exchange& exchange = *exchanges_[index];
  if (plan_.size() == 0 && !goes_on) {
    exchange.streams().set_tap(nullptr);
    return nullptr;
  }
  if (known == stream_faults_.end()) {
    const auto ask = [this, index](const faults::Tag& frame, faults::Layers layers,
                                   std::vector<faults::Strike>& strikes) {
      faults::Tag tag = frame;
      tag.venue = exchanges_[index]->door().venue().name;
      tag.request = ++occasions_;
      plan_.strike(tag, now(), layers, strikes);
      for (const faults::Strike& strike : strikes)
        note(FaultStruck{static_cast<std::uint8_t>(index), strike.fault, strike.n});
    };
    known = stream_faults_
                .emplace(std::piecewise_construct, std::tuple(index),
                         std::forward_as_tuple(exchange, plan_, ask))
                .first;
  }
  exchange.streams().set_tap(&known->second);
  known->second.advance(now());
  return &known->second;
}

void Box::publish() {
  for (std::size_t i = 0; i < exchanges_.size(); ++i) {
    Exchange& exchange = *exchanges_[i];
    StreamFaults* faults = tap_streams(i);
    exchange.streams().publish(exchange.engine(), moment(), is_paced());
    if (faults) faults->restart_channels();
  }
}

// Tells all streams what there is to tell by now, as of that time.
void Box::tell(Timestamp time) {
  advance_to(time);
  for (const auto& exchange : exchanges_) {
    exchange->streams().tell(exchange->engine(), moment_at(time), is_paced());
    exchange->take_user_news();
  }
}

}  // namespace venuebox::box
