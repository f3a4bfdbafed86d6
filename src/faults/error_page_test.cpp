#include "faults/error_page.h"

#include <gtest/gtest.h>

namespace venuebox::faults {
namespace {

TEST(ErrorPages, NginxLooksAsItDoes) {
  const ErrorPage page = error_page("nginx", 504, 0);
  EXPECT_EQ(page.content_type, "text/html");
  EXPECT_EQ(page.headers, "Server: nginx\r\n");
  EXPECT_EQ(page.body,
            "<html>\r\n"
            "<head><title>504 Gateway Time-out</title></head>\r\n"
            "<body>\r\n"
            "<center><h1>504 Gateway Time-out</h1></center>\r\n"
            "<hr><center>nginx</center>\r\n"
            "</body>\r\n"
            "</html>\r\n");
}

TEST(ErrorPages, CloudflareNamesTheRequest) {
  const ErrorPage page = error_page("cloudflare", 502, 0xabc);
  EXPECT_EQ(page.headers,
            "Server: cloudflare\r\nCF-RAY: 0000000000000abc-FRA\r\nCache-Control: no-store\r\n");
  EXPECT_NE(page.body.find("<hr><center>cloudflare</center>"), std::string::npos);
  const ErrorPage unknown = error_page("cloudflare", 520, 0xabc);
  EXPECT_NE(unknown.body.find("Error code 520"), std::string::npos);
  EXPECT_NE(unknown.body.find("Cloudflare Ray ID: <strong>0000000000000abc</strong>"),
            std::string::npos);
}

TEST(ErrorPages, EachStatusHasItsOwnWords) {
  EXPECT_NE(error_page("nginx", 502, 0).body.find("502 Bad Gateway"), std::string::npos);
  EXPECT_NE(error_page("nginx", 503, 0).body.find("503 Service Temporarily Unavailable"),
            std::string::npos);
}

}  // namespace
}  // namespace venuebox::faults
