#include "load/trader.h"

#include <fmt/core.h>

namespace venuebox::load {
namespace {
using client::CallOutcome;
using client::Reply;
using client::TransportError;
using gateway::Verdict;

constexpr const char* kSymbol = "BTC/USDT:USDT";

std::string_view type_of(TransportError::Kind kind) {
  switch (kind) {
    case TransportError::Kind::timeout: return "timeout";
    case TransportError::Kind::garbled: return "garbled_answer";
    default: return "connection";
  }
}

std::string_view type_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
    case Verdict::refused: return "refused";
    case Verdict::insufficient_funds: return "insufficient_funds";
    case Verdict::bad_price: return "bad_price";
    case Verdict::unknown_order: return "unknown_order";
    case Verdict::duplicate_client_order_id: return "duplicate_client_order_id";
    case Verdict::rate_limited: return "rate_limited";
    case Verdict::unavailable: return "unavailable";
    case Verdict::maintenance: return "maintenance";
    case Verdict::uncertain: return "server_error";
    case Verdict::not_authorised: return "not_authorised";
    case Verdict::stale_clock: return "stale_clock";
    case Verdict::garbled: return "garbled_answer";
  }
  return "refused";
}

client::ExchangeSettings exchange_settings(const Settings& settings, int number) {
  client::ExchangeSettings made;
  made.caller.deadline = seconds(settings.timeout_s);
  made.caller.seed = settings.seed + static_cast<std::uint64_t>(number);
  // The client's own pace is no bound here: the test's rate is.
  made.caller.pacing = {.capacity = kRateMax, .refill_per_second = kRateMax};
  made.origin = unified::Origin::simulated;
  made.order_id_prefix = fmt::format("load-{}", number + 1);
  return made;
}

gateway::LatencyModel latency_of(const Settings& settings) {
  return *gateway::LatencyModel::from_text(settings.latency);
}
}  // namespace

Trader::Trader(const Settings& settings, int number, const gateway::ClientDialect& dialect,
               gateway::ClientKeys keys, client::Transport& venue, client::Scheduler& scheduler,
               Tally& tally)
    : settings_(settings),
      scheduler_(scheduler),
      tally_(tally),
      link_(venue, scheduler, dialect, latency_of(settings),
            RandomStream(settings.seed, fmt::format("load latency {}", number))),
      exchange_(dialect, std::move(keys), link_, scheduler, exchange_settings(settings, number)),
      choice_(settings.seed, fmt::format("load choice {}", number)),
      interval_(nanoseconds(seconds(60).raw / settings.rate)),
      offset_(nanoseconds(interval_.raw * number / settings.clients)) {}

template <class Work>
void Trader::later(Nanoseconds wait, Work work) {
  scheduler_.after(wait, [alive = alive_, work = std::move(work)] {
    if (*alive) work();
  });
}

void Trader::start(Timestamp until) {
  until_ = until;
  due_ = scheduler_.now() + offset_;
  later(offset_, [this] { next(); });
}

void Trader::next() {
  const bool has_placed_all = settings_.orders_each > 0 && placed_ == settings_.orders_each;
  if (scheduler_.now() >= until_ || has_placed_all) {
    has_ended_ = true;
    return;
  }
  due_ = scheduler_.now() + interval_;
  begin(choose());
}

// An order is looked after first: asked for, and cancelled when it is still open.
Operation Trader::choose() {
  if (settings_.orders_each > 0) return Operation::place_order;
  if (!open_.empty()) return Operation::cancel_order;
  if (!unseen_.empty()) return Operation::fetch_order;
  const std::uint64_t percent = choice_.below(100);
  if (percent < 50) return Operation::place_order;
  if (percent < 70) return Operation::fetch_ticker;
  if (percent < 85) return Operation::fetch_order_book;
  return Operation::fetch_balance;
}

void Trader::begin(Operation operation) {
  present_ = {.operation = operation, .began = scheduler_.now(), .took = {}, .failure = {}};
  sent_before_ = link_.sent();
  rate_limited_before_ = link_.rate_limited();
  switch (operation) {
    case Operation::fetch_ticker:
      return exchange_.fetch_ticker(kSymbol, finishing<unified::Ticker>());
    case Operation::fetch_order_book:
      return exchange_.fetch_order_book(kSymbol, 5, finishing<unified::OrderBook>());
    case Operation::fetch_balance: return exchange_.fetch_balance(finishing<unified::Balances>());
    case Operation::place_order: return place_order();
    case Operation::fetch_order:
      return exchange_.fetch_order(
          kSymbol, {.id = std::exchange(unseen_, {})},
          finishing<unified::OrderRow>([this](const auto& order) { follow(order); }));
    case Operation::cancel_order:
      return exchange_.cancel_order(kSymbol, {.id = std::exchange(open_, {})},
                                    finishing<client::PlacedOrder>());
  }
}

// Four of five at the best price of the other side, the others to wait far away; bought and sold in
// turn.
void Trader::place_order() {
  const bool is_buy = placed_++ % 2 == 0;
  const bool is_waiting = choice_.below(5) == 0;
  const std::int64_t price =
      is_buy ? (is_waiting ? 50'000 : 60'001) : (is_waiting ? 70'000 : 60'000);
  unified::NewOrder order{
      .symbol = kSymbol, .side = is_buy ? Side::buy : Side::sell, .quantity = {1, 2}};
  order.price = Decimal{price, 0};
  exchange_.create_order(
      std::move(order),
      finishing<client::PlacedOrder>([this](const auto& placed) { unseen_ = placed.id; }));
}

void Trader::follow(const unified::OrderRow& order) {
  const bool has_filled = compare(order.filled, {}) > 0;
  if (has_filled && compare(order.filled, order.quantity) < 0) tally_.add_partial_fill();
  if (!client::has_ended(order.state)) open_ = order.id;
}

template <class T>
client::Then<T> Trader::finishing(std::function<void(const T&)> succeeded) {
  return [this, alive = alive_, succeeded = std::move(succeeded)](Reply<T> reply) {
    if (!*alive) return;
    if (reply) {
      if (succeeded) succeeded(*reply.value);
      return finish({});
    }
    if (link_.sent() == sent_before_) return finish("circuit_open");
    if (reply.kind == CallOutcome::Kind::unknown) return finish("unknown_outcome");
    finish(std::string(reply.transport_error ? type_of(*reply.transport_error)
                                             : type_of(reply.verdict)));
  };
}

void Trader::finish(std::string failure) {
  const Timestamp now = scheduler_.now();
  present_.took = now - present_.began;
  present_.failure = std::move(failure);
  present_.requests = link_.sent() - sent_before_;
  present_.rate_limited = link_.rate_limited() - rate_limited_before_;
  tally_.add(present_);
  later(std::max(due_ - now, Nanoseconds{}), [this] { next(); });
}

}  // namespace venuebox::load
