#include "library/keys.h"

#include <array>
#include <cstdlib>

#include <fmt/format.h>

namespace venuebox::library {
namespace {
using gateway::ClientKeys;
using Found = Result<std::optional<ClientKeys>>;

using Names = std::array<client::SecretName, 2>;  // in the order of ClientKeys

Names names_of(const ConnectSettings& settings, const gateway::Venue& venue) {
  const auto fields = venue.credential_fields(venue.demo_credential("alice"));
  Names names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    names[i] = {.prefix = settings.secret_prefix,
                .env = settings.api_env,
                .venue = std::string(venue.name),
                .key_type = fields[i].first};
  }
  return names;
}

// Whatever a provider gives is checked again here: not all of them are ours.
Found checked_pair(const ClientKeys& keys, const std::array<std::string, 2>& places) {
  auto key = client::checked_secret(keys.key);
  if (!key) return invalid(places[0], key.error().detail);
  auto secret = client::checked_secret(keys.secret);
  if (!secret) return invalid(places[1], secret.error().detail);
  return std::optional(ClientKeys{std::move(*key), std::move(*secret)});
}

// Both or none: half a pair would only be refused by the venue.
Found pair_in(const client::Secrets& secrets, const Names& names) {
  ClientKeys keys;
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto found = secrets.find(names[i]);
    if (!found) return found.error();
    if (!*found) return std::optional<ClientKeys>();
    (i == 0 ? keys.key : keys.secret) = std::move(**found);
  }
  return checked_pair(keys, {names[0].text(), names[1].text()});
}

client::EnvironmentSecrets environment_of(const ConnectSettings& settings,
                                          const gateway::Venue& venue, const Names& names) {
  std::vector<client::EnvironmentSecrets::Variable> variables;
  for (std::size_t i = 0; i < names.size(); ++i) {
    variables.push_back(
        {names[i].venue, names[i].key_type, std::string(venue.client->key_variables[i])});
  }
  const auto process = [](const char* name) -> const char* { return std::getenv(name); };
  return {settings.environment ? settings.environment : process, std::move(variables)};
}

// Those of a box's own account, which are the same everywhere.
ClientKeys demo_keys(const gateway::Venue& venue, std::string_view account) {
  const gateway::Credential credential = venue.demo_credential(account);
  return {credential.key, credential.secret};
}

Found found_keys(const ConnectSettings& settings, const gateway::Venue& venue, bool is_box) {
  if (settings.keys) return checked_pair(*settings.keys, {"keys.key", "keys.secret"});
  const std::string& demo = settings.demo_account;
  if (!demo.empty() && demo != "alice" && demo != "bob" && demo != "carol") {
    return invalid("demo_account", fmt::format("'{}' is not alice, bob or carol", demo));
  }
  // A venue's real keys have no business in mock mode, nor before a recording.
  const bool is_offline = settings.use_mock_mode || !settings.answer_from.empty();
  if (is_offline) return std::optional(demo_keys(venue, demo.empty() ? "alice" : demo));
  const Names names = names_of(settings, venue);
  for (const auto& secrets : settings.secrets) {
    auto found = pair_in(*secrets, names);
    if (!found || *found) return found;
  }
  auto found = pair_in(environment_of(settings, venue, names), names);
  if (!found || *found) return found;
  if (is_box && !demo.empty()) return std::optional(demo_keys(venue, demo));
  return std::optional<ClientKeys>();
}
}  // namespace

Found keys_of(const ConnectSettings& settings, const gateway::Venue& venue, bool is_box) {
  Found keys = found_keys(settings, venue, is_box);
  const bool is_offline = settings.use_mock_mode || !settings.answer_from.empty();
  if (keys && *keys && (is_box || is_offline || settings.testnet))
    (*keys)->network = gateway::Network::testnet;
  return keys;
}

std::string missing_keys(const ConnectSettings& settings, const gateway::Venue& venue) {
  const Names names = names_of(settings, venue);
  return fmt::format("{}: read-only, for want of keys; set {} and {}, or keep {} and {}",
                     venue.name, venue.client->key_variables[0], venue.client->key_variables[1],
                     names[0].text(), names[1].text());
}

}  // namespace venuebox::library
