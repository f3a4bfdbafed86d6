// The lines of a text that does not fit in memory.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "market/byte_source.h"

namespace venuebox::market {

class LineReader {
 public:
  explicit LineReader(std::unique_ptr<ByteSource> bytes);

  // The next line without its end, a view that is good until the next call; false at the end. A
  // line that damage cut short is not given out.
  bool next(std::string_view& line);
  void rewind();

  std::uint64_t number() const { return number_; }         // of the line given last, from 1
  const std::string& failure() const { return failure_; }  // why the lines ended early; or empty

 private:
  bool give(std::string_view& line, std::size_t end, std::size_t next_begin);
  bool make_room();

  std::unique_ptr<ByteSource> bytes_;
  std::string buffer_;
  std::size_t begin_ = 0;  // of what is not yet given out
  std::size_t end_ = 0;
  std::uint64_t number_ = 0;
  std::string failure_;
};

}  // namespace venuebox::market
