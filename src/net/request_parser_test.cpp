#include "net/request_parser.h"

#include <string>
#include <vector>

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <gtest/gtest.h>

#include "base/random.h"

namespace venuebox::net {
namespace {

constexpr std::size_t kBodyMax = 64;

// What came out of a request, as text that can be compared; "more" while it is incomplete.
std::string outcome(RequestParser& parser, std::span<char> bytes) {
  switch (parser.state()) {
    case RequestParser::State::head:
    case RequestParser::State::body: return "more";
    case RequestParser::State::failed:
      return std::to_string(parser.status()) + " " + std::string(parser.reason());
    case RequestParser::State::complete: break;
  }
  HeaderSpace space;
  Request request;
  parser.fill(bytes, space, request);
  std::string text = std::to_string(static_cast<int>(request.method)) + " ";
  text.append(request.target).append(parser.keep_alive() ? " keep" : " close");
  for (const Header& header : request.headers)
    text.append(" [").append(header.name).append("=").append(header.value).append("]");
  return text.append(" ").append(request.body);
}

std::string parse_at_once(std::string bytes) {
  RequestParser parser(kBodyMax);
  parser.parse(bytes);
  return outcome(parser, bytes);
}

// `step` bytes more at a time, each time in other memory, squeezed whenever it may.
std::string parse_in_steps(std::string_view all, std::size_t step) {
  RequestParser parser(kBodyMax);
  std::string bytes;
  for (std::size_t at = 0; at < all.size(); at += step) {
    std::string moved;
    moved.reserve(bytes.size() + step);
    moved.append(bytes).append(all.substr(at, step));
    bytes.swap(moved);
    parser.parse(bytes);
    bytes.resize(bytes.size() - parser.squeeze(bytes));
  }
  return outcome(parser, bytes);
}

TEST(RequestParser, Table) {
  const std::string many_headers = [] {
    std::string text = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (int i = 0; i < 100; ++i)
      text += "A: b\r\n";
    return text + "\r\n";
  }();
  struct Case {
    std::string bytes, expected;
  };
  const std::string host = " HTTP/1.1\r\nHost: h\r\n";
  const std::string chunked = "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::vector<Case> cases{
      {"GET /x?y=1" + host + "\r\n", "0 /x?y=1 keep [Host=h] "},
      {"GET /x" + host + "A:\r\nB: \t c d \t\r\n\r\n", "0 /x keep [Host=h] [A=] [B=c d] "},
      {"POST /x" + host + "Content-Length: 2\r\n\r\nab",
       "1 /x keep [Host=h] [Content-Length=2] ab"},
      {"POST /x" + host + "Content-Length: 2\r\n\r\na", "more"},
      {"GET /x HTTP/1.0\r\n\r\n", "0 /x close "},
      {"GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "0 /x keep [Connection=keep-alive] "},
      {"GET /x HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
       "0 /x close [Connection=keep-alive, close] "},
      {"GET /x" + host + "Connection: x,\t CLOSE ,\r\n\r\n",
       "0 /x close [Host=h] [Connection=x,\t CLOSE ,] "},
      {"GET /x" + host + "Connection: closed\r\n\r\n", "0 /x keep [Host=h] [Connection=closed] "},
      {"GET /x" + host + "Connection: a b\r\n\r\n", "400 bad header value"},
      {"GET http://h/x" + host + "\r\n", "0 http://h/x keep [Host=h] "},
      {"OPTIONS *" + host + "\r\n", "6 * keep [Host=h] "},
      {"CONNECT h:80" + host + "\r\n", "7 h:80 keep [Host=h] "},
      {"BREW /x" + host + "\r\n", "7 /x keep [Host=h] "},
      {chunked + "2\r\nab\r\n1;e=\"f\"\r\nc\r\n0\r\nTrailer: t\r\n\r\n",
       "2 / keep [Host=h] [Transfer-Encoding=chunked] abc"},
      {chunked + "0\r\n\r\n", "2 / keep [Host=h] [Transfer-Encoding=chunked] "},
      {chunked + "2\r\nab\r\n", "more"},
      {"", "more"},
      {"GET / HT", "more"},

      {"\x16\x03\x01\x02", "400 bad method"},
      {" GET / HTTP/1.1\r\n", "400 bad method"},
      {"GET\r\n", "400 bad method"},
      {"G\x80T / HTTP/1.1\r\n", "400 bad method"},
      {std::string(20, 'M'), "more"},
      {std::string(20, 'M') + " /x" + host + "\r\n", "7 /x keep [Host=h] "},
      {std::string(21, 'M'), "501 method too long"},
      {"GET /x\r\n\r\n", "400 bad target"},
      {"GET  HTTP/1.1\r\n", "400 bad target"},
      {"GET  /x" + host, "400 bad target"},
      {"GET /\tx" + host, "400 bad target"},
      {"GET /x\x7f" + host, "400 bad target"},
      {"GET /12345678\x1f" + host, "400 bad target"},
      {"GET /x  HTTP/1.1\r\n", "400 bad HTTP version"},
      {"GET /x HTTP/1.1 \r\n", "400 bad HTTP version"},
      {"GET /x http/1.1\r\n", "400 bad HTTP version"},
      {"GET /x HTTP/1.1\n", "400 bad HTTP version"},
      {"GET /x HTTP/1.1\rHost: h\r\n", "400 bad HTTP version"},
      {"GET / HTTP/2.0\r\n\r\n", "400 bad HTTP version"},
      {"GET / HTTX/1.1\r\n\r\n", "400 bad HTTP version"},
      {"GET / HTTP/1.1\r\n\r\n", "400 no Host header"},
      {"GET /" + host + "Host: h\r\n\r\n", "400 more than one Host header"},
      {"GET /" + host + "no colon\r\n\r\n", "400 bad header name"},
      {"GET /" + host + "A : b\r\n\r\n", "400 bad header name"},
      {"GET /" + host + "A\r\n\r\n", "400 bad header name"},
      {"GET /" + host + ": b\r\n\r\n", "400 bad header name"},
      {"GET /" + host + "A(: b\r\n\r\n", "400 bad header name"},
      {"GET /" + host + "A: b\n\r\n", "400 bare line feed"},
      {"GET /" + host + "\n", "400 bare line feed"},
      {"GET /" + host + "A: b\rc\r\n\r\n", "400 bad header value"},
      {"GET /" + host + "A: b\r\r\n\r\n", "400 bad header value"},
      {"GET /" + host + "A: 12345678\x7f" + "12345678\r\n\r\n", "400 bad header value"},
      {"GET /" + host + "A: 1\t345678\x80" + "bcdefg\r\n\r\n",
       "0 / keep [Host=h] [A=1\t345678\x80"
       "bcdefg] "},
      {"GET /" + host + "A: \x01\r\n\r\n", "400 bad header value"},
      {"GET /" + host + "A: b\r\n c\r\n\r\n", "400 folded header line"},
      {"GET /" + host + "\tA: b\r\n\r\n", "400 folded header line"},
      {"GET / HTTP/1.1\r\n Host: h\r\n\r\n", "400 folded header line"},
      {"GET /" + host + "A:\r\n b\r\n\r\n", "400 folded header line"},
      {"GET /" + host + "A:\r\n \r\n\r\n", "400 folded header line"},
      {"GET /" + host + "A: b\r\n \r\n\r\n", "400 folded header line"},
      {"POST /" + host + "Content-Length: -1\r\n\r\n", "400 bad Content-Length"},
      {"POST /" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
       "400 conflicting Content-Length"},
      {"POST /" + host + "Content-Length: 1\r\ncontent-length: 1\r\n\r\n",
       "400 more than one Content-Length"},
      {"POST /" + host + "Content-Length: 1, 1\r\n\r\n", "400 more than one Content-Length"},
      {"POST /" + host + "Content-Length:\r\n\r\n", "400 bad Content-Length"},
      {"POST /" + host + "Content-Length: +1\r\n\r\n", "400 bad Content-Length"},
      {"POST /" + host + "Content-Length: 1 1\r\n\r\n", "400 bad Content-Length"},
      {"POST /" + host + "Content-Length: 0x1\r\n\r\n", "400 bad Content-Length"},
      {"POST /" + host + "Content-Length: 18446744073709551616\r\n\r\n", "400 bad Content-Length"},
      {"POST /" + host + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
       "400 bad Content-Length"},
      {"POST /" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
       "400 bad Transfer-Encoding"},
      {"POST /" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       "400 bad Transfer-Encoding"},
      {"POST /" + host + "Transfer-Encoding: gzip\r\n\r\n", "501 unknown transfer encoding"},
      {"POST /" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n",
       "501 unknown transfer encoding"},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
       "400 transfer encoding in HTTP/1.0"},
      {"POST /" + host + "Expect: a-miracle\r\n\r\n", "417 unknown Expect"},
      {"POST /" + host + "Content-Length: 65\r\n\r\n", "413 body too large"},
      {chunked + "41\r\n", "413 body too large"},
      {chunked + "20\r\n" + std::string(32, 'x') + "\r\n21\r\n", "413 body too large"},
      {chunked + "xyz\r\n", "400 bad chunk"},
      {chunked + "2\r\nabc\r\n0\r\n\r\n", "400 bad chunk"},
      {chunked + "\r\n", "400 bad chunk"},
      {chunked + "-1\r\n", "400 bad chunk"},
      {chunked + "0x1\r\n", "400 bad chunk"},
      {chunked + "10000000000000000\r\n", "400 bad chunk"},
      {chunked + "1;a\nb\r\n", "400 bad chunk"},
      {chunked + "1\r\na\rb", "400 bad chunk"},
      {chunked + "0\r\nT: u\r\n", "more"},
      {chunked + "0\r\nT: \x01\r\n", "400 bad chunk"},
      {chunked + "1;" + std::string(17'000, 'e'), "431 chunk header too large"},
      {chunked + "1;\x01" + std::string(17'000, 'e') + "\r\n", "431 chunk header too large"},
      {many_headers, "431 too many headers"},
      {"GET /" + std::string(8'191, 'a') + host + "\r\n",
       "0 /" + std::string(8'191, 'a') + " keep [Host=h] "},
      {"GET /" + std::string(8'192, 'a') + host + "\r\n", "414 target too long"},
      {"GET /" + std::string(9'000, 'a'), "414 target too long"},
      {"GET /" + host + "A: " + std::string(16'300, 'b') + "\r\n\r\n",
       "0 / keep [Host=h] [A=" + std::string(16'300, 'b') + "] "},
      {"GET /" + host + "A: " + std::string(16'400, 'b') + "\r\n\r\n", "431 headers too large"},
      {"GET /" + host + "A: " + std::string(17'000, 'b'), "431 headers too large"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(parse_at_once(c.bytes), c.expected) << c.bytes.substr(0, 200);
    for (const std::size_t step : {1, 2, 3, 7, 4'096})
      EXPECT_EQ(parse_in_steps(c.bytes, step), c.expected)
          << "in steps of " << step << ": " << c.bytes.substr(0, 200);
  }
}

TEST(RequestParser, LeavesTheNextRequestAlone) {
  std::string bytes = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
  const std::size_t first = bytes.size();
  bytes += "GET /b HTTP/1.1\r\nHost: h\r\n\r\n";
  RequestParser parser(kBodyMax);
  EXPECT_FALSE(parser.started());
  ASSERT_EQ(parser.parse(bytes), RequestParser::State::complete);
  EXPECT_EQ(parser.wire_bytes(), first);
  parser.reset();
  EXPECT_FALSE(parser.started());
  const auto rest = std::span(bytes).subspan(first);
  ASSERT_EQ(parser.parse(rest), RequestParser::State::complete);
  EXPECT_EQ(outcome(parser, rest), "0 /b keep [Host=h] ");
}

TEST(RequestParser, ClaimsContinueOnce) {
  std::string bytes =
      "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n";
  RequestParser parser(kBodyMax);
  parser.parse(bytes);
  EXPECT_TRUE(parser.claim_continue());
  EXPECT_FALSE(parser.claim_continue());
}

// Beast's own message parser; "refused" when it fails.
std::string oracle(const std::string& bytes) {
  namespace http = boost::beast::http;
  http::request_parser<http::string_body> parser;
  parser.header_limit(kHeadBytesMax);
  parser.body_limit(kBodyMax);
  parser.eager(true);
  boost::beast::error_code error;
  parser.put(boost::asio::buffer(bytes), error);
  if (error == http::error::need_more) return "more";
  if (error) return "refused";
  if (!parser.is_done()) return "more";
  return std::string(parser.get().target()) + (parser.keep_alive() ? " keep\n" : " close\n") +
         parser.get().body();
}

// Valid requests with a few bytes changed, added or taken away: whole, in steps and by the oracle
// they must come to the same. Where this parser is stricter on purpose it may refuse alone.
TEST(RequestParser, AgreesWithItselfAndBeastOnDamagedRequests) {
  const std::vector<std::string> originals{
      "POST /v5/order?a=%20 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nX-A: b c\r\n\r\n{\"a\"}",
      "PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
      "a;x=y\r\n0123456789\r\n0\r\nT: u\r\n\r\n",
      "GET / HTTP/1.0\r\nConnection: keep-alive\r\nAccept: */*\r\n\r\n",
  };
  constexpr std::string_view kAlphabet = "\r\n :;,0a9fG/?%\t\"\x01\x80\0";
  RandomStream draw(1, "request_parser_test");
  int refused = 0;
  int complete = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = originals[draw.below(originals.size())];
    for (auto changes = draw.below(4); changes > 0; --changes) {
      const std::size_t at = draw.below(bytes.size());
      const char byte = kAlphabet[draw.below(kAlphabet.size())];
      switch (draw.below(3)) {
        case 0: bytes[at] = byte; break;
        case 1: bytes.insert(at, 1, byte); break;
        default: bytes.erase(at, 1 + draw.below(2)); break;
      }
    }
    const std::string whole = parse_at_once(bytes);
    const std::string expected = oracle(bytes);
    const std::string in_steps = parse_in_steps(bytes, 1 + draw.below(9));
    ASSERT_EQ(in_steps, whole) << bytes;
    // Beast refuses extensions and trailers that are merely skipped here.
    const bool skipping =
        bytes.find("chunked") != std::string::npos && expected.find('\n') == std::string::npos;
    if (skipping) continue;
    // Of what is wrong in a head that has not ended, either may be the first to say so.
    const std::string ended = bytes + "\r\n\r\n";
    if (whole == "more") {
      ASSERT_TRUE(expected == "more" || parse_at_once(ended).front() == '4') << bytes;
    } else if (whole[0] == '4' || whole[0] == '5') {
      ++refused;
      const bool stricter =
          whole.find("Host") != std::string::npos || whole.find("folded") != std::string::npos ||
          whole.find("encoding") != std::string::npos || whole.find("chunk") != std::string::npos;
      const bool late = expected == "more" && oracle(ended) == "refused";
      ASSERT_TRUE(stricter || late || expected == "refused") << bytes << whole;
    } else {
      ++complete;
      const auto line = expected.find('\n');
      ASSERT_NE(line, std::string::npos) << bytes << whole << expected;
      ASSERT_TRUE(whole.ends_with(" " + expected.substr(line + 1))) << bytes << whole << expected;
      ASSERT_NE(whole.find(expected.substr(0, line)), std::string::npos) << bytes << whole;
    }
  }
  EXPECT_GT(refused, 1'000);
  EXPECT_GT(complete, 1'000);
}

}  // namespace
}  // namespace venuebox::net
