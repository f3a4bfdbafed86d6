// The last N things of a kind, numbered from 1 as they come. Grows up to N and then reuses the
// oldest one's place.
#pragma once

#include <utility>
#include <vector>

#include "base/bytes.h"

namespace venuebox::engine {

template <class T, std::size_t N>
class Ring {
 public:
  // The place for the next one. It holds the one that it displaces, or a new one.
  T& push() {
    const std::size_t at = count_++ % N;
    if (at >= items_.size()) return items_.emplace_back();
    // The one after it will be written next time, and is out of every cache by now.
    const char* next = reinterpret_cast<const char*>(&items_[at]) + sizeof(T);
    for (std::size_t line = 0; line < sizeof(T); line += 64)
      __builtin_prefetch(next + line, 1);
    return items_[at];
  }
  // Number of the newest, 0 when there is none.
  std::uint64_t newest() const { return count_; }
  // Null for what is forgotten or has not come yet.
  const T* find(std::uint64_t number) const {
    if (number == 0 || number > count_ || number + N <= count_) return nullptr;
    const std::size_t at = (number - 1) % N;
    return at < items_.size() ? &items_[at] : nullptr;
  }
  T* find(std::uint64_t number) { return const_cast<T*>(std::as_const(*this).find(number)); }

  std::size_t size() const { return items_.size(); }
  template <class Visit>
  void oldest_first(Visit&& visit) const {
    for (std::uint64_t at = count_ - items_.size() + 1; at <= count_; ++at)
      visit(*find(at));
  }

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.count_, s.items_);
  }

 private:
  std::uint64_t count_ = 0;
  std::vector<T> items_;
};

}  // namespace venuebox::engine
