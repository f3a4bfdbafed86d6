// The reference all books are measured against, and the oracle of the flow: price-time priority on
// an array of price levels with a two-level bitmap, first-in-first-out lists of 24-byte nodes and a
// dense index of ids. What the data structure can do at best: it has no events, accounts or
// refusals, and no price outside its array.
// Provenance: bench/match/ref_engine.h of the project's shared notes, with the same algorithm and
// layout, rewritten to be read.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/order.h"

namespace venuebox::bench {

class Reference {
 public:
  static constexpr std::int32_t kLevels = 1 << 18;  // prices are 0 to kLevels - 1
  static constexpr std::int32_t kNoBid = -1;
  static constexpr std::int32_t kNoAsk = kLevels;

  // Once, before anything else. Ids are below `id_limit`, and none is used twice.
  void init(std::size_t id_limit) {
    node_of_.resize(id_limit, kNil);
    for (Ladder& ladder : ladders_) {
      ladder.levels.resize(kLevels);
      ladder.words.resize(kLevels / 64);
      ladder.groups.resize(kLevels / 4096);
    }
  }

  // Matches, then lets the remainder rest. Returns what rests.
  //   on_trade(maker id, what is left of the maker)   called before a filled maker is removed
  template <class OnTrade>
  std::uint32_t add(std::uint32_t id, Side side, std::int32_t price, std::uint32_t qty,
                    OnTrade on_trade) {
    Ladder& opposite = ladders_[side == Side::buy ? 1 : 0];
    while (qty > 0 && (side == Side::buy ? opposite.best <= price : opposite.best >= price)) {
      const std::uint32_t first = opposite.levels[opposite.best].head;
      Node& maker = nodes_[first];
      const std::uint32_t traded = qty < maker.qty ? qty : maker.qty;
      ++trades_;
      volume_ += traded;
      qty -= traded;
      maker.qty -= traded;
      on_trade(maker.id, maker.qty);
      if (maker.qty == 0) unlink(first);
    }
    if (qty > 0) rest(id, side, price, qty);
    return qty;
  }

  // False when the order does not rest.
  bool cancel(std::uint32_t id) {
    const std::uint32_t node = node_of_[id];
    if (node == kNil) return false;
    unlink(node);
    return true;
  }

  std::int32_t best_bid() const { return ladders_[0].best; }
  std::int32_t best_ask() const { return ladders_[1].best; }
  std::uint64_t trades() const { return trades_; }
  std::uint64_t volume() const { return volume_; }
  std::size_t live() const { return live_; }

 private:
  static constexpr std::uint32_t kNil = ~std::uint32_t{0};

  struct Node {
    std::uint32_t next, prev;  // within the level; `next` also chains the free nodes
    std::uint32_t id, qty;
    std::int32_t price;
    Side side;
  };
  static_assert(sizeof(Node) == 24);

  struct Level {
    std::uint32_t head = kNil, tail = kNil;
  };

  // One side of the book. Bit p of `words` says that level p holds orders, bit w of `groups` that
  // words[w] is not zero.
  struct Ladder {
    std::int32_t best;
    std::vector<Level> levels;
    std::vector<std::uint64_t> words, groups;

    void mark(std::int32_t price) {
      words[price >> 6] |= bit(price);
      groups[price >> 12] |= bit(price >> 6);
    }
    void unmark(std::int32_t price) {
      std::uint64_t& word = words[price >> 6];
      word &= ~bit(price);
      if (word == 0) groups[price >> 12] &= ~bit(price >> 6);
    }

    // The highest level that holds orders at or below `price`, which is on the array; or kNoBid.
    std::int32_t highest_from(std::int32_t price) const {
      if (const std::uint64_t word = words[price >> 6] & up_to(price)) return top(price >> 6, word);
      const std::int32_t before = (price >> 6) - 1;
      if (before < 0) return kNoBid;
      std::int32_t group = before >> 6;
      std::uint64_t found = groups[group] & up_to(before);
      while (found == 0) {
        if (--group < 0) return kNoBid;
        found = groups[group];
      }
      const std::int32_t word = top(group, found);
      return top(word, words[word]);
    }
    // The lowest at or above it; or kNoAsk.
    std::int32_t lowest_from(std::int32_t price) const {
      if (const std::uint64_t word = words[price >> 6] & from(price)) return low(price >> 6, word);
      const std::int32_t after = (price >> 6) + 1;
      if (after >= kLevels / 64) return kNoAsk;
      std::int32_t group = after >> 6;
      std::uint64_t found = groups[group] & from(after);
      while (found == 0) {
        if (++group >= kLevels / 4096) return kNoAsk;
        found = groups[group];
      }
      const std::int32_t word = low(group, found);
      return low(word, words[word]);
    }

    static std::uint64_t bit(std::int32_t at) { return std::uint64_t{1} << (at & 63); }
    static std::uint64_t up_to(std::int32_t at) { return ~std::uint64_t{0} >> (63 - (at & 63)); }
    static std::uint64_t from(std::int32_t at) { return ~std::uint64_t{0} << (at & 63); }
    static std::int32_t top(std::int32_t word, std::uint64_t bits) {
      return word * 64 + 63 - std::countl_zero(bits);
    }
    static std::int32_t low(std::int32_t word, std::uint64_t bits) {
      return word * 64 + std::countr_zero(bits);
    }
  };

  Ladder& ladder(Side side) { return ladders_[side == Side::buy ? 0 : 1]; }

  void rest(std::uint32_t id, Side side, std::int32_t price, std::uint32_t qty) {
    const std::uint32_t node = take_node();
    Ladder& own = ladder(side);
    Level& level = own.levels[price];
    nodes_[node] = {kNil, level.tail, id, qty, price, side};
    (level.tail == kNil ? level.head : nodes_[level.tail].next) = node;
    level.tail = node;
    own.mark(price);
    if (side == Side::buy ? price > own.best : price < own.best) own.best = price;
    node_of_[id] = node;
    ++live_;
  }

  void unlink(std::uint32_t index) {
    Node& node = nodes_[index];
    Ladder& own = ladder(node.side);
    Level& level = own.levels[node.price];
    (node.prev == kNil ? level.head : nodes_[node.prev].next) = node.next;
    (node.next == kNil ? level.tail : nodes_[node.next].prev) = node.prev;
    if (level.head == kNil) {
      own.unmark(node.price);
      if (node.price == own.best)
        own.best =
            node.side == Side::buy ? own.highest_from(node.price) : own.lowest_from(node.price);
    }
    node_of_[node.id] = kNil;
    node.next = free_;
    free_ = index;
    --live_;
  }

  std::uint32_t take_node() {
    if (free_ == kNil) {
      nodes_.emplace_back();
      return static_cast<std::uint32_t>(nodes_.size() - 1);
    }
    const std::uint32_t node = free_;
    free_ = nodes_[node].next;
    return node;
  }

  std::vector<Node> nodes_;
  std::uint32_t free_ = kNil;
  std::vector<std::uint32_t> node_of_;  // by id
  Ladder ladders_[2] = {{kNoBid, {}, {}, {}}, {kNoAsk, {}, {}, {}}};
  std::size_t live_ = 0;
  std::uint64_t trades_ = 0;
  std::uint64_t volume_ = 0;
};

}  // namespace venuebox::bench
