#include "net/http_client.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "net/http_client_impl.h"
#include "net/request_writer.h"

namespace venuebox::net {
namespace {

std::string host_key(const BaseUrl& url) { return (url.is_tls ? "s:" : "p:") + url.authority(); }

}  // namespace

HttpClient::Impl::Impl(Loop& loop, HttpClientOptions given, std::shared_ptr<Network> network)
    : options(std::move(given)),
      dialler(loop, *options.guard, options.ca_file, options.connect_timeout, std::move(network)),
      io(loop.impl().io),
      sweep_timer(io) {}

void HttpClient::Impl::send(HttpClientRequest request, Done done) {
  VENUEBOX_ASSERT(!ended);
  const auto call = std::make_shared<ClientCall>(io, std::move(request), std::move(done));
  calls.push_back(call);
  call->host = &hosts[host_key(call->request.url)];
  call->timer.expires_after(chrono_from(call->request.deadline));
  call->timer.async_wait([weak = weak_from_this(), call](error_code cancelled) {
    const auto self = weak.lock();
    if (!cancelled && self) self->expire(*call);
  });
  // Not on the spot: nobody is called back from within send().
  asio::post(io, [self = shared_from_this(), call] {
    if (call->over) return;
    auto wire = request_bytes(call->request);
    if (!wire) {
      const ClientError error =
          call_error(*call, ClientErrorKind::invalid_request, wire.error().text());
      return self->finish(*call, error);
    }
    call->wire = *std::move(wire);
    call->host->waiting.push_back(call);
    self->pump(*call->host);
  });
}

void HttpClient::Impl::pump(ClientHost& host) {
  while (!host.waiting.empty() && host.busy < options.connections_per_host_max) {
    CallPtr call = std::move(host.waiting.front());
    host.waiting.pop_front();
    if (call->over) continue;
    ++host.busy;
    asio::co_spawn(io.get_executor(), run(shared_from_this(), std::move(call)), rethrow);
  }
}

Task HttpClient::Impl::run(std::shared_ptr<Impl> self, CallPtr call) {
  ClientHost& host = *call->host;
  std::optional<Answer> answer;
  call->stream = self->take_idle(host);
  if (call->stream) {
    answer = co_await self->exchange(*call);
    const bool is_stale = !*answer && answer->error().kind == ClientErrorKind::closed &&
                          !call->is_answered && !call->over;
    // A kept connection that the other side had closed meanwhile. What may have arrived is asked
    // again only if asking twice is harmless.
    if (is_stale && (!call->is_sent || call->is_idempotent())) call->stream = nullptr;
  }
  if (!call->stream && !call->over) {
    call->stream = std::make_shared<ClientStream>(self->io);
    auto fault = co_await call->stream->dial(self->dialler, call->request.url);
    if (fault) {
      fault->may_have_arrived = call->is_sent;  // on the kept connection
      answer = *std::move(fault);
    } else if (!call->over) {
      answer = co_await self->exchange(*call);
    }
  }
  --host.busy;
  if (answer && *answer) self->keep(host, call->stream);
  if (call->stream && (!answer || !*answer)) call->stream->close();
  call->stream = nullptr;
  // Not from here, or a row of calls that end at once would be as deep on the stack.
  if (!host.waiting.empty()) asio::post(self->io, [self, &host] { self->pump(host); });
  if (!call->over) self->finish(*call, *std::move(answer));
}

StreamPtr HttpClient::Impl::take_idle(ClientHost& host) {
  while (!host.idle.empty()) {
    StreamPtr stream = std::move(host.idle.back());
    host.idle.pop_back();
    if (stream->is_quiet()) return stream;
    stream->close();
  }
  return nullptr;
}

void HttpClient::Impl::keep(ClientHost& host, StreamPtr stream) {
  if (stream->closed()) return;
  stream->idle_since = MonotonicClock::now();
  host.idle.push_back(std::move(stream));
  if (!is_sweeping) schedule_sweep();
}

void HttpClient::Impl::schedule_sweep() {
  is_sweeping = true;
  sweep_timer.expires_after(chrono_from(options.idle_timeout));
  sweep_timer.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (!cancelled && self) self->sweep();
  });
}

// Runs once per idle timeout, so that a connection is closed after one or two of them.
void HttpClient::Impl::sweep() {
  const auto oldest = MonotonicClock::now() - chrono_from(options.idle_timeout);
  is_sweeping = false;
  bool is_any_left = false;
  for (auto& [key, host] : hosts) {
    std::erase_if(host.idle, [&](const StreamPtr& stream) {
      if (stream->idle_since > oldest) return false;
      stream->close();
      return true;
    });
    is_any_left = is_any_left || !host.idle.empty();
  }
  if (is_any_left) schedule_sweep();
}

void HttpClient::Impl::expire(ClientCall& call) {
  if (call.over) return;
  const StreamPtr stream = call.stream;
  const auto kind = call.is_sent ? ClientErrorKind::timeout : ClientErrorKind::timeout_before_send;
  finish(call, call_error(call, kind,
                          call.is_sent ? "no answer before the deadline"
                                       : "no connection before the deadline; nothing was sent"));
  if (stream) stream->close();
}

void HttpClient::Impl::finish(ClientCall& call, Answer answer) {
  VENUEBOX_ASSERT(!call.over);
  call.over = true;
  call.timer.cancel();
  std::erase_if(calls, [&](const CallPtr& other) { return other.get() == &call; });
  const Done done = std::exchange(call.done, nullptr);
  done(std::move(answer));
}

void HttpClient::Impl::close() {
  ended = true;
  sweep_timer.cancel();
  for (auto& [key, host] : hosts) {
    for (const StreamPtr& stream : host.idle)
      stream->close();
    host.idle.clear();
    host.waiting.clear();
  }
  while (!calls.empty()) {
    const CallPtr call = calls.back();
    if (call->stream) call->stream->close();
    finish(*call, call_error(*call, ClientErrorKind::closed, "the client was ended"));
  }
}

HttpClient::HttpClient(Loop& loop, HttpClientOptions options)
    : HttpClient(loop, std::move(options), system_network(loop)) {}

HttpClient::HttpClient(Loop& loop, HttpClientOptions options, std::shared_ptr<Network> network)
    : impl_(std::make_shared<Impl>(loop, std::move(options), std::move(network))) {}

HttpClient::~HttpClient() { impl_->close(); }

void HttpClient::send(HttpClientRequest request, Done done) {
  impl_->send(std::move(request), std::move(done));
}

}  // namespace venuebox::net
