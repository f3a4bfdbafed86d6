// venuebox credentials: what a client signs with. The same on every machine; no server is asked.
#include <fmt/core.h>

#include "app/commands.h"
#include "base/json_writer.h"
#include "venues/all.h"

namespace venuebox::app {
namespace {
std::string upper(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z' && !out.empty()) out.push_back('_');
    out.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  }
  return out;
}
}  // namespace

int print_credentials(const CredentialsFlags& flags) {
  const gateway::Venue* venue = venues::find(flags.venue);
  if (!venue) {
    std::string names;
    for (const gateway::Venue* known : venues::all())
      names += " " + std::string(known->name);
    return complain(2, fmt::format("'{}' is not a venue; there are:{}", flags.venue, names));
  }
  if (flags.account != "alice" && flags.account != "bob" && flags.account != "carol") {
    return complain(2, fmt::format("'{}' is not a demo account: alice, bob or carol. Others are "
                                   "made with POST /_venuebox/accounts, which shows their keys",
                                   flags.account));
  }
  const gateway::Credential credential = venue->demo_credential(flags.account);
  const auto fields = venue->credential_fields(credential);
  if (flags.format == "json") {
    std::string out;
    JsonWriter json(out);
    json.open();
    for (const auto& [name, value] : fields)
      json.text(name, value);
    json.close();
    fmt::print("{}\n", out);
  } else if (flags.format == "env") {
    for (const auto& [name, value] : fields) {
      fmt::print("export {}_{}='{}'\n", upper(flags.venue), upper(name), value);
    }
  } else if (flags.format == "ccxt-js" || flags.format == "ccxt-py") {
    const bool js = flags.format == "ccxt-js";
    fmt::print("{}ccxt.{}({{", js ? "new " : "", flags.venue);
    const char* separator = "";
    for (const auto& [name, value] : fields) {
      fmt::print("{}{}{}{}: '{}'", separator, js ? "" : "'", name, js ? "" : "'", value);
      separator = ", ";
    }
    fmt::print("}})\n");
  } else if (flags.format == "curl") {
    fmt::print("{}\n", venue->curl_example(credential));
  } else {
    return complain(
        2, fmt::format("--format: '{}' is not json, env, ccxt-js, ccxt-py or curl", flags.format));
  }
  return 0;
}

}  // namespace venuebox::app
