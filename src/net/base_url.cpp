#include "net/base_url.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace venuebox::net {
namespace {

constexpr std::size_t kHostBytesMax = 253;  // RFC 1035, section 2.3.4, without the last dot

struct Scheme {
  std::string_view prefix;
  bool is_tls;
};
constexpr Scheme kSchemes[] = {
    {"http://", false}, {"https://", true}, {"ws://", false}, {"wss://", true}};

constexpr std::uint16_t default_port(bool is_tls) { return is_tls ? 443 : 80; }

Error url_error(std::string detail) { return invalid("base URL", std::move(detail)); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A dot at the end, though right for DNS, would be no name for TLS (RFC 6066, section 3).
bool is_name(std::string_view host) {
  return !host.ends_with('.') && std::ranges::all_of(host, [](char c) {
    return is_digit(c) || is_letter(c) || c == '.' || c == '-' || c == '_';
  });
}

bool is_v6(std::string_view host) {
  return std::ranges::all_of(host, [](char c) {
    return is_digit(c) || c == ':' || c == '.' || (is_letter(c) && (c | 0x20) <= 'f');
  });
}

std::optional<std::uint16_t> port_from(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

bool is_path(std::string_view path) {
  return std::ranges::all_of(path, [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

std::string BaseUrl::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != default_port(is_tls)) text += ":" + std::to_string(port);
  return text;
}

Result<BaseUrl> base_url_from(std::string_view text) {
  const auto scheme = std::ranges::find_if(
      kSchemes, [&](const Scheme& known) { return text.starts_with(known.prefix); });
  if (scheme == std::end(kSchemes))
    return url_error("has to begin with http://, https://, ws:// or wss://");
  text.remove_prefix(scheme->prefix.size());
  if (text.find_first_of("?#") != std::string_view::npos)
    return url_error("has a query or fragment; it ends with the path");
  const std::size_t path_begin = std::min(text.find('/'), text.size());
  std::string_view path = text.substr(path_begin);
  std::string_view host = text.substr(0, path_begin);
  if (host.find('@') != std::string_view::npos)
    return url_error("holds a user name or password; give credentials apart from it");

  BaseUrl url{scheme->is_tls, {}, default_port(scheme->is_tls), {}};
  const bool v6 = host.starts_with('[');
  const std::size_t host_end = v6 ? host.find(']') : host.find(':');
  if (v6 && host_end == std::string_view::npos) return url_error("lacks the ']' after an address");
  std::string_view rest;
  if (host_end != std::string_view::npos) {
    rest = host.substr(host_end + (v6 ? 1 : 0));
    host = host.substr(v6 ? 1 : 0, host_end - (v6 ? 1 : 0));
  }
  if (!rest.empty()) {
    const auto port = rest.starts_with(':') ? port_from(rest.substr(1)) : std::nullopt;
    if (!port) return url_error("has a port that is no number from 1 to 65535");
    url.port = *port;
  }
  if (host.empty() || host.size() > kHostBytesMax || !(v6 ? is_v6(host) : is_name(host)))
    return url_error("has no proper host; a name, an IPv4 address, or an IPv6 address in brackets");
  if (!is_path(path)) return url_error("has a path with spaces or characters beyond ASCII");
  while (path.ends_with('/'))
    path.remove_suffix(1);
  std::ranges::transform(host, std::back_inserter(url.host), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  });
  url.path = path;
  return url;
}

}  // namespace venuebox::net
