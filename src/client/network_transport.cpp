#include "client/network_transport.h"

namespace venuebox::client {
namespace {
TransportError::Kind kind_of(net::ClientErrorKind kind) {
  using enum net::ClientErrorKind;
  switch (kind) {
    case refused_by_guard: return TransportError::Kind::guarded;
    case resolve:
    case connect:
    case tls: return TransportError::Kind::connect;
    case timeout_before_send:
    case timeout: return TransportError::Kind::timeout;
    case closed: return TransportError::Kind::closed;
    case redirect: return TransportError::Kind::redirect;
    case invalid_request:
    case garbled:
    case too_large:
    case not_upgraded: return TransportError::Kind::garbled;
  }
  return TransportError::Kind::garbled;
}
}  // namespace

NetworkTransport::NetworkTransport(net::Loop& loop, net::BaseUrl url,
                                   const NetworkSettings& settings)
    : url_(std::move(url)),
      http_(loop,
            {.guard = &net::network_guard(settings.allow_network), .ca_file = settings.ca_file}) {}

void NetworkTransport::send(const gateway::ClientRequest& request, Nanoseconds deadline,
                            std::function<void(TransportResult)> done) {
  net::HttpClientRequest call;
  call.url = url_;
  call.method = request.method;
  call.target = request.query.empty() ? request.path : request.path + "?" + request.query;
  call.headers = request.headers;
  call.body = request.body;
  call.deadline = deadline;
  http_.send(
      std::move(call), [done = std::move(done)](net::ClientResult<net::HttpClientResponse> result) {
        if (!result) {
          const net::ClientError& error = result.error();
          return done(TransportError{kind_of(error.kind), error.may_have_arrived, error.text});
        }
        done(gateway::ClientResponse{.status = result->status,
                                     .headers = std::move(result->headers),
                                     .body = std::move(result->body)});
      });
}

}  // namespace venuebox::client
