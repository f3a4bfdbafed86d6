#include "faults/error_page.h"

#include <fmt/core.h>

#include "base/assert.h"

namespace venuebox::faults {
namespace {

// The words of ngx_http_special_response.c, which Cloudflare's short pages share.
std::string_view title_of(int status) {
  switch (status) {
    case 502: return "502 Bad Gateway";
    case 503: return "503 Service Temporarily Unavailable";
    case 504: return "504 Gateway Time-out";
    default: VENUEBOX_ASSERT(false); return {};
  }
}

std::string short_page(std::string_view proxy, int status) {
  return fmt::format(
      "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n"
      "<hr><center>{1}</center>\r\n</body>\r\n</html>\r\n",
      title_of(status), proxy);
}

std::string unknown_error_page(std::string_view ray) {
  return fmt::format(
      "<!DOCTYPE html>\n<html class=\"no-js\" lang=\"en-US\">\n<head>\n"
      "<title>520: Web server is returning an unknown error</title>\n"
      "<meta charset=\"UTF-8\" />\n</head>\n<body>\n<div id=\"cf-wrapper\">\n"
      "<div id=\"cf-error-details\" class=\"p-0\">\n"
      "<h1><span class=\"inline-block\">Web server is returning an unknown error</span>\n"
      "<span class=\"code-label\">Error code 520</span></h1>\n"
      "<p>There is an unknown connection issue between Cloudflare and the origin web server. As a "
      "result, the web page can not be displayed.</p>\n"
      "<span>Cloudflare Ray ID: <strong>{}</strong></span>\n</div>\n</div>\n</body>\n</html>\n",
      ray);
}

}  // namespace

ErrorPage error_page(std::string_view proxy, int status, std::uint64_t draw) {
  if (proxy == "nginx") return {"text/html", "Server: nginx\r\n", short_page(proxy, status)};
  const std::string ray = fmt::format("{:016x}", draw);
  return {"text/html; charset=UTF-8",
          fmt::format("Server: cloudflare\r\nCF-RAY: {}-FRA\r\nCache-Control: no-store\r\n", ray),
          status == 520 ? unknown_error_page(ray) : short_page(proxy, status)};
}

}  // namespace venuebox::faults
