// Requests per client address, as a window that rolls with the door's clock. Who goes beyond is
// kept out for a while, whatever is asked for then. Bounded: who has been quiet is forgotten.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace venuebox::gateway {

struct AddressRule {
  int requests = 0;  // in one window; 0: no rule
  Nanoseconds window = seconds(1);
  Nanoseconds ban = {};
};

class AddressLimiter {
 public:
  // Counts one request; false when it is one too many, or its address still kept out.
  bool admits(std::string_view address, const AddressRule& rule, Timestamp now);

 private:
  // The times of the last requests, a ring of as many as the rule allows.
  struct Client {
    std::vector<Timestamp> requests;
    std::size_t oldest = 0;
    Timestamp newest;
    Timestamp banned_until;
  };
  std::map<std::string, Client, std::less<>> clients_;
};

}  // namespace venuebox::gateway
