// Where an example goes: to a box of its own process or, with --url, to a running
// `venuebox serve`: --url http://localhost:8000/bybit
#pragma once

#include <cstring>

#include <venuebox/library/connect.h>

inline venuebox::library::ConnectSettings settings_from(int argc, char** argv) {
  venuebox::library::ConnectSettings settings{.venue = "bybit"};
  if (argc == 3 && std::strcmp(argv[1], "--url") == 0) {
    settings.base_url = argv[2];
    settings.demo_account = "alice";  // where there are no keys: see `venuebox credentials`
  } else {
    settings.use_mock_mode = true;
  }
  return settings;
}
