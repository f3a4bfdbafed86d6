// Which host the settings mean, and what may be done there. docs/decisions/0017-connect.md has why.
#pragma once

#include "library/connect.h"
#include "net/base_url.h"

namespace venuebox::library {

struct Place {
  net::BaseUrl url;
  std::string text;             // as it was given
  net::BaseUrl streams = {};    // where its streams are
  bool is_local = false;        // on this machine: a box
  std::string no_trading = {};  // why nothing is traded there; empty: it is
};

// Of an api_env that was checked.
Result<Place> place_of(const ConnectSettings& settings, const gateway::ClientDialect& dialect);

// "dev" … ; an error for another.
Result<void> check_api_env(std::string_view api_env);

}  // namespace venuebox::library
