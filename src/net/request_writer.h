// Requests of the client end to bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http_client.h"

namespace venuebox::net {

// The whole request, with Host and, where there is or could be a body, Content-Length. Fails on
// what would split the request or contradict it; the error names no value.
Result<std::string> request_bytes(const HttpClientRequest& request);

// The request that makes a connection a WebSocket. The key is 16 random bytes in base64.
Result<std::string> upgrade_bytes(const BaseUrl& url, std::string_view target,
                                  const HeaderList& headers, std::string_view key);

}  // namespace venuebox::net
