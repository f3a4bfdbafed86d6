#include "faults/bytes/body.h"

#include <gtest/gtest.h>

#include "base/json_reader.h"

namespace venuebox::faults {
namespace {

Answer answer() {
  Answer answer{.body = R"({"retCode":0})"};
  answer.length = std::ssize(answer.body);
  return answer;
}

TEST(TruncatedBody, SaysTheWholeLengthAndBreaksOff) {
  Answer half = answer();
  truncate_body(half, Ratio{500'000'000});
  EXPECT_EQ(half.body, R"({"retC)");
  EXPECT_EQ(half.length, 13);
  EXPECT_TRUE(half.breaks_off);
  Answer none = answer();
  truncate_body(none, Ratio{});
  EXPECT_EQ(none.body, "");
  Answer most = answer();
  truncate_body(most, Ratio{kWhole.raw - 1});
  EXPECT_EQ(most.body, R"({"retCode":0)");
}

TEST(Garbage, IsNeverJsonAndRepeatsItself) {
  for (const std::string_view kind : {"bytes", "text"}) {
    for (std::uint64_t draw = 0; draw < 50; ++draw) {
      for (const std::size_t bytes : {1u, 2u, 64u}) {
        Answer once = answer();
        put_garbage(once, kind, bytes, draw);
        EXPECT_EQ(once.body.size(), bytes);
        EXPECT_EQ(once.length, std::ssize(once.body));
        EXPECT_FALSE(JsonObject().parse(once.body)) << once.body;
        Answer again = answer();
        put_garbage(again, kind, bytes, draw);
        EXPECT_EQ(once.body, again.body);
      }
    }
  }
}

TEST(Garbage, OfGzipHasTheHeaderAndAReservedBlock) {
  Answer broken = answer();
  put_garbage(broken, "broken_gzip", 20, 3);
  EXPECT_TRUE(broken.body.starts_with("\x1f\x8b\x08"));
  EXPECT_EQ((broken.body[10] >> 1) & 3, 3);  // BTYPE 11 of RFC 1951
  EXPECT_EQ(broken.headers, "Content-Encoding: gzip\r\n");
  EXPECT_EQ(broken.length, 31);
}

TEST(HtmlErrorPage, IsInTheProxysWords) {
  const std::tuple<int, std::string_view, std::string_view> rows[] = {
      {502, "nginx", "<h1>502 Bad Gateway</h1>"},
      {503, "nginx", "<h1>503 Service Temporarily Unavailable</h1>"},
      {504, "nginx", "<h1>504 Gateway Time-out</h1>"},
      {502, "cloudflare", "<title>502: Bad gateway</title>"},
      {503, "cloudflare", "<title>503: Service unavailable</title>"},
      {504, "cloudflare", "<title>504: Gateway time-out</title>"},
      {520, "cloudflare", "<title>520: Web server is returning an unknown error</title>"},
  };
  for (const auto& [status, proxy, words] : rows) {
    Answer page = answer();
    page.headers = "X-Bapi-Limit: 10\r\n";
    put_html_error_page(page, status, proxy, 0xabc, "2025-06-02 12:00:00");
    EXPECT_EQ(page.status, status);
    EXPECT_TRUE(page.content_type.starts_with("text/html"));
    EXPECT_NE(page.body.find(words), std::string::npos) << page.body;
    EXPECT_EQ(page.body.find("retCode"), std::string::npos);
    EXPECT_EQ(page.headers.find("X-Bapi"), std::string::npos);
    EXPECT_NE(page.headers.find(proxy), std::string::npos);
    EXPECT_EQ(page.length, std::ssize(page.body));
  }
}

TEST(WrongLength, IsOffByAsMuchAsAsked) {
  Answer longer = answer();
  falsify_length(longer, 10);
  EXPECT_EQ(longer.length, 23);
  EXPECT_EQ(longer.body, answer().body);
  Answer negative = answer();
  falsify_length(negative, -100);
  EXPECT_EQ(negative.length, 0);
}

TEST(EmptyBody, HasAStatusAndNothingElse) {
  Answer empty = answer();
  empty_body(empty, 503);
  EXPECT_EQ(empty.status, 503);
  EXPECT_EQ(empty.body, "");
  EXPECT_EQ(empty.length, 0);
  EXPECT_FALSE(empty.breaks_off);
}

}  // namespace
}  // namespace venuebox::faults
