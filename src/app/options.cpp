#include "app/options.h"

#include <charconv>
#include <cstdlib>

#include <fmt/core.h>

#include "app/control_client.h"
#include "app/venue_options.h"
#include "box/clock_settings.h"
#include "faults/file_text.h"
#include "faults/modes.h"
#include "faults/parse.h"
#include "library/system_clock.h"
#include "venues/all.h"

namespace venuebox::app {
namespace {
// What most venues list; on each in its own naming.
constexpr const char* kDefaultSymbols[] = {"BTC", "ETH",  "SOL", "XRP",  "BNB", "DOGE",
                                           "ADA", "LINK", "LTC", "AVAX", "DOT", "SUI"};

std::string venue_list() {
  std::string names;
  for (const gateway::Venue* venue : venues::all()) {
    names += (names.empty() ? "" : ", ") + std::string(venue->name);
  }
  return names;
}

Result<void> check_venue(std::string_view flag, const std::string& name) {
  if (venues::find(name)) return {};
  return invalid(std::string(flag),
                 fmt::format("'{}' is not a venue of this program; it has {}", name, venue_list()));
}

template <class T>
bool parse_whole(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

// "ADDR:PORT" or "VENUE=ADDR:PORT"; an IPv6 address stands in brackets.
Result<ListenAddress> listen_address(const std::string& text) {
  ListenAddress listen;
  std::string_view rest = text;
  if (const std::size_t equals = rest.find('='); equals != std::string_view::npos) {
    listen.venue = rest.substr(0, equals);
    rest.remove_prefix(equals + 1);
    if (auto known = check_venue("--listen", listen.venue); !known) return known.error();
  }
  const std::size_t colon = rest.rfind(':');
  std::string_view address = rest.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  if (colon == std::string_view::npos || address.empty() ||
      !parse_whole(rest.substr(colon + 1), listen.port)) {
    return invalid(
        "--listen",
        fmt::format("'{}' is not ADDRESS:PORT, such as localhost:8000 or 127.0.0.1:0", text));
  }
  listen.address = address;
  return listen;
}

Error in(std::string_view flag, const Error& error) {
  return {error.kind, std::string(flag), error.text()};
}

Result<void> set_clock(const ServeFlags& flags, ServeOptions& options) {
  box::ClockSettings& clock = options.settings.clock;
  if (auto set = box::set_clock_mode(flags.clock, clock); !set) return in("--clock", set.error());
  const library::SystemClock door;
  auto set = box::set_clock_start(flags.clock_start, options.config.market, door, clock);
  if (!set) return in("--clock-start", set.error());
  return {};
}

Result<void> set_auth(const ServeFlags& flags, ServeOptions& options) {
  for (const std::string& text : flags.auth) {
    const std::size_t equals = text.find('=');
    const std::string venue = equals == std::string_view::npos ? "" : text.substr(0, equals);
    const std::string mode = equals == std::string_view::npos ? text : text.substr(equals + 1);
    if (mode != "verify" && mode != "off") {
      return invalid("--auth", fmt::format("'{}' is not verify, off or VENUE=off", text));
    }
    if (!venue.empty()) {
      if (auto known = check_venue("--auth", venue); !known) return known;
      options.settings.verify_signatures[venue] = mode == "verify";
      continue;
    }
    for (const std::string& name : options.config.venues) {
      options.settings.verify_signatures[name] = mode == "verify";
    }
  }
  if (flags.auth_clock != "wall" && flags.auth_clock != "box") {
    return invalid("--auth-clock", fmt::format("'{}' is not wall or box", flags.auth_clock));
  }
  options.settings.auth_by_box_clock = flags.auth_clock == "box";
  return {};
}

// "entry=fixed:20ms" or "answer=..."
Result<void> set_latency(const ServeFlags& flags, ServeOptions& options) {
  gateway::Latency& latency = options.settings.latency;
  for (const std::string& text : flags.latency) {
    const std::size_t equals = std::min(text.find('='), text.size());
    const std::string way = text.substr(0, equals);
    if (equals == text.size() || (way != "entry" && way != "answer")) {
      return invalid("--latency", fmt::format("'{}' is not entry=MODEL or answer=MODEL, such as "
                                              "entry=fixed:20ms",
                                              text));
    }
    const auto model = gateway::LatencyModel::from_text(std::string_view(text).substr(equals + 1));
    if (!model) return invalid("--latency", way + ": " + model.error().detail);
    (way == "entry" ? latency.entry : latency.answer) = *model;
  }
  return {};
}

Result<void> set_store(const ServeFlags& flags, ServeOptions& options) {
  options.store = flags.store.empty() ? "sqlite:" + default_store_path() : flags.store;
  if (options.store != "memory" && !options.store.starts_with("sqlite:")) {
    return invalid("--store", fmt::format("'{}' is not memory or sqlite:PATH (postgres and redis "
                                          "are not built yet)",
                                          options.store));
  }
  if (options.store == "sqlite:") return invalid("--store", "sqlite: needs a path after it");
  options.settings.fresh = flags.fresh;
  if (flags.durability != "process" && flags.durability != "power") {
    return invalid("--durability", fmt::format("'{}' is not process or power", flags.durability));
  }
  options.power_durability = flags.durability == "power";
  return {};
}
Result<std::vector<faults::Fault>> faults_in(const std::string& path,
                                             const std::vector<std::string>& venues) {
  const auto text = read_input(path, "");
  if (!text) return text.error();
  const auto json = faults::json_from_file_text(path, *text);
  if (!json) return json.error();
  const std::vector<std::string_view> names(venues.begin(), venues.end());
  return faults::faults_from_json(*json, {.venues = names});
}

// FAILURE_MODE and FAILURE_RATE, as containers have them: one of the named modes as a fault.
Result<void> set_failure_mode(const ServeFlags& flags, ServeOptions& options) {
  std::optional<faults::Ratio> rate;
  if (!flags.failure_rate.empty()) {
    const auto units = units_from_text(flags.failure_rate, 9);
    const auto* ratio = std::get_if<Int128>(&units);
    if (!ratio || *ratio < 0 || *ratio > faults::kWhole.raw) {
      return invalid("--failure-rate", fmt::format("'{}' is no probability; choose 0 to 1, such as "
                                                   "0.1",
                                                   flags.failure_rate));
    }
    rate = faults::Ratio{static_cast<std::int64_t>(*ratio)};
  }
  if (flags.failure_mode.empty() || flags.failure_mode == "NONE") return {};
  auto fault = faults::fault_of_mode(flags.failure_mode, rate);
  if (!fault) return in("--failure-mode", fault.error());
  options.faults.push_back(std::move(*fault));
  return {};
}
}  // namespace

bool ListenAddress::is_loopback() const {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

std::string state_folder() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state && *state) {
    return std::string(state) + "/venuebox";
  }
  const char* home = std::getenv("HOME");
  return std::string(home && *home ? home : ".") + "/.local/state/venuebox";
}

std::string default_store_path() { return state_folder() + "/default.db"; }
std::string secrets_path() { return state_folder() + "/secrets.json"; }

Result<ServeOptions> checked_options(const ServeFlags& flags) {
  ServeOptions options;
  for (const std::string& text : flags.listen) {
    auto listen = listen_address(text);
    if (!listen) return listen.error();
    options.listen.push_back(std::move(*listen));
  }
  if (std::none_of(options.listen.begin(), options.listen.end(),
                   [](const ListenAddress& l) { return l.venue.empty(); })) {
    options.listen.insert(options.listen.begin(), ListenAddress{});
  }
  options.config.venues = flags.venues;
  if (flags.venues.empty()) {
    for (const gateway::Venue* venue : venues::all()) {
      options.config.venues.emplace_back(venue->name);
    }
  }
  for (const std::string& venue : options.config.venues) {
    if (auto known = check_venue("--venues", venue); !known) return known.error();
  }
  for (const ListenAddress& listen : options.listen) {
    if (listen.venue.empty()) continue;
    const auto& enabled = options.config.venues;
    if (std::find(enabled.begin(), enabled.end(), listen.venue) == enabled.end()) {
      return invalid("--listen", fmt::format("'{}' is not among --venues", listen.venue));
    }
  }
  options.config.symbols =
      flags.symbols.empty() ? std::vector<std::string>{kDefaultSymbols, std::end(kDefaultSymbols)}
                            : flags.symbols;
  options.config.seed = flags.seed;
  auto spec = market::MarketSpec::from_text(flags.market);
  if (!spec) return in("--market", spec.error());
  options.config.market = std::move(*spec);
  if (auto set = set_clock(flags, options); !set) return set.error();
  if (auto set = set_auth(flags, options); !set) return set.error();
  if (auto set = set_latency(flags, options); !set) return set.error();
  if (auto set = set_store(flags, options); !set) return set.error();

  if (flags.rate_limits == "account") {
    options.settings.rate_limits = gateway::RateLimits::account;
  } else if (flags.rate_limits == "all") {
    options.settings.rate_limits = gateway::RateLimits::all;
  } else if (flags.rate_limits == "headers") {
    options.settings.rate_limits = gateway::RateLimits::headers;
  } else if (flags.rate_limits == "off") {
    options.settings.rate_limits = gateway::RateLimits::off;
  } else {
    return invalid("--rate-limits",
                   fmt::format("'{}' is not account, all, headers or off", flags.rate_limits));
  }
  if (!flags.faults.empty()) {
    auto read = faults_in(flags.faults, options.config.venues);
    if (!read) return invalid("--faults", flags.faults + ": " + read.error().text());
    options.faults = std::move(*read);
  }
  if (auto set = set_venue_options(flags.venue_options, options.config); !set) return set.error();
  if (auto set = set_failure_mode(flags, options); !set) return set.error();
  if (flags.threads != 1) return invalid("--threads", "only 1 is built yet");
  if (flags.poll_us < 0 || flags.poll_us > 1'000'000) {
    return invalid("--poll-us", "must be 0 to 1000000");
  }
  options.poll = microseconds(flags.poll_us);
  options.control_token = flags.control_token;
  for (const ListenAddress& listen : options.listen) {
    if (listen.is_loopback() || !options.control_token.empty()) continue;
    return invalid("--listen", fmt::format("{} can be reached from other machines: choose a "
                                           "--control-token, or listen on localhost",
                                           listen.address));
  }
  if (flags.log_level != "error" && flags.log_level != "warn" && flags.log_level != "info" &&
      flags.log_level != "debug") {
    return invalid("--log-level",
                   fmt::format("'{}' is not error, warn, info or debug", flags.log_level));
  }
  options.log_level = flags.log_level;
  if (flags.log_format != "text" && flags.log_format != "json") {
    return invalid("--log-format", fmt::format("'{}' is not text or json", flags.log_format));
  }
  options.log_json = flags.log_format == "json";
  options.ready_json = flags.ready_json;
  return options;
}

}  // namespace venuebox::app
