// The last requests that arrived at a box, for people and for tests that ask what the venue saw.
// A ring: the newest kRequestsMax are kept, and their memory is reused.
#pragma once

#include <string>
#include <vector>

#include "base/function_ref.h"
#include "net/message.h"

namespace venuebox::gateway {

inline constexpr std::size_t kRequestsMax = 1'000;

struct LoggedRequest {
  std::uint64_t number = 0;
  Timestamp arrived;  // door's clock
  std::string_view venue;
  std::string_view operation;  // empty: no route
  std::string method;
  std::string target;  // as on the wire, at most 512 bytes
  std::string account;
  std::string symbol;
  std::string body;  // at most 1 KiB
  int status = 0;
  std::uint64_t occasion = 0;  // by which the plan of faults knows it; 0: none was asked about it
};

class RequestLog {
 public:
  void add(const net::Request& request, const net::Response& response, std::uint64_t occasion = 0);
  // Newest first, until the visitor returns false.
  void each(FunctionRef<bool(const LoggedRequest&)> visit) const;
  std::uint64_t total() const { return total_; }
  void clear() { ring_.clear(), next_ = 0, total_ = 0; }

 private:
  std::vector<LoggedRequest> ring_;
  std::size_t next_ = 0;
  std::uint64_t total_ = 0;
};

}  // namespace venuebox::gateway
