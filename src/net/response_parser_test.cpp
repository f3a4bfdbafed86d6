#include "net/response_parser.h"

#include <string>

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace venuebox::net {
namespace {

using Asked = ResponseParser::Asked;
using State = ResponseParser::State;

constexpr std::size_t kHeadMax = 200;
constexpr std::size_t kBodyMax = 40;

struct Case {
  std::string bytes;
  std::string outcome;  // as outcome() has it
  Asked asked = Asked::ordinary;
};

std::string kind_text(ClientErrorKind kind) {
  return kind == ClientErrorKind::too_large ? "too_large" : "garbled";
}

// "200 body", with "close" and what was left over where that applies; or why there is none.
std::string outcome(const std::vector<std::string>& pieces, Asked asked) {
  ResponseParser parser(asked, kHeadMax, kBodyMax);
  std::string left;
  State state = State::head;
  for (std::string piece : pieces) {
    if (state == State::complete) {
      left += piece;
      continue;
    }
    state = parser.parse(piece);
    if (state == State::failed)
      return fmt::format("{}: {}", kind_text(parser.kind()), parser.reason());
    left += piece.substr(parser.consumed());
  }
  const bool ended_by_closing = state != State::complete;
  if (ended_by_closing && parser.finish() != State::complete) return "cut off";
  const bool keeps = parser.keep_alive();
  const HttpClientResponse response = parser.take();
  return fmt::format("{} {}{}{}", response.status, response.body, keeps ? "" : " close",
                     left.empty() ? "" : " left " + left);
}

// Every way of cutting it into two, and every byte for itself.
void expect_outcome(const Case& c) {
  const std::string& bytes = c.bytes;
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
    EXPECT_EQ(outcome({bytes.substr(0, cut), bytes.substr(cut)}, c.asked), c.outcome)
        << "cut at " << cut << " of:\n"
        << bytes;
  std::vector<std::string> single;
  for (const char byte : bytes)
    single.emplace_back(1, byte);
  EXPECT_EQ(outcome(single, c.asked), c.outcome) << "byte for byte:\n" << bytes;
}

TEST(ResponseParser, ReadsEveryFraming) {
  const Case cases[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 hello"},
      {"HTTP/1.1 200\r\ncontent-length:0\r\n\r\n", "200 "},
      {"HTTP/1.1 418 \r\nContent-Length: 2 \r\n\r\nhi", "418 hi"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n"
       "Trailer: 1\r\n\r\n",
       "200 hello world"},
      {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it", "200 all of it close"},
      {"HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 1\r\n\r\na", "200 a close"},
      {"HTTP/1.0 200 OK\r\n\r\nold", "200 old close"},
      {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nold", "200 old"},
  };
  for (const Case& c : cases)
    expect_outcome(c);
}

TEST(ResponseParser, KnowsWhichAnswersHaveNoBody) {
  const Case cases[] = {
      {"HTTP/1.1 204 No Content\r\n\r\n", "204 "},
      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "304 "},
      {"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", "200 ", Asked::head_only},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nframes",
       "101  close left frames", Asked::upgrade},
      {"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno", "401 no", Asked::upgrade},
  };
  for (const Case& c : cases)
    expect_outcome(c);
}

TEST(ResponseParser, SkipsInterimAnswers) {
  expect_outcome(
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
       "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
       "200 ok"});
}

TEST(ResponseParser, LeavesWhatFollowsTheAnswer) {
  expect_outcome(
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1", "200 ok left HTTP/1.1"});
  expect_outcome({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nmore",
                  "200 a left more"});
}

TEST(ResponseParser, RefusesWhatCouldBeReadInTwoWays) {
  const std::string kLength = "garbled: contradicts itself about its length";
  const std::string kCoding = "garbled: has a transfer encoding that was not asked for";
  const std::string kHeader = "garbled: has a malformed header";
  const std::string kStatus = "garbled: has a malformed status line";
  const Case cases[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", kLength},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na", kLength},
      {"HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na", "garbled: has a malformed length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\na", "garbled: has a malformed length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\na",
       "garbled: has a malformed length"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", kCoding},
      {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", kCoding},
      {"HTTP/1.1 200 OK\r\n\r\nbody",
       "garbled: says neither how long it is nor that it ends by closing"},
      {"HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", kHeader},
      {"HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\na", kHeader},
      {"HTTP/1.1 200 OK\r\nA: b\nContent-Length: 1\r\n\r\na", kHeader},
      {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", kHeader},
      {"HTTP/1.1 20 OK\r\n\r\n", kStatus},
      {"HTTP/1.1 099 OK\r\n\r\n", kStatus},
      {"HTTP/1.1 2000 OK\r\n\r\n", kStatus},
      {"HTTP/1.2 200 OK\r\n\r\n", kStatus},
      {"HTTP/1.1 101 Switching Protocols\r\n\r\n", "garbled: switches protocols unasked"},
      {"<html>503</html>", "garbled: does not begin like HTTP/1.x"},
      {"HTTP/2 200\r\n\r\n", "garbled: does not begin like HTTP/1.x"},
  };
  for (const Case& c : cases)
    expect_outcome(c);
}

TEST(ResponseParser, RefusesBadChunks) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string_view chunks : {"x\r\n", "-1\r\n", "1\r\nab\r\n", "1\na\n", "\r\n"})
    expect_outcome({head + std::string(chunks), "garbled: has a malformed chunk"});
  expect_outcome({head + "ffffffffffffffff\r\n", "too_large: its body exceeds the bound"});
}

TEST(ResponseParser, HoldsToItsBounds) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string filler(kHeadMax, 'a');
  const std::string kHead = "too_large: its headers exceed the bound";
  const std::string kBody = "too_large: its body exceeds the bound";
  expect_outcome({ok + "A: " + filler, kHead});
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  std::string endless;
  while (endless.size() <= kHeadMax)
    endless += interim;
  expect_outcome({endless, kHead});
  expect_outcome({ok + "Content-Length: 41\r\n\r\n", kBody});
  expect_outcome({ok + "Content-Length: 40\r\n\r\n" + std::string(kBodyMax, 'b'),
                  "200 " + std::string(kBodyMax, 'b')});
  expect_outcome({ok + "Connection: close\r\n\r\n" + std::string(kBodyMax + 1, 'b'), kBody});
  expect_outcome({ok + "Transfer-Encoding: chunked\r\n\r\n20\r\n" + std::string(32, 'b') +
                      "\r\n9\r\n" + std::string(9, 'b'),
                  kBody});
  std::string exact = ok + "Content-Length: 0\r\nA: ";
  exact += std::string(kHeadMax - exact.size() - 4, 'a');
  expect_outcome({exact + "\r\n\r\n", "200 "});
  expect_outcome({exact + "a\r\n\r\n", kHead});
}

TEST(ResponseParser, TellsACutAnswerFromAWholeOne) {
  const std::string whole =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(outcome({whole.substr(0, size)}, Asked::ordinary), "cut off") << size;
  EXPECT_EQ(outcome({"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"}, Asked::ordinary),
            "cut off");
}

TEST(ResponseParser, KeepsHeadersInTheirOrder) {
  ResponseParser parser(Asked::ordinary, kHeadMax, kBodyMax);
  std::string bytes =
      "HTTP/1.1 200 OK\r\nB:  two words \r\nA:\r\nb: 3\r\nContent-Length: 0\r\n\r\n";
  EXPECT_EQ(parser.parse(bytes), State::complete);
  const HttpClientResponse response = parser.take();
  EXPECT_EQ(response.headers,
            (HeaderList{{"B", "two words"}, {"A", ""}, {"b", "3"}, {"Content-Length", "0"}}));
  ASSERT_NE(response.header("b"), nullptr);
  EXPECT_EQ(*response.header("b"), "two words");
  EXPECT_EQ(response.header("c"), nullptr);
}

}  // namespace
}  // namespace venuebox::net
