// A property of every format: a book that changes at random is written down, replayed, and is the
// same in the engine after each change. The truth is what was written, not what was read.
#include <map>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "engine/test_desk.h"
#include "market/replay.h"

namespace venuebox::market {
namespace {
using engine::TestDesk;

constexpr int kChanges = 300;

// Prices in whole units, quantities in thousandths: ten ticks and one lot of the test's perpetual.
using Levels = std::map<std::int64_t, std::int64_t>;
struct Book {
  Levels bids, asks;
};

// One change: what differs from the book before, quantity 0 for what is gone.
struct Change {
  Levels bids, asks;
  Book after;
};

// A middle that wanders, with levels around it that come, change and go.
class Wanderer {
 public:
  Wanderer(std::uint64_t seed, std::int64_t depth) : draws_(seed, "wanderer"), depth_(depth) {}

  Change next() {
    middle_ += static_cast<std::int64_t>(draws_.below(5)) - 2;
    Book book = book_;
    std::erase_if(book.bids,
                  [&](const auto& l) { return l.first >= middle_ || l.first < middle_ - depth_; });
    std::erase_if(book.asks,
                  [&](const auto& l) { return l.first <= middle_ || l.first > middle_ + depth_; });
    for (int i = 0; i < 3; ++i) {
      touch(book.bids, middle_ - 1 - distance());
      touch(book.asks, middle_ + 1 + distance());
    }
    const Change change{difference(book_.bids, book.bids), difference(book_.asks, book.asks), book};
    book_ = book;
    return change;
  }

 private:
  std::int64_t distance() {
    return static_cast<std::int64_t>(draws_.below(static_cast<std::uint64_t>(depth_)));
  }
  void touch(Levels& side, std::int64_t price) {
    const auto quantity = static_cast<std::int64_t>(draws_.below(500));
    if (quantity < 100) {
      side.erase(price);
    } else {
      side[price] = quantity;
    }
  }
  static Levels difference(const Levels& from, const Levels& to) {
    Levels changed;
    for (const auto& [price, quantity] : from) {
      if (!to.contains(price)) changed[price] = 0;
    }
    for (const auto& [price, quantity] : to) {
      if (!from.contains(price) || from.at(price) != quantity) changed[price] = quantity;
    }
    return changed;
  }

  RandomStream draws_;
  std::int64_t depth_;
  std::int64_t middle_ = 60'000;
  Book book_;
};

std::string quantity_text(std::int64_t thousandths) { return fixed_text(thousandths, 3); }

std::string json_levels(const Levels& side) {
  std::string out;
  for (const auto& [price, quantity] : side)
    out +=
        fmt::format("{}[\"{}.00\",\"{}\"]", out.empty() ? "" : ",", price, quantity_text(quantity));
  return "[" + out + "]";
}

// Writes the n-th change; the first is the whole book.
using Writer = std::string (*)(int n, const Change&);

std::string binance(int n, const Change& change) {
  const std::string bids = json_levels(change.bids), asks = json_levels(change.asks);
  if (n == 0)
    return fmt::format("1000 {{\"lastUpdateId\":10,\"bids\":{},\"asks\":{}}}\n", bids, asks);
  return fmt::format(
      "{} {{\"stream\":\"btcusdt@depth@0ms\",\"data\":{{\"s\":\"BTCUSDT\",\"U\":{},"
      "\"u\":{},\"pu\":{},\"b\":{},\"a\":{}}}}}\n",
      1'000 + n, 10 + n, 10 + n, 9 + n, bids, asks);
}

std::string bybit(int n, const Change& change) {
  return fmt::format(
      "{{\"topic\":\"orderbook.500.BTCUSDT\",\"type\":\"{}\",\"ts\":{},\"data\":"
      "{{\"s\":\"BTCUSDT\",\"b\":{},\"a\":{},\"u\":{},\"seq\":1}},\"cts\":1}}\n",
      n == 0 ? "snapshot" : "delta", 1'000 + n, json_levels(change.bids), json_levels(change.asks),
      20 + n);
}

std::string tardis_updates(int n, const Change& change) {
  std::string out =
      n > 0 ? "" : "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n";
  for (const bool is_bid : {true, false}) {
    for (const auto& [price, quantity] : is_bid ? change.bids : change.asks) {
      out += fmt::format("x,BTCUSDT,0,{},{},{},{},{}\n", 1'000 + n, n == 0, is_bid ? "bid" : "ask",
                         price, quantity_text(quantity));
    }
  }
  return out;
}

std::string tardis_books(int n, const Change& change, int depth) {
  std::string out;
  if (n == 0) {
    out = "exchange,symbol,timestamp,local_timestamp";
    for (int i = 0; i < depth; ++i)
      out += fmt::format(",asks[{0}].price,asks[{0}].amount,bids[{0}].price,bids[{0}].amount", i);
    out += '\n';
  }
  out += fmt::format("x,BTCUSDT,0,{}", 1'000 + n);
  auto ask = change.after.asks.begin();
  auto bid = change.after.bids.rbegin();
  for (int i = 0; i < depth; ++i) {
    out += ask == change.after.asks.end()
               ? ",,"
               : fmt::format(",{},{}", ask->first, quantity_text(ask->second));
    out += bid == change.after.bids.rend()
               ? ",,"
               : fmt::format(",{},{}", bid->first, quantity_text(bid->second));
    if (ask != change.after.asks.end()) ++ask;
    if (bid != change.after.bids.rend()) ++bid;
  }
  return out + "\n";
}
std::string tardis_books_25(int n, const Change& change) { return tardis_books(n, change, 25); }
std::string tardis_books_5(int n, const Change& change) { return tardis_books(n, change, 5); }

std::string tardis_quotes(int n, const Change& change) {
  const auto& [bids, asks] = change.after;
  std::string out =
      n > 0
          ? ""
          : "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\n";
  out += fmt::format("x,BTCUSDT,0,{},", 1'000 + n);
  out += asks.empty()
             ? ","
             : fmt::format("{},{}", quantity_text(asks.begin()->second), asks.begin()->first);
  out += bids.empty()
             ? ",,"
             : fmt::format(",{},{}", bids.rbegin()->first, quantity_text(bids.rbegin()->second));
  return out + "\n";
}

struct Format {
  const char* name;
  Writer write;
  std::int64_t depth;  // levels of each side, at most
};

class EveryFormat : public testing::TestWithParam<Format> {};

TEST_P(EveryFormat, IsReplayedToTheBookThatWasWritten) {
  const auto& [name, write, depth] = GetParam();
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Wanderer wanderer(seed, depth);
    std::string text;
    std::map<std::int64_t, Book> written;  // after the message of the n-th moment
    for (int n = 0; n < kChanges; ++n) {
      const Change change = wanderer.next();
      text += write(n, change);
      written[n] = change.after;
    }
    TestDesk desk;
    desk.check_laws = false;
    auto recording = read_recording(bytes_of(text), name);
    ASSERT_TRUE(recording) << recording.error().text();
    Recording* reader = recording->get();
    auto replay = Replay::make(std::move(*recording), desk.view().instruments()[0],
                               {.speed = 1, .loop = false}, desk.clock);
    ASSERT_TRUE(replay) << replay.error().text();
    const auto expect_side = [&](Side side, auto begin, auto end, int n) {
      std::vector<BookLevel> levels(100);
      levels.resize(desk.view().depth(TestDesk::kPerpetual, side, levels));
      ASSERT_EQ(static_cast<std::ptrdiff_t>(levels.size()), std::distance(begin, end)) << n;
      for (const BookLevel& level : levels) {
        ASSERT_EQ(level.price.raw, begin->first * 10) << "after change " << n;
        ASSERT_EQ(level.quantity.raw, begin->second) << "after change " << n;
        ++begin;
      }
    };
    const Timestamp start = (*replay)->next_due();
    const std::int64_t unit = std::string_view(name).starts_with("tardis") ? 1'000
                              : std::string_view(name) == "bybit"          ? 1'000'000
                                                                           : 1;
    while ((*replay)->next_due() != kNever) {
      desk.clock = (*replay)->next_due();
      (*replay)->step(desk);
      const auto n = static_cast<int>((desk.clock - start).raw / unit);
      const Book& book = written.at(n);
      expect_side(Side::buy, book.bids.rbegin(), book.bids.rend(), n);
      expect_side(Side::sell, book.asks.begin(), book.asks.end(), n);
      if (HasFatalFailure()) return;
    }
    EXPECT_EQ(desk.clock - start, nanoseconds((kChanges - 1) * unit)) << "all of it was played";
    EXPECT_EQ(reader->report().unreadable.count, 0u) << reader->report().unreadable.first_cause;
    EXPECT_EQ(reader->report().gaps.count, 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(, EveryFormat,
                         testing::Values(Format{"binance", binance, 30}, Format{"bybit", bybit, 30},
                                         Format{"tardis_updates", tardis_updates, 30},
                                         Format{"tardis_book_snapshot_25", tardis_books_25, 25},
                                         Format{"tardis_book_snapshot_5", tardis_books_5, 5},
                                         Format{"tardis_quotes", tardis_quotes, 1}),
                         [](const auto& format) { return std::string(format.param.name); });

}  // namespace
}  // namespace venuebox::market
