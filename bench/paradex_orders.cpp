// Writes signed Paradex limit orders as whole HTTP requests, for http_load: buys and sells in turn,
// at prices that cross the pinned quote of bench/run, so that every order fills at once.
//   paradex_orders sign-in NOW_S                  the headers of POST /v1/auth, one a line
//   paradex_orders orders PORT NOW_MS TOKEN COUNT > FILE
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/core.h>

#include "venues/paradex/keys.h"
#include "venues/paradex/order_signature.h"
#include "venues/paradex/request_signature.h"
#include "venues/paradex/signature_text.h"

namespace venuebox::venues::paradex {
namespace {
struct Trader {
  gateway::Credential credential = demo_credential("alice");
  crypto::starknet::PrivateKey key =
      starknet_key(*crypto::ethereum::PrivateKey::from_hex(credential.secret), kServedChain);
  Signer signer{kServedChain, *crypto::starknet::felt_from_text(credential.key)};

  std::string sign(const crypto::starknet::Felt& hash) const {
    return signature_text(*key.sign(hash));
  }
};

void print_sign_in(std::int64_t now_s) {
  const Trader alice;
  const std::int64_t end = now_s + 180;
  fmt::print("PARADEX-STARKNET-ACCOUNT: {}\nPARADEX-TIMESTAMP: {}\n", alice.credential.key, now_s);
  fmt::print("PARADEX-SIGNATURE-EXPIRATION: {}\nPARADEX-STARKNET-SIGNATURE: {}\n", end,
             alice.sign(auth_hash(alice.signer, now_s, end)));
}

void write_orders(const char* port, std::int64_t now_ms, const char* token, int count) {
  const Trader alice;
  for (int i = 0; i < count; ++i) {
    const bool buys = i % 2 == 0;
    const SignedOrder order{.timestamp_ms = now_ms + i,
                            .market = "BTC-USD-PERP",
                            .side = buys ? Side::buy : Side::sell,
                            .type = "LIMIT",
                            .size = "0.001",
                            .price = buys ? "60001" : "60000"};
    std::string signature = alice.sign(*order_hash(alice.signer, order));
    for (std::size_t at = 0; (at = signature.find('"', at)) != std::string::npos; at += 2)
      signature.insert(at, "\\");
    const std::string body = fmt::format(
        R"({{"market":"BTC-USD-PERP","side":"{}","type":"LIMIT","size":"0.001","price":"{}",)"
        R"("instruction":"GTC","signature":"{}","signature_timestamp":{}}})",
        buys ? "BUY" : "SELL", order.price, signature, order.timestamp_ms);
    const std::string request = fmt::format(
        "POST /paradex/v1/orders HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
        "Content-Type: application/json\r\nAuthorization: Bearer {}\r\n"
        "PARADEX-PARTNER: CCXT\r\nContent-Length: {}\r\n\r\n{}",
        port, token, body.size(), body);
    const auto size = static_cast<std::uint32_t>(request.size());
    std::fwrite(&size, sizeof size, 1, stdout);
    std::fwrite(request.data(), 1, request.size(), stdout);
  }
}
}  // namespace
}  // namespace venuebox::venues::paradex

int main(int argc, char** argv) {
  using namespace venuebox::venues::paradex;
  if (argc == 3 && std::strcmp(argv[1], "sign-in") == 0) {
    print_sign_in(std::atoll(argv[2]));
    return 0;
  }
  if (argc == 6 && std::strcmp(argv[1], "orders") == 0) {
    write_orders(argv[2], std::atoll(argv[3]), argv[4], std::atoi(argv[5]));
    return 0;
  }
  fmt::print(stderr, "usage: paradex_orders sign-in NOW_S | orders PORT NOW_MS TOKEN COUNT\n");
  return 2;
}
