// Both books under one test: whatever is done to them, they show the same.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/random.h"
#include "engine/book/level_book.h"
#include "engine/book/reference_book.h"

namespace venuebox::engine {
namespace {

template <class Book>
class BookTest : public testing::Test {
 protected:
  Slot add(Side side, std::int64_t price, std::int64_t quantity) {
    const Slot slot = orders.take(OrderId{++created_});
    RestingNode& node = orders.resting(slot);
    node.set(RestingNode::kSells, side == Side::sell);
    node.set_price(Ticks{price});
    node.shown = Lots{quantity};
    book.add(orders, slot);
    return slot;
  }
  void remove(Slot slot) {
    book.remove(orders, slot);
    orders.release(slot);
  }
  void fill(Slot slot, std::int64_t quantity) { book.shrink(orders, slot, Lots{quantity}); }
  // "B 101:7[1,2] 99:5[3] | A 102:1[4]": price, quantity and the queue's ids, best first.
  std::string drawn() const {
    std::string text;
    for (const Side side : {Side::buy, Side::sell}) {
      text += side == Side::buy ? "B" : " | A";
      Slot next = book.first(side);
      book.each_level(orders, side, [&](const BookLevel& level) {
        text += fmt::format(" {}:{}[", level.price.raw, level.quantity.raw);
        std::string queue;
        book.each_order(orders, side, level.price, [&](Slot slot) {
          queue += fmt::format("{}{}", queue.empty() ? "" : ",", orders.resting(slot).id.raw);
          EXPECT_EQ(slot, next);
          next = book.next(orders, slot);
          return true;
        });
        text += queue + "]";
        return true;
      });
      EXPECT_EQ(next, kNoSlot);
    }
    return text;
  }

  OrderStore orders;
  Book book;
  std::uint64_t created_ = 0;
};

using Books = testing::Types<ReferenceBook, LevelBook>;
TYPED_TEST_SUITE(BookTest, Books);

TYPED_TEST(BookTest, ShowsLevelsBestFirstAndQueuesOldestFirst) {
  this->add(Side::buy, 101, 3);
  this->add(Side::buy, 101, 4);
  const Slot far = this->add(Side::buy, 99, 5);
  this->add(Side::sell, 102, 1);
  this->add(Side::sell, 1'000'000, 9);
  EXPECT_EQ(this->drawn(), "B 101:7[1,2] 99:5[3] | A 102:1[4] 1000000:9[5]");
  this->fill(far, 2);
  EXPECT_EQ(this->drawn(), "B 101:7[1,2] 99:3[3] | A 102:1[4] 1000000:9[5]");
  EXPECT_EQ(this->book.best(Side::buy), Ticks{101});
  EXPECT_EQ(this->book.best(Side::sell), Ticks{102});
  this->book.each_order(this->orders, Side::buy, Ticks{100}, [](Slot) {
    ADD_FAILURE() << "there is no order";
    return true;
  });
}

TYPED_TEST(BookTest, ForgetsEmptyLevels) {
  const Slot only = this->add(Side::sell, 511, 1);
  const Slot next = this->add(Side::sell, 512, 2);  // on another page of the fast book
  this->remove(only);
  EXPECT_EQ(this->book.best(Side::sell), Ticks{512});
  this->remove(next);
  EXPECT_EQ(this->book.best(Side::sell), Ticks{});
  EXPECT_EQ(this->drawn(), "B | A");
}

TYPED_TEST(BookTest, VersionsTellChanges) {
  const std::uint64_t before = this->book.version();
  const Slot slot = this->add(Side::sell, 511, 3);
  const std::uint64_t added = this->book.version();
  EXPECT_NE(added, before);
  this->fill(slot, 1);
  EXPECT_NE(this->book.version(), added);
}

// A book, its pool and what is live in it, driven by draws.
template <class Book>
struct Driven : BookTest<Book> {
  void TestBody() override {}
  void act(RandomStream draw) {
    const std::uint64_t what = draw.below(10);
    if (what < 5 || live.empty()) {
      const Side side = draw.below(2) ? Side::buy : Side::sell;
      const auto price = static_cast<std::int64_t>(1 + draw.below(what == 0   ? 50'000'000'000
                                                                  : what == 1 ? 90'000'000
                                                                              : 1'200));
      live.push_back(this->add(side, price, static_cast<std::int64_t>(1 + draw.below(9))));
      return;
    }
    const std::size_t at = draw.below(live.size());
    const Slot slot = live[at];
    if (what < 8 || this->orders.resting(slot).shown.raw == 1) {
      this->remove(slot);
      live.erase(live.begin() + static_cast<std::ptrdiff_t>(at));
    } else {
      this->fill(slot, 1);
    }
  }
  using BookTest<Book>::book;
  using BookTest<Book>::drawn;
  std::vector<Slot> live;
};

TEST(Books, AgreeWhateverIsDone) {
  EXPECT_TRUE(rc::check("reference == level", [](std::uint64_t seed) {
    Driven<ReferenceBook> reference;
    Driven<LevelBook> fast;
    for (int i = 0; i < 300; ++i) {
      const RandomStream draw(seed, fmt::format("step {}", i));
      reference.act(draw);
      fast.act(draw);
      RC_ASSERT(reference.drawn() == fast.drawn());
    }
    for (const Side side : {Side::buy, Side::sell}) {
      RC_ASSERT(reference.book.best(side) == fast.book.best(side));
    }
  }));
}

}  // namespace
}  // namespace venuebox::engine
