#include "expectations.h"

#include <algorithm>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "diff.h"
#include "drawing.h"
#include "event_text.h"
#include "numbers.h"
#include "properties.h"
#include "references.h"
#include "terms.h"
#include "vocabulary.h"

namespace venuebox::scenarios {
namespace {

struct Checking {
  Words& words;
  std::span<const Line> block;
  const World& world;
  const View& view;
  Problem misdrawn;
};

// Compares property by property; returns the lines that differ.
std::string unmet_claims(std::span<const Claim> claims) {
  std::string out;
  for (const Claim& claim : claims) {
    if (!claim.holds()) out += fmt::format("  - {}\n  + {}\n", claim.expected, claim.actual);
  }
  return out;
}

// The order, if it lives or is still remembered; markets keep no history.
std::optional<Order> find_order(const View& view, OrderId id, AccountId account) {
  std::optional<Order> found = view.live_order(id);
  if (found || account.raw >= view.account_count()) return found;
  view.closed_orders(account, [&](const Order& order) {
    if (order.id == id) found = order;
    return !found;
  });
  return found;
}

// The views can only be asked about what there is.
InstrumentId read_listed(Checking& c) {
  const InstrumentId id = read_instrument(c.words, c.world);
  if (id.raw < c.view.instruments().size()) return id;
  c.words.fail("there is no such instrument");
  return {};
}

// "expect order a cancelled reduce_only filled 0.001"
std::string check_order(Checking& c) {
  const OrderReference reference = read_order(c.words, c.world);
  const OrderLabel* label = c.world.find_label(reference.id);
  const auto order = find_order(c.view, reference.id, label ? label->account : AccountId{});
  const std::string expected(c.words.next("a status"));
  if (expected != "gone" && !value_of<OrderStatus>(expected)) c.words.fail_unknown(expected);
  const std::string actual(order ? word_of(order->status) : "gone");
  std::vector<Claim> claims{{expected, actual}};
  if (!order) {
    while (!c.words.at_end())
      claims.push_back({std::string(c.words.next("a word")), "nothing known"});
    return unmet_claims(claims);
  }
  if (const auto reason = value_of<CancelReason>(c.words.peek())) {
    c.words.next("a reason");
    claims.push_back({std::string(word_of(*reason)), std::string(word_of(order->cancel_reason))});
  }
  for (Claim& claim : read_claims(c.words, properties_of(*order, c.world)))
    claims.push_back(std::move(claim));
  return unmet_claims(claims);
}

// "expect orders alice perp a b", oldest first; "expect orders alice none".
std::string check_orders(Checking& c) {
  const AccountId account = read_account(c.words, c.world);
  const auto instrument = c.world.find_instrument(c.words.peek());
  if (instrument) c.words.next("an instrument");
  std::vector<std::string> expected;
  while (!c.words.at_end())
    expected.emplace_back(c.words.next("an order"));
  if (expected.empty()) c.words.fail("which orders? or: none");
  if (expected == std::vector<std::string>{"none"}) expected.clear();
  std::vector<std::string> actual;
  c.view.live_orders(account, [&](const Order& order) {
    if (!instrument || order.instrument == *instrument) actual.push_back(c.world.label(order.id));
    return true;
  });
  std::ranges::reverse(actual);
  return expected == actual ? "" : diff_text(expected, actual);
}

std::string check_book(Checking& c) {
  const InstrumentId instrument = read_listed(c);
  const bool empty = c.words.take("empty");
  if (empty == !c.block.empty()) c.words.fail("draw the book below, or say: empty");
  const Drawing drawing = read_drawing(c.block, c.world.terms(instrument));
  if (drawing.problem) {
    c.misdrawn = drawing.problem;
    return {};
  }
  c.block = {};
  return unmet_book(drawing, instrument, c.world, c.view);
}

// "expect trades perp buy 0.003 at 60000 sell 0.002 at 60001": newest first, by the taker's side,
// as many as are named.
std::string check_trades(Checking& c) {
  const InstrumentId instrument = read_listed(c);
  const Instrument& terms = c.world.terms(instrument);
  std::vector<std::string> expected, actual;
  if (c.words.at_end()) c.words.fail("which trades? or: none");
  c.words.take("none");
  while (!c.words.at_end()) {
    const std::string_view side = c.words.next("buy or sell");
    const Lots quantity = read_lots(c.words, terms);
    if (!c.words.take("at")) c.words.fail("at which price?");
    expected.push_back(fmt::format("{} {} at {}", side, text_of(quantity, terms),
                                   text_of(read_ticks(c.words, terms), terms)));
  }
  c.view.trades(instrument, [&](const Trade& trade) {
    if (!expected.empty() && actual.size() == expected.size()) return false;
    actual.push_back(fmt::format("{} {} at {}", word_of(trade.taker_side),
                                 text_of(trade.quantity, terms), text_of(trade.price, terms)));
    return true;
  });
  return expected == actual ? "" : diff_text(expected, actual);
}

std::string check_next_due(Checking& c) {
  const std::string expected = canonical(c.words.next("+10s or never"));
  return unmet_claims(std::vector<Claim>{{expected, due_text(c.view.next_due(), c.world)}});
}

// "expect alice dead-man +10s", "expect alice dead-man off"
std::string check_dead_man(Checking& c, AccountId account) {
  const std::string expected = canonical(c.words.next("+10s or off"));
  const Timestamp due = c.view.dead_man_due(account);
  return unmet_claims(
      std::vector<Claim>{{expected, due == kNever ? "off" : due_text(due, c.world)}});
}

// "expect alice perp long 0.005 fees 0.165"; in hedge mode "expect alice perp side short …".
std::string check_position(Checking& c, AccountId account, InstrumentId instrument) {
  if (c.words.at_end()) c.words.fail("which property of the position?");
  const auto side = c.words.take("side") ? read_enum<PositionSide>(c.words) : PositionSide::both;
  return unmet_claims(
      read_claims(c.words, properties_of(account, instrument, side, c.world, c.view)));
}

// "expect alice USDT 1000 held 5": a number alone is the cash.
std::string check_balance(Checking& c, AccountId account) {
  const AssetId asset = read_asset(c.words, c.world);
  if (asset.raw >= c.view.assets().size()) c.words.fail("there is no such asset");
  if (c.words.at_end()) c.words.fail("how much?");
  if (!c.words.problem().empty()) return {};
  const Properties properties = properties_of(account, asset, c.world, c.view);
  std::vector<Claim> claims;
  if (begins_number(c.words.peek())) {
    const std::string cash = canonical(c.words.next("an amount"));
    claims.push_back({"cash " + cash, "cash " + properties.find("cash")->value});
  }
  for (Claim& claim : read_claims(c.words, properties))
    claims.push_back(std::move(claim));
  return unmet_claims(claims);
}

std::string check_account(Checking& c) {
  const AccountId account = read_account(c.words, c.world);
  if (c.words.at_end()) c.words.fail("an asset, an instrument or dead-man is missing");
  if (!c.words.problem().empty()) return {};
  if (c.words.take("dead-man")) return check_dead_man(c, account);
  const auto instrument = c.world.find_instrument(c.words.peek());
  if (!instrument) return check_balance(c, account);
  c.words.next("an instrument");
  return check_position(c, account, *instrument);
}

std::string check_instrument(Checking& c) {
  const InstrumentId instrument = read_listed(c);
  if (c.words.at_end()) c.words.fail("which property of the market?");
  if (!c.words.problem().empty()) return {};
  return unmet_claims(read_claims(c.words, properties_of(instrument, c.world, c.view)));
}

struct Kind {
  std::string_view word;
  std::string (*check)(Checking&);
};
constexpr Kind kKinds[] = {{"order", check_order},
                           {"orders", check_orders},
                           {"book", check_book},
                           {"trades", check_trades},
                           {"next-due", check_next_due}};

std::string check(Checking& c) {
  const auto kind = std::ranges::find(kKinds, c.words.peek(), &Kind::word);
  if (kind != std::end(kKinds)) {
    c.words.next("a kind");
    return kind->check(c);
  }
  if (c.world.find_account(c.words.peek())) return check_account(c);
  if (c.world.find_instrument(c.words.peek())) return check_instrument(c);
  if (c.words.at_end()) {
    c.words.fail("what is expected?");
  } else {
    c.words.fail_unknown(c.words.peek());
  }
  return {};
}

}  // namespace

Problem check_expectation(const Line& line, std::span<const Line> block, const World& world) {
  for (const Witness& witness : world.witnesses()) {
    Words words(line.text);
    Checking checking{words, block, world, witness.view, {}};
    std::string what = check(checking);
    if (checking.misdrawn) return checking.misdrawn;
    words.expect_end();
    if (words.problem().empty() && !checking.block.empty()) words.fail("what is drawn below?");
    if (!words.problem().empty()) return {line.number, words.problem()};
    if (what.empty()) continue;
    const bool first = &witness.view == &world.view();
    return {line.number, first ? what : fmt::format("{} ({})", what, witness.name)};
  }
  return {};
}

}  // namespace venuebox::scenarios
