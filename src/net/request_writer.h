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

// "Name: value" with CRLF; fails likewise.
Result<std::string> header_lines(const HeaderList& headers);

}  // namespace venuebox::net
