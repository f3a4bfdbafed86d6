// The operators' API at /_venuebox: boxes, clocks, accounts, quotes, what arrived, and hashes.
// JSON in and out; errors as problem+json. It is for the machine's own user: requests whose Host
// is not the server's or that come from a page of another origin are refused.
#pragma once

#include <functional>

#include "base/json_reader.h"
#include "control/boxes.h"
#include "net/message.h"

namespace venuebox::control {

struct ApiSettings {
  std::string version;
  std::string token;        // empty: none is asked for
  std::string url;          // "http://127.0.0.1:8000", where this server answers
  box::BoxConfig defaults;  // what a new box is when nothing is said
  box::ClockSettings clock;
};

class Api {
 public:
  Api(Boxes& boxes, ApiSettings settings);

  void set_url(std::string url) { settings_.url = std::move(url); }
  // How many connections are open; for the metrics.
  void set_connections(std::function<std::size_t()> count) { connections_ = std::move(count); }

  // `request.path` is what follows /_venuebox.
  void handle(std::string_view box_name, const net::Request& request, net::Response& response);
  void handle_metrics(const net::Request& request, net::Response& response) const;

 private:
  struct Call;
  struct Route;
  static std::span<const Route> routes();
  void write_metrics(net::Response& response) const;
  bool admit(const net::Request& request, net::Response& response) const;

  void health(Call&);
  void list_boxes(Call&);
  void create_box(Call&);
  void delete_box(Call&);
  void reset(Call&);
  void get_clock(Call&);
  void set_clock(Call&);
  void get_latency(Call&);
  void set_latency(Call&);
  void list_accounts(Call&);
  void create_account(Call&);
  void deposit(Call&);
  void transfer(Call&);
  void set_fees(Call&);
  void list_instruments(Call&);
  void create_instrument(Call&);
  void change_instrument(Call&);
  void set_quote(Call&);
  void state_hash(Call&);
  void list_requests(Call&);
  void verify_requests(Call&);
  void list_faults(Call&);
  void add_faults(Call&);
  void put_fault(Call&);
  void remove_fault(Call&);
  void reset_faults(Call&);
  void set_failure_rate(Call&);
  void fault_statistics(Call&);
  void fault_timeline(Call&);
  void fault_draws(Call&);
  void keep_draws(Call&);
  void dry_run(Call&);
  void verdict(Call&);
  void not_built(Call&);
  std::string box_url(const box::Box& box) const;
  Result<box::ClockSettings> clock_from(const JsonValue* json,
                                        const market::MarketSpec& market) const;

  Boxes& boxes_;
  ApiSettings settings_;
  Timestamp started_;
  std::function<std::size_t()> connections_;
};

}  // namespace venuebox::control
