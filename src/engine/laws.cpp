// The laws that the state must obey, for tests.
#include <fmt/core.h>

#include "base/decimal.h"
#include "engine/engine.h"

namespace venuebox::engine {

std::string Engine::broken_law() const {
  const auto& assets = ledger_.assets();
  // Money: cash + unrealised profit + fees = deposits. Positions cancel out, so at any one mark
  // the unrealised profits sum to minus the entry values (of inverse contracts to plus), and what
  // continuous funding has run up to, to minus what it was when each position last paid.
  for (const Asset& asset : assets) {
    Int128 sum = ledger_.fees()[asset.id.raw];
    for (std::uint32_t i = 0; i < ledger_.account_count(); ++i) {
      const AccountId account{i};
      const Balance balance = ledger_.balance(account, asset.id);
      sum += balance.cash.units;
      if (balance.held.units < 0) {
        return fmt::format("account {} holds a negative amount of {}", i, asset.name);
      }
      const auto& holdings = ledger_.account(account).holdings;
      for (std::size_t at = 0; at < holdings.size(); ++at) {
        const Instrument& instrument = ledger_.instruments()[at];
        if (instrument.is_spot() || instrument.settle != asset.id) continue;
        for (const Leg& leg : holdings[at].legs) {
          sum -= profit_between(0, leg.entry_value, instrument);
          if (instrument.funding.kind == FundingKind::continuous) {
            sum += multiply(leg.size.raw, leg.funding_index);
          }
        }
      }
    }
    if (sum != ledger_.deposits()[asset.id.raw]) {
      return fmt::format("{}: {} units are there, {} were paid in", asset.name, fixed_text(sum, 0),
                         fixed_text(ledger_.deposits()[asset.id.raw], 0));
    }
  }
  for (const Instrument& instrument : ledger_.instruments()) {
    std::int64_t net = 0;
    for (std::uint32_t i = 0; i < ledger_.account_count(); ++i) {
      for (const Leg& leg : ledger_.holding(AccountId{i}, instrument.id).legs) {
        net += leg.size.raw;
        if (leg.size.raw == 0 && (leg.entry_value != 0 || leg.margin != 0)) {
          return fmt::format("{}: a flat position has an entry value or margin", instrument.symbol);
        }
      }
    }
    if (net != 0) return fmt::format("{}: positions sum to {}", instrument.symbol, net);

    if (auto broken = broken_book(instrument); !broken.empty()) {
      return fmt::format("{}: {}", instrument.symbol, broken);
    }
  }
  for (std::uint32_t i = 0; i < ledger_.account_count(); ++i) {
    if (auto broken = broken_account(AccountId{i}); !broken.empty()) {
      return fmt::format("account {}: {}", i, broken);
    }
  }
  return {};
}

// Levels are the sum of their orders, best first, not crossed.
std::string Engine::broken_book(const Instrument& instrument) const {
  const Book& book = market(instrument.id).book;
  const Ticks bid = book.best(Side::buy);
  const Ticks ask = book.best(Side::sell);
  if (bid.raw != 0 && ask.raw != 0 && bid >= ask) return "crossed";
  std::string broken;
  for (const Side side : {Side::buy, Side::sell}) {
    Slot slot = book.first(side);
    Ticks before;
    book.each_level(orders_, side, [&](const BookLevel& level) {
      if (before.raw == 0 ? level.price != book.best(side)
                          : (side == Side::buy) == (level.price > before)) {
        broken = "levels are out of order";
      }
      before = level.price;
      Lots sum;
      for (; slot != kNoSlot && orders_.resting(slot).price() == level.price;
           slot = book.next(orders_, slot)) {
        const RestingNode& node = orders_.resting(slot);
        const Lots hidden = orders_.remaining(slot) - node.shown;
        sum += node.shown;
        if (node.shown.raw <= 0 || hidden.raw < 0 ||
            node.is(RestingNode::kHasHidden) != (hidden.raw > 0) || node.side() != side ||
            !is_live(orders_.node(slot).status)) {
          broken = fmt::format("order {} does not belong into the book", node.id.raw);
        }
      }
      if (sum != level.quantity) broken = "a level's quantity is not the sum of its orders";
      return broken.empty();
    });
    if (broken.empty() && slot != kNoSlot) broken = "an order is in no level";
  }
  return broken;
}

// Holds, exposures and counts are what the live orders come to.
std::string Engine::broken_account(AccountId account) const {
  const auto& assets = ledger_.assets();
  std::vector<Int128> held(assets.size(), 0);
  std::vector<Exposure> exposures(ledger_.instruments().size());
  std::string broken;
  live_orders(account, [&](const Order& order) {
    const Instrument& instrument = ledger_.instrument(order.instrument);
    Exposure& open = exposures[instrument.id.raw];
    if (order.status == OrderStatus::untriggered) {
      ++(order.attachment == Attachment::none ? open.conditional : open.attached);
      const std::int64_t size =
          ledger_.position_size(account, instrument.id, leg_of(order.position_side));
      const bool has_position = order.side == Side::sell ? size > 0 : size < 0;
      if (order.attachment != Attachment::none && !has_position) {
        broken = fmt::format("order {} is attached to no position", order.id.raw);
      }
      return true;
    }
    ++open.orders;
    open.reduce_only += order.reduce_only;
    if (order.remaining().raw <= 0) broken = fmt::format("order {} is filled", order.id.raw);
    if (!ledger_.is_user(account)) return true;
    const std::int64_t size =
        ledger_.position_size(account, instrument.id, leg_of(order.position_side));
    const Int128 value = exposed_value(order.price, order.remaining().raw, instrument);
    if (!order.reduce_only) {
      (order.side == Side::buy ? open.buy_value : open.sell_value) += value;
    } else if (order.remaining().raw > std::abs(size)) {
      broken = fmt::format("reduce-only order {} could turn the position", order.id.raw);
    }
    if (!instrument.is_spot()) return true;
    const Money amount =
        order.side == Side::buy
            ? Money{multiply(value, instrument.hold_per_step), instrument.quote}
            : base_amount(order.remaining(), instrument, assets[instrument.base.raw].scale);
    held[amount.asset.raw] += amount.units;
    return true;
  });
  for (const Asset& asset : assets) {
    if (held[asset.id.raw] != ledger_.balance(account, asset.id).held.units) {
      return fmt::format("the hold of {} is not what its orders need", asset.name);
    }
  }
  std::vector<Int128> isolated(assets.size(), 0);
  std::uint32_t open_legs = 0;
  for (const Instrument& instrument : ledger_.instruments()) {
    for (const Leg& leg : ledger_.holding(account, instrument.id).legs) {
      isolated[instrument.settle.raw] += leg.margin;
      open_legs += !instrument.is_spot() && leg.size.raw != 0;
    }
  }
  for (const Asset& asset : assets) {
    if (isolated[asset.id.raw] != ledger_.balance(account, asset.id).isolated.units) {
      return fmt::format("what is set aside of {} is not what its positions have", asset.name);
    }
  }
  if (open_legs != ledger_.account(account).open_legs) return "open positions are miscounted";
  for (const Asset& asset : assets) {
    const bool is_covered = !ledger_.insurance() || !ledger_.is_user(account) ||
                            has_position(ledger_.account(account), asset.id);
    if (!is_covered && ledger_.balance(account, asset.id).cash.units < 0) {
      return fmt::format("it owes {} and has no position", asset.name);
    }
  }
  for (const Instrument& instrument : ledger_.instruments()) {
    if (exposures[instrument.id.raw] != ledger_.holding(account, instrument.id).exposure) {
      return fmt::format("the exposure in {} is not what its orders are", instrument.symbol);
    }
  }
  return broken;
}

}  // namespace venuebox::engine
