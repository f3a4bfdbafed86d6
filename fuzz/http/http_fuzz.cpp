// HTTP requests under bytes: each input is a connection's stream that arrives in pieces. How it was
// cut must not change what is read, and what was read must survive being sent again.
// Built by clang with libFuzzer (preset `fuzz`), and by any compiler as a test that runs the
// corpus.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "../pieces.h"
#include "net/request_parser.h"

namespace {
using namespace venuebox::net;
using State = RequestParser::State;

constexpr std::size_t kBodyBytesMax = 300;

struct Seen {
  State state = State::head;
  std::string method = {};
  std::string target = {};
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool http_1_0 = false;
  bool keep_alive = false;
  int status = 0;
  std::string reason = {};

  friend bool operator==(const Seen&, const Seen&) = default;
};

// Of a request that is complete.
Seen taken(const RequestParser& parser, std::span<const char> bytes) {
  static HeaderSpace space;
  Request request;
  parser.fill(bytes, space, request);
  Seen seen{.state = State::complete};
  for (const char* at = bytes.data(); *at != ' '; ++at)
    seen.method.push_back(*at);
  seen.target = request.target;
  seen.body = request.body;
  for (const Header& header : request.headers)
    seen.headers.emplace_back(header.name, header.value);
  seen.http_1_0 = parser.http_1_0();
  seen.keep_alive = parser.keep_alive();
  require(request.body.size() <= kBodyBytesMax, "a body above the limit");
  require(parser.wire_bytes() <= bytes.size(), "more was read than has arrived");
  return seen;
}

// Everything that stands in the stream, and last what it ends in: a failure, or a wait for more.
// In memory that is new for each piece, so that a sanitizer sees a step beyond it.
std::vector<Seen> parsed(std::string_view bytes, std::span<const std::uint8_t> cuts) {
  RequestParser parser(kBodyBytesMax);
  std::vector<Seen> all;
  std::vector<char> memory;
  for (std::size_t piece = 0; !bytes.empty(); ++piece) {
    const std::size_t wanted = cuts.empty() ? bytes.size() : 1u + cuts[piece % cuts.size()];
    const std::size_t size = std::min(wanted, bytes.size());
    if (piece % 2 == 1) memory.resize(memory.size() - parser.squeeze(memory));
    std::vector<char> next = memory;
    next.insert(next.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    bytes.remove_prefix(size);
    memory = std::move(next);
    while (!memory.empty() && parser.parse(memory) == State::complete) {
      all.push_back(taken(parser, memory));
      const auto end = memory.begin() + static_cast<std::ptrdiff_t>(parser.wire_bytes());
      memory = std::vector<char>(end, memory.end());
      parser.reset();
    }
    if (parser.state() == State::failed) break;
  }
  Seen last{.state = parser.state()};
  if (last.state == State::failed) {
    last.status = parser.status();
    last.reason = parser.reason();
  }
  all.push_back(std::move(last));
  return all;
}

bool frames_the_body(std::string_view name) {
  return same_name(name, "Content-Length") || same_name(name, "Transfer-Encoding");
}

// What was read, sent again with a length in place of whatever framed its body.
std::string encoded(const Seen& seen) {
  std::string bytes = seen.method + " " + seen.target;
  bytes += seen.http_1_0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
  for (const auto& [name, value] : seen.headers) {
    if (frames_the_body(name)) {
      bytes += fmt::format("Content-Length:{}\r\n", seen.body.size());
    } else {
      bytes += name + ":" + value + "\r\n";
    }
  }
  return bytes + "\r\n" + seen.body;
}

Seen without_framing(Seen seen) {
  std::erase_if(seen.headers, [](const auto& header) { return frames_the_body(header.first); });
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto [cuts, bytes] = pieces_of({data, size});
  const std::vector<Seen> whole = parsed(bytes, {});
  require(parsed(bytes, cuts) == whole, "another split gives another result");
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
    const std::vector<Seen> again = parsed(encoded(whole[i]), cuts);
    require(again.size() == 2 && again[1].state == State::head, "not one request on the way back");
    require(without_framing(again[0]) == without_framing(whole[i]), "changed on the way back");
  }
  return 0;
}
