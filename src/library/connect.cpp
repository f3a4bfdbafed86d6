#include "library/connect.h"

#include <cstdio>
#include <fstream>

#include <fmt/format.h>

#include "box/box.h"
#include "client/network_transport.h"
#include "library/in_process_transport.h"
#include "library/keys.h"
#include "library/place.h"
#include "library/system_clock.h"
#include "venues/all.h"

namespace venuebox::library {
namespace {
Result<const gateway::Venue*> venue_named(const std::string& name) {
  std::string names;
  for (const gateway::Venue* venue : venues::all()) {
    if (!venue->client) continue;
    if (venue->name == name) return venue;
    names += (names.empty() ? "" : ", ") + std::string(venue->name);
  }
  return Error{ErrorKind::not_found, "venue",
               fmt::format("'{}' is none of those there are: {}", name, names)};
}

Result<std::unique_ptr<box::Box>> open_box(const ConnectSettings& settings, const Clock& clock) {
  auto market = market::MarketSpec::from_text(settings.mock.market);
  if (!market) return invalid("mock.market", market.error().text());
  box::BoxConfig config;
  config.name = "mock";
  config.seed = settings.mock.seed;
  config.venues = {settings.venue};
  config.symbols = settings.mock.symbols;
  config.market = std::move(*market);
  return box::Box::open(config, {}, clock, store::make_memory_store());
}

// So that a wrong path is told at once, and not by the first call's TLS.
Result<void> check_ca_file(const std::string& path) {
  if (path.empty() || std::ifstream(path).good()) return {};
  return invalid("ca_file", fmt::format("{} cannot be read", path));
}

void say(const ConnectSettings& settings, std::string_view text) {
  if (settings.log) return settings.log(text);
  fmt::print(stderr, "venuebox: {}\n", text);
}
}  // namespace

Connection::Connection() = default;
Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> connect(const ConnectSettings& settings) {
  const auto venue = venue_named(settings.venue);
  if (!venue) return venue.error();
  const gateway::ClientDialect& dialect = *(*venue)->client;
  if (auto checked = check_api_env(settings.api_env); !checked) return checked.error();
  Place place;
  if (!settings.use_mock_mode) {
    auto found = place_of(settings, dialect);
    if (!found) return found.error();
    place = std::move(*found);
  }
  const bool is_box = settings.use_mock_mode || place.is_local;
  auto keys = keys_of(settings, **venue, is_box);
  if (!keys) return keys.error();
  if (auto checked = check_ca_file(settings.ca_file); !checked) return checked.error();

  std::unique_ptr<Connection> made(new Connection);
  if (!settings.clock) made->own_clock_ = std::make_unique<SystemClock>();
  const Clock& clock = settings.clock ? *settings.clock : *made->own_clock_;
  if (!settings.loop) made->own_loop_ = std::make_unique<net::Loop>();
  made->loop_ = settings.loop ? settings.loop : made->own_loop_.get();
  made->scheduler_ = std::make_unique<client::LoopScheduler>(*made->loop_, clock);
  if (settings.use_mock_mode) {
    auto box = open_box(settings, clock);
    if (!box) return box.error();
    made->box_ = std::move(*box);
    made->transport_ = std::make_unique<InProcessTransport>(*made->box_, 0, *made->scheduler_);
    made->place_ = "a box of this process";
  } else {
    made->place_ = place.text;
    made->transport_ = std::make_unique<client::NetworkTransport>(
        *made->loop_, place.url,
        client::NetworkSettings{.allow_network = !place.is_local, .ca_file = settings.ca_file});
  }
  client::ExchangeSettings traded;
  traded.caller = settings.caller;
  traded.caller.no_trading = place.no_trading;
  if (is_box) traded.origin = unified::Origin::simulated;
  traded.order_id_prefix = settings.order_id_prefix.empty()
                               ? fmt::format("venuebox-{}", clock.now().ms())
                               : settings.order_id_prefix;
  const bool has_keys = keys->has_value();
  made->exchange_ = std::make_unique<client::Exchange>(dialect, std::move(*keys), *made->transport_,
                                                       *made->scheduler_, std::move(traded));
  made->blocking_ = std::make_unique<client::BlockingExchange>(*made->loop_, *made->exchange_);
  if (!has_keys) {
    say(settings, missing_keys(settings, **venue));
  } else if (!place.no_trading.empty()) {
    say(settings, place.no_trading);
  }
  return made;
}

}  // namespace venuebox::library
