// What damages a message on its way: some bytes changed, its end lost, or a byte that no text has.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace venuebox::faults {

// So many bytes, or all of a shorter text, are others, and printable.
std::string with_other_bytes(std::string text, std::size_t count, std::uint64_t draw);

// At least a byte is left, and at least one is lost.
std::string without_its_end(std::string text, std::uint64_t draw);

// One byte is 0xFF, which UTF-8 never has.
std::string not_utf8(std::string text, std::uint64_t draw);

}  // namespace venuebox::faults
