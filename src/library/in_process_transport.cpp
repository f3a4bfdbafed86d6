#include "library/in_process_transport.h"

#include "library/arrival.h"

namespace venuebox::library {
namespace {
using client::TransportError;
using client::TransportResult;

// The header lines of a response, each ended with CRLF.
std::vector<std::pair<std::string, std::string>> headers_of(const net::Response& response) {
  std::vector<std::pair<std::string, std::string>> headers;
  headers.reserve(6);
  headers.emplace_back("Content-Type", response.content_type);
  std::string_view lines = response.headers;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(std::min(line.size() + 2, lines.size()));
    const std::size_t colon = std::min(line.find(": "), line.size());
    headers.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 2, line.size())));
  }
  return headers;
}
}  // namespace

void InProcessTransport::send(const gateway::ClientRequest& request, Nanoseconds deadline,
                              std::function<void(TransportResult)> done) {
  if (waiting_count_ == waiting_.size()) waiting_.emplace_back();
  Waiting& call = waiting_[waiting_count_++];
  call.request = request;
  call.sent = scheduler_.now();
  call.deadline = deadline;
  call.done = std::move(done);
  if (waiting_count_ > 1) return;
  scheduler_.after({}, [this, alive = alive_] {
    if (*alive) turn();
  });
}

// Journal before reply: nothing is told before all of the turn is committed.
void InProcessTransport::turn() {
  std::swap(waiting_, running_);
  const std::span<Waiting> calls(running_.data(), std::exchange(waiting_count_, 0));
  for (Waiting& call : calls)
    call.result = handle(call);
  if (auto committed = box_.commit(); !committed) {
    const TransportError lost{
        TransportError::Kind::closed, true,
        "the box of this process cannot keep its journal: " + committed.error().text()};
    for (Waiting& call : calls) {
      if (std::holds_alternative<gateway::ClientResponse>(call.result)) call.result = lost;
    }
  }
  // Whoever is answered may end the transport, and what it keeps.
  const std::shared_ptr<bool> alive = alive_;
  for (std::size_t i = 0; *alive && i < calls.size(); ++i) {
    auto done = std::exchange(calls[i].done, nullptr);
    if (calls[i].late.raw == 0) {
      done(std::move(calls[i].result));
      continue;
    }
    scheduler_.after(calls[i].late, [alive, done = std::move(done),
                                     result = std::move(calls[i].result)]() mutable {
      if (*alive) done(std::move(result));
    });
  }
}

TransportResult InProcessTransport::handle(Waiting& call) {
  call.late = {};
  const Timestamp now = scheduler_.now();
  if (now - call.sent > call.deadline) {
    return TransportError{TransportError::Kind::timeout, false,
                          "the box of this process had no turn before the call's deadline"};
  }
  const gateway::ClientRequest& asked = call.request;
  target_.assign(asked.path);
  if (!asked.query.empty()) target_.append("?").append(asked.query);
  headers_.clear();
  for (const auto& [name, value] : asked.headers)
    headers_.push_back({name, value});
  net::Request request;
  request.method = asked.method;
  request.target = target_;
  request.path = asked.path;
  request.query = asked.query;
  request.headers = headers_;
  request.body = asked.body;
  request.arrived = now;
  request.number = ++calls_;
  response_.reset();
  box_.handle(exchange_, request, response_);
  gateway::ClientResponse answer{
      .status = response_.status, .headers = headers_of(response_), .body = response_.body};
  if (!response_.delivery) return answer;
  auto [late, result] =
      arrival_of(*response_.delivery, std::move(answer), call.deadline - (now - call.sent));
  call.late = late;
  return std::move(result);
}

}  // namespace venuebox::library
