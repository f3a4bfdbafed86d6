// Bodies that no client can read: what a broken proxy or a wrong encoder sends in place of JSON.
#pragma once

#include <cstdint>
#include <string>

namespace venuebox::faults {

// Neither UTF-8 nor JSON, whatever the draw.
std::string random_bytes(std::size_t size, std::uint64_t draw);

// A gzip member (RFC 1952) whose header is sound, and whose data no inflater takes. For an answer
// with Content-Encoding: gzip.
std::string broken_gzip(std::size_t size, std::uint64_t draw);

// The plain words of a proxy, repeated or cut to this size.
std::string plain_text(std::size_t size);

}  // namespace venuebox::faults
