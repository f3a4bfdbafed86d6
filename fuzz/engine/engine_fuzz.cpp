// The engine under bytes: each input is a run of commands, through both books and a restored
// snapshot, with every law checked after every command. Built by clang with libFuzzer (preset
// `fuzz`), and by any compiler as a test that runs the corpus.
#include "engine/drawn_trading.h"

namespace {
using namespace venuebox;

// Draws from the input; nothing but zeros once it is used up.
class ByteDraw {
 public:
  explicit ByteDraw(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  bool is_empty() const { return bytes_.empty(); }
  std::uint64_t below(std::uint64_t n) {
    std::uint64_t value = 0;
    for (std::uint64_t most = n - 1; most > 0 && !bytes_.empty(); most >>= 8) {
      value = value << 8 | bytes_.front();
      bytes_ = bytes_.subspan(1);
    }
    return value % n;
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

constexpr int kCommandsMax = 400;
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteDraw draw({data, size});
  engine::DrawnTrading trading;
  for (int i = 0; i < kCommandsMax && !draw.is_empty(); ++i) {
    const std::string wrong = trading.run(draw, 1);
    if (wrong.empty()) continue;
    fmt::print(stderr, "command {}: {}\n", i, wrong);
    std::abort();
  }
  return 0;
}
