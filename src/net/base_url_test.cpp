#include "net/base_url.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "net/request_writer.h"

namespace venuebox::net {
namespace {

std::string parts(std::string_view text) {
  const auto url = base_url_from(text);
  if (!url) return url.error().detail;
  return fmt::format("{} {} {} {} {}", url->is_tls, url->host, url->port, url->path,
                     url->authority());
}

TEST(BaseUrl, HasSchemeHostPortAndPath) {
  EXPECT_EQ(parts("https://API.bybit.com"), "true api.bybit.com 443  api.bybit.com");
  EXPECT_EQ(parts("http://127.0.0.1:8000/bybit/"), "false 127.0.0.1 8000 /bybit 127.0.0.1:8000");
  EXPECT_EQ(parts("http://localhost"), "false localhost 80  localhost");
  EXPECT_EQ(parts("wss://[::1]:9443/a/b"), "true ::1 9443 /a/b [::1]:9443");
  EXPECT_EQ(parts("ws://[::1]"), "false ::1 80  [::1]");
}

TEST(BaseUrl, RefusesWhatIsNone) {
  EXPECT_EQ(parts("api.bybit.com"), "has to begin with http://, https://, ws:// or wss://");
  EXPECT_EQ(parts("https://me:secret@host"),
            "holds a user name or password; give credentials apart from it");
  EXPECT_EQ(parts("https://host/?a=b"), "has a query or fragment; it ends with the path");
  EXPECT_EQ(parts("http://[::1"), "lacks the ']' after an address");
  for (const auto text :
       {"http://host:", "http://host:0", "http://host:65536", "http://host:8a", "http://[::1]80"})
    EXPECT_EQ(parts(text), "has a port that is no number from 1 to 65535") << text;
  for (const auto text :
       {"http://", "http:///a", "http://a b", "http://a\r\nb", "http://[x]", "http://host."})
    EXPECT_EQ(parts(text),
              "has no proper host; a name, an IPv4 address, or an IPv6 address in brackets")
        << text;
  EXPECT_EQ(parts("http://host/a b"), "has a path with spaces or characters beyond ASCII");
}

HttpClientRequest request_to(std::string_view url) { return {.url = *base_url_from(url)}; }

TEST(RequestWriter, WritesHostAndLength) {
  HttpClientRequest request = request_to("http://127.0.0.1:8000/bybit");
  request.target = "/v5/market/time?a=1";
  EXPECT_EQ(*request_bytes(request),
            "GET /bybit/v5/market/time?a=1 HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n");
  request.method = Method::post;
  request.headers = {{"X-Key", "k"}};
  request.body = "{}";
  EXPECT_EQ(*request_bytes(request),
            "POST /bybit/v5/market/time?a=1 HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nX-Key: k\r\n"
            "Content-Length: 2\r\n\r\n{}");
}

TEST(RequestWriter, RefusesWhatWouldSplitTheRequestAndRepeatsNoSecret) {
  HttpClientRequest request = request_to("http://host");
  for (const auto target : {"", "a", "/a b", "/a\r\nb", "/a#b"}) {
    request.target = target;
    EXPECT_FALSE(request_bytes(request)) << target;
  }
  request.target = "/";
  const HeaderList bad[] = {{{"X Key", "1"}},
                            {{"", "1"}},
                            {{"X-Key", "secret\n"}},
                            {{"host", "secret"}},
                            {{"Content-Length", "1"}}};
  for (const HeaderList& headers : bad) {
    request.headers = headers;
    const auto bytes = request_bytes(request);
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().text().find("secret"), std::string::npos) << bytes.error().text();
  }
  request.headers = {};
  request.method = Method::other;
  EXPECT_FALSE(request_bytes(request));
}

}  // namespace
}  // namespace venuebox::net
