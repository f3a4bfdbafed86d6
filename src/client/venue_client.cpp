#include "client/venue_client.h"

#include <fmt/format.h>

namespace venuebox::client {
namespace {
constexpr int kFillsMax = 100;  // that are asked for after a gap, of each market: the newest

WatcherSettings watched_as(WatcherSettings settings, Exchange& exchange, unified::Origin origin) {
  settings.origin = origin;
  if (exchange.has_keys()) {
    settings.connection.refresh_keys = [&exchange](auto then) {
      exchange.with_token(std::move(then));
    };
  }
  return settings;
}
}  // namespace

VenueClient::VenueClient(const gateway::ClientDialect& dialect,
                         std::optional<gateway::ClientKeys> keys, Transport& transport,
                         StreamTransport* streams, std::string no_streams, Scheduler& scheduler,
                         ExchangeSettings exchange, Policies settings)
    : exchange_(dialect, keys, transport, scheduler, exchange),
      orders_(exchange_, scheduler, settings.maintenance, settings.repricing),
      reconciler_(exchange_, scheduler, std::move(settings.reconciliation)),
      age_policy_(exchange_, scheduler, settings.age),
      no_streams_(std::move(no_streams)) {
  reconciler_.on_difference = [this](const Difference& difference) { differs(difference); };
  if (!dialect.streams) {
    no_streams_ = fmt::format("of {} no streams are known", dialect.name);
  } else if (streams) {
    watcher_ = std::make_unique<Watcher>(dialect, std::move(keys), *streams, scheduler,
                                         watched_as(settings.streams, exchange_, exchange.origin));
    watcher_->on_event([this](const StreamEvent& event) { happened(event); });
  }
}

Result<Watcher*> VenueClient::watcher() {
  if (watcher_) return watcher_.get();
  return Error{ErrorKind::unsupported, "streams", no_streams_};
}

// ---- the beginning ------------------------------------------------------------------------------

void VenueClient::start(Then<std::vector<unified::Market>> then) {
  exchange_.load_markets(
      [this, alive = alive_, then = std::move(then)](Reply<std::vector<unified::Market>> reply) {
        if (!*alive) return;
        if (reply) {
          if (watcher_) watcher_->set_markets(exchange_.markets());
          if (exchange_.has_keys() && !std::exchange(is_following_, true)) follow_account();
        }
        then(std::move(reply));
      });
}

void VenueClient::follow_account() {
  exchange_.keep_own_view();
  reconciler_.start();
  age_policy_.start();
  if (watcher_) {
    const auto feed = [this](const auto& rows) {
      for (const auto& row : rows)
        exchange_.own().take(row);
    };
    // With keys these are not refused; what the venue itself refuses is an event.
    (void)watcher_->watch_orders(feed);
    (void)watcher_->watch_positions(feed);
    (void)watcher_->watch_balance(feed);
    (void)watcher_->watch_my_trades(
        [this](const std::vector<unified::FillRow>& fills) { take(fills); });
  }
  reconciler_.run();
}

// ---- what is told -------------------------------------------------------------------------------

// Whoever is told of a fill may end the client.
void VenueClient::take(const std::vector<unified::FillRow>& fills) {
  const std::shared_ptr<bool> alive = alive_;
  for (const unified::FillRow& fill : fills) {
    if (!*alive) return;
    if (exchange_.own().take(fill) && on_fill) on_fill(fill);
  }
}

// Fills come first: what they explain is no difference.
void VenueClient::happened(const StreamEvent& event) {
  if (event.kind == StreamEvent::Kind::gap)
    recover_fills(own_symbols(), [this] { reconciler_.run(); });
  if (on_event) on_event(event);
}

void VenueClient::differs(const Difference& difference) {
  const auto& ours = difference.our_order;
  const auto& theirs = difference.their_order;
  const bool has_filled = ours && theirs && venuebox::compare(theirs->filled, ours->filled) > 0;
  if (has_filled) recover_fills({ours->symbol}, {});
  if (on_difference) on_difference(difference);
}

std::vector<std::string> VenueClient::own_symbols() const {
  std::set<std::string> symbols;
  for (const auto& [name, order] : exchange_.own().orders())
    symbols.insert(order.row.symbol);
  return {symbols.begin(), symbols.end()};
}

void VenueClient::recover_fills(std::vector<std::string> symbols, std::function<void()> then) {
  if (symbols.empty()) {
    if (then) then();
    return;
  }
  const std::string symbol = std::move(symbols.back());
  symbols.pop_back();
  exchange_.fetch_my_trades(
      symbol, kFillsMax,
      [this, alive = alive_, symbols = std::move(symbols),
       then = std::move(then)](const Reply<std::vector<unified::FillRow>>& reply) mutable {
        if (!*alive) return;
        // What cannot be had now the reconciliation finds as a quantity, and it is asked for again.
        if (reply) take(*reply.value);
        if (*alive) recover_fills(std::move(symbols), std::move(then));
      });
}

}  // namespace venuebox::client
