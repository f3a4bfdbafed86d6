// For tests: golden/signed_requests.json, what real clients sent and signed.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/json_reader.h"
#include "gateway/reading.h"
#include "venues/paradex/order_signature.h"

namespace venuebox::venues::paradex {

// What signed them all, and its account.
inline constexpr std::string_view kWallet =
    "0x061c09c0c0d825be19aa63c2e6b3b7a5e0ba74f34c7bbd4b82e3daf23b49fce5";
inline constexpr std::string_view kWalletAddress = "0x6cfBDc0671d367Ff662893577a04A9C719eb3459";
inline constexpr std::string_view kPublicKey =
    "0x6ebbeb94ce3dcabbfdc5960acfe220f3c6651697ef496d0c504be5f3efb7453";
inline constexpr std::string_view kAddress =
    "0x289e469f65e0d35332d5a27c7033881c3dfc62f9a736b8dbe8d11cb2e83de03";

struct SignedRequest {
  std::string call;
  std::int64_t clock_ms = 0;
  net::Method method = net::Method::post;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// All of them in the file's order.
std::vector<SignedRequest> signed_requests();
// The first of this call.
SignedRequest signed_request(std::string_view call);

// One order of a body, and its signature; views into `json`.
struct OrderInBody {
  SignedOrder order;
  std::string_view signature;
};
OrderInBody order_of(const JsonObject& json);

}  // namespace venuebox::venues::paradex
