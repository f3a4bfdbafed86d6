// What carries a call to a venue and its answer back: the network, a box in this process, or a
// recording. Each calls back in a later turn, never from within send().
#pragma once

#include <functional>

#include "gateway/client_dialect.h"

namespace venuebox::client {

// Why no answer came.
struct TransportError {
  enum class Kind : std::uint8_t {
    guarded,  // the network is not allowed
    connect,  // resolving, connecting or TLS failed
    timeout,
    closed,    // the connection ended
    garbled,   // what came is no answer of this protocol
    redirect,  // to another place, where nobody follows
    missing,   // a recording has no such call
  };
  Kind kind = Kind::connect;
  bool may_have_arrived = false;  // the venue may have seen the call, and acted
  std::string text;               // names host, cause and mend, and never a header or a body
};

using TransportResult = std::variant<gateway::ClientResponse, TransportError>;

class Transport {
 public:
  virtual ~Transport() = default;
  // `done` is called once; not at all when the transport ends first.
  virtual void send(const gateway::ClientRequest& request, Nanoseconds deadline,
                    std::function<void(TransportResult)> done) = 0;
};

// Lets time pass, for whoever has to wait.
class Scheduler {
 public:
  virtual ~Scheduler() = default;
  virtual Timestamp now() const = 0;
  virtual void after(Nanoseconds wait, std::function<void()> work) = 0;
};

}  // namespace venuebox::client
