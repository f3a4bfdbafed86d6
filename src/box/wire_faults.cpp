// Faults of the wire: what becomes of the answer's bytes, and of the connection.
#include <algorithm>
#include <charconv>

#include "base/wide.h"
#include "box/struck.h"
#include "faults/error_page.h"
#include "faults/garbage.h"

namespace venuebox::box {
namespace {
using faults::ActionType;
using faults::Strike;
using net::Delivery;
using After = net::Delivery::After;

// What the headers promise of a body that never comes.
constexpr std::size_t kPromisedBytes = 256;
// Answers that are slowed down leave in pieces so far apart, or byte by byte.
constexpr std::int64_t kPieceEveryNs = 20'000'000;
constexpr std::int64_t kSecondNs = 1'000'000'000;

// Whether the request never gets to the exchange.
bool keeps_away(const faults::Action& action) {
  if (action.type == ActionType::html_error_page) return true;
  if (action.type == ActionType::hang) return action.number("hold_ms") == 0;
  if (action.type != ActionType::connection_reset) return false;
  const std::string_view at = action.choice("at");
  return at == "before" || at == "during";
}

// Of several, the slowest counts.
void slow_down(Delivery& delivery, std::int64_t bytes, std::int64_t every_ns) {
  const auto pieces = static_cast<Int128>(delivery.piece_bytes);
  const bool is_slower =
      delivery.piece_every.raw == 0 || Int128{bytes} * delivery.piece_every.raw < pieces * every_ns;
  if (!is_slower) return;
  delivery.piece_bytes = static_cast<std::size_t>(bytes);
  delivery.piece_every = nanoseconds(every_ns);
}

void limit_bandwidth(Delivery& delivery, std::int64_t bytes_per_s) {
  const std::int64_t bytes = bytes_per_s / (kSecondNs / kPieceEveryNs);
  if (bytes > 0) return slow_down(delivery, bytes, kPieceEveryNs);
  slow_down(delivery, 1, kSecondNs / bytes_per_s);
}

void hang(const faults::Action& action, const net::Response& response, Delivery& delivery) {
  const Nanoseconds hold = milliseconds(action.number("hold_ms"));
  const bool is_never = hold.raw == 0;
  if (is_never) delivery.after = After::silent;
  if (action.choice("at") != "body") {
    // What waits to be connected to is as far away as an answer that does not come.
    if (is_never) delivery.bytes_max = 0;
    delivery.wait += hold;
    return;
  }
  delivery.body_bytes_max = 0;
  delivery.rest_after = hold;
  if (response.body.empty()) delivery.content_length = kPromisedBytes;
}

void reset(const faults::Action& action, Delivery& delivery) {
  delivery.after = After::reset;
  if (action.choice("at") == "body") {
    delivery.body_bytes_max = static_cast<std::size_t>(action.number("after_bytes"));
  } else {
    delivery.bytes_max = 0;
  }
}

void send_garbage(const Strike& strike, net::Response& response) {
  const auto size = static_cast<std::size_t>(strike.action.number("bytes"));
  const std::string_view kind = strike.action.choice("kind");
  if (kind == "broken_gzip") {
    response.add_header("Content-Encoding", "gzip");
    response.body = faults::broken_gzip(size, strike.own_draw);
  } else if (kind == "text") {
    response.content_type = "text/plain";
    response.body = faults::plain_text(size);
  } else {
    response.body = faults::random_bytes(size, strike.own_draw);
  }
}

void show_error_page(const Strike& strike, net::Response& response) {
  const std::string_view status = strike.action.choice("status");
  std::from_chars(status.data(), status.data() + status.size(), response.status);
  auto page = faults::error_page(strike.action.choice("proxy"), response.status, strike.own_draw);
  response.content_type = page.content_type;
  response.headers = std::move(page.headers);
  response.body = std::move(page.body);
}

void bend_answer(const Strike& strike, net::Response& response) {
  const faults::Action& action = strike.action;
  switch (action.type) {
    case ActionType::truncated_body: {
      const auto size = static_cast<Int128>(response.body.size());
      const Int128 kept = size * action.number("keep") / faults::kWhole.raw;
      response.body.resize(static_cast<std::size_t>(kept));
      return;
    }
    case ActionType::garbage: return send_garbage(strike, response);
    case ActionType::html_error_page: return show_error_page(strike, response);
    case ActionType::empty_body:
      response.body.clear();
      response.status = static_cast<int>(action.number("status"));
      return;
    default: return;
  }
}

void bend_connection(const Strike& strike, const net::Response& response, Delivery& delivery) {
  const faults::Action& action = strike.action;
  switch (action.type) {
    case ActionType::latency: delivery.wait += milliseconds(strike.drawn); return;
    case ActionType::bandwidth: return limit_bandwidth(delivery, action.number("bytes_per_s"));
    case ActionType::slow_drip:
      return slow_down(delivery, action.number("bytes"), action.number("every_ms") * 1'000'000);
    case ActionType::hang: return hang(action, response, delivery);
    case ActionType::connection_reset: return reset(action, delivery);
    case ActionType::half_close:
      delivery.after = After::half_closed;
      delivery.bytes_max = static_cast<std::size_t>(action.number("after_bytes"));
      return;
    case ActionType::wrong_length: {
      const auto size = static_cast<std::int64_t>(response.body.size());
      delivery.content_length =
          static_cast<std::size_t>(std::max<std::int64_t>(0, size + action.number("by")));
      return;
    }
    default: return;
  }
}

constexpr bool is_of_connection(ActionType type) {
  return type <= ActionType::half_close || type == ActionType::wrong_length;
}

}  // namespace

bool ends_on_the_wire(Struck& struck) {
  return std::ranges::any_of(struck.strikes, keeps_away, &Strike::action);
}

// What changes the answer goes first, since the rest goes by its size.
void bend_delivery(std::span<const Strike> strikes, net::Response& response) {
  for (const Strike& strike : strikes)
    bend_answer(strike, response);
  for (const Strike& strike : strikes) {
    if (!is_of_connection(strike.action.type)) continue;
    if (!response.delivery) response.delivery.emplace();
    bend_connection(strike, response, *response.delivery);
  }
}

}  // namespace venuebox::box
