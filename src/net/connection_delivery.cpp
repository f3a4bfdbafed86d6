// Answers that leave in an unusual way: late, in part, in pieces, or with an end of the connection
// that no client expects. Each piece goes through the connection's output, so that it leaves with
// the flush of a turn, behind the answers before it, and the next step is taken when it has left.
#include <algorithm>

#include <sys/socket.h>

#include "net/server_impl.h"

namespace venuebox::net {

void HttpServer::Impl::deliver(Connection& c, const Response& answer, Timestamp date) {
  c.delivering = std::make_unique<Delivering>(io, *answer.delivery);
  Delivering& d = *c.delivering;
  append_answer(c, answer, date, d.bytes);
  const std::size_t head = d.bytes.find("\r\n\r\n") + 4;
  const std::size_t body = std::min(d.how.body_bytes_max, d.bytes.size() - head);
  d.end = std::min(d.how.bytes_max, head + body);
  enter(c, Phase::delivering);
  output_of(c);  // What is not durable is dropped, although nothing may leave of it yet.
  if (d.how.wait.raw > 0) {
    give_piece_after(c, d.how.wait);
  } else {
    give_piece(c);
  }
}

void HttpServer::Impl::end_rudely(Connection& c, Delivery::After after) {
  VENUEBOX_ASSERT(after != Delivery::After::kept);
  c.delivering = std::make_unique<Delivering>(io, Delivery{.after = after});
  output_of(c);
}

void HttpServer::Impl::give_piece(Connection& c) {
  Delivering& d = *c.delivering;
  const std::size_t size = std::min(d.how.piece_bytes, d.end - d.given);
  output_of(c).append(d.bytes, d.given, size);
  d.given += size;
}

void HttpServer::Impl::give_piece_after(Connection& c, Nanoseconds wait) {
  Delivering& d = *c.delivering;
  d.is_waiting = true;
  d.timer.expires_after(chrono_from(wait));
  d.timer.async_wait(
      [self = weak_from_this(), weak = std::weak_ptr(connections[c.index])](error_code error) {
        const auto server = self.lock();
        const auto connection = weak.lock();
        if (error || !server || !connection || connection->closed) return;
        connection->delivering->is_waiting = false;
        server->give_piece(*connection);
      });
}

// What was given has left.
void HttpServer::Impl::go_on_delivering(Connection& c) {
  Delivering& d = *c.delivering;
  if (d.is_waiting) return;
  if (d.given < d.end) return give_piece_after(c, d.how.piece_every);
  if (d.how.rest_after.raw > 0 && d.end < d.bytes.size()) {
    d.end = d.bytes.size();
    return give_piece_after(c, d.how.rest_after);
  }
  finish_delivery(c);
}

void HttpServer::Impl::finish_delivery(Connection& c) {
  const auto after = c.delivering->how.after;
  c.delivering.reset();
  switch (after) {
    case Delivery::After::kept:
      end_request(c);
      c.ending |= stopping;
      if (c.ending) return all_sent(c);
      return start(c);  // with what came behind it
    case Delivery::After::half_closed:
      if (::shutdown(c.socket, SHUT_WR) != 0) return close(c);
      return fall_silent(c);
    case Delivery::After::silent: return fall_silent(c);
    case Delivery::After::reset: {
      const linger at_once{.l_onoff = 1, .l_linger = 0};
      setsockopt(c.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      return close(c);
    }
  }
}

void HttpServer::Impl::fall_silent(Connection& c) {
  if (stopping) return close(c);
  if (!c.upgraded) end_request(c);
  c.ending = true;
  enter(c, Phase::silent);
  start(c);  // to hear when the client gives up
}

}  // namespace venuebox::net
