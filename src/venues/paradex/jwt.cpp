#include "venues/paradex/jwt.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "crypto/base64url.h"
#include "crypto/hmac.h"
#include "gateway/reading.h"
#include "venues/paradex/domain.h"

namespace venuebox::venues::paradex {
namespace {
constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::size_t kTokenBytesMax = 2'048;

std::string seal(std::uint64_t box_key, std::string_view signed_part) {
  const auto digest =
      crypto::hmac_sha256(fmt::format("venuebox paradex {:016x}", box_key), {signed_part});
  return crypto::base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

bool is_object(std::string_view part) {
  const auto bytes = crypto::bytes_from_base64url(part);
  return bytes && JsonObject().parse(*bytes);
}
}  // namespace

std::string issued_token(std::uint64_t box_key, std::string_view address, Timestamp now) {
  const std::int64_t issued = now.ms() / 1'000;
  std::string claims;
  JsonWriter json(claims);
  json.open().text("typ", "at+JWT").number("exp", issued + kTokenLife.raw / seconds(1).raw);
  json.number("iat", issued).text("iss", fmt::format("Paradex {}", environment_name(kServedChain)));
  json.text("sub", address).close();
  const std::string signed_part = crypto::base64url(kHeader) + "." + crypto::base64url(claims);
  return signed_part + "." + seal(box_key, signed_part);
}

std::variant<std::string, TokenFault> subject_of_token(std::uint64_t box_key,
                                                       std::string_view token, Timestamp now) {
  if (token.empty()) return TokenFault::missing;
  if (token.size() > kTokenBytesMax || std::ranges::count(token, '.') != 2)
    return TokenFault::malformed;
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  const std::string_view header = token.substr(0, first);
  const std::string_view payload = token.substr(first + 1, last - first - 1);
  // The header's algorithm is not asked: a token is ours by this seal or not at all.
  if (!crypto::equal_in_constant_time(seal(box_key, token.substr(0, last)),
                                      token.substr(last + 1))) {
    const bool is_token = is_object(header) && is_object(payload) &&
                          crypto::bytes_from_base64url(token.substr(last + 1)).has_value();
    return is_token ? TokenFault::foreign : TokenFault::malformed;
  }
  JsonObject claims;
  const auto bytes = crypto::bytes_from_base64url(payload);
  if (!bytes || !claims.parse(*bytes)) return TokenFault::malformed;
  const JsonValue* end = claims.find("exp");
  const JsonValue* subject = claims.find("sub");
  const auto end_s = end ? gateway::integer_from_text(end->text) : std::nullopt;
  if (!end_s || !subject) return TokenFault::malformed;
  if (now.ms() >= *end_s * 1'000) return TokenFault::expired;
  return std::string(subject->text);
}

}  // namespace venuebox::venues::paradex
