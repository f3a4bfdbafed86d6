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

// Whether the request asks for one of the venue's streams, which the response then says.
bool Box::offer_stream(std::size_t index, const net::Request& request, net::Response& response) {
  if (!request.header("upgrade")) return false;
  const gateway::StreamRoute* route = exchanges_[index]->streams().find_route(request.path);
  if (!route) return false;
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
  exchange.streams().receive(socket, message, is_text, exchange.desk(), skewed(moment(), skews),
                             requests_, is_hindered() ? &delayed : nullptr);
  take_noted(exchange);
}

void Box::close_stream(std::size_t index, net::WebSocket& socket) {
  exchanges_[index]->streams().close(socket);
}

void Box::publish() {
  for (const auto& exchange : exchanges_)
    exchange->streams().publish(exchange->engine(), moment(), is_paced());
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
