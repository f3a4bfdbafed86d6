// What a fault is chosen by: what is known of a request or of a frame when faults are asked for.
#pragma once

#include <cstdint>
#include <string_view>

#include "faults/names.h"

namespace venuebox::faults {

// Borrowed; what is not known yet is empty, and only selectors that leave it open match.
struct Tag {
  std::string_view venue = {};
  std::string_view account = {};
  std::string_view symbol = {};
  std::string_view operation = {};
  std::string_view channel = {};
  Transport transport = Transport::http;
  // Counts the requests, or the frames, of a box. Calls with the same number ask for further layers
  // of the same occasion, one request after the other; 0: each call is an occasion of its own.
  std::uint64_t request = 0;
};

}  // namespace venuebox::faults
