// Bits that nobody can foresee, for what the world is not to guess; nothing that has to repeat may
// depend on them.
#pragma once

#include <cstdint>

namespace venuebox::library {

std::uint32_t system_random_bits();

}  // namespace venuebox::library
