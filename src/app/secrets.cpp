// venuebox secrets: keys of real venues in a file of their owner's. Whatever is printed is masked.
#include "client/secrets.h"

#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "app/commands.h"
#include "app/options.h"
#include "base/json_writer.h"

namespace venuebox::app {
namespace {
using client::FileSecrets;
using client::SecretName;

int failed(const Error& error) {
  return complain(error.kind == ErrorKind::io ? 1 : 2, error.text());
}

std::string from_standard_input() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

// One line, or one JSON object, for each secret.
void print(const SecretsFlags& flags, const SecretName& name, std::string_view secret,
           std::string_view what) {
  if (!flags.json) {
    fmt::print("{} {}{}\n", name.text(), client::masked(secret),
               what.empty() ? std::string() : fmt::format(" ({})", what));
    return;
  }
  std::string line;
  JsonWriter json(line);
  json.open().text("name", name.text()).text("secret", client::masked(secret));
  if (!what.empty()) json.text("done", what);
  json.close();
  fmt::print("{}\n", line);
}

int list(const SecretsFlags& flags, const FileSecrets& secrets) {
  const auto names = secrets.list();
  if (!names) return failed(names.error());
  for (const SecretName& name : *names) {
    if (!name.text().starts_with(flags.name)) continue;
    const auto secret = secrets.find(name);
    if (!secret) return failed(secret.error());
    if (*secret) print(flags, name, **secret, "");
  }
  return 0;
}

int save(const SecretsFlags& flags, FileSecrets& secrets, const SecretName& name) {
  const bool rotates = flags.action == "rotate";
  const auto old = secrets.find(name);
  if (!old) return failed(old.error());
  if (rotates && !*old) {
    return complain(2, fmt::format("{}: there is nothing to rotate; save it first", name.text()));
  }
  if (!rotates && *old) {
    return complain(2, fmt::format("{}: is there already; rotate replaces it", name.text()));
  }
  const std::string secret = from_standard_input();
  if (auto saved = secrets.save(name, secret); !saved) return failed(saved.error());
  print(flags, name, *client::checked_secret(secret), rotates ? "rotated" : "saved");
  return 0;
}
}  // namespace

int manage_secrets(const SecretsFlags& flags) {
  FileSecrets secrets(flags.file.empty() ? secrets_path() : flags.file);
  if (flags.action == "list") return list(flags, secrets);
  if (flags.action != "save" && flags.action != "rotate" && flags.action != "show" &&
      flags.action != "revoke") {
    return complain(2, fmt::format("'{}' is not save, show, rotate, revoke or list", flags.action));
  }
  const auto name = client::secret_name_from(flags.name);
  if (!name) return failed(name.error());
  if (flags.action == "save" || flags.action == "rotate") return save(flags, secrets, *name);
  const auto secret = secrets.find(*name);
  if (!secret) return failed(secret.error());
  if (!*secret) return complain(2, fmt::format("{}: there is no such secret", name->text()));
  if (flags.action == "revoke") {
    if (auto revoked = secrets.revoke(*name); !revoked) return failed(revoked.error());
    print(flags, *name, **secret, "revoked");
    return 0;
  }
  print(flags, *name, **secret, "");
  return 0;
}

}  // namespace venuebox::app
