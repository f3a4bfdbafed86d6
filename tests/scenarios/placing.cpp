#include "placing.h"

#include <algorithm>

#include <fmt/core.h>

#include "numbers.h"
#include "references.h"
#include "vocabulary.h"

namespace venuebox::scenarios {
namespace {

// An order as its line is read.
struct Draft {
  Words& words;
  const World& world;
  const Instrument& terms;
  PlacedOrder& placed;

  PlaceOrder& order() const { return placed.order; }
  Ticks price() const { return read_ticks(words, terms); }
  // A trigger without a word on its direction is that of a stop: a sale waits for falling prices.
  Trigger& trigger() const {
    if (!order().trigger) {
      order().trigger.emplace();
      const bool falls = order().side == Side::sell;
      order().trigger->direction = falls ? TriggerDirection::falls : TriggerDirection::rises;
    }
    return *order().trigger;
  }
};

struct Option {
  std::string_view word;
  void (*read)(const Draft&);
};

PriceSource read_source(Words& words) {
  const auto source = value_of<PriceSource>(words.peek());
  if (source) words.next("a price source");
  return source.value_or(PriceSource::last);
}

Timestamp read_expiry(const Draft& d) {
  if (d.words.take("never")) return kNever;
  if (d.words.take("ns")) return {read_whole(d.words)};
  return d.world.clock + read_duration(d.words);
}

// "when last >= 61000", "when mark <= 59000"
void read_when(const Draft& d) {
  Trigger& trigger = d.trigger();
  trigger.source = read_enum<PriceSource>(d.words);
  const std::string_view sign = d.words.next(">= or <=");
  if (sign != ">=" && sign != "<=") return d.words.fail(fmt::format("{} is not >= or <=", sign));
  trigger.direction = sign == ">=" ? TriggerDirection::rises : TriggerDirection::falls;
  trigger.price = d.price();
}

// "trail 100", "trail mark 1%"
void read_trailing(const Draft& d) {
  Trigger& trigger = d.trigger();
  if (const auto source = value_of<PriceSource>(d.words.peek())) {
    d.words.next("a price source");
    trigger.source = *source;
  }
  if (d.words.peek().ends_with('%') || d.words.peek() == "rate") {
    trigger.trail_rate = read_rate(d.words);
  } else {
    trigger.trail_offset = d.price();
  }
}

void read_value(const Draft& d) {
  const auto assets = d.world.view().assets();
  d.order().value = read_money(d.words, assets[d.terms.quote.raw]);
}

// clang-format off
constexpr Option kOptions[] = {
    {"at",          [](const Draft& d) { d.order().price = d.price(); }},
    {"worst",       [](const Draft& d) { d.order().price = d.price(); }},
    {"value",       read_value},
    {"gtc",         [](const Draft& d) { d.order().time_in_force = TimeInForce::gtc; }},
    {"ioc",         [](const Draft& d) { d.order().time_in_force = TimeInForce::ioc; }},
    {"fok",         [](const Draft& d) { d.order().time_in_force = TimeInForce::fok; }},
    {"gtd",         [](const Draft& d) { d.order().time_in_force = TimeInForce::gtd;
                                         d.order().expires = read_expiry(d); }},
    {"expires",     [](const Draft& d) { d.order().expires = read_expiry(d); }},
    {"post-only",   [](const Draft& d) { d.order().post_only = true; }},
    {"reduce-only", [](const Draft& d) { d.order().reduce_only = true; }},
    {"close",       [](const Draft& d) { d.order().close_position = true; }},
    {"display",     [](const Draft& d) { d.order().display = read_lots(d.words, d.terms); }},
    {"self-trade",  [](const Draft& d) { d.order().self_trade = read_enum<SelfTrade>(d.words); }},
    {"session",     [](const Draft& d) { d.order().session = read_within<std::uint32_t>(d.words); }},
    {"when",        read_when},
    {"trail",       read_trailing},
    {"from",        [](const Draft& d) { d.trigger().activation = d.price(); }},
    {"rises",       [](const Draft& d) { d.trigger().direction = TriggerDirection::rises; }},
    {"falls",       [](const Draft& d) { d.trigger().direction = TriggerDirection::falls; }},
    {"at-once",     [](const Draft& d) { d.trigger().may_fire_at_once = true; }},
    {"tp",          [](const Draft& d) { d.order().take_profit = read_stop(d.words, d.terms); }},
    {"sl",          [](const Draft& d) { d.order().stop_loss = read_stop(d.words, d.terms); }},
    {"whole",       [](const Draft& d) { d.order().stops = Attachment::whole; }},
    {"partial",     [](const Draft& d) { d.order().stops = Attachment::partial; }},
    {"purpose",     [](const Draft& d) { d.order().purpose = read_enum<OrderPurpose>(d.words); }},
    {"attached",    [](const Draft& d) { d.order().attachment = read_enum<Attachment>(d.words); }},
    {"long",        [](const Draft& d) { d.order().position_side = PositionSide::long_side; }},
    {"short",       [](const Draft& d) { d.order().position_side = PositionSide::short_side; }},
    {"id",          [](const Draft& d) { d.order().client_order_id = read_client_order_id(d.words); }},
    {"as",          [](const Draft& d) { d.placed.name = read_new_name(d.words, d.world); }},
    {"on",          [](const Draft& d) { d.order().instrument = read_instrument(d.words, d.world); }},
};
// clang-format on

void read_options(const Draft& draft) {
  while (!draft.words.at_end()) {
    const std::string_view word = draft.words.next("an option");
    const auto option = std::ranges::find(kOptions, word, &Option::word);
    if (option == std::end(kOptions)) return draft.words.fail_unknown(word);
    option->read(draft);
  }
}

// The instrument must be known before its prices can be read.
InstrumentId instrument_ahead(Words& words, const World& world) {
  const auto name = words.behind("on");
  return name ? world.find_instrument(*name).value_or(world.instrument) : world.instrument;
}

}  // namespace

PlacedOrder read_place(Words& words, const World& world, AccountId account, Side side) {
  PlacedOrder placed;
  PlaceOrder& order = placed.order;
  order.account = account;
  order.instrument = instrument_ahead(words, world);
  order.side = side;
  const Instrument& terms = world.terms(order.instrument);
  order.value = {0, terms.quote};
  if (words.take("market")) order.type = OrderType::market;
  const bool has_quantity = begins_number(words.peek());
  if (has_quantity) order.quantity = read_lots(words, terms);
  const bool has_price = words.behind("at").has_value();
  read_options({words, world, terms, placed});
  if (!has_quantity && !order.close_position && order.value.units == 0) {
    words.fail("a quantity is missing (or: value, close)");
  }
  if (order.type == OrderType::limit && !has_price) {
    words.fail("a price is missing: at PRICE (or: market)");
  }
  return placed;
}

AmendOrder read_amend(Words& words, const World& world, AccountId account) {
  const OrderReference order = read_order(words, world);
  AmendOrder amend{account, order.instrument, order.id, order.client_order_id, {}, {}, {}, {}, {}};
  if (words.behind("on")) amend.instrument = instrument_ahead(words, world);
  const Instrument& terms = world.terms(amend.instrument);
  while (!words.at_end()) {
    if (words.take("to")) {
      amend.quantity = read_lots(words, terms);
    } else if (words.take("at")) {
      amend.price = read_ticks(words, terms);
    } else if (words.take("trigger")) {
      amend.trigger_price = read_ticks(words, terms);
    } else if (words.take("tp")) {
      amend.take_profit = read_stop(words, terms);
    } else if (words.take("sl")) {
      amend.stop_loss = read_stop(words, terms);
    } else if (words.take("on")) {
      amend.instrument = read_instrument(words, world);
    } else {
      words.fail_unknown(words.peek());
    }
  }
  return amend;
}

StopTerms read_stop(Words& words, const Instrument& terms) {
  StopTerms stop;
  stop.source = read_source(words);
  if (!words.take("none")) stop.trigger_price = read_ticks(words, terms);
  if (words.take("limit")) {
    stop.type = OrderType::limit;
    stop.price = read_ticks(words, terms);
  }
  return stop;
}

Trail read_trail(Words& words, const Instrument& terms) {
  Trail trail;
  trail.source = read_source(words);
  if (!words.take("none")) trail.offset = read_ticks(words, terms);
  if (words.take("from")) trail.activation = read_ticks(words, terms);
  return trail;
}

}  // namespace venuebox::scenarios
