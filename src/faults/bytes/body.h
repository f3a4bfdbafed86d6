// What can befall the body of an answer: pure functions of its bytes. Each has a file of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "faults/action.h"

namespace venuebox::faults {

// An answer as far as these change it.
struct Answer {
  int status = 200;
  std::string content_type = "application/json";
  std::string headers = {};  // further lines, each ended with CRLF
  std::string body = {};
  // What Content-Length says; the body's size unless a fault lies about it.
  std::int64_t length = 0;
  // The connection ends after what is there of the body.
  bool breaks_off = false;
};

// `keep` of the body, under the length of all of it; then the connection ends.
void truncate_body(Answer& answer, Ratio keep);

// Random bytes, gzip that does not unpack, or text that is no JSON (`kind` of the action garbage).
//   draw  random bits; equal ones give equal garbage
void put_garbage(Answer& answer, std::string_view kind, std::size_t bytes, std::uint64_t draw);

// The page of a proxy whose origin failed: 502, 503, 504 or 520, in the words of "cloudflare" or
// "nginx". What the venue said is gone.
//   ray   cloudflare's number of the request
//   time  for cloudflare's page, UTC, such as "2025-06-02 12:00:00"
void put_html_error_page(Answer& answer, int status, std::string_view proxy, std::uint64_t ray,
                         std::string_view time);

// Content-Length is `by` off, yet never negative. Where it is too long, a client waits for more;
// where it is too short, the rest of the body stands where the next answer should begin.
void falsify_length(Answer& answer, std::int64_t by);

// An answer without a word.
void empty_body(Answer& answer, int status);

}  // namespace venuebox::faults
