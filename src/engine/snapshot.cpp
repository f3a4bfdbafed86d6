// The state as bytes, its hash, and the laws that it must obey.
#include <fmt/core.h>

#include "engine/engine.h"

namespace venuebox::engine {

void Engine::save(std::string& bytes) const {
  ByteWriter out(bytes);
  out.put(time_.ns);
  out.put(sequence_);
  out.put(orders_created_);
  out.put(fills_created_);
  ledger_.save(out);
  records_.save(out);
  // In the order in which they match, which is the only order of the book that means anything.
  for (const Book& book : books_) {
    out.put(book.version());
    std::vector<Order> orders;
    for (const Side side : {Side::buy, Side::sell}) {
      book.each_level(side, [&](Ticks, const auto& level) {
        for (Slot slot = level.head; slot != kNoSlot; slot = pool_[slot].level_next) {
          orders.push_back(pool_[slot].order);
        }
        return true;
      });
    }
    out.put(orders);
  }
}

Result<void> Engine::load(std::string_view bytes) {
  *this = Engine{};
  ByteReader in(bytes);
  in.get(time_.ns);
  in.get(sequence_);
  in.get(orders_created_);
  in.get(fills_created_);
  ledger_.load(in);
  records_.load(in);
  std::vector<std::vector<Order>> orders;
  std::vector<std::uint64_t> versions;
  for (std::size_t i = 0; i < ledger_.instruments().size() && in.ok(); ++i) {
    in.get(versions.emplace_back());
    in.get(orders.emplace_back());
  }
  if (!in.ok() || !in.at_end()) {
    return invalid("snapshot", "the engine's state does not decode");
  }
  books_.resize(ledger_.instruments().size());
  rebuild(orders);
  for (std::size_t i = 0; i < versions.size(); ++i)
    books_[i].set_version(versions[i]);
  return {};
}

void Engine::rebuild(const std::vector<std::vector<Order>>& orders_by_book) {
  account_orders_.assign(ledger_.account_count(), kNoSlot);
  std::vector<Slot> by_age;
  for (std::size_t i = 0; i < books_.size(); ++i) {
    for (const Order& order : orders_by_book[i]) {
      const Slot slot = pool_.take(order);
      books_[i].add(pool_, slot);
      slots_.emplace(order.id, slot);
      by_age.push_back(slot);
      if (!order.client_order_id.empty()) {
        client_ids_.insert_or_assign({order.account, order.client_order_id}, order.id);
      }
    }
  }
  std::sort(by_age.begin(), by_age.end(),
            [this](Slot a, Slot b) { return pool_[a].order.id < pool_[b].order.id; });
  for (const Slot slot : by_age)
    link_to_account(slot);
  for (std::uint32_t i = 0; i < ledger_.account_count(); ++i) {
    records_.closed_orders(AccountId{i}, [this](const Order& order) {
      if (!order.client_order_id.empty()) {
        client_ids_.try_emplace({order.account, order.client_order_id}, order.id);
      }
      return true;
    });
  }
}

std::uint64_t Engine::state_hash() const {
  std::string bytes;
  save(bytes);
  return hash_of(std::string_view(bytes).substr(sizeof time_.ns + sizeof sequence_));
}

std::string Engine::broken_law() const {
  const auto& assets = ledger_.assets();
  // Money: cash + unrealised profit + fees = deposits. Positions cancel out, so at any one mark
  // the unrealised profits sum to minus the entry values.
  for (const Asset& asset : assets) {
    Int128 sum = ledger_.fees()[asset.id.raw];
    for (std::uint32_t i = 0; i < ledger_.account_count(); ++i) {
      const AccountId account{i};
      const Balance balance = ledger_.balance(account, asset.id);
      sum += balance.cash.units;
      if (balance.held.units < 0) {
        return fmt::format("account {} holds a negative amount of {}", i, asset.name);
      }
      for (const Position& position : ledger_.account(account).positions) {
        const Instrument& instrument = ledger_.instrument(position.instrument);
        if (!instrument.is_spot() && instrument.settle == asset.id) {
          sum -= position.entry_value.units;
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
      const Position position = ledger_.position(AccountId{i}, instrument.id);
      net += position.size.raw;
      if (position.size.raw == 0 && position.entry_value.units != 0) {
        return fmt::format("{}: a flat position has an entry value", instrument.symbol);
      }
    }
    if (net != 0) return fmt::format("{}: positions sum to {}", instrument.symbol, net);

    const Book& book = this->book(instrument.id);
    const auto bid = book.best(Side::buy);
    const auto ask = book.best(Side::sell);
    if (bid && ask && *bid >= *ask) return fmt::format("{}: crossed", instrument.symbol);
    std::string broken;
    for (const Side side : {Side::buy, Side::sell}) {
      book.each_level(side, [&](Ticks price, const auto& level) {
        Lots sum;
        for (Slot slot = level.head; slot != kNoSlot; slot = pool_[slot].level_next) {
          const Order& order = pool_[slot].order;
          sum += order.remaining();
          if (!is_live(order.status) || order.price != price || order.remaining().raw <= 0) {
            broken = fmt::format("order {} does not belong to its level", order.id.raw);
          }
        }
        if (sum != level.quantity) broken = "a level's quantity is not the sum of its orders";
        return broken.empty();
      });
    }
    if (!broken.empty()) return fmt::format("{}: {}", instrument.symbol, broken);
  }
  // Holds: what accounts have set aside is what their resting orders need.
  for (std::uint32_t i = 0; i < ledger_.account_count(); ++i) {
    if (!ledger_.is_user(AccountId{i})) continue;
    std::vector<Int128> held(assets.size(), 0);
    live_orders(AccountId{i}, [&](const Order& order) {
      const Instrument& instrument = ledger_.instrument(order.instrument);
      if (!instrument.is_spot()) return true;
      const Money amount =
          order.side == Side::buy
              ? notional(order.price, order.remaining(), instrument)
              : base_amount(order.remaining(), instrument, assets[instrument.base.raw].scale);
      held[amount.asset.raw] += amount.units;
      return true;
    });
    for (const Asset& asset : assets) {
      if (held[asset.id.raw] != ledger_.balance(AccountId{i}, asset.id).held.units) {
        return fmt::format("account {}: the hold of {} is not what its orders need", i, asset.name);
      }
    }
  }
  return {};
}

}  // namespace venuebox::engine
