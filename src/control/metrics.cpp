// Prometheus text at /metrics.
#include <fmt/core.h>

#include "control/api.h"

namespace venuebox::control {

void Api::handle_metrics(const net::Request& request, net::Response& response) const {
  if (admit(request, response)) write_metrics(response);
}

void Api::write_metrics(net::Response& response) const {
  response.content_type = "text/plain; version=0.0.4";
  auto out = std::back_inserter(response.body);
  const auto head = [&](std::string_view name, std::string_view type, std::string_view help) {
    fmt::format_to(out, "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  };
  head("venuebox_uptime_seconds", "gauge", "Time since the server started.");
  const auto uptime_ms = (boxes_.door().now() - started_).raw / 1'000'000;
  fmt::format_to(out, "venuebox_uptime_seconds {}.{:03}\n", uptime_ms / 1'000, uptime_ms % 1'000);
  head("venuebox_connections", "gauge", "Open connections.");
  fmt::format_to(out, "venuebox_connections {}\n", connections_ ? connections_() : 0);

  const auto per_box = [&](auto value_of, std::string_view name, std::string_view help) {
    head(name, "counter", help);
    for (const auto& [box_name, box] : boxes_.all()) {
      fmt::format_to(out, "{}{{box=\"{}\"}} {}\n", name, box_name, value_of(*box));
    }
  };
  per_box([](box::Box& box) { return box.requests().total(); }, "venuebox_requests_total",
          "Venue requests answered.");
  per_box([](box::Box& box) { return box.batches(); }, "venuebox_journal_batches_total",
          "Batches committed to the journal.");
  head("venuebox_events_total", "counter", "Events of an exchange, its market's included.");
  for (const auto& [box_name, box] : boxes_.all()) {
    for (const auto& exchange : box->exchanges()) {
      fmt::format_to(out, "venuebox_events_total{{box=\"{}\",venue=\"{}\"}} {}\n", box_name,
                     exchange->door().venue().name, exchange->event_count());
    }
  }
}

}  // namespace venuebox::control
