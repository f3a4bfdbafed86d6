// Matching alone: the engine's book and order store, without accounts, checks or events.
#include "drive.h"
#include "engine/book/level_book.h"

namespace {
using namespace venuebox;

struct Adapter {
  engine::OrderStore orders;
  engine::LevelBook book;
  std::uint64_t traded = 0;
  std::uint64_t lots = 0;

  void init(std::uint32_t, std::uint32_t) {}

  [[gnu::flatten]] void add(std::uint32_t id, Side side, std::int32_t price,
                            std::uint32_t quantity) {
    Lots left{quantity};
    const Side other = opposite(side);
    while (left.raw > 0 && book.crosses(side, Ticks{price})) {
      const engine::Slot maker = book.first(other);
      const Lots shown = orders.resting(maker).shown;
      const Lots filled = std::min(left, shown);
      if (filled < shown) {
        book.shrink(orders, maker, filled);
      } else {
        book.remove(orders, maker);
        orders.release(maker);
      }
      left -= filled;
      ++traded;
      lots += static_cast<std::uint64_t>(filled.raw);
    }
    if (left.raw == 0) return;
    const engine::Slot slot = orders.take(OrderId{id});
    engine::RestingNode& node = orders.resting(slot);
    node.set(engine::RestingNode::kSells, side == Side::sell);
    node.set_price(Ticks{price});
    node.shown = left;
    book.add(orders, slot);
  }
  [[gnu::flatten]] void cancel(std::uint32_t id) {
    const engine::Slot slot = orders.find(OrderId{id});
    book.remove(orders, slot);
    orders.release(slot);
  }
  std::uint64_t trades() const { return traded; }
  std::uint64_t volume() const { return lots; }
  std::uint64_t live() const { return orders.used(); }
};
}  // namespace

int main(int argc, char** argv) { return bench::drive<Adapter>("book", argc, argv); }
