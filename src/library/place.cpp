#include "library/place.h"

#include <fmt/format.h>

#include "gateway/client_streams.h"
#include "net/network_guard.h"

namespace venuebox::library {
namespace {
Error conflict(std::string where, std::string detail) {
  return {ErrorKind::conflict, std::move(where), std::move(detail)};
}

std::string url_text(const ConnectSettings& settings, const gateway::ClientDialect& dialect) {
  if (!settings.base_url.empty()) return settings.base_url;
  if (settings.api_env == "dev") return fmt::format("http://localhost:8000/{}", dialect.name);
  return std::string(settings.testnet ? dialect.testnet_url : dialect.base_url);
}

// A box, or another host in a venue's place, has them beside its calls.
std::string streams_url_text(const ConnectSettings& settings, const gateway::ClientDialect& dialect,
                             const std::string& url) {
  if (!settings.streams_url.empty()) return settings.streams_url;
  const bool is_the_venue = settings.base_url.empty() && settings.api_env != "dev";
  if (!is_the_venue || !dialect.streams) return url;
  return std::string(settings.testnet ? dialect.streams->testnet_url : dialect.streams->base_url);
}

// Keys of one environment never go to the hosts of another.
Result<void> check_fit(const ConnectSettings& settings, const Place& place) {
  const bool is_dev = settings.api_env == "dev";
  if (settings.testnet && is_dev) {
    return conflict("testnet",
                    "api_env dev is a box on this machine; choose shadow or soak for the testnet");
  }
  if (settings.testnet && settings.api_env == "prod") {
    return conflict("testnet", "api_env prod is the mainnet; choose shadow or soak");
  }
  if (is_dev && !place.is_local) {
    return conflict("base_url",
                    fmt::format("api_env dev is a box on this machine, and {} is beyond it; choose "
                                "shadow, soak or prod",
                                place.url.host));
  }
  return {};
}
}  // namespace

Result<void> check_api_env(std::string_view api_env) {
  for (const std::string_view known : {"dev", "shadow", "soak", "prod"}) {
    if (api_env == known) return {};
  }
  return invalid("api_env", fmt::format("'{}' is not dev, shadow, soak or prod", api_env));
}

Result<Place> place_of(const ConnectSettings& settings, const gateway::ClientDialect& dialect) {
  Place place;
  place.text = url_text(settings, dialect);
  auto url = net::base_url_from(place.text);
  if (!url) return invalid("base_url", url.error().detail);
  place.url = std::move(*url);
  place.is_local = net::network_guard(false).may_resolve(place.url.host);
  if (!place.is_local && !settings.network) {
    return Error{
        ErrorKind::not_allowed, "network",
        fmt::format("{} is beyond this machine; allow the network to speak to it", place.url.host)};
  }
  if (auto fits = check_fit(settings, place); !fits) return fits.error();
  auto streams = net::base_url_from(streams_url_text(settings, dialect, place.text));
  if (!streams) return invalid("streams_url", streams.error().detail);
  place.streams = std::move(*streams);
  if (place.is_local && !net::network_guard(false).may_resolve(place.streams.host)) {
    return conflict("streams_url",
                    fmt::format("{} is beyond this machine, and the calls go to a box on it",
                                place.streams.host));
  }
  const bool is_mainnet = !place.is_local && !settings.testnet;
  if (is_mainnet && settings.api_env != "prod") {
    place.no_trading =
        fmt::format("api_env {} only watches {}'s mainnet; trade on its testnet, or with prod",
                    settings.api_env, dialect.name);
  }
  return place;
}

}  // namespace venuebox::library
