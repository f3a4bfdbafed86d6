// venuebox check-venues: every venue through what its clients need first, with the client library,
// as one table. Trades nowhere but in a box, and speaks to nobody outside this machine unless
// asked.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/commands.h"
#include "app/options.h"
#include "base/json_writer.h"
#include "library/connect.h"
#include "library/numbers.h"
#include "venues/all.h"

namespace venuebox::app {
namespace {
using client::Exchange;
using library::text_of;

enum class Mark : std::uint8_t { passed, failed, skipped };
struct Check {
  std::string name;
  Mark mark = Mark::passed;
  std::string words;
};

// Of a venue that is not told which to examine.
const std::vector<std::string> kUsualSymbols{"BTC/USDT:USDT", "BTC/USD:USDC"};

bool is_box(const CheckVenuesFlags& flags) { return !flags.network && !flags.testnet; }

// One venue, as the checks go through it.
class Examination {
 public:
  //   reader  the same venue without keys
  //   symbols  the first of them that the venue lists is examined
  Examination(net::Loop& loop, Exchange& exchange, Exchange& reader,
              std::vector<std::string> symbols, bool may_trade)
      : exchange_(exchange),
        venue_(loop, exchange),
        reader_(loop, reader),
        symbols_(std::move(symbols)),
        may_trade_(may_trade) {}

  std::vector<Check> run() {
    if (!check_markets()) return std::move(checks_);
    check_prices();
    check_signed_call();
    check_round_trip();
    check_read_only();
    return std::move(checks_);
  }

 private:
  void note(std::string name, bool passed, std::string words) {
    checks_.push_back({std::move(name), passed ? Mark::passed : Mark::failed, std::move(words)});
  }
  void skip(std::string name, std::string words) {
    checks_.push_back({std::move(name), Mark::skipped, std::move(words)});
  }

  bool check_markets() {
    const auto markets = venue_.load_markets();
    if (!markets) {
      note("reachable", false, markets.text);
      return false;
    }
    note("reachable", true, fmt::format("{} markets", markets.value->size()));
    for (const std::string& symbol : symbols_) {
      const auto at = std::ranges::find(*markets.value, symbol, &unified::Market::symbol);
      if (at == markets.value->end()) continue;
      market_ = *at;
      symbol_ = symbol;
      return true;
    }
    note("market", false, fmt::format("{} is not listed", fmt::join(symbols_, " or ")));
    return false;
  }

  void check_prices() {
    const auto ticker = venue_.fetch_ticker(symbol_);
    if (!ticker) return note("prices", false, ticker.text);
    bid_ = ticker.value->bid;
    const auto& ask = ticker.value->ask;
    if (!bid_ || !ask) return note("prices", false, "there is no bid or no offer");
    note("prices", compare(*bid_, *ask) < 0, fmt::format("{} / {}", text_of(*bid_), text_of(*ask)));
  }

  void check_signed_call() {
    if (!exchange_.has_keys()) return skip("signed call", exchange_.missing());
    const auto balances = venue_.fetch_balance();
    note("signed call", bool(balances),
         balances ? fmt::format("{} assets", balances.value->assets.size()) : balances.text);
  }

  // An order of the smallest size below the bid, which nobody takes, found and cancelled.
  void check_round_trip() {
    if (!exchange_.trading_enabled()) return skip("order", exchange_.missing());
    if (!may_trade_) return skip("order", "only where the venue is a box on this machine");
    if (!bid_) return skip("order", "without a price there is none to stay away from");
    unified::NewOrder order{.symbol = symbol_, .quantity = quantity(), .price = below_the_bid()};
    order.is_post_only = true;
    const auto placed = venue_.create_order(order);
    if (!placed) return note("order", false, placed.text);
    const unified::OrderName name{.id = placed.value->id};
    const auto found = venue_.fetch_order(symbol_, name);
    const auto cancelled = venue_.cancel_order(symbol_, name);
    if (!found) return note("order", false, found.text);
    if (!cancelled) return note("order", false, cancelled.text);
    note("order", found.value->state == unified::OrderState::open, "placed, found and cancelled");
  }

  void check_read_only() {
    const auto loaded = reader_.load_markets();
    if (!loaded) return note("read-only", false, loaded.text);
    unified::NewOrder order{.symbol = symbol_, .quantity = quantity(), .price = below_the_bid()};
    const auto placed = reader_.create_order(order);
    note("read-only", placed.kind == client::CallOutcome::Kind::refused, placed.text);
  }

  // Enough for the market's smallest notional at half the bid.
  Decimal quantity() const {
    const Decimal step = market_->quantity_step;
    Decimal quantity = market_->quantity_min;
    if (!market_->notional_min || !bid_) return quantity;
    const int scale = std::max(quantity.scale, step.scale);
    const Int128 least = std::get<Int128>(rescale(quantity, scale));
    const Int128 one = std::get<Int128>(rescale(step, scale));
    const Decimal price = below_the_bid();
    const Int128 wanted = multiply(market_->notional_min->units, power_of_ten(scale + price.scale));
    const Int128 each = multiply(price.units, power_of_ten(market_->notional_min->scale));
    const Int128 needed = div_ceil(wanted, each);
    return {multiply(div_ceil(std::max(least, needed), one), one), scale};
  }

  // Where nothing trades, and within the band around the mark that venues have.
  Decimal below_the_bid() const {
    if (!bid_) return market_->tick;
    const Decimal price = library::floored(library::times(*bid_, {97, 2}), market_->tick);
    return price.units > 0 ? price : market_->tick;
  }

  Exchange& exchange_;
  client::BlockingExchange venue_;
  client::BlockingExchange reader_;
  std::vector<std::string> symbols_;
  std::string symbol_;
  bool may_trade_;
  std::optional<unified::Market> market_;
  std::optional<Decimal> bid_;
  std::vector<Check> checks_;
};

std::string_view word(Mark mark) {
  switch (mark) {
    case Mark::passed: return "ok";
    case Mark::failed: return "FAILED";
    case Mark::skipped: return "skipped";
  }
  return "";
}

void print(const CheckVenuesFlags& flags, std::string_view venue,
           const std::vector<Check>& checks) {
  for (const Check& check : checks) {
    if (!flags.json) {
      fmt::print("{:<10} {:<12} {:<8} {}\n", venue, check.name, word(check.mark), check.words);
      continue;
    }
    std::string line;
    JsonWriter json(line);
    json.open().text("venue", venue).text("check", check.name).text("result", word(check.mark));
    json.text("text", check.words).close();
    fmt::print("{}\n", line);
  }
}

// A box serves its venues under their names, and has keys that are no secret; what `venuebox
// secrets` keeps is for the real ones.
library::ConnectSettings settings_for(const CheckVenuesFlags& flags, std::string_view venue) {
  library::ConnectSettings settings{.venue = std::string(venue)};
  settings.api_env = !flags.env.empty() ? flags.env : is_box(flags) ? "dev" : "shadow";
  settings.network = !is_box(flags);
  settings.testnet = flags.testnet;
  settings.ca_file = flags.ca_file;
  if (is_box(flags)) {
    settings.base_url = fmt::format("{}/{}", flags.url, venue);
    settings.demo_account = "alice";
  } else {
    settings.secrets = {std::make_shared<client::FileSecrets>(secrets_path())};
  }
  settings.log = [](std::string_view) {};  // The checks say it.
  return settings;
}

// By the flags' names where the setting has another.
std::string words_of(const Error& error) {
  const std::string flag = error.where == "base_url"  ? "--url"
                           : error.where == "api_env" ? "--env"
                           : error.where == "ca_file" ? "--ca-file"
                                                      : error.where;
  return flag + ": " + error.detail;
}
}  // namespace

std::string check_venues_help() {
  std::string text =
      "Keys are taken from the environment, else, of the real venues, from `venuebox secrets`:\n";
  for (const gateway::Venue* venue : venues::all()) {
    if (!venue->client) continue;
    const auto& [key, secret] = venue->client->key_variables;
    text += fmt::format("  {:<10} {} and {}\n", venue->name, key, secret);
  }
  return text + "A box has keys of its own; without any, what needs them is skipped.";
}

int check_venues(const CheckVenuesFlags& flags) {
  if (!flags.venue.empty() && !venues::find(flags.venue)) {
    return complain(2, fmt::format("'{}' is not a venue", flags.venue));
  }
  if (!is_box(flags) && flags.env == "dev") {
    return complain(2, "--env: dev is a box on this machine; choose shadow, soak or prod");
  }
  const auto symbols =
      flags.symbol.empty() ? kUsualSymbols : std::vector<std::string>{flags.symbol};
  bool has_failed = false;
  for (const gateway::Venue* venue : venues::all()) {
    if (!venue->client || (!flags.venue.empty() && flags.venue != venue->name)) continue;
    const auto connected = library::connect(settings_for(flags, venue->name));
    if (!connected) return complain(2, words_of(connected.error()));
    library::Connection& connection = **connected;
    Exchange reader(*venue->client, std::nullopt, connection.transport(), connection.scheduler());
    const auto checks =
        Examination(connection.loop(), connection.exchange(), reader, symbols, is_box(flags)).run();
    print(flags, venue->name, checks);
    for (const Check& check : checks)
      has_failed |= check.mark == Mark::failed;
  }
  return has_failed ? 1 : 0;
}

}  // namespace venuebox::app
