#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace venuebox {
void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "venuebox: broken invariant: %s (%s:%d)\n", condition, file, line);
  std::abort();
}
}  // namespace venuebox
