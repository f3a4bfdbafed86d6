// The pages are short forms of what proxies send: the status line's words, the markers that clients
// look for ("cloudflare", "cf-ray", "<html>"), and no JSON. nginx's own are complete.
#include <fmt/core.h>

#include "faults/bytes/body.h"

namespace venuebox::faults {
namespace {
std::string_view words_of(int status, bool cloudflare) {
  switch (status) {
    case 502: return cloudflare ? "Bad gateway" : "Bad Gateway";
    case 503: return cloudflare ? "Service unavailable" : "Service Temporarily Unavailable";
    case 504: return cloudflare ? "Gateway time-out" : "Gateway Time-out";
    case 520: return "Web server is returning an unknown error";
    default: return "Error";
  }
}

std::string nginx_page(int status) {
  const std::string_view words = words_of(status, false);
  return fmt::format(
      "<html>\r\n<head><title>{0} {1}</title></head>\r\n<body>\r\n<center><h1>{0} {1}</h1></center>"
      "\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
      status, words);
}

std::string cloudflare_page(int status, std::string_view ray, std::string_view time) {
  return fmt::format(
      R"(<!DOCTYPE html>
<html class="no-js" lang="en-US">
<head>
<title>{0}: {1}</title>
<meta charset="UTF-8" />
<meta name="robots" content="noindex, nofollow" />
</head>
<body>
<div id="cf-wrapper">
<div id="cf-error-details" class="p-0">
<h1><span>{1}</span> <span>Error code {0}</span></h1>
<div>Visit <a href="https://www.cloudflare.com/5xx-error-landing">cloudflare.com</a> for more information.</div>
<div>{2} UTC</div>
<p>Cloudflare Ray ID: <strong>{3}</strong></p>
</div>
</div>
</body>
</html>
)",
      status, words_of(status, true), time, ray);
}
}  // namespace

void put_html_error_page(Answer& answer, int status, std::string_view proxy, std::uint64_t ray,
                         std::string_view time) {
  answer.status = status;
  if (proxy == "nginx") {
    answer.content_type = "text/html";
    answer.headers = "Server: nginx\r\n";
    answer.body = nginx_page(status);
  } else {
    const std::string number = fmt::format("{:016x}", ray);
    answer.content_type = "text/html; charset=UTF-8";
    answer.headers = fmt::format("Server: cloudflare\r\nCF-RAY: {}-FRA\r\n", number);
    answer.body = cloudflare_page(status, number, time);
  }
  answer.length = std::ssize(answer.body);
}

}  // namespace venuebox::faults
