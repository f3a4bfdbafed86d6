// Calls over the network: HTTP or HTTPS to a venue's base URL, on the loop of the caller's thread.
#pragma once

#include "client/transport.h"
#include "net/http_client.h"

namespace venuebox::client {

struct NetworkSettings {
  bool allow_network = false;  // false: nothing but loopback is resolved or contacted
  std::string ca_file = {};    // PEM certificates to trust instead of the system's
};

class NetworkTransport final : public Transport {
 public:
  // The loop outlives it.
  NetworkTransport(net::Loop& loop, net::BaseUrl url, const NetworkSettings& settings);

  void send(const gateway::ClientRequest& request, Nanoseconds deadline,
            std::function<void(TransportResult)> done) override;

 private:
  net::BaseUrl url_;
  net::HttpClient http_;
};

// Waits by the loop's timers; tells the time by the given clock.
class LoopScheduler final : public Scheduler {
 public:
  LoopScheduler(net::Loop& loop, const Clock& clock) : loop_(loop), clock_(clock) {}
  Timestamp now() const override { return clock_.now(); }
  void after(Nanoseconds wait, std::function<void()> work) override {
    loop_.after(wait, std::move(work));
  }

 private:
  net::Loop& loop_;
  const Clock& clock_;
};

}  // namespace venuebox::client
