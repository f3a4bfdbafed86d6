// The way between one client and the venue: each request and its answer take their time, and are
// counted.
#pragma once

#include "client/transport.h"
#include "gateway/latency.h"

namespace venuebox::load {

// Belongs to one thread, like what it stands on, which outlives it.
class Link final : public client::Transport {
 public:
  //   random  of the latency; differs from client to client
  Link(client::Transport& venue, client::Scheduler& scheduler,
       const gateway::ClientDialect& dialect, gateway::LatencyModel latency, RandomStream random)
      : venue_(venue),
        scheduler_(scheduler),
        dialect_(dialect),
        latency_(latency),
        random_(random) {}
  ~Link() override { *alive_ = false; }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  void send(const gateway::ClientRequest& request, Nanoseconds deadline,
            std::function<void(client::TransportResult)> done) override;

  std::uint64_t sent() const { return sent_; }
  // Answers by which the venue said that there were too many requests.
  std::uint64_t rate_limited() const { return rate_limited_; }

 private:
  template <class Work>
  void later(Nanoseconds wait, Work work);

  client::Transport& venue_;
  client::Scheduler& scheduler_;
  const gateway::ClientDialect& dialect_;
  gateway::LatencyModel latency_;
  RandomStream random_;
  std::uint64_t sent_ = 0;
  std::uint64_t rate_limited_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace venuebox::load
