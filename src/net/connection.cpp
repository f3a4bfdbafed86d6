// The receiving side of a connection: one coroutine that reads, and answers every request that is
// complete, in order, into the connection's output.
#include "net/server_impl.h"

namespace venuebox::net {

void HttpServer::Impl::start(Connection& connection) {
  connection.reading = true;
  asio::co_spawn(io.get_executor(), session(shared_from_this(), connections[connection.index]),
                 rethrow);
}

// Ends when the connection does, and also when the client takes its answers too slowly: written()
// starts it again.
Task HttpServer::Impl::session(std::shared_ptr<Impl> self, ConnectionPtr connection) {
  Connection& c = *connection;
  while (!c.closed) {
    self->answer(c);
    if (c.unsent() > self->options.unsent_bytes_max) {
      c.reading = false;
      co_return;
    }
    if (c.in.writable().empty()) {
      c.in.shorten(c.upgraded ? c.upgraded->decoder.squeeze(c.in.readable())
                              : c.parser.squeeze(c.in.readable()));
    }
    c.in.make_room();
    const auto space = c.in.writable();
    const auto [error, count] =
        co_await c.socket.async_read_some(asio::mutable_buffer(space.data(), space.size()), kAwait);
    if (c.closed) co_return;
    if (error == asio::error::operation_aborted && c.shrinking) {
      c.in.shrink();
    } else if (error) {
      c.reading = false;
      if (error != asio::error::eof) {
        self->close(c);
      } else {
        self->peer_ended(c);
      }
      co_return;
    }
    c.shrinking = false;
    c.in.filled(count);
    c.arrived = self->clock.now();
  }
}

void HttpServer::Impl::answer(Connection& c) {
  if (c.upgraded) return receive(c);
  while (!c.ending && c.unsent() <= options.unsent_bytes_max) {
    if (!c.parser.started()) {
      // Some clients end a body with a line end that its length does not count.
      while (c.in.readable().size() >= 2 && c.in.readable()[0] == '\r' &&
             c.in.readable()[1] == '\n')
        c.in.consume(2);
      const auto bytes = c.in.readable();
      if (bytes.empty() || (bytes.size() == 1 && bytes[0] == '\r')) return;
    }
    const auto state = c.parser.parse(c.in.readable());
    if (state == RequestParser::State::complete) {
      answer_one(c);
      if (c.closed) return;
      c.in.consume(c.parser.wire_bytes());
      c.parser.reset();
      if (c.upgraded) return receive(c);
      c.phase = Phase::idle;
      c.since = sweeps;
    } else if (state == RequestParser::State::failed) {
      refuse(c, c.parser.status(), c.parser.reason());
    } else {
      if (c.parser.claim_continue()) output_of(c).append("HTTP/1.1 100 Continue\r\n\r\n");
      enter(c, state == RequestParser::State::head ? Phase::head : Phase::body);
      return;
    }
  }
  if (c.ending) c.in.consume(c.in.readable().size());
}

void HttpServer::Impl::answer_one(Connection& c) {
  c.parser.fill(c.in.readable(), header_space, request);
  request.arrived = c.arrived;
  request.number = ++requests;
  request.peer = c.peer;
  request.listener = c.listener;
  response.reset();
  handler.handle(request, response);
  if (c.closed) return;
  if (response.upgrade != nullptr) return upgrade(c);
  const bool keep = c.parser.keep_alive() && !response.close && !stopping;
  auto header = ConnectionHeader::close;
  if (keep) header = c.parser.http_1_0() ? ConnectionHeader::keep_alive : ConnectionHeader::none;
  append_response(output_of(c), response, date_line.at(c.arrived), header,
                  request.method == Method::head);
  c.ending = !keep;
}

void HttpServer::Impl::refuse(Connection& c, int status, std::string_view reason,
                              std::string_view header_lines) {
  response.reset();
  response.status = status;
  handler.refuse(reason, response);
  response.headers.append(header_lines);
  append_response(output_of(c), response, date_line.at(clock.now()), ConnectionHeader::close,
                  false);
  c.ending = true;
}

void HttpServer::Impl::enter(Connection& c, Phase phase) {
  if (c.phase == phase) return;
  c.phase = phase;
  c.since = sweeps;
}

}  // namespace venuebox::net
