// The bytes of a recording's file, unpacked: plain, gzip, a zip archive of one file, or gzip around
// that. Which of them it is is told by the bytes, never by the name.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace venuebox::market {

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Fills the front of `space` and says how far; 0 at the end. Damage (a truncated file, a checksum
  // that does not hold) ends the bytes too, and failure() then says so.
  virtual std::size_t read(std::span<char> space) = 0;
  virtual void rewind() = 0;

  const std::string& failure() const { return failure_; }  // empty: none so far

 protected:
  std::string failure_;
};

// Refuses what does not exist, a folder, and what is empty.
Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& path);

// Bytes that are in memory already, plain.
std::unique_ptr<ByteSource> bytes_of(std::string text);

// A hash of the file's bytes as they are on disk, by which a box knows that it still replays the
// same recording.
Result<std::uint64_t> content_hash(const std::string& path);

}  // namespace venuebox::market
