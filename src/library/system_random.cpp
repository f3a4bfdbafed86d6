#include "library/system_random.h"

#include <sys/random.h>

#include "base/assert.h"

namespace venuebox::library {

std::uint32_t system_random_bits() {
  std::uint32_t bits = 0;
  // So few come whole or not at all, and always once the machine has started.
  const bool is_given = getrandom(&bits, sizeof bits, 0) == sizeof bits;
  VENUEBOX_ASSERT(is_given);
  return bits;
}

}  // namespace venuebox::library
