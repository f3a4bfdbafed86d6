#include "client/secrets.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace venuebox::client {
namespace {
constexpr std::array<std::string_view, 4> kEnvs{"dev", "shadow", "soak", "prod"};
constexpr std::size_t kShown = 3;      // characters of a secret that a mask shows
constexpr std::size_t kMaskable = 12;  // shorter ones show nothing
constexpr std::size_t kSecretBytesMax = 16 * 1024;

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}
}  // namespace

std::string SecretName::text() const {
  return fmt::format("{}/{}/{}/{}", prefix, env, venue, key_type);
}

Result<SecretName> secret_name_from(std::string_view text) {
  const std::string_view whole = text;
  std::array<std::string_view, 3> last;  // key type, venue, env
  for (std::string_view& part : last) {
    const std::size_t slash = text.rfind('/');
    if (slash == std::string_view::npos) {
      return invalid(std::string(whole),
                     "a secret's name is PREFIX/ENV/VENUE/KEY_TYPE, as in "
                     "venuebox/dev/bybit/apiKey");
    }
    part = text.substr(slash + 1);
    text = text.substr(0, slash);
  }
  SecretName name{.prefix = std::string(text),
                  .env = std::string(last[2]),
                  .venue = std::string(last[1]),
                  .key_type = std::string(last[0])};
  if (std::ranges::find(kEnvs, name.env) == kEnvs.end()) {
    return invalid(std::string(whole),
                   fmt::format("'{}' is not dev, shadow, soak or prod", name.env));
  }
  std::string_view prefix = name.prefix;
  bool fits = is_word(name.venue) && is_word(name.key_type);
  while (fits) {
    const std::size_t slash = std::min(prefix.find('/'), prefix.size());
    fits = is_word(prefix.substr(0, slash));
    if (slash == prefix.size()) break;
    prefix.remove_prefix(slash + 1);
  }
  if (!fits) {
    return invalid(std::string(whole), "its parts are of letters, digits, '-', '_' and '.'");
  }
  return name;
}

std::string masked(std::string_view secret) {
  const bool shows = secret.size() >= kMaskable && is_word(secret.substr(0, kShown));
  return fmt::format("{}...***", shows ? secret.substr(0, kShown) : "");
}

Result<std::string> checked_secret(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r'))
    text.remove_suffix(1);
  if (text.empty()) return invalid("secret", "is empty");
  if (text.size() > kSecretBytesMax) return invalid("secret", "is longer than any key");
  const bool is_pem = text.starts_with("-----BEGIN ");
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (is_space && !is_pem) {
      return invalid("secret", "has a space or line break inside; copy the key alone");
    }
    if ((byte < 0x20 && !is_space) || byte >= 0x7f) {
      return invalid("secret", "has a character that no key has");
    }
  }
  return std::string(text);
}

// ---- memory -------------------------------------------------------------------------------------

Result<std::optional<std::string>> MemorySecrets::find(const SecretName& name) const {
  const auto at = secrets_.find(name);
  return at == secrets_.end() ? std::optional<std::string>() : std::optional(at->second);
}

Result<std::vector<SecretName>> MemorySecrets::list() const {
  std::vector<SecretName> names;
  for (const auto& [name, secret] : secrets_)
    names.push_back(name);
  return names;
}

Result<void> MemorySecrets::save(const SecretName& name, std::string_view secret) {
  auto checked = checked_secret(secret);
  if (!checked) return checked.error();
  secrets_[name] = std::move(*checked);
  return {};
}

Result<void> MemorySecrets::revoke(const SecretName& name) {
  if (secrets_.erase(name) > 0) return {};
  return Error{ErrorKind::not_found, name.text(), "there is no such secret"};
}

// ---- environment --------------------------------------------------------------------------------

Result<std::optional<std::string>> EnvironmentSecrets::find(const SecretName& name) const {
  for (const Variable& variable : variables_) {
    if (variable.venue != name.venue || variable.key_type != name.key_type) continue;
    const char* value = lookup_(variable.name.c_str());
    if (!value || !*value) continue;
    auto checked = checked_secret(value);
    if (!checked) return Error{ErrorKind::invalid, variable.name, checked.error().detail};
    return std::optional(std::move(*checked));
  }
  return std::optional<std::string>();
}

// What is set does not say for which environment, so it is listed for the first.
Result<std::vector<SecretName>> EnvironmentSecrets::list() const {
  std::vector<SecretName> names;
  for (const Variable& variable : variables_) {
    const char* value = lookup_(variable.name.c_str());
    if (value && *value) {
      names.push_back({.venue = variable.venue, .key_type = variable.key_type});
    }
  }
  return names;
}

Result<void> EnvironmentSecrets::save(const SecretName& name, std::string_view) {
  return Error{ErrorKind::unsupported, name.text(), "the environment is read and not written"};
}

Result<void> EnvironmentSecrets::revoke(const SecretName& name) {
  return Error{ErrorKind::unsupported, name.text(), "the environment is read and not written"};
}

}  // namespace venuebox::client
