// Assertions that stay in release builds: a broken invariant ends the process with its place and
// condition instead of going on with wrong money. One condition each.
#pragma once

namespace venuebox {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
}  // namespace venuebox

#define VENUEBOX_ASSERT(condition)        \
  (static_cast<bool>(condition) ? void(0) \
                                : ::venuebox::assertion_failed(#condition, __FILE__, __LINE__))
