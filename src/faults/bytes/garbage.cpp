#include "base/random.h"
#include "faults/bytes/body.h"

namespace venuebox::faults {
namespace {
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz    ";

std::string random_bytes(std::size_t bytes, RandomStream draws) {
  std::string text;
  while (text.size() < bytes)
    text += static_cast<char>(draws.next() >> 56);
  // Nothing in JSON begins with it, whatever follows.
  text.front() = '\xff';
  return text;
}

std::string random_text(std::size_t bytes, RandomStream draws) {
  // Looks like JSON for a moment.
  std::string text = "{";
  while (text.size() < bytes)
    text += kLetters[draws.below(kLetters.size())];
  return text;
}

// RFC 1952: a sound header, and then a block of the type that RFC 1951 (3.2.3) reserves.
std::string broken_gzip(std::size_t bytes, RandomStream draws) {
  std::string text("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x07", 11);
  return text + random_bytes(bytes, draws);
}
}  // namespace

void put_garbage(Answer& answer, std::string_view kind, std::size_t bytes, std::uint64_t draw) {
  const RandomStream draws(draw, "garbage");
  if (kind == "broken_gzip") {
    answer.body = broken_gzip(bytes, draws);
    answer.headers += "Content-Encoding: gzip\r\n";
  } else {
    answer.body = kind == "text" ? random_text(bytes, draws) : random_bytes(bytes, draws);
  }
  answer.length = std::ssize(answer.body);
}

}  // namespace venuebox::faults
