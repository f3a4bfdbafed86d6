// Connections that became WebSockets: the upgrade, frames in, and how they end.
#include <utility>

#include <boost/asio/post.hpp>

#include "net/handshake.h"
#include "net/server_impl.h"

namespace venuebox::net {

ServerSocket::ServerSocket(HttpServer::Impl& server, Connection& connection,
                           SocketHandler& given_handler)
    : handler(&given_handler),
      decoder(FrameDecoder::End::server, server.options.message_bytes_max),
      heard(server.sweeps),
      idle_limit(server.limits.idle),
      server_(server),
      connection_(connection) {}

bool ServerSocket::can_send() const {
  return !said_goodbye && !connection_.ending && !connection_.closed;
}

void ServerSocket::send(std::string_view frame) {
  if (can_send()) server_.output_of(connection_).append(frame);
}

void ServerSocket::send_text(std::string_view text) {
  if (can_send()) append_text_frame(server_.output_of(connection_), text);
}

void ServerSocket::close(std::uint16_t code, std::string_view reason) {
  if (can_send()) say_goodbye(close_payload(code, reason));
}

void ServerSocket::end_rudely(Delivery::After after) {
  if (!can_send()) return;
  said_goodbye = true;
  server_.end_rudely(connection_, after);
}

void ServerSocket::say_goodbye(std::string_view payload) {
  append_frame(server_.output_of(connection_), Opcode::close, payload);
  said_goodbye = true;
  server_.enter(connection_, Phase::closing);
}

std::size_t ServerSocket::unsent() const { return connection_.unsent(); }

void ServerSocket::set_idle_timeout(Nanoseconds timeout) {
  idle_limit = sweeps_from(timeout, server_.options.sweep_interval);
}

void ServerSocket::set_heartbeat(Nanoseconds every, Nanoseconds answer_within) {
  ping_every_ = sweeps_from(every, server_.options.sweep_interval);
  pong_within_ = sweeps_from(answer_within, server_.options.sweep_interval);
  pinged_ = server_.sweeps;
}

bool ServerSocket::beat() {
  if (ping_every_ == 0) return true;
  const std::uint64_t age = server_.sweeps - pinged_;
  if (awaits_pong && age > pong_within_) return false;
  if (awaits_pong || age < ping_every_ || !can_send()) return true;
  append_frame(server_.output_of(connection_), Opcode::ping, "");
  awaits_pong = true;
  pinged_ = server_.sweeps;
  return true;
}

bool ServerSocket::is_idle() const { return idle_limit > 0 && server_.sweeps - heard > idle_limit; }

void HttpServer::Impl::upgrade(Connection& c) {
  if (const auto fault = upgrade_fault(request, c.parser.http_1_0()))
    return refuse(c, fault->status, fault->reason, fault->header_lines);
  response.status = 101;
  response.add_header("Upgrade", "websocket");
  response.add_header("Connection", "Upgrade");
  response.add_header("Sec-WebSocket-Accept", accept_key(*request.header("Sec-WebSocket-Key")));
  append_response(output_of(c), response, date_line.at(c.arrived), ConnectionHeader::none, false);
  c.upgraded = std::make_unique<ServerSocket>(*this, c, *response.upgrade);
  enter(c, Phase::frames);
  c.upgraded->handler->opened(*c.upgraded, request);
}

void HttpServer::Impl::receive(Connection& c) {
  FrameDecoder& decoder = c.upgraded->decoder;
  while (!c.ending && c.unsent() <= options.unsent_bytes_max) {
    const auto event = decoder.decode(c.in.readable());
    if (event == FrameDecoder::Event::none) return;
    c.upgraded->heard = sweeps;
    receive(c, event);
    if (c.closed) return;
    c.in.consume(decoder.release());
  }
  if (c.ending) c.in.consume(c.in.readable().size());
}

void HttpServer::Impl::receive(Connection& c, FrameDecoder::Event event) {
  using Event = FrameDecoder::Event;
  ServerSocket& socket = *c.upgraded;
  const FrameDecoder& decoder = socket.decoder;
  if (event == Event::failed) {
    if (!socket.said_goodbye) socket.say_goodbye(close_payload(decoder.code(), decoder.reason()));
    return end_socket(c);
  }
  if (event == Event::close) {
    const std::uint16_t code = decoder.code();
    if (!socket.said_goodbye) socket.say_goodbye(code == 0 ? "" : close_payload(code, ""));
    return end_socket(c);
  }
  if (socket.said_goodbye || !socket.handler) return;
  if (event == Event::pong) socket.awaits_pong = false;
  if (event == Event::ping) append_frame(output_of(c), Opcode::pong, decoder.payload());
  if (event == Event::text || event == Event::binary)
    socket.handler->received(socket, decoder.payload(), event == Event::text);
}

// Both sides have said goodbye, or one of them cannot be understood: what is left ends like HTTP.
void HttpServer::Impl::end_socket(Connection& c) {
  c.ending = true;
  enter(c, Phase::closing);
  if (c.unsent() == 0) all_sent(c);
}

void HttpServer::Impl::sweep_socket(Connection& c) {
  const std::uint64_t age = sweeps - c.since;
  if (c.phase == Phase::closing) {
    if (age > limits.linger) close(c);
  } else if (c.writing && age > limits.idle) {
    close(c);
  } else if (c.upgraded->is_idle()) {
    c.upgraded->close(close_code::kGoingAway, "no frame for too long");
  } else if (!c.upgraded->beat()) {
    c.upgraded->close(close_code::kGoingAway, "no answer to a ping");
  } else if (sweeps - c.upgraded->heard >= kQuietSweeps) {
    c.in.shrink();
  }
}

// Handlers hear of an end in a turn of its own, never from within what they call.
void HttpServer::Impl::announce_end(ConnectionPtr connection) {
  if (ended.empty()) asio::post(io, [self = shared_from_this()] { self->tell_ended(); });
  ended.push_back(std::move(connection));
}

void HttpServer::Impl::tell_ended() {
  for (const ConnectionPtr& connection : std::exchange(ended, {})) {
    ServerSocket& socket = *connection->upgraded;
    if (socket.handler) socket.handler->closed(socket);
    connection->upgraded.reset();
  }
}

}  // namespace venuebox::net
