// The reference alone, as the limit that the book and the engine are set beside.
#include "drive.h"
#include "reference.h"

namespace {
using namespace venuebox;

struct Adapter {
  bench::Reference book;

  void init(std::uint32_t id_limit, std::uint32_t) { book.init(id_limit); }
  void add(std::uint32_t id, Side side, std::int32_t price, std::uint32_t qty) {
    book.add(id, side, price, qty, [](std::uint32_t, std::uint32_t) {});
  }
  void cancel(std::uint32_t id) { book.cancel(id); }
  std::uint64_t trades() const { return book.trades(); }
  std::uint64_t volume() const { return book.volume(); }
  std::uint64_t live() const { return book.live(); }
};
}  // namespace

int main(int argc, char** argv) { return bench::drive<Adapter>("ref", argc, argv); }
