#include "control/api.h"

#include <fmt/core.h>

#include "control/api_call.h"

namespace venuebox::control {
namespace {
bool is_loopback_name(std::string_view host) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(host, std::string_view("localhost"), {}, lower) ||
         host == "127.0.0.1" || host == "[::1]" || host == "::1";
}

// "127.0.0.1:8000" without the port.
std::string_view without_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const bool is_port =
      colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
  return is_port ? host.substr(0, colon) : host;
}

// The host part of "http://host:port".
std::string_view host_of(std::string_view url) {
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos)
    url.remove_prefix(scheme + 3);
  return without_port(url.substr(0, url.find('/')));
}
}  // namespace

std::span<const Api::Route> Api::routes() {
  using net::Method;
  // clang-format off
  static constexpr Route kRoutes[] = {
      {Method::get,  "health",                 &Api::health, ""},
      {Method::get,  "boxes",                  &Api::list_boxes, ""},
      {Method::post, "boxes",                  &Api::create_box, "name seed venues symbols market clock latency faults"},
      {Method::del,  "boxes/{}",               &Api::delete_box, ""},
      {Method::post, "reset",                  &Api::reset, ""},
      {Method::get,  "clock",                  &Api::get_clock, ""},
      {Method::post, "clock",                  &Api::set_clock, "mode scale advance_ms set_ms"},
      {Method::get,  "latency",                &Api::get_latency, ""},
      {Method::put,  "latency",                &Api::set_latency, "entry answer"},
      {Method::get,  "accounts",               &Api::list_accounts, ""},
      {Method::post, "accounts",               &Api::create_account, "name parent balances credentials"},
      {Method::post, "accounts/{}/deposit",    &Api::deposit, "venue asset amount"},
      {Method::post, "accounts/{}/transfer",   &Api::transfer, "venue to asset amount"},
      {Method::post, "accounts/{}/fees",       &Api::set_fees, "venue category maker taker"},
      {Method::get,  "instruments",            &Api::list_instruments, ""},
      {Method::post, "instruments",            &Api::create_instrument,
       "venue symbol base quote settle kind like tick lot price quantity_min quantity_max "
       "market_quantity_max price_max notional_min maker_fee taker_fee leverage_max"},
      {Method::patch, "instruments/{}/{}",     &Api::change_instrument, "phase kind price"},
      {Method::put,  "markets/{}/{}/quote",    &Api::set_quote, "bid ask last index bid_size ask_size"},
      {Method::get,  "state_hash",             &Api::state_hash, ""},
      {Method::get,  "requests",               &Api::list_requests, ""},
      {Method::post, "requests/verify",        &Api::verify_requests, "where count at_least at_most"},
      {Method::post, "snapshot",               &Api::not_built, ""},
      {Method::post, "restore",                &Api::not_built, ""},
      {Method::post, "fork",                   &Api::not_built, ""},
      {Method::get,  "faults",                 &Api::list_faults, ""},
      {Method::post, "faults",                 &Api::add_faults, kRawBody},
      {Method::put,  "faults/{}",              &Api::put_fault, kRawBody},
      {Method::del,  "faults/{}",              &Api::remove_fault, ""},
      {Method::post, "faults/reset",           &Api::reset_faults, ""},
      {Method::post, "faults/rate",            &Api::set_failure_rate, "name rate"},
      {Method::post, "faults/dry-run",         &Api::dry_run, "venue account symbol operation channel transport occasions interval_ms"},
      {Method::get,  "faults/statistics",      &Api::fault_statistics, ""},
      {Method::get,  "faults/timeline",        &Api::fault_timeline, ""},
      {Method::get,  "faults/draws",           &Api::fault_draws, ""},
      {Method::post, "faults/draws",           &Api::keep_draws, "keep"},
      {Method::post, "verdict",                &Api::verdict, "venue account orders positions balances"},
      {Method::get,  "journal",                &Api::not_built, ""},
      {Method::get,  "metrics/latency",        &Api::not_built, ""},
      {Method::get,  "openapi.json",           &Api::not_built, ""},
  };
  // clang-format on
  return kRoutes;
}

Api::Api(Boxes& boxes, ApiSettings settings)
    : boxes_(boxes), settings_(std::move(settings)), started_(boxes.door().now()) {}

// Keeps other sites' pages out: a browser would send them here with its own Host or Origin.
// With a token there is no need for that: a page cannot know it, and the server may have any name.
bool Api::admit(const net::Request& request, net::Response& response) const {
  if (!settings_.token.empty()) {
    if (request.header("authorization").value_or("") == "Bearer " + settings_.token) return true;
    write_problem(response, 401, "Authorization", "send 'Bearer' and the --control-token");
    return false;
  }
  const std::string_view own = host_of(settings_.url);
  const auto is_own = [&](std::string_view host) { return host == own || is_loopback_name(host); };
  const auto host = request.header("host");
  if (!host || !is_own(without_port(*host))) {
    write_problem(response, 403, "Host",
                  fmt::format("the control API answers at {} only", settings_.url));
    return false;
  }
  if (const auto origin = request.header("origin"); origin && !is_own(host_of(*origin))) {
    write_problem(response, 403, "Origin", "the control API does not serve other sites' pages");
    return false;
  }
  return true;
}

void Api::handle(std::string_view box_name, const net::Request& request, net::Response& response) {
  if (!admit(request, response)) return;
  std::string_view path = request.path;
  if (path.starts_with('/')) path.remove_prefix(1);

  // boxes/{box}/rest is rest, for that box.
  if (path.starts_with("boxes/")) {
    const std::string_view tail = path.substr(6);
    if (const std::size_t slash = tail.find('/'); slash != std::string_view::npos) {
      box_name = tail.substr(0, slash);
      path = tail.substr(slash + 1);
    }
  }
  box::Box* box = boxes_.find(box_name);
  if (!box) {
    return write_problem(response, 404, "box", fmt::format("there is no box '{}'", box_name));
  }
  Call call{request, response, *box, {}, {}};
  bool path_exists = false;
  for (const Route& route : routes()) {
    if (!net::path_matches(route.pattern, path, call.arguments)) continue;
    path_exists = true;
    if (route.method != request.method) continue;
    if (!request.body.empty() && route.members != kRawBody) {
      if (auto parsed = call.body.parse(request.body); !parsed) return call.fail(parsed.error());
    }
    if (auto known = check_members(call.body, route.members); !known) {
      return call.fail(known.error());
    }
    return (this->*route.handler)(call);
  }
  write_problem(response, path_exists ? 405 : 404, "path",
                fmt::format("the control API has no {} for '{}'",
                            path_exists ? "such method" : "route", path));
}

void Api::not_built(Call& call) {
  call.fail({ErrorKind::unsupported, "", "this version does not have it yet"});
}

// A misspelt member would silently be left out; it is an error instead.
Result<void> check_members(const JsonObject& body, std::string_view known) {
  for (const auto& member : body.members()) {
    bool found = false;
    for (std::string_view rest = known; !rest.empty() && !found;) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      found = rest.substr(0, end) == member.key;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (!found) {
      return invalid(std::string(member.key),
                     known.empty() ? std::string("is not known here: this call takes no members")
                                   : fmt::format("is not known here; there are: {}", known));
    }
  }
  return {};
}

Result<std::optional<std::string>> text_member(const JsonObject& body, std::string_view key) {
  const JsonValue* value = body.find(key);
  if (!value || value->kind == JsonKind::null) return std::optional<std::string>{};
  if (value->kind != JsonKind::text) return invalid(std::string(key), "must be text");
  return std::optional(std::string(value->text));
}

Result<std::optional<std::string>> decimal_member(const JsonObject& body, std::string_view key) {
  const JsonValue* value = body.find(key);
  if (!value || value->kind == JsonKind::null) return std::optional<std::string>{};
  if (value->kind != JsonKind::text && value->kind != JsonKind::number) {
    return invalid(std::string(key), "must be a decimal number, as text");
  }
  return std::optional(std::string(value->text));
}

std::string_view category_of(const Instrument& instrument) {
  if (instrument.is_spot()) return "spot";
  return instrument.is_inverse() ? "inverse" : "linear";
}

Result<std::optional<std::int64_t>> number_member(const JsonObject& body, std::string_view key) {
  const JsonValue* value = body.find(key);
  if (!value || value->kind == JsonKind::null) return std::optional<std::int64_t>{};
  if (value->kind == JsonKind::number || value->kind == JsonKind::text) {
    const auto number = units_from_text(value->text, 0);
    const auto* whole = std::get_if<Int128>(&number);
    if (whole && *whole >= 0 && *whole <= INT64_MAX) {
      return std::optional(static_cast<std::int64_t>(*whole));
    }
  }
  return invalid(std::string(key), "must be a whole number >= 0");
}

Result<std::optional<std::vector<std::string>>> list_member(const JsonObject& body,
                                                            std::string_view key) {
  const JsonValue* value = body.find(key);
  if (!value || value->kind == JsonKind::null) return std::optional<std::vector<std::string>>{};
  const auto wrong = invalid(std::string(key), "must be a list of texts");
  if (value->kind != JsonKind::list) return wrong;
  std::deque<std::string> storage;
  const auto list = json_list(value->text, storage);
  if (!list) return list.error();
  std::vector<std::string> texts;
  for (const JsonValue& item : *list) {
    if (item.kind != JsonKind::text) return wrong;
    texts.emplace_back(item.text);
  }
  return std::optional(std::move(texts));
}

}  // namespace venuebox::control
