#include "venues/bybit/client_verdict.h"

#include <algorithm>

#include "gateway/client_fields.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::ClientRequest;
using gateway::ClientResponse;
using gateway::Fields;
using gateway::VenueAnswer;
using gateway::Verdict;
using enum gateway::Verdict;

constexpr Nanoseconds kAddressBan = seconds(600);  // documented as the least of it
constexpr std::string_view kResetHeader = "X-Bapi-Limit-Reset-Timestamp";  // ms, venue's clock

struct Row {
  std::int64_t code;
  Verdict verdict;
};

// In the order of their numbers, which is asserted below. What is not here is refused. `uncertain`
// becomes unavailable where nothing could have been done.
// clang-format off
constexpr Row kRows[] = {
    {429,    rate_limited},        // system frequency protection
    {10000,  uncertain},           // server timeout
    {10002,  stale_clock},
    {10003,  not_authorised},      // key
    {10004,  not_authorised},      // signature
    {10005,  not_authorised},      // permission
    {10006,  rate_limited},        // of the key
    {10007,  not_authorised},
    {10008,  not_authorised},      // banned
    {10009,  not_authorised},      // address banned
    {10010,  not_authorised},      // address not bound to the key
    {10016,  uncertain},           // server error
    {10018,  rate_limited},        // of the address
    {10024,  not_authorised},      // compliance rules
    {10027,  not_authorised},      // trading banned
    {10032,  not_authorised},      // not for demo accounts
    {10429,  rate_limited},
    {33004,  not_authorised},      // key expired
    {110001, unknown_order},
    {110003, bad_price},           // outside the permitted range
    {110004, insufficient_funds},
    {110006, insufficient_funds},
    {110007, insufficient_funds},
    {110008, unknown_order},       // finished or cancelled already
    {110010, unknown_order},       // cancelled already
    {110012, insufficient_funds},
    {110014, insufficient_funds},
    {110019, unknown_order},       // an id that is none
    {110043, ok},                  // the leverage is that already
    {110044, insufficient_funds},
    {110045, insufficient_funds},
    {110051, insufficient_funds},
    {110052, insufficient_funds},
    {110053, insufficient_funds},
    {110066, maintenance},         // no trading now
    {110072, duplicate_client_order_id},
    {110079, unavailable},         // the order is being processed
    {110092, bad_price},           // the trigger price is reached already, rising
    {110093, bad_price},           // and falling
    {110120, bad_price},
    {110121, bad_price},
    {170005, rate_limited},        // too many new orders
    {170007, uncertain},           // backend timeout
    {170032, uncertain},           // network error
    {170033, insufficient_funds},
    {170131, insufficient_funds},
    {170132, bad_price},           // too high
    {170133, bad_price},           // too low
    {170134, bad_price},           // too many decimals
    {170139, unknown_order},       // filled already
    {170141, duplicate_client_order_id},
    {170142, unknown_order},       // cancelled already
    {170143, unknown_order},       // not in the book
    {170146, uncertain},           // creation timed out
    {170147, uncertain},           // cancellation timed out
    {170193, bad_price},           // buys above the band
    {170194, bad_price},           // sells below it
    {170210, bad_price},           // the trigger price is reached already
    {170213, unknown_order},
    {170218, bad_price},           // a post-only order would take
    {170222, rate_limited},
    {170371, bad_price},
    {170372, bad_price},
    {182000, unavailable},         // no quote to price a market order by
};
// clang-format on
static_assert(std::ranges::is_sorted(kRows, {}, &Row::code));

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Whatever the code, and in the pages of the servers in front: nothing was done then. Bybit says
// both words of its planned windows.
bool tells_of_maintenance(std::string_view words) {
  for (const std::string_view word :
       {"maintenance", "Maintenance", "MAINTENANCE", "system upgrade", "System upgrade"}) {
    if (holds(words, word)) return true;
  }
  return false;
}

// A call that changes nothing can simply be made again.
Verdict broken_down(const ClientRequest& asked) {
  return asked.method == net::Method::get ? unavailable : uncertain;
}

Verdict verdict_of(std::int64_t code, std::string_view words, const ClientRequest& asked,
                   int status) {
  const auto* row = std::ranges::lower_bound(kRows, code, {}, &Row::code);
  if (row != std::end(kRows) && row->code == code) {
    return row->verdict == uncertain ? broken_down(asked) : row->verdict;
  }
  if (status == 401) return not_authorised;
  if (tells_of_maintenance(words)) return maintenance;
  if (status >= 500 || holds(words, "Request timeout")) return broken_down(asked);
  if (code != kParameterError) return refused;  // That one has many meanings.
  if (holds(words, "openapi sign params error")) return not_authorised;
  return holds(words, " price invalid") ? bad_price : refused;
}

std::optional<std::string_view> header(const ClientResponse& response, std::string_view name) {
  for (const auto& [found, value] : response.headers) {
    if (net::same_name(found, name)) return value;
  }
  return std::nullopt;
}

// From the venue's clock to the venue's clock, so that the client's does not matter. Longer than
// the longest ban that is documented is no answer.
Nanoseconds retry_after(const ClientResponse& response, Fields& envelope) {
  const auto reset = integer_from_text(header(response, kResetHeader).value_or(""));
  const Timestamp time = envelope.milliseconds("time");
  if (!reset || envelope.wrong() || *reset <= time.ms()) return {};
  const std::int64_t wait_ms = *reset - time.ms();
  const bool is_sensible = wait_ms <= kAddressBan.raw / milliseconds(1).raw;
  return is_sensible ? milliseconds(wait_ms) : Nanoseconds{};
}

// What a page says above all else; at most kHeadingMax bytes of it.
std::string_view heading_of(std::string_view page) {
  constexpr std::size_t kHeadingMax = 200;
  const std::size_t begin = page.find("<h1>");
  if (begin == std::string_view::npos) return "closed for maintenance";
  page.remove_prefix(begin + 4);
  return page.substr(0, std::min(page.find("</h1>"), kHeadingMax));
}

// In front of Bybit's servers stand others, which speak no JSON and go by the status.
VenueAnswer judge_status(const ClientRequest& asked, const ClientResponse& response) {
  const int status = response.status;
  const auto answer = [&](Verdict verdict, std::string_view words, Nanoseconds wait = {}) {
    return VenueAnswer{.verdict = verdict,
                       .code = 0,
                       .words = "HTTP " + std::to_string(status) + ": " + std::string(words),
                       .retry_after = wait};
  };
  if (status == 403 && holds(response.body, "country")) {
    return answer(not_authorised, "not served in this country");
  }
  if (status == 403) return answer(rate_limited, "access too frequent", kAddressBan);
  if (status == 429) return answer(rate_limited, "too many requests");
  if (status == 401) return answer(not_authorised, "unauthorised");
  if (status == 503 && tells_of_maintenance(response.body)) {
    return answer(maintenance, heading_of(response.body));
  }
  if (status >= 500) return answer(broken_down(asked), "the server broke down");
  return answer(garbled, "no answer of Bybit's, which is JSON with a retCode");
}
}  // namespace

VenueAnswer judge(const ClientRequest& asked, const ClientResponse& response) {
  JsonObject json;
  if (!json.parse(response.body)) return judge_status(asked, response);
  Fields envelope(json, "");
  const std::int64_t code = envelope.whole("retCode");
  if (envelope.wrong() || code > INT32_MAX) return judge_status(asked, response);
  VenueAnswer answer{.verdict = ok,
                     .code = static_cast<int>(code),
                     .words = envelope.text_or_empty("retMsg"),
                     .retry_after = {}};
  if (code == 0) {
    const bool is_sound = response.status >= 200 && response.status < 300;
    return is_sound ? answer : judge_status(asked, response);
  }
  answer.verdict = verdict_of(code, answer.words, asked, response.status);
  if (answer.verdict == rate_limited) answer.retry_after = retry_after(response, envelope);
  return answer;
}

}  // namespace venuebox::venues::bybit
