#include "gateway/kept_request.h"

#include <algorithm>

namespace venuebox::gateway {

KeptRequest::KeptRequest(const net::Request& request) : request_(request) {
  std::size_t size = request.target.size() + request.path.size() + request.query.size() +
                     request.body.size() + request.peer.size();
  for (const net::Header& header : request.headers)
    size += header.name.size() + header.value.size();
  text_ = std::make_unique_for_overwrite<char[]>(size);
  char* end = text_.get();
  const auto kept = [&end](std::string_view text) {
    const char* begin = end;
    end = std::ranges::copy(text, end).out;
    return std::string_view(begin, text.size());
  };
  request_.target = kept(request.target);
  request_.path = kept(request.path);
  request_.query = kept(request.query);
  request_.body = kept(request.body);
  request_.peer = kept(request.peer);
  headers_.reserve(request.headers.size());
  for (const net::Header& header : request.headers)
    headers_.push_back({kept(header.name), kept(header.value)});
  request_.headers = headers_;
}

}  // namespace venuebox::gateway
