// What `venuebox serve` was asked for: flags, environment and configuration file, checked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "box/box.h"
#include "faults/fault.h"

namespace venuebox::app {

struct ListenAddress {
  std::string venue;  // empty: everything, with prefixes
  std::string address = "localhost";
  std::uint16_t port = 8000;

  bool is_loopback() const;
};

struct ServeOptions {
  std::vector<ListenAddress> listen;
  box::BoxConfig config;
  box::BoxSettings settings;
  std::string store;  // "memory" or "sqlite:PATH"
  std::vector<faults::Fault> faults;
  bool power_durability = false;
  Nanoseconds poll{};
  std::string control_token;
  std::string log_level = "info";
  bool log_json = false;
  bool ready_json = false;
};

// What the flags were, as text; the checked options are made from it.
struct ServeFlags {
  std::vector<std::string> listen;
  std::vector<std::string> venues;
  std::vector<std::string> symbols;
  std::string market = "synthetic";
  std::uint64_t seed = 1;
  std::string clock = "wall";
  std::string clock_start;
  std::string auth_clock = "wall";
  std::vector<std::string> auth;
  std::string rate_limits = "account";
  std::vector<std::string> latency;
  std::string store;
  bool fresh = false;
  std::string durability = "process";
  std::string faults;
  std::string failure_mode;  // empty or NONE: none
  std::string failure_rate;  // empty: the mode's own
  std::vector<std::string> venue_options;
  int threads = 1;
  std::int64_t poll_us = 0;
  std::string control_token;
  std::string log_level = "info";
  std::string log_format = "text";
  bool ready_json = false;
  std::string config;
};

// Errors name the flag, the cause and the mend.
Result<ServeOptions> checked_options(const ServeFlags& flags);

// "$XDG_STATE_HOME/venuebox", or the same under ~/.local/state.
std::string state_folder();
// default.db and secrets.json in it.
std::string default_store_path();
std::string secrets_path();

}  // namespace venuebox::app
