// A request that outlives the connection's memory.
#pragma once

#include <memory>
#include <vector>

#include "net/message.h"

namespace venuebox::net {

// Move-only: the views of request() point into memory of its own.
class KeptRequest {
 public:
  explicit KeptRequest(const Request& request);
  const Request& request() const { return request_; }

 private:
  std::unique_ptr<char[]> text_;
  std::vector<Header> headers_;
  Request request_;
};

}  // namespace venuebox::net
