// Short text with a bound, held in place: client order ids travel through commands and events
// without an allocation.
#pragma once

#include <array>
#include <cstring>
#include <string_view>

#include "base/assert.h"

namespace venuebox {

template <std::size_t Capacity>
class FixedText {
  static_assert(Capacity < 256);

 public:
  static constexpr std::size_t kCapacity = Capacity;

  FixedText() {}  // NOLINT(modernize-use-equals-default): the bytes behind the text stay unset
  explicit FixedText(std::string_view text) {
    VENUEBOX_ASSERT(text.size() <= Capacity);
    size_ = static_cast<std::uint8_t>(text.size());
    if (!text.empty()) std::memcpy(bytes_.data(), text.data(), text.size());
  }

  std::string_view view() const { return {bytes_.data(), size_}; }
  void clear() { size_ = 0; }
  bool empty() const { return size_ == 0; }
  friend bool operator==(const FixedText& a, const FixedText& b) { return a.view() == b.view(); }
  friend auto operator<=>(const FixedText& a, const FixedText& b) { return a.view() <=> b.view(); }

 private:
  std::array<char, Capacity> bytes_;
  std::uint8_t size_ = 0;
};

}  // namespace venuebox
