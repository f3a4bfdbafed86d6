// venuebox check-venues: every venue through what its clients need first, with the client library,
// as one table. Trades nowhere but in a box, and speaks to nobody outside this machine unless
// asked.
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "library/system_clock.h"
#include "app/commands.h"
#include "app/options.h"
#include "base/json_writer.h"
#include "client/blocking.h"
#include "client/network_transport.h"
#include "client/secrets.h"
#include "venues/all.h"

namespace venuebox::app {
namespace {
using client::Exchange;
using client::Reply;

enum class Mark : std::uint8_t { passed, failed, skipped };
struct Check {
  std::string name;
  Mark mark = Mark::passed;
  std::string words;
};

bool is_box(const CheckVenuesFlags& flags) { return !flags.network && !flags.testnet; }

std::string text_of(const Decimal& value) { return trimmed_text(value.units, value.scale); }

bool is_less(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale, b.scale);
  const auto left = rescale(a, scale);
  const auto right = rescale(b, scale);
  return std::holds_alternative<Int128>(left) && std::holds_alternative<Int128>(right) &&
         std::get<Int128>(left) < std::get<Int128>(right);
}

// One venue, as the checks go through it.
class Examination {
 public:
  Examination(net::Loop& loop, Exchange& exchange, Exchange& reader, const std::string& symbol,
              bool may_trade)
      : loop_(loop), exchange_(exchange), reader_(reader), symbol_(symbol), may_trade_(may_trade) {}

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
    const auto markets = client::blocking<std::vector<unified::Market>>(
        loop_, [&](auto then) { exchange_.load_markets(then); });
    if (!markets) {
      note("reachable", false, markets.text);
      return false;
    }
    note("reachable", true, fmt::format("{} markets", markets.value->size()));
    for (const unified::Market& market : *markets.value) {
      if (market.symbol == symbol_) market_ = market;
    }
    if (!market_) note("market", false, fmt::format("{} is not listed", symbol_));
    return market_.has_value();
  }

  void check_prices() {
    const auto ticker = client::blocking<unified::Ticker>(
        loop_, [&](auto then) { exchange_.fetch_ticker(symbol_, then); });
    if (!ticker) return note("prices", false, ticker.text);
    bid_ = ticker.value->bid;
    const auto& ask = ticker.value->ask;
    if (!bid_ || !ask) return note("prices", false, "there is no bid or no offer");
    note("prices", is_less(*bid_, *ask), fmt::format("{} / {}", text_of(*bid_), text_of(*ask)));
  }

  void check_signed_call() {
    if (!exchange_.trading_enabled()) return skip("signed call", exchange_.missing());
    const auto balances = client::blocking<unified::Balances>(
        loop_, [&](auto then) { exchange_.fetch_balance(then); });
    note("signed call", bool(balances),
         balances ? fmt::format("{} assets", balances.value->assets.size()) : balances.text);
  }

  // An order of the smallest size at half the bid, which nobody takes, found and cancelled.
  void check_round_trip() {
    if (!exchange_.trading_enabled()) return skip("order", exchange_.missing());
    if (!may_trade_) return skip("order", "only where the venue is a box on this machine");
    if (!bid_) return skip("order", "without a price there is none to stay away from");
    unified::NewOrder order{.symbol = symbol_, .quantity = quantity(), .price = half_the_bid()};
    order.is_post_only = true;
    const auto placed = client::blocking<client::PlacedOrder>(
        loop_, [&](auto then) { exchange_.create_order(order, then); });
    if (!placed) return note("order", false, placed.text);
    const unified::OrderName name{.id = placed.value->id};
    const auto found = client::blocking<unified::OrderRow>(
        loop_, [&](auto then) { exchange_.fetch_order(symbol_, name, then); });
    const auto cancelled = client::blocking<client::PlacedOrder>(
        loop_, [&](auto then) { exchange_.cancel_order(symbol_, name, then); });
    if (!found) return note("order", false, found.text);
    if (!cancelled) return note("order", false, cancelled.text);
    note("order", found.value->state == unified::OrderState::open, "placed, found and cancelled");
  }

  void check_read_only() {
    const auto loaded = client::blocking<std::vector<unified::Market>>(
        loop_, [&](auto then) { reader_.load_markets(then); });
    if (!loaded) return note("read-only", false, loaded.text);
    unified::NewOrder order{.symbol = symbol_, .quantity = quantity(), .price = half_the_bid()};
    const auto placed = client::blocking<client::PlacedOrder>(
        loop_, [&](auto then) { reader_.create_order(order, then); });
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
    const Decimal price = half_the_bid();
    const Int128 wanted = multiply(market_->notional_min->units, power_of_ten(scale + price.scale));
    const Int128 each = multiply(price.units, power_of_ten(market_->notional_min->scale));
    const Int128 needed = div_ceil(wanted, each);
    return {multiply(div_ceil(std::max(least, needed), one), one), scale};
  }

  Decimal half_the_bid() const {
    if (!bid_) return market_->tick;
    const int scale = std::max(bid_->scale, market_->tick.scale);
    const Int128 tick = std::get<Int128>(rescale(market_->tick, scale));
    const Int128 half = std::get<Int128>(rescale(*bid_, scale)) / 2;
    return {multiply(std::max<Int128>(1, half / tick), tick), scale};
  }

  net::Loop& loop_;
  Exchange& exchange_;
  Exchange& reader_;
  std::string symbol_;
  bool may_trade_;
  std::optional<unified::Market> market_;
  std::optional<Decimal> bid_;
  std::vector<Check> checks_;
};

// The venue's keys: from the environment; else those of a box, which are no secret, or of the real
// venue what `venuebox secrets` keeps. Absent: there are none.
Result<std::optional<gateway::ClientKeys>> keys_for(const gateway::Venue& venue,
                                                    const CheckVenuesFlags& flags) {
  const auto demo = venue.credential_fields(venue.demo_credential("alice"));
  const std::string venue_name(venue.name);
  std::vector<client::EnvironmentSecrets::Variable> variables;
  for (std::size_t i = 0; i < venue.client->key_variables.size(); ++i)
    variables.push_back({venue_name, demo[i].first, std::string(venue.client->key_variables[i])});
  const client::EnvironmentSecrets environment(
      [](const char* name) -> const char* { return std::getenv(name); }, variables);
  const client::FileSecrets file(secrets_path());
  std::array<std::string, 2> keys;
  for (const client::Secrets* secrets : {static_cast<const client::Secrets*>(&environment),
                                         static_cast<const client::Secrets*>(&file)}) {
    if (secrets == &file && is_box(flags)) break;
    bool is_whole = true;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      auto found =
          secrets->find({.env = flags.env, .venue = venue_name, .key_type = variables[i].key_type});
      if (!found) return found.error();
      is_whole = is_whole && found->has_value();
      keys[i] = found->value_or("");
    }
    if (is_whole) return std::optional(gateway::ClientKeys{keys[0], keys[1]});
  }
  if (!is_box(flags)) return std::optional<gateway::ClientKeys>();
  return std::optional(gateway::ClientKeys{demo[0].second, demo[1].second});
}

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

// A box serves its venues under their names.
std::string base_url(const CheckVenuesFlags& flags, const gateway::ClientDialect& dialect) {
  if (flags.testnet) return std::string(dialect.testnet_url);
  if (flags.network) return std::string(dialect.base_url);
  return fmt::format("{}/{}", flags.url, dialect.name);
}
}  // namespace

int check_venues(const CheckVenuesFlags& flags) {
  if (!flags.venue.empty() && !venues::find(flags.venue)) {
    return complain(2, fmt::format("'{}' is not a venue", flags.venue));
  }
  net::Loop loop;
  const library::SystemClock clock;
  client::LoopScheduler scheduler(loop, clock);
  bool has_failed = false;
  for (const gateway::Venue* venue : venues::all()) {
    if (!venue->client || (!flags.venue.empty() && flags.venue != venue->name)) continue;
    const auto url = net::base_url_from(base_url(flags, *venue->client));
    if (!url) return complain(2, "--url: " + url.error().text());
    client::NetworkTransport transport(loop, *url,
                                       {.allow_network = !is_box(flags), .ca_file = {}});
    client::ExchangeSettings settings;
    settings.order_id_prefix = fmt::format("check-{}", clock.now().ms());
    if (is_box(flags)) settings.origin = unified::Origin::simulated;
    const auto keys = keys_for(*venue, flags);
    if (!keys) return complain(2, keys.error().text());
    Exchange exchange(*venue->client, *keys, transport, scheduler, settings);
    Exchange reader(*venue->client, std::nullopt, transport, scheduler, settings);
    const auto checks = Examination(loop, exchange, reader, flags.symbol, is_box(flags)).run();
    print(flags, venue->name, checks);
    for (const Check& check : checks)
      has_failed |= check.mark == Mark::failed;
  }
  return has_failed ? 1 : 0;
}

}  // namespace venuebox::app
