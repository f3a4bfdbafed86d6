// Where keys come from, by the name {prefix}/{env}/{venue}/{key_type}. A secret is never printed
// whole: masked() is what logs, errors and listings show.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace venuebox::client {

struct SecretName {
  std::string prefix = "venuebox";
  std::string env = "dev";  // dev, shadow, soak or prod
  std::string venue;
  std::string key_type;  // the venue's own: "apiKey", "secret" …

  std::string text() const;
  friend auto operator<=>(const SecretName&, const SecretName&) = default;
};
// Reads {prefix}/{env}/{venue}/{key_type}; the prefix may have slashes of its own.
Result<SecretName> secret_name_from(std::string_view text);

// "abc...***"; of short ones nothing is shown.
std::string masked(std::string_view secret);

// A key has no spaces or line breaks, which come from copying; a PEM block may. Line ends behind it
// are cut off. The error does not repeat the secret.
Result<std::string> checked_secret(std::string_view text);

class Secrets {
 public:
  virtual ~Secrets() = default;

  // Absent: there is none of this name.
  virtual Result<std::optional<std::string>> find(const SecretName& name) const = 0;
  virtual Result<std::vector<SecretName>> list() const = 0;
  // A new one, or in place of the one that is there.
  virtual Result<void> save(const SecretName& name, std::string_view secret) = 0;
  // not_found when there is none.
  virtual Result<void> revoke(const SecretName& name) = 0;
};

class MemorySecrets final : public Secrets {
 public:
  Result<std::optional<std::string>> find(const SecretName& name) const override;
  Result<std::vector<SecretName>> list() const override;
  Result<void> save(const SecretName& name, std::string_view secret) override;
  Result<void> revoke(const SecretName& name) override;

 private:
  std::map<SecretName, std::string> secrets_;
};

// The process's environment, which is read and not written: BYBIT_API_KEY for the venue's first
// key. Which variable holds which key the venues say.
class EnvironmentSecrets final : public Secrets {
 public:
  // Looks a variable up; null: it is not set. Empty variables count as not set.
  using Lookup = const char* (*)(const char* variable);
  struct Variable {
    std::string venue;
    std::string key_type;
    std::string name;
  };
  EnvironmentSecrets(Lookup lookup, std::vector<Variable> variables)
      : lookup_(lookup), variables_(std::move(variables)) {}

  Result<std::optional<std::string>> find(const SecretName& name) const override;
  Result<std::vector<SecretName>> list() const override;
  Result<void> save(const SecretName& name, std::string_view secret) override;
  Result<void> revoke(const SecretName& name) override;

 private:
  Lookup lookup_;
  std::vector<Variable> variables_;
};

// A JSON file that only its owner may read or write (0600); others' rights on it are an error. Each
// change is written to a new file that then takes the old one's place.
class FileSecrets final : public Secrets {
 public:
  explicit FileSecrets(std::string path) : path_(std::move(path)) {}

  Result<std::optional<std::string>> find(const SecretName& name) const override;
  Result<std::vector<SecretName>> list() const override;
  Result<void> save(const SecretName& name, std::string_view secret) override;
  Result<void> revoke(const SecretName& name) override;

 private:
  using Map = std::map<SecretName, std::string>;
  Result<Map> read() const;
  Result<void> write(const Map& secrets) const;

  std::string path_;
};

}  // namespace venuebox::client
