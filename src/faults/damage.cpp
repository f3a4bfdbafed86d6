#include "faults/damage.h"

#include <algorithm>

#include "base/random.h"

namespace venuebox::faults {

// Of ASCII stays ASCII: the text is still one of UTF-8 where it was.
std::string with_other_bytes(std::string text, std::size_t count, std::uint64_t draw) {
  RandomStream bits(draw, "damage");
  std::size_t left = std::min(count, text.size());
  // Each place is taken with the chance that makes it `left` of those that remain.
  for (std::size_t i = 0; left > 0; ++i) {
    if (bits.below(text.size() - i) >= left) continue;
    --left;
    const char old = text[i];
    do {
      text[i] = static_cast<char>('!' + bits.below(94));
    } while (text[i] == old);
  }
  return text;
}

std::string without_its_end(std::string text, std::uint64_t draw) {
  if (text.size() < 2) return text;
  text.resize(1 + RandomStream(draw, "damage").below(text.size() - 1));
  return text;
}

std::string not_utf8(std::string text, std::uint64_t draw) {
  if (!text.empty()) text[RandomStream(draw, "damage").below(text.size())] = '\xff';
  return text;
}

}  // namespace venuebox::faults
