// Calls straight into a box of this process, without a socket: what a turn brought is handled,
// committed once and then answered, as a server does.
#pragma once

#include <vector>

#include "box/box.h"
#include "client/transport.h"

namespace venuebox::library {

// Belongs to the thread of the box and the scheduler, which outlive it. The box may have other
// users on that thread.
class InProcessTransport final : public client::Transport {
 public:
  //   exchange  the venue's place in the box, as Box::find_exchange tells it
  InProcessTransport(box::Box& box, std::size_t exchange, client::Scheduler& scheduler)
      : box_(box), exchange_(exchange), scheduler_(scheduler) {}
  ~InProcessTransport() override { *alive_ = false; }
  InProcessTransport(const InProcessTransport&) = delete;
  InProcessTransport& operator=(const InProcessTransport&) = delete;

  // A call whose turn comes after its deadline never reaches the box.
  void send(const gateway::ClientRequest& request, Nanoseconds deadline,
            std::function<void(client::TransportResult)> done) override;

 private:
  struct Waiting {
    gateway::ClientRequest request;
    Timestamp sent;
    Nanoseconds deadline;
    std::function<void(client::TransportResult)> done;
    client::TransportResult result;
    Nanoseconds late = {};  // so long after its turn the client sees the result
  };

  void turn();
  client::TransportResult handle(Waiting& call);

  box::Box& box_;
  std::size_t exchange_;
  client::Scheduler& scheduler_;
  std::vector<Waiting> waiting_;  // the first waiting_count_; the others are kept for their memory
  std::size_t waiting_count_ = 0;
  std::vector<Waiting> running_;  // those of the present turn, likewise
  std::uint64_t calls_ = 0;

  // Scratch of one call, kept for its memory.
  std::string target_;
  std::vector<net::Header> headers_;
  net::Response response_;

  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace venuebox::library
