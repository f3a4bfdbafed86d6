// venuebox serve: builds the world bottom up, runs it, and takes it down in reverse.
#include <csignal>
#include <cstdio>

#include <unistd.h>

#include <fmt/core.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "app/commands.h"
#include "base/json_writer.h"
#include "control/alarm.h"
#include "control/router.h"
#include "library/system_clock.h"
#include "net/http_server.h"
#include "venues/all.h"

namespace venuebox::app {
namespace {
constexpr Nanoseconds kMarketTick = milliseconds(10);

// %* in a pattern: the message as a JSON text.
class JsonMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    std::string text;
    JsonWriter(text).text({message.payload.data(), message.payload.size()});
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<JsonMessage>();
  }
};

void set_up_log(const ServeOptions& options) {
  auto log = spdlog::stderr_logger_st("venuebox");
  log->set_level(spdlog::level::from_str(options.log_level));
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<JsonMessage>('*');
  formatter->set_pattern(options.log_json
                             ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":%*})"
                             : "%H:%M:%S %l %v");
  log->set_formatter(std::move(formatter));
  spdlog::set_default_logger(std::move(log));
}

Result<std::unique_ptr<store::Store>> open_store(const ServeOptions& options) {
  if (options.store == "memory") return store::make_memory_store();
  return store::open_sqlite_store({.path = options.store.substr(std::string_view("sqlite:").size()),
                                   .durability = options.power_durability
                                                     ? store::Durability::power
                                                     : store::Durability::process});
}

std::string url_of(const net::Endpoint& endpoint) {
  const std::string host = endpoint.address == "localhost"  ? "127.0.0.1"
                           : endpoint.address.contains(':') ? "[" + endpoint.address + "]"
                                                            : endpoint.address;
  return fmt::format("http://{}:{}", host, endpoint.port);
}

// Where signatures are judged by the box's clock, everything that a client sees of time is the
// box's: Date headers repeat as all the rest does.
class DefaultBoxClock final : public Clock {
 public:
  explicit DefaultBoxClock(box::Box& box) : box_(box) {}
  Timestamp now() const override { return box_.now(); }

 private:
  box::Box& box_;
};

struct Ready {
  std::string url;
  std::vector<std::pair<std::string, std::string>> venue_urls;
};

void print_ready(const ServeOptions& options, const Ready& ready) {
  std::string line;
  if (options.ready_json) {
    JsonWriter json(line);
    json.open().boolean("ready", true).number("pid", getpid()).text("url", ready.url);
    json.key("venues").open();
    for (const auto& [venue, url] : ready.venue_urls)
      json.text(venue, url);
    json.close().text("control", ready.url + "/_venuebox").close();
  } else {
    line = "venuebox is ready:";
    for (const auto& [venue, url] : ready.venue_urls) {
      line += fmt::format(" {} at {} (keys: venuebox credentials {});", venue, url, venue);
    }
    line += fmt::format(" market {}; control at {}/_venuebox; Ctrl-C ends it",
                        options.config.market.text(), ready.url);
  }
  fmt::print("{}\n", line);
  std::fflush(stdout);
}
}  // namespace

int serve(const ServeOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);
  set_up_log(options);
  net::raise_open_files_limit();

  const library::SystemClock clock;
  net::Loop loop({.poll = options.poll});
  auto store = open_store(options);
  if (!store) return complain(2, "--store: " + store.error().text());
  control::Boxes boxes(clock, options.settings);
  const auto opened = boxes.create(options.config, options.settings.clock, std::move(*store));
  if (!opened) return complain(2, opened.error().text());
  if (auto put = (*opened)->put_file_faults(options.faults); !put) {
    return complain(2, "--faults: " + put.error().text());
  }
  for (const std::string& note : options.config.market.notes())
    spdlog::warn("replay {}; see venuebox replay --check", note);
  if ((*opened)->is_recovered()) {
    spdlog::info("went on where {} ended: {} batches replayed", options.store,
                 (*opened)->recovered_batches());
  }
  if (auto committed = boxes.commit(); !committed) return complain(1, committed.error().text());

  control::Api api(boxes, {.version = VENUEBOX_VERSION,
                           .token = options.control_token,
                           .url = {},
                           .defaults = options.config,
                           .clock = options.settings.clock});
  control::Router router(boxes, api);
  const DefaultBoxClock box_clock(**opened);
  const Clock& shown_clock =
      options.settings.auth_by_box_clock ? static_cast<const Clock&>(box_clock) : clock;
  net::HttpServer server(loop, shown_clock, router);
  api.set_connections([&server] { return server.connections(); });

  Ready ready;
  std::map<std::string, std::string> own_ports;
  for (const ListenAddress& listen : options.listen) {
    const auto endpoint = server.listen(listen.address, listen.port);
    if (!endpoint) return complain(2, "--listen: " + endpoint.error().text());
    if (listen.venue.empty()) {
      if (ready.url.empty()) ready.url = url_of(*endpoint);
    } else {
      router.set_listener_venue(endpoint->listener, listen.venue);
      own_ports[listen.venue] = url_of(*endpoint);
    }
    if (!listen.is_loopback()) {
      spdlog::warn("{} can be reached from other machines; the demo credentials are public",
                   url_of(*endpoint));
    }
  }
  api.set_url(ready.url);
  for (const std::string& venue : options.config.venues) {
    const auto own = own_ports.find(venue);
    ready.venue_urls.emplace_back(venue,
                                  own == own_ports.end() ? ready.url + "/" + venue : own->second);
  }

  int status = 0;
  loop.at_end_of_turn([&] {
    if (auto committed = boxes.commit(); !committed) {
      // Nothing that was not made durable may be told.
      spdlog::critical("the journal cannot be written: {}; stopping", committed.error().text());
      server.drop_pending();
      status = 1;
      loop.stop();
    }
  });
  loop.at_end_of_turn([&server] { server.flush(); });
  control::Alarm alarm(loop, boxes);
  loop.at_end_of_turn([&alarm] { alarm.set(); });
  loop.every(kMarketTick, [&boxes] { boxes.advance(); });
  bool stopping = false;
  loop.on_signals([&] {
    if (std::exchange(stopping, true)) return loop.stop();
    server.shutdown([&loop] { loop.stop(); });
  });

  print_ready(options, ready);
  loop.run();

  if (status != 0) return status;
  if (auto ended = boxes.end(); !ended) return complain(1, ended.error().text());
  spdlog::info("ended; the journal is complete");
  return 0;
}

}  // namespace venuebox::app
