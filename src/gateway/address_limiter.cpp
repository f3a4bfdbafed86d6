#include "gateway/address_limiter.h"

#include <algorithm>

namespace venuebox::gateway {
namespace {
constexpr std::size_t kClientsMax = 4'096;  // then those that have been quiet are forgotten
}  // namespace

bool AddressLimiter::admits(std::string_view address, const AddressRule& rule, Timestamp now) {
  auto at = clients_.find(address);
  if (at == clients_.end()) {
    if (clients_.size() >= kClientsMax) {
      std::erase_if(clients_, [&](const auto& entry) {
        return entry.second.banned_until <= now && now - entry.second.newest >= rule.window;
      });
    }
    at = clients_.try_emplace(std::string(address)).first;
  }
  Client& client = at->second;
  if (now < client.banned_until) return false;
  client.newest = now;
  if (client.requests.size() < static_cast<std::size_t>(rule.requests)) {
    client.requests.push_back(now);
    return true;
  }
  // The one that this would be the next to after a full window; a clock that was set back forgets.
  Timestamp& oldest = client.requests[client.oldest];
  if (oldest <= now && now - oldest < rule.window) {
    client.banned_until = now + rule.ban;
    return false;
  }
  oldest = now;
  client.oldest = (client.oldest + 1) % client.requests.size();
  return true;
}

}  // namespace venuebox::gateway
