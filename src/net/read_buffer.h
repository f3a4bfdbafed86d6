// What a connection has read and not yet understood. Internal to net.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace venuebox::net {

// A contiguous piece of memory that is filled at its end and consumed at its beginning. It begins
// small, because most connections are idle most of the time.
class ReadBuffer {
 public:
  static constexpr std::size_t kSmall = 4 * 1024;

  std::span<char> readable() { return {bytes_.get() + begin_, end_ - begin_}; }
  std::span<char> writable() { return {bytes_.get() + end_, capacity_ - end_}; }
  bool empty() const { return begin_ == end_; }
  std::size_t capacity() const { return capacity_; }

  void filled(std::size_t count) { end_ += count; }
  void consume(std::size_t count);
  // The last `count` bytes are gone.
  void shorten(std::size_t count) { end_ -= count; }
  // Makes writable() non-empty, growing if need be.
  void make_room();
  // Back to the small size, if the content fits.
  void shrink();

 private:
  void move_to(std::size_t capacity);

  std::size_t capacity_ = kSmall;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::unique_ptr<char[]> bytes_ = std::make_unique_for_overwrite<char[]>(kSmall);
};

}  // namespace venuebox::net
