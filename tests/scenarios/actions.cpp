#include "actions.h"

#include <algorithm>

#include <fmt/core.h>

#include "numbers.h"
#include "placing.h"
#include "references.h"
#include "terms.h"
#include "vocabulary.h"

namespace venuebox::scenarios {
namespace {

struct Reading {
  Words& words;
  const World& world;
  AccountId account;
  std::span<const Line> block;  // what of it is read is taken off
  ReadAction& result;
};

struct Verb {
  std::string_view word;
  Action (*read)(Reading&);
};

template <std::size_t N>
const Verb* find_verb(const Verb (&verbs)[N], std::string_view word) {
  const auto found = std::ranges::find(verbs, word, &Verb::word);
  return found == std::end(verbs) ? nullptr : found;
}

// The instrument that a line names somewhere with "on", or the default one.
InstrumentId instrument_of(Words& words, const World& world) {
  const auto name = words.behind("on");
  if (!name) return world.instrument;
  Words word(*name);
  const InstrumentId id = read_instrument(word, world);
  if (!word.problem().empty()) words.fail(word.problem());
  return id;
}

Action place(Reading& r, Side side) {
  PlacedOrder placed = read_place(r.words, r.world, r.account, side);
  return {placed.order, {std::move(placed.name)}, {}};
}
Action buy(Reading& r) { return place(r, Side::buy); }
Action sell(Reading& r) { return place(r, Side::sell); }

Action amend(Reading& r) { return {read_amend(r.words, r.world, r.account), {}, {}}; }

OrderFilter read_filter(Words& words, const World& world) {
  OrderFilter filter;
  while (!words.at_end()) {
    if (words.take("on")) {
      filter.instrument = read_instrument(words, world);
    } else if (words.take("kind")) {
      filter.kind = read_enum<InstrumentKindOf>(words);
    } else if (words.take("settle")) {
      filter.settle = read_asset(words, world);
    } else if (words.take("base")) {
      filter.base = read_asset(words, world);
    } else if (words.take("conditional")) {
      filter.conditional = true;
    } else if (words.take("resting")) {
      filter.conditional = false;
    } else {
      words.fail_unknown(words.peek());
    }
  }
  return filter;
}

CancelOrder read_cancel(Words& words, const World& world, AccountId account) {
  const OrderReference order = read_order(words, world);
  CancelOrder command{account, order.instrument, order.id, order.client_order_id};
  if (words.take("on")) command.instrument = read_instrument(words, world);
  return command;
}

Action cancel(Reading& r) {
  if (r.words.take("all")) return {CancelAll{r.account, read_filter(r.words, r.world)}, {}, {}};
  return {read_cancel(r.words, r.world, r.account), {}, {}};
}

// Reads the indented lines as orders, amendments or cancels. "101 times buy …" stands for as many.
struct Entries {
  std::vector<PlaceOrder> orders;
  std::vector<AmendOrder> amends;
  std::vector<CancelOrder> cancels;
  std::vector<std::string> names;
};

void read_entry(Words& words, const World& world, AccountId account, Entries& entries) {
  if (const auto other = world.find_account(words.peek())) {
    words.next("an account");
    account = *other;
  }
  const std::string_view verb = words.next("buy, sell, amend or cancel");
  if (const auto side = value_of<Side>(verb)) {
    PlacedOrder placed = read_place(words, world, account, *side);
    entries.orders.push_back(placed.order);
    entries.names.push_back(std::move(placed.name));
  } else if (verb == "amend") {
    entries.amends.push_back(read_amend(words, world, account));
  } else if (verb == "cancel") {
    entries.cancels.push_back(read_cancel(words, world, account));
  } else {
    words.fail_unknown(verb);
  }
}

Entries read_entries(Reading& r) {
  Entries entries;
  for (const Line& line : std::exchange(r.block, {})) {
    Words words(line.text);
    std::int64_t times = 1;
    if (words.peek(1) == "times") {
      times = read_whole(words);
      words.next("times");
    }
    const Words entry = words;
    for (std::int64_t i = 0; i < times; ++i) {
      words = entry;
      read_entry(words, r.world, r.account, entries);
    }
    words.expect_end();
    if (!r.result.problem) r.result.problem = {line.number, words.problem()};
  }
  return entries;
}

Action batch(Reading& r) {
  const std::string_view kind = r.words.next("place, amend or cancel");
  Entries entries = read_entries(r);
  const std::size_t all = entries.orders.size() + entries.amends.size() + entries.cancels.size();
  const auto checked = [&](auto body, std::size_t count, std::vector<std::string> names = {}) {
    if (count != all) r.words.fail(fmt::format("a batch of another kind of entry than {}", kind));
    return Action{std::move(body), std::move(names), {}};
  };
  if (kind == "place") {
    const std::size_t count = entries.orders.size();
    return checked(PlaceBatch{std::move(entries.orders)}, count, std::move(entries.names));
  }
  if (kind == "amend") {
    const std::size_t count = entries.amends.size();
    return checked(AmendBatch{std::move(entries.amends)}, count);
  }
  if (kind != "cancel") r.words.fail_unknown(kind);
  const std::size_t count = entries.cancels.size();
  return checked(CancelBatch{std::move(entries.cancels)}, count);
}

Action pair(Reading& r) {
  Entries entries = read_entries(r);
  if (entries.orders.size() != 2 || !entries.amends.empty() || !entries.cancels.empty()) {
    r.words.fail("a pair is two orders, one below the other");
    return {};
  }
  return {PlacePair{entries.orders[0], entries.orders[1]}, std::move(entries.names), {}};
}

Action protect(Reading& r) {
  SetPositionStops stops;
  stops.account = r.account;
  stops.instrument = instrument_of(r.words, r.world);
  const Instrument& terms = r.world.terms(stops.instrument);
  std::string name;
  if (begins_number(r.words.peek())) {
    stops.quantity = read_lots(r.words, terms);
    stops.mode = Attachment::partial;
  }
  while (!r.words.at_end()) {
    if (r.words.take("tp")) {
      stops.take_profit = read_stop(r.words, terms);
    } else if (r.words.take("sl")) {
      stops.stop_loss = read_stop(r.words, terms);
    } else if (r.words.take("trail")) {
      stops.trailing = read_trail(r.words, terms);
    } else if (const auto mode = value_of<Attachment>(r.words.peek())) {
      r.words.next("a mode");
      stops.mode = *mode;
    } else if (r.words.take("long")) {
      stops.position_side = PositionSide::long_side;
    } else if (r.words.take("short")) {
      stops.position_side = PositionSide::short_side;
    } else if (r.words.take("on")) {
      read_instrument(r.words, r.world);
    } else if (r.words.take("as")) {
      name = read_new_name(r.words, r.world);
    } else {
      r.words.fail_unknown(r.words.peek());
    }
  }
  return {stops, {name}, {}};
}

Action dead_man(Reading& r) {
  ArmDeadManSwitch command;
  command.account = r.account;
  if (!r.words.take("off")) command.timeout = read_duration(r.words);
  command.filter = read_filter(r.words, r.world);
  return {command, {}, {}};
}

Action end_session(Reading& r) {
  if (!r.words.take("session")) r.words.fail("what ends is a session");
  return {EndSession{r.account, read_within<std::uint32_t>(r.words)}, {}, {}};
}

Action leverage(Reading& r) {
  SetLeverage command{r.account, instrument_of(r.words, r.world), 0};
  command.leverage = read_within<int>(r.words);
  if (r.words.take("on")) read_instrument(r.words, r.world);
  return {command, {}, {}};
}

// "margin isolated on perp"; without an instrument all of them.
Action margin_mode(Reading& r) {
  SetMarginMode command{r.account, {}, read_enum<MarginMode>(r.words)};
  if (r.words.take("on")) command.instrument = read_instrument(r.words, r.world);
  return {command, {}, {}};
}

// "mode hedge on perp", "mode one_way settle USDT"
Action position_mode(Reading& r) {
  SetPositionMode command{r.account, {}, {}, read_enum<PositionMode>(r.words)};
  if (r.words.take("on")) command.instrument = read_instrument(r.words, r.world);
  if (r.words.take("settle")) command.settle = read_asset(r.words, r.world);
  return {command, {}, {}};
}

// "set-aside 100 on perp long"; with a negative amount less.
Action set_aside(Reading& r) {
  ChangeMargin command;
  command.account = r.account;
  command.instrument = instrument_of(r.words, r.world);
  const AssetId settle = r.world.terms(command.instrument).settle;
  command.change = read_money(r.words, r.world.asset(settle)).units;
  while (!r.words.at_end()) {
    if (r.words.take("on")) {
      read_instrument(r.words, r.world);
    } else {
      command.position_side = read_enum<PositionSide>(r.words);
    }
  }
  return {command, {}, {}};
}

// "fees linear_perpetual -0.01% 0.03%": maker, taker.
Action fee_rates(Reading& r) {
  SetFeeRates command;
  command.account = r.account;
  command.kind = read_enum<InstrumentKindOf>(r.words);
  command.rates.maker = read_rate(r.words);
  command.rates.taker = read_rate(r.words);
  return {command, {}, {}};
}

// The asset stands behind the amount whose scale it gives.
Money read_amount(Reading& r) {
  const std::string_view first = r.words.peek();
  Words behind(first == "units" ? r.words.peek(2) : r.words.peek(1));
  const AssetId asset = read_asset(behind, r.world);
  if (!behind.problem().empty()) r.words.fail(behind.problem());
  const auto assets = r.world.view().assets();
  const bool is_known = asset.raw < assets.size();
  const Money amount = read_money(r.words, is_known ? assets[asset.raw] : Asset{asset, "?", 0});
  r.words.next("an asset");
  return amount;
}

Action deposit(Reading& r) { return {Deposit{r.account, read_amount(r)}, {}, {}}; }

// "transfer 100 USDT to bob"
Action transfer(Reading& r) {
  const Money amount = read_amount(r);
  if (!r.words.take("to")) r.words.fail("to whom?");
  return {TransferMoney{r.account, read_account(r.words, r.world), amount}, {}, {}};
}

Action open_account(Reading& r) {
  OpenAccount command;
  command.name = r.words.next("a name");
  command.account = AccountId{r.world.view().account_count()};
  if (r.world.find_account(command.name)) r.words.fail("there is an account of this name");
  if (const auto kind = value_of<AccountKindOf>(r.words.peek())) {
    r.words.next("a kind");
    command.kind = *kind;
  }
  if (r.words.take("of")) command.parent = read_account(r.words, r.world);
  if (r.words.take("number")) {
    command.account = AccountId{read_within<std::uint32_t>(r.words)};
  }
  return {command, {}, command.name};
}

// "asset ETH scale 14"
Action add_asset(Reading& r) {
  Asset asset;
  asset.name = r.words.next("a name");
  asset.id = AssetId{static_cast<std::uint16_t>(r.world.view().assets().size())};
  while (!r.words.at_end()) {
    if (r.words.take("scale")) {
      asset.scale = read_within<int>(r.words);
    } else if (r.words.take("number")) {
      asset.id = AssetId{read_within<std::uint16_t>(r.words)};
    } else {
      r.words.fail_unknown(r.words.peek());
    }
  }
  return {AddAsset{asset}, {}, {}};
}

// "list eth like perp symbol ETHUSDT base ETH tick 0.01". Terms that no listing check lets pass go
// to the engine as they are.
Action list_instrument(Reading& r) {
  const std::string name(r.words.next("a name"));
  if (r.world.find_instrument(name)) r.words.fail("there is an instrument of this name");
  if (!r.words.take("like")) r.words.fail("like which instrument?");
  Instrument wanted = r.world.terms(read_instrument(r.words, r.world));
  const auto listed = r.world.view().instruments();
  wanted.id = InstrumentId{static_cast<std::uint32_t>(listed.size())};
  wanted.tiers.clear();  // They go by its largest leverage.
  if (r.words.take("number")) {
    wanted.id = InstrumentId{read_within<std::uint32_t>(r.words)};
  }
  read_terms(r.words, r.world, wanted);
  const auto assets = r.world.view().assets();
  if (wanted.base.raw < assets.size() && wanted.quote.raw < assets.size()) {
    const auto checked = checked_listing(wanted, assets[wanted.base.raw], assets[wanted.quote.raw]);
    if (checked) wanted = *checked;
  }
  return {ListInstrument{wanted}, {}, name};
}

Action phase(Reading& r) {
  const InstrumentId instrument = read_instrument(r.words, r.world);
  SetInstrumentPhase command{instrument, read_enum<TradingPhase>(r.words)};
  if (r.words.take("at")) command.settlement = read_ticks(r.words, r.world.terms(instrument));
  return {command, {}, {}};
}

Action index_price(Reading& r) {
  const InstrumentId instrument = read_instrument(r.words, r.world);
  const MarkPrice price = read_mark_price(r.words, r.world.terms(instrument));
  return {SetIndexPrice{instrument, price}, {}, {}};
}

// What an account does: its name stands before the verb.
constexpr Verb kAccountVerbs[] = {
    {"buy", buy},
    {"sell", sell},
    {"amend", amend},
    {"cancel", cancel},
    {"batch", batch},
    {"pair", pair},
    {"protect", protect},
    {"dead-man", dead_man},
    {"end", end_session},
    {"leverage", leverage},
    {"deposit", deposit},
    {"margin", margin_mode},
    {"mode", position_mode},
    {"set-aside", set_aside},
    {"fees", fee_rates},
    {"transfer", transfer},
};

// What the exchange is told.
constexpr Verb kExchangeVerbs[] = {
    {"open", open_account}, {"asset", add_asset},   {"list", list_instrument},
    {"phase", phase},       {"index", index_price},
};

// Two orders of one action may not share a name.
void check_names(Words& words, std::vector<std::string> names) {
  std::erase(names, "");
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  if (twice != names.end()) words.fail(fmt::format("two orders are called {}", *twice));
}

const Verb* read_verb(Reading& r) {
  const std::string_view first = r.words.peek();
  if (const Verb* verb = find_verb(kExchangeVerbs, first)) {
    r.words.next("a verb");
    return verb;
  }
  if (!r.world.find_account(first) && !first.starts_with('#')) {
    r.words.fail_unknown(first);
    return nullptr;
  }
  r.account = read_account(r.words, r.world);
  const std::string_view word = r.words.next("a verb");
  const Verb* verb = find_verb(kAccountVerbs, word);
  if (!verb) r.words.fail_unknown(word);
  return verb;
}

}  // namespace

ReadAction read_action(const Line& line, std::span<const Line> block, const World& world) {
  ReadAction result;
  Words words(line.text);
  Reading reading{words, world, {}, block, result};
  if (const Verb* verb = read_verb(reading)) result.action = verb->read(reading);
  check_names(words, result.action.names);
  words.expect_end();
  if (!result.problem) result.problem = {line.number, words.problem()};
  if (!result.problem && !reading.block.empty()) {
    result.problem = {reading.block.front().number, "nothing belongs below this action"};
  }
  return result;
}

}  // namespace venuebox::scenarios
