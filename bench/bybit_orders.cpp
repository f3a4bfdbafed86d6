// Writes signed Bybit limit orders as whole HTTP requests, for http_load: buys and sells in turn,
// at prices that cross the pinned quote of bench/run, so that every order fills at once.
//   bybit_orders PORT NOW_MS COUNT > FILE
#include <charconv>
#include <cstdio>
#include <cstdlib>

#include <fmt/core.h>

#include "venues/bybit/signing.h"

int main(int argc, char** argv) {
  using namespace venuebox;
  if (argc != 4) {
    fmt::print(stderr, "usage: bybit_orders PORT NOW_MS COUNT\n");
    return 2;
  }
  const std::string timestamp = argv[2];
  const std::string window = "3600000";  // good for an hour, so that one file serves all rounds
  const gateway::Credential alice = venues::bybit::demo_credential("alice");
  for (int i = 0; i < std::atoi(argv[3]); ++i) {
    const bool buys = i % 2 == 0;
    const std::string body =
        fmt::format(R"({{"symbol":"BTCUSDT","side":"{}","orderType":"Limit","category":"linear",)"
                    R"("qty":"0.001","price":"{}","timeInForce":"GTC"}})",
                    buys ? "Buy" : "Sell", buys ? "60001.00" : "60000.00");
    const auto sign = venues::bybit::sign(alice.secret, {timestamp, alice.key, window, body});
    const std::string request = fmt::format(
        "POST /bybit/v5/order/create HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
        "Content-Type: application/json\r\nX-BAPI-API-KEY: {}\r\nX-BAPI-TIMESTAMP: {}\r\n"
        "X-BAPI-RECV-WINDOW: {}\r\nX-BAPI-SIGN: {}\r\nReferer: CCXT\r\nContent-Length: "
        "{}\r\n\r\n{}",
        argv[1], alice.key, timestamp, window, sign.view(), body.size(), body);
    const auto size = static_cast<std::uint32_t>(request.size());
    std::fwrite(&size, sizeof size, 1, stdout);
    std::fwrite(request.data(), 1, request.size(), stdout);
  }
}
