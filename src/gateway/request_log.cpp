#include "gateway/request_log.h"

namespace venuebox::gateway {
namespace {
constexpr std::size_t kTargetMax = 512;
constexpr std::size_t kBodyMax = 1'024;
constexpr std::size_t kNameMax = 64;
}  // namespace

void RequestLog::add(const net::Request& request, const net::Response& response,
                     std::uint64_t occasion) {
  if (ring_.size() < kRequestsMax && next_ == ring_.size()) ring_.emplace_back();
  LoggedRequest& entry = ring_[next_];
  next_ = (next_ + 1) % kRequestsMax;
  entry.number = ++total_;
  entry.arrived = request.arrived;
  entry.venue = response.tag.venue;
  entry.operation = response.tag.operation;
  entry.method.assign(net::method_name(request.method));
  entry.target.assign(request.target.substr(0, kTargetMax));
  entry.account.assign(std::string_view(response.tag.account).substr(0, kNameMax));
  entry.symbol.assign(std::string_view(response.tag.symbol).substr(0, kNameMax));
  entry.body.assign(request.body.substr(0, kBodyMax));
  entry.status = response.status;
  entry.occasion = occasion;
}

void RequestLog::each(FunctionRef<bool(const LoggedRequest&)> visit) const {
  for (std::size_t i = 0; i < ring_.size(); ++i) {
    const std::size_t at = (next_ + kRequestsMax * 2 - 1 - i) % kRequestsMax;
    if (at < ring_.size() && !visit(ring_[at])) return;
  }
}

}  // namespace venuebox::gateway
