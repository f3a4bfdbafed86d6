// The sending side of a connection: answers gather during a turn, leave with one write after it,
// and what the socket does not take at once follows when it can.
#include <algorithm>
#include <optional>
#include <utility>

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/server_impl.h"

namespace venuebox::net {
namespace {

// How much memory of what was sent is kept for what comes next: 16 updates of a market to each of
// 10,000 sockets, in one turn, are 32 MiB, and their strings have up to twice that.
constexpr std::size_t kSpareBytesMax = std::size_t{64} * 1024 * 1024;

// How much the socket takes at once; none: it is broken.
std::optional<std::size_t> send_some(const Connection& c, std::string_view bytes) {
  const auto count = send(c.socket, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno == EAGAIN || errno == EINTR) return 0;
  return std::nullopt;
}

}  // namespace

std::string& HttpServer::Impl::output_of(Connection& c) {
  if (!c.dirty) {
    c.dirty = true;
    dirty.push_back(connections[c.index]);
  }
  if (c.out.empty() && !spare_outputs.empty()) {
    c.out = std::move(spare_outputs.back());
    spare_outputs.pop_back();
    spare_bytes -= c.out.capacity();
    spare_unused = std::min(spare_unused, spare_outputs.size());
  }
  return c.out;
}

// Idle connections keep no memory for answers.
void HttpServer::Impl::recycle(std::string& output) {
  std::string sent = std::exchange(output, {});
  sent.clear();
  if (spare_bytes + sent.capacity() > kSpareBytesMax) return;
  spare_bytes += sent.capacity();
  spare_outputs.push_back(std::move(sent));
}

// Frees what no turn since the last sweep has needed. The last to be kept is the first to be used
// again, so that this is at the front.
void HttpServer::Impl::free_spares() {
  const auto end = spare_outputs.begin() + static_cast<std::ptrdiff_t>(spare_unused);
  for (auto spare = spare_outputs.begin(); spare != end; ++spare)
    spare_bytes -= spare->capacity();
  spare_outputs.erase(spare_outputs.begin(), end);
  spare_unused = spare_outputs.size();
}

void HttpServer::Impl::flush() {
  std::swap(dirty, flushing);
  for (const ConnectionPtr& connection : flushing) {
    connection->dirty = false;
    if (!connection->closed) send(*connection);
  }
  flushing.clear();
}

void HttpServer::Impl::drop_pending() {
  std::swap(dirty, flushing);
  for (const ConnectionPtr& connection : flushing)
    close(*connection);
  flushing.clear();
}

void HttpServer::Impl::send(Connection& c) {
  if (c.withheld) return;  // Its timer comes back to it.
  if (c.writing) return;   // written() comes back to it.
  const auto count = send_some(c, c.out);
  if (!count) return close(c);
  if (*count == c.out.size()) {
    recycle(c.out);
    return all_sent(c);
  }
  c.in_flight = std::exchange(c.out, {});
  c.in_flight_sent = *count;
  c.writing = true;
  if (c.phase != Phase::closing) c.since = sweeps;
  await(c);
}

void HttpServer::Impl::write_more(Connection& c) {
  const auto count = send_some(c, std::string_view(c.in_flight).substr(c.in_flight_sent));
  if (!count) return close(c);
  written(c, *count);
  if (!c.closed) await(c);
}

void HttpServer::Impl::written(Connection& c, std::size_t count) {
  c.in_flight_sent += count;
  // A WebSocket that is closing has the linger timeout for all that is left.
  if (c.phase != Phase::closing) c.since = sweeps;
  if (c.in_flight_sent == c.in_flight.size()) {
    c.writing = false;
    c.in_flight_sent = 0;
    recycle(c.in_flight);
    if (c.out.empty()) return all_sent(c);
    output_of(c);  // What gathered meanwhile leaves at the end of this turn.
  }
  if (!c.reading && !c.peer_done && c.unsent() <= options.unsent_bytes_max / 2) start(c);
}

void HttpServer::Impl::all_sent(Connection& c) {
  if (c.delivering) return go_on_delivering(c);
  if (c.ending) {
    if (c.peer_done || stopping) return close(c);
    // Closing with unread bytes would reset the connection, and the client might never see the
    // answer that told it why. So only our side ends here, and the rest is read and forgotten.
    if (::shutdown(c.socket, SHUT_WR) != 0) return close(c);
    enter(c, Phase::lingering);
  }
  if (!c.reading) start(c);
}

void HttpServer::Impl::peer_ended(Connection& c) {
  // A client may end its side right after its request, and still be owed the answer; not one that
  // comes later, since most who end their side have gone.
  if (c.unsent() == 0 || owes_answer(c)) return close(c);
  c.peer_done = true;
  c.ending = true;
  if (c.upgraded) enter(c, Phase::closing);
}

void HttpServer::Impl::close(Connection& c) {
  if (c.closed) return;
  c.closed = true;
  if (c.upgraded) announce_end(connections[c.index]);
  just_closed.push_back(connections[c.index]);
  ::close(c.socket);
  connections.back()->index = c.index;
  std::swap(connections[c.index], connections.back());
  connections.pop_back();
  if (connections.empty() && stopping) finish_shutdown();
}

}  // namespace venuebox::net
