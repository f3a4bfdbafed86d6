#include "library/connect.h"

#include <cstdio>
#include <fstream>

#include <fmt/format.h>

#include "box/box.h"
#include "client/network_stream.h"
#include "client/network_transport.h"
#include "client/recording_transport.h"
#include "library/in_process_streams.h"
#include "library/in_process_transport.h"
#include "library/keys.h"
#include "library/place.h"
#include "library/system_clock.h"
#include "library/system_random.h"
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

// What carries the calls, and what that means for the exchange.
struct Carrier {
  std::string place;
  unified::Origin origin = unified::Origin::live;
  std::string no_trading = {};
  std::string order_id_prefix = {};         // of a recording
  std::unique_ptr<box::Box> box = nullptr;  // of mock mode
  std::unique_ptr<client::Transport> transport = nullptr;
  std::unique_ptr<client::StreamTransport> streams = nullptr;
  std::string no_streams = {};  // why there are none
};

Result<Carrier> mock(const ConnectSettings& settings, client::Scheduler& scheduler,
                     const Clock& clock) {
  auto box = open_box(settings, clock);
  if (!box) return box.error();
  Carrier carrier{.place = "a box of this process", .origin = unified::Origin::simulated};
  carrier.box = std::move(*box);
  carrier.transport = std::make_unique<InProcessTransport>(*carrier.box, 0, scheduler);
  carrier.streams = std::make_unique<InProcessStreams>(*carrier.box, 0, scheduler);
  return carrier;
}

Result<Carrier> recorded(const ConnectSettings& settings, const gateway::ClientDialect& dialect,
                         client::Scheduler& scheduler) {
  auto recording = client::read_recording(settings.answer_from, dialect.name);
  if (!recording) return recording.error();
  Carrier carrier{.place = settings.answer_from, .origin = unified::Origin::stale};
  carrier.no_streams = "a recording answers calls and has no streams";
  carrier.order_id_prefix = recording->head.order_id_prefix;
  carrier.transport = std::make_unique<client::RecordedTransport>(
      std::move(*recording), client::Redaction{.unrecorded = dialect.unrecorded}, scheduler);
  return carrier;
}

Result<Carrier> networked(const ConnectSettings& settings, const gateway::ClientDialect& dialect,
                          net::Loop& loop) {
  const auto place = place_of(settings, dialect);
  if (!place) return place.error();
  if (auto checked = check_ca_file(settings.ca_file); !checked) return checked.error();
  Carrier carrier{.place = place->text};
  if (place->is_local) carrier.origin = unified::Origin::simulated;
  carrier.no_trading = place->no_trading;
  const client::NetworkSettings network{.allow_network = !place->is_local,
                                        .ca_file = settings.ca_file};
  carrier.transport = std::make_unique<client::NetworkTransport>(loop, place->url, network);
  carrier.streams =
      std::make_unique<client::NetworkStreams>(loop, place->streams, network, system_random_bits);
  return carrier;
}

// The settings' own layers: the recording is nearest to the venue.
Result<void> wrap(const ConnectSettings& settings, const gateway::ClientDialect& dialect,
                  const std::optional<gateway::ClientKeys>& keys, const std::string& prefix,
                  client::Scheduler& scheduler, std::unique_ptr<client::Transport>& transport) {
  if (!settings.record_to.empty()) {
    client::Redaction redaction{.unrecorded = dialect.unrecorded};
    if (keys) redaction.secrets = {keys->key, keys->secret};
    auto recording = client::RecordingTransport::open(
        settings.record_to, {.venue = std::string(dialect.name), .order_id_prefix = prefix},
        std::move(redaction), std::move(transport));
    if (!recording) return recording.error();
    transport = std::move(*recording);
  }
  if (settings.wrap) transport = settings.wrap(std::move(transport), scheduler);
  return {};
}

Result<void> check_modes(const ConnectSettings& settings) {
  if (auto checked = check_api_env(settings.api_env); !checked) return checked;
  if (settings.answer_from.empty()) return {};
  if (!settings.use_mock_mode && settings.record_to.empty()) return {};
  return Error{ErrorKind::conflict, "answer_from",
               "a recording is neither recorded again nor a box; leave out record_to and "
               "use_mock_mode"};
}
}  // namespace

Connection::Connection() = default;
Connection::~Connection() = default;

client::Reply<std::vector<unified::Market>> Connection::start() {
  return client::blocking<std::vector<unified::Market>>(
      *loop_, [this](auto then) { venue_->start(std::move(then)); });
}

Result<std::unique_ptr<Connection>> connect(const ConnectSettings& settings) {
  const auto venue = venue_named(settings.venue);
  if (!venue) return venue.error();
  const gateway::ClientDialect& dialect = *(*venue)->client;
  if (auto checked = check_modes(settings); !checked) return checked.error();

  std::unique_ptr<Connection> made(new Connection);
  if (!settings.clock) made->own_clock_ = std::make_unique<SystemClock>();
  const Clock& clock = settings.clock ? *settings.clock : *made->own_clock_;
  if (!settings.loop) made->own_loop_ = std::make_unique<net::Loop>();
  made->loop_ = settings.loop ? settings.loop : made->own_loop_.get();
  made->scheduler_ = std::make_unique<client::LoopScheduler>(*made->loop_, clock);
  client::Scheduler& scheduler = *made->scheduler_;

  auto carrier = settings.use_mock_mode          ? mock(settings, scheduler, clock)
                 : !settings.answer_from.empty() ? recorded(settings, dialect, scheduler)
                                                 : networked(settings, dialect, *made->loop_);
  if (!carrier) return carrier.error();
  auto keys = keys_of(settings, **venue, carrier->origin == unified::Origin::simulated);
  if (!keys) return keys.error();
  client::ExchangeSettings traded;
  traded.caller = settings.caller;
  traded.caller.no_trading = carrier->no_trading;
  traded.origin = carrier->origin;
  traded.order_id_prefix = !settings.order_id_prefix.empty() ? settings.order_id_prefix
                           : !carrier->order_id_prefix.empty()
                               ? carrier->order_id_prefix
                               : fmt::format("venuebox-{}", clock.now().ms());
  if (auto wrapped =
          wrap(settings, dialect, *keys, traded.order_id_prefix, scheduler, carrier->transport);
      !wrapped) {
    return wrapped.error();
  }
  if (!*keys) {
    say(settings, missing_keys(settings, **venue));
  } else if (!carrier->no_trading.empty()) {
    say(settings, carrier->no_trading);
  }
  made->place_ = std::move(carrier->place);
  made->box_ = std::move(carrier->box);
  made->transport_ = std::move(carrier->transport);
  made->streams_ = std::move(carrier->streams);
  made->venue_ = std::make_unique<client::VenueClient>(
      dialect, std::move(*keys), *made->transport_, made->streams_.get(),
      std::move(carrier->no_streams), scheduler, std::move(traded), settings.policies);
  made->blocking_ =
      std::make_unique<client::BlockingExchange>(*made->loop_, made->exchange(), &made->orders());
  return made;
}

}  // namespace venuebox::library
