#include "properties.h"

#include <algorithm>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "numbers.h"
#include "vocabulary.h"

namespace venuebox::scenarios {
namespace {

std::string order_text(OrderId order, const World& world) {
  return order == OrderId{} ? "none" : world.label(order);
}

struct StopKeys {
  std::string_view trigger, limit, source;
};

// All keys are there whether or not the order has such a term, so that asking for one is never a
// mistake in the scenario.
void add_stop(Properties& all, const StopKeys& keys, const std::optional<StopTerms>& stop,
              const Instrument& terms) {
  const bool is_limit = stop && stop->type == OrderType::limit;
  all.add(keys.trigger, stop ? text_of(stop->trigger_price, terms) : "none");
  all.add(keys.limit, is_limit ? text_of(stop->price, terms) : "none");
  all.add(keys.source, stop ? std::string(word_of(stop->source)) : "none");
}

std::string trail_text(const Trigger& trigger, const Instrument& terms) {
  if (!trigger.is_trailing()) return "none";
  if (trigger.trail_rate != Rate{}) return text_of(trigger.trail_rate);
  return text_of(trigger.trail_offset, terms);
}

void add_trigger(Properties& all, const std::optional<Trigger>& trigger, const Instrument& terms) {
  all.add("trigger", trigger ? text_of(trigger->price, terms) : "none");
  all.add("source", trigger ? std::string(word_of(trigger->source)) : "none");
  all.add_flag("rises", trigger && trigger->direction == TriggerDirection::rises);
  all.add_flag("falls", trigger && trigger->direction == TriggerDirection::falls);
  all.add("trail", trigger ? trail_text(*trigger, terms) : "none");
  all.add("from", trigger ? text_of(trigger->activation, terms) : "none");
  all.add("best", trigger ? text_of(trigger->best, terms) : "none");
}

struct PartyKeys {
  std::string_view fee, profit, closed, position, remaining;
};
constexpr PartyKeys kTaker{"fee", "profit", "closed", "position", "remaining"};
constexpr PartyKeys kMaker{"maker-fee", "maker-profit", "maker-closed", "maker-position",
                           "maker-remaining"};

void add_party(Properties& all, const FillParty& party, const PartyKeys& keys, const World& world,
               const Instrument& terms) {
  all.add(keys.fee, money_text(party.fee, world));
  all.add(keys.profit, money_text(party.realised_profit, world));
  all.add(keys.closed, text_of(party.closed, terms));
  all.add(keys.position, text_of(party.position, terms));
  all.add(keys.remaining, text_of(party.remaining, terms));
}

std::string mark_or_none(std::optional<MarkPrice> price, const Instrument& terms) {
  return price ? mark_text(*price, terms) : "none";
}

std::string best_price(const View& view, InstrumentId instrument, Side side,
                       const Instrument& terms) {
  BookLevel best[1];
  return view.depth(instrument, side, best) == 0 ? "none" : text_of(best[0].price, terms);
}

}  // namespace

const Property* Properties::find(std::string_view key) const {
  const auto found = std::ranges::find(all_, key, &Property::key);
  return found == all_.end() ? nullptr : &*found;
}

std::string Properties::keys() const {
  std::vector<std::string_view> keys;
  for (const Property& property : all_)
    keys.push_back(property.key);
  return fmt::format("{}", fmt::join(keys, ", "));
}

std::vector<Claim> read_claims(Words& words, const Properties& properties) {
  std::vector<Claim> claims;
  while (!words.at_end()) {
    const std::string key(words.next("a property"));
    const Property* property = properties.find(key);
    if (!property) {
      words.fail(fmt::format("unknown word: {} (known here: {})", key, properties.keys()));
    } else if (property->is_flag) {
      claims.push_back({key, property->value == "yes" ? key : "not " + key});
    } else {
      const std::string expected = canonical(words.next(key));
      claims.push_back({key + " " + expected, key + " " + canonical(property->value)});
    }
  }
  return claims;
}

namespace {
// A sum of what filled_value() gives.
std::string filled_text(Int128 value, const Instrument& terms, const World& world) {
  if (terms.is_inverse()) return money_text({value, terms.settle}, world);
  return money_text({value * terms.units_per_tick_lot, terms.quote}, world);
}
}  // namespace

Properties properties_of(const Order& order, const World& world) {
  const Instrument& terms = world.terms(order.instrument);
  Properties all;
  all.add("account", world.label(order.account));
  all.add("on", world.label(order.instrument));
  all.add_flag("buy", order.side == Side::buy);
  all.add_flag("sell", order.side == Side::sell);
  all.add_flag("limit", order.type == OrderType::limit);
  all.add_flag("market", order.type == OrderType::market);
  all.add("time-in-force", std::string(word_of(order.time_in_force)));
  all.add("status", std::string(word_of(order.status)));
  all.add("reason", std::string(word_of(order.cancel_reason)));
  all.add("quantity", text_of(order.quantity, terms));
  all.add("filled", text_of(order.filled, terms));
  all.add("remaining", text_of(order.remaining(), terms));
  all.add("price", text_of(order.price, terms));
  all.add("filled-value", filled_text(order.filled_value, terms, world));
  all.add("fee", money_text(order.fee, world));
  all.add("display", text_of(order.display, terms));
  all.add("shown", text_of(order.shown, terms));
  const bool expires = order.time_in_force == TimeInForce::gtd;
  all.add("expires", expires ? due_text(order.expires, world) : "none");
  all.add("purpose", std::string(word_of(order.purpose)));
  all.add("attached", std::string(word_of(order.attachment)));
  all.add("side", std::string(word_of(order.position_side)));
  all.add("self-trade", std::string(word_of(order.self_trade)));
  all.add("session", fmt::to_string(order.session));
  all.add("parent", order_text(order.parent, world));
  all.add("linked", order_text(order.linked, world));
  all.add("id", std::string(order.client_order_id.view()));
  all.add_flag("post-only", order.post_only);
  all.add_flag("reduce-only", order.reduce_only);
  all.add_flag("close", order.close_position);
  add_trigger(all, order.trigger, terms);
  add_stop(all, {"tp", "tp-limit", "tp-source"}, order.take_profit, terms);
  add_stop(all, {"sl", "sl-limit", "sl-source"}, order.stop_loss, terms);
  return all;
}

Properties properties_of(const Fill& fill, const World& world) {
  const Instrument& terms = world.terms(fill.instrument);
  Properties all;
  all.add("on", world.label(fill.instrument));
  all.add("taker", std::string(word_of(fill.taker_side)));
  all.add("kind", std::string(word_of(fill.kind)));
  add_party(all, fill.taker, kTaker, world, terms);
  add_party(all, fill.maker, kMaker, world, terms);
  return all;
}

Properties properties_of(AccountId account, AssetId asset, const World& world, const View& view) {
  const Balance balance = view.balance(account, asset);
  const MarginSummary margin = view.margin(account, asset);
  Properties all;
  all.add("cash", money_text(balance.cash, world));
  all.add("held", money_text(balance.held, world));
  all.add("free", money_text(balance.free(), world));
  all.add("isolated", money_text(balance.isolated, world));
  all.add("equity", money_text(margin.equity(), world));
  all.add("maintenance", money_text(margin.maintenance, world));
  all.add("unrealised", money_text(margin.unrealised, world));
  all.add("position-initial", money_text(margin.position_initial, world));
  all.add("order-initial", money_text(margin.order_initial, world));
  all.add("available", money_text(margin.available(), world));
  return all;
}

Properties properties_of(AccountId account, InstrumentId instrument, PositionSide side,
                         const World& world, const View& view) {
  const Instrument& terms = world.terms(instrument);
  const Position position = view.position(account, instrument, side);
  const PositionRisk risk = view.risk(account, position);
  const std::int64_t size = position.size.raw;
  Properties all;
  all.add("position", text_of(position.size, terms));
  all.add_flag("flat", size == 0);
  all.add("long", text_of(Lots{std::max<std::int64_t>(size, 0)}, terms));
  all.add("short", text_of(Lots{std::max<std::int64_t>(-size, 0)}, terms));
  all.add("entry-value", money_text(position.entry_value, world));
  all.add("realised", money_text(position.realised_profit, world));
  all.add("fees", money_text(position.fees, world));
  all.add("open-realised", money_text(position.open_realised, world));
  all.add("funding", money_text(position.funding, world));
  all.add("set-aside", money_text(position.margin, world));
  all.add("unrealised", money_text(risk.unrealised, world));
  all.add("value", money_text(risk.value, world));
  all.add("margin", money_text(risk.initial, world));
  all.add("maintenance", money_text(risk.maintenance, world));
  all.add("liquidation", mark_or_none(risk.liquidation_price, terms));
  all.add("bankruptcy", mark_or_none(risk.bankruptcy_price, terms));
  all.add("rank", fmt::to_string(risk.deleveraging_rank));
  all.add("mode", std::string(word_of(view.position_mode(account, instrument))));
  all.add("margin-mode", std::string(word_of(view.margin_mode(account, instrument))));
  all.add("maker-rate", text_of(view.fee_rates(account, instrument).maker));
  all.add("taker-rate", text_of(view.fee_rates(account, instrument).taker));
  all.add("leverage", fmt::to_string(view.leverage(account, instrument)));
  return all;
}

Properties properties_of(InstrumentId instrument, const World& world, const View& view) {
  const Instrument& terms = view.instruments()[instrument.raw];
  const DayStatistics day = view.day_statistics(instrument);
  const auto last = view.last_price(instrument);
  Properties all;
  all.add("last", last ? text_of(*last, terms) : "none");
  all.add("mark", mark_or_none(view.mark_price(instrument), terms));
  all.add("index", mark_or_none(view.index_price(instrument), terms));
  all.add("bid", best_price(view, instrument, Side::buy, terms));
  all.add("ask", best_price(view, instrument, Side::sell, terms));
  all.add("phase", std::string(word_of(terms.phase)));
  const FundingState funding = view.funding(instrument);
  all.add("funding-rate", text_of(funding.rate));
  all.add("last-funding", text_of(funding.last));
  all.add("next-funding", due_text(funding.next, world));
  all.add("open-interest", text_of(view.open_interest(instrument), terms));
  all.add("first", text_of(day.first, terms));
  all.add("high", text_of(day.high, terms));
  all.add("low", text_of(day.low, terms));
  all.add("volume", text_of(day.volume, terms));
  all.add("turnover", filled_text(day.turnover, terms, world));
  return all;
}

std::string money_text(Money money, const World& world) {
  return trimmed_text(money.units, world.asset(money.asset).scale);
}

std::string due_text(Timestamp due, const World& world) {
  return due == kNever ? "never" : text_of(due - world.clock);
}

}  // namespace venuebox::scenarios
