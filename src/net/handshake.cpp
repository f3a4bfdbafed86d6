#include "net/handshake.h"

#include <algorithm>
#include <array>

#include <openssl/evp.h>

#include "net/header_text.h"

namespace venuebox::net {
namespace {

constexpr std::string_view kUpgradeLine = "Upgrade: websocket\r\n";
constexpr std::string_view kVersionLines = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

// Whether one of the comma-separated lists under this name has the token, whatever its case.
bool has_token(const Request& request, std::string_view name, std::string_view token) {
  return std::ranges::any_of(request.headers, [&](const Header& header) {
    return same_name(header.name, name) && list_has(header.value, token);
  });
}

// 16 bytes are 22 characters of base64 and two that fill up.
bool is_key(std::string_view text) {
  constexpr std::size_t kCharacters = 22;
  if (text.size() != kCharacters + 2 || !text.ends_with("==")) return false;
  return std::ranges::all_of(text.substr(0, kCharacters), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  });
}

template <std::size_t Size>
std::string base64(std::span<const unsigned char, Size> bytes) {
  // Four characters for each three bytes begun, and a zero.
  std::array<unsigned char, (Size + 2) / 3 * 4 + 1> text;
  const int size = EVP_EncodeBlock(text.data(), bytes.data(), Size);
  return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size)};
}

}  // namespace

std::optional<UpgradeFault> upgrade_fault(const Request& request, bool http_1_0) {
  const bool asks = request.method == Method::get && !http_1_0 &&
                    has_token(request, "Upgrade", "websocket") &&
                    has_token(request, "Connection", "upgrade");
  if (!asks) return UpgradeFault{426, "this is a WebSocket: send an upgrade request", kUpgradeLine};
  if (request.header("Sec-WebSocket-Version") != "13")
    return UpgradeFault{426, "the only Sec-WebSocket-Version is 13", kVersionLines};
  if (request.header_count("Sec-WebSocket-Key") != 1 ||
      !is_key(*request.header("Sec-WebSocket-Key")))
    return UpgradeFault{400, "Sec-WebSocket-Key has to be 16 bytes in base64", {}};
  return std::nullopt;
}

std::string accept_key(std::string_view key) {
  constexpr std::size_t kDigestBytes = 20;
  const std::string text = std::string(key).append(kGuid);
  std::array<unsigned char, kDigestBytes> digest;
  const int done =
      EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
  VENUEBOX_ASSERT(done == 1);
  return base64(std::span<const unsigned char, kDigestBytes>(digest));
}

std::string handshake_key(std::span<const unsigned char, 16> bytes) { return base64(bytes); }

}  // namespace venuebox::net
