#include "net/read_buffer.h"

#include <cstring>

#include "base/assert.h"

namespace venuebox::net {

void ReadBuffer::consume(std::size_t count) {
  VENUEBOX_ASSERT(count <= end_ - begin_);
  begin_ += count;
  if (begin_ == end_) begin_ = end_ = 0;
}

void ReadBuffer::make_room() {
  if (writable().size() >= capacity_ / 2) return;
  if (begin_ > 0) {
    std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == capacity_) move_to(capacity_ * 2);
}

void ReadBuffer::shrink() {
  if (capacity_ > kSmall && end_ - begin_ < kSmall) move_to(kSmall);
}

void ReadBuffer::move_to(std::size_t capacity) {
  auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
  std::memcpy(bytes.get(), bytes_.get() + begin_, end_ - begin_);
  bytes_ = std::move(bytes);
  end_ -= begin_;
  begin_ = 0;
  capacity_ = capacity;
}

}  // namespace venuebox::net
