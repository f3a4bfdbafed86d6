// What a client of a box in this process sees of an answer that leaves in an unusual way: the same
// as over a socket, without one.
#pragma once

#include "client/transport.h"
#include "net/message.h"

namespace venuebox::library {

struct Arrival {
  Nanoseconds after = {};  // since it was made
  client::TransportResult result;
};

//   deadline  how long the client still waits
Arrival arrival_of(const net::Delivery& how, gateway::ClientResponse answer, Nanoseconds deadline);

}  // namespace venuebox::library
