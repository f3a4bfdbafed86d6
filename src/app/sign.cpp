// venuebox sign: how an order becomes a signature. No server is asked; secrets are masked.
#include <iostream>
#include <iterator>

#include <fmt/core.h>

#include "app/commands.h"
#include "base/json_writer.h"
#include "client/secrets.h"
#include "library/system_clock.h"
#include "venues/all.h"

namespace venuebox::app {
namespace {
using gateway::SigningStep;

std::string shown(const SigningStep& step) {
  return step.kind == SigningStep::Kind::secret ? client::masked(step.value) : step.value;
}

void print_lines(const std::vector<SigningStep>& steps) {
  std::string_view chain;
  for (const SigningStep& step : steps) {
    if (step.chain != chain) fmt::print("{}{}\n", chain.empty() ? "" : "\n", step.chain);
    chain = step.chain;
    fmt::print("  {:<20} {}\n", step.name, shown(step));
  }
}

// {"testnet":{"chain_id":"…",…},…}
void print_json(const std::vector<SigningStep>& steps) {
  std::string line;
  JsonWriter json(line);
  json.open();
  std::string_view chain;
  for (const SigningStep& step : steps) {
    if (step.chain != chain) {
      if (!chain.empty()) json.close();
      json.key(step.chain).open();
      chain = step.chain;
    }
    json.key(step.name);
    step.kind == SigningStep::Kind::json ? json.raw(step.value) : json.text(shown(step));
  }
  if (!chain.empty()) json.close();
  json.close();
  fmt::print("{}\n", line);
}
}  // namespace

int explain_signature(const SignFlags& flags) {
  const gateway::Venue* venue = venues::find(flags.venue);
  if (!venue) return complain(2, fmt::format("'{}' is not a venue of this program", flags.venue));
  if (!venue->explain_order) {
    return complain(2, fmt::format("{}: its orders are not signed by themselves; see `venuebox "
                                   "credentials {} --format curl`",
                                   flags.venue, flags.venue));
  }
  std::string order = flags.order;
  if (order == "-") {
    order = {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  }
  const library::SystemClock clock;
  const auto steps =
      venue->explain_order(venue->demo_credential(flags.account), order, clock.now());
  if (!steps) return complain(2, "--order: " + steps.error().text());
  flags.json ? print_json(*steps) : print_lines(*steps);
  return 0;
}

}  // namespace venuebox::app
