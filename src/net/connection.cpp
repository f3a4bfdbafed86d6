// The receiving side of a connection: reads what has arrived, and answers every request that is
// complete, in order, into the connection's output.
#include <utility>

#include <errno.h>
#include <sys/socket.h>

#include <boost/asio/post.hpp>

#include "net/server_impl.h"

namespace venuebox::net {
namespace {

// So many reads and writes make one turn, so that hooks, and answers with them, are never put off
// for long.
constexpr int kServedPerTurn = 512;

// So much of what a client sends behind a request whose answer is held is read, and kept.
constexpr std::size_t kBehindHeldMax = std::size_t{64} * 1024;

bool has_enough_behind_held(Connection& c) {
  return owes_answer(c) && c.in.readable().size() - c.parser.wire_bytes() >= kBehindHeldMax;
}

}  // namespace

void HttpServer::Impl::await_sockets() {
  if (std::exchange(awaiting, true)) return;
  poller.await([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (error || !self) return;
    self->awaiting = false;
    self->serve_ready();
  });
}

void HttpServer::Impl::serve_ready() {
  poller.each_ready([this](void* owner, Poller::Interest ready) {
    Connection& c = *static_cast<Connection*>(owner);
    if (ready.writing && c.writing && !c.closed) write_more(c);
    if (ready.reading && c.reading && !c.closed) read(c);
    ++served;
  });
  if (served < kServedPerTurn) await_sockets();
}

void HttpServer::Impl::end_turn() {
  served = 0;
  just_closed.clear();
  await_sockets();
}

void HttpServer::Impl::await(Connection& c) {
  const Poller::Interest wanted{.reading = c.reading, .writing = c.writing};
  poller.change(c.socket, &c, c.awaited, wanted);
  c.awaited = wanted;
}

// Also when the client has taken enough of its answers to be read from again. In a handler of its
// own, since answers that came about while others leave would have to wait for the next turn.
void HttpServer::Impl::start(Connection& connection) {
  connection.reading = true;
  asio::post(io, [self = shared_from_this(), held = connections[connection.index]] {
    if (!held->closed) self->go_on(*held);
  });
}

void HttpServer::Impl::read(Connection& c) {
  const auto space = c.in.writable();
  const auto count = recv(c.socket, space.data(), space.size(), MSG_DONTWAIT);
  if (count > 0) {
    c.in.filled(static_cast<std::size_t>(count));
    c.arrived = clock.now();
    return go_on(c);
  }
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  c.reading = false;
  await(c);
  if (count < 0) {
    close(c);
  } else {
    peer_ended(c);
  }
}

// Answers what is there, and makes room for more. A client that takes its answers too slowly is not
// read from until written() starts it again.
void HttpServer::Impl::go_on(Connection& c) {
  answer(c);
  if (c.closed) return;
  if (c.unsent() > options.unsent_bytes_max || has_enough_behind_held(c)) {
    c.reading = false;
  } else {
    if (c.in.writable().empty()) {
      c.in.shorten(c.upgraded ? c.upgraded->decoder.squeeze(c.in.readable())
                              : c.parser.squeeze(c.in.readable()));
    }
    c.in.make_room();
  }
  await(c);
}

void HttpServer::Impl::answer(Connection& c) {
  if (c.upgraded) return receive(c);
  if (owes_answer(c)) return;
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
      if (!answer_one(c)) return;
      end_request(c);
      if (c.upgraded) return receive(c);
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

// False when nothing follows for now: the connection is closed, or the answer comes later.
bool HttpServer::Impl::answer_one(Connection& c) {
  c.parser.fill(c.in.readable(), header_space, request);
  request.arrived = c.arrived;
  request.number = ++requests;
  request.peer = c.peer;
  request.listener = c.listener;
  response.reset();
  handling = &c;
  handler.handle(request, response);
  if (c.closed || response.held) return false;
  if (response.upgrade != nullptr) {
    upgrade(c);
  } else if (response.delivery) {
    deliver(c, response, c.arrived);
    return false;
  } else {
    append_answer(c, response, c.arrived, output_of(c));
  }
  return !c.closed;
}

// The answer to the request that the parser has just completed.
void HttpServer::Impl::append_answer(Connection& c, const Response& answer, Timestamp date,
                                     std::string& out) {
  const bool keep = c.parser.keep_alive() && !answer.close && !stopping;
  auto header = ConnectionHeader::close;
  if (keep) header = c.parser.http_1_0() ? ConnectionHeader::keep_alive : ConnectionHeader::none;
  append_response(out, answer, date_line.at(date), header, c.parser.method() == Method::head);
  c.ending = !keep;
}

void HttpServer::Impl::end_request(Connection& c) {
  c.in.consume(c.parser.wire_bytes());
  c.parser.reset();
  if (c.upgraded) return;
  c.phase = Phase::idle;
  c.since = sweeps;
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
