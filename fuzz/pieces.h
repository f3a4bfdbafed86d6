// What the targets share that read a stream in pieces. The first byte of an input says how many
// bytes of cuts follow; each is the size of a piece, over and over. The rest is the stream.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include <fmt/core.h>

inline void require(bool holds, const char* what) {
  if (holds) return;
  fmt::print(stderr, "{}\n", what);
  std::abort();
}

struct Pieces {
  std::span<const std::uint8_t> cuts;
  std::string_view stream;
};

// Of an input that is not empty.
inline Pieces pieces_of(std::span<const std::uint8_t> input) {
  const std::size_t cuts = std::min<std::size_t>(input[0], input.size() - 1);
  const auto stream = input.subspan(1 + cuts);
  return {input.subspan(1, cuts), {reinterpret_cast<const char*>(stream.data()), stream.size()}};
}
