// A request that outlives the connection's memory.
#pragma once

#include <memory>
#include <vector>

#include "net/message.h"

namespace venuebox::gateway {

// Move-only: the views of request() point into memory of its own.
class KeptRequest {
 public:
  explicit KeptRequest(const net::Request& request);
  const net::Request& request() const { return request_; }

 private:
  std::unique_ptr<char[]> text_;
  std::vector<net::Header> headers_;
  net::Request request_;
};

}  // namespace venuebox::gateway
