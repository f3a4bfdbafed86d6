#include "venues/paradex/wire.h"

#include <fmt/format.h>

namespace venuebox::venues::paradex {
namespace {
// Errors quote what the client sent, before anybody has checked its UTF-8.
std::string ascii_only(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  return text;
}
}  // namespace

Refusal refusal_of(const VenueError& error) {
  return {error.status, std::string(error.code), std::string(error.text)};
}

Refusal refusal_for(RejectReason reason) { return refusal_of(venue_error(reason)); }

Refusal bad_field(std::string_view name, std::string_view why) {
  return {400, "VALIDATION_ERROR", fmt::format("{}: {}", name, why)};
}

Refusal bad_query(std::string_view name) {
  return {400, "INVALID_REQUEST_PARAMETER", fmt::format("{}: invalid", name)};
}

Refusal missing_query(std::string_view name) {
  return {400, "INVALID_REQUEST_PARAMETER", fmt::format("{}: required", name)};
}

Refusal not_supported(std::string_view what) {
  return {kNotSupported.status, std::string(kNotSupported.code),
          fmt::format("{} is {}", what, kNotSupported.text)};
}

bool refuse(Call& call, const Refusal& refusal) {
  call.response.status = refusal.status;
  JsonWriter json(call.response.body);
  write_error(json, refusal);
  return false;
}

void write_error(JsonWriter& json, const Refusal& refusal) {
  json.open();
  if (!refusal.code.empty()) json.text("error", refusal.code);
  json.text("message", ascii_only(refusal.text)).key("data").null().close();
}

std::optional<Refusal> Params::wrong() const {
  if (wrong_name().empty()) return std::nullopt;
  return bad_query(wrong_name());
}

std::optional<Refusal> parse_body(Call& call) {
  if (call.json_is_read) return std::nullopt;
  const Result<void> parsed = call.json.parse(call.request.body);
  call.json_is_read = bool(parsed);
  if (parsed) return std::nullopt;
  return Refusal{kBinding.status, std::string(kBinding.code), parsed.error().text()};
}

std::optional<Refusal> wrong_kind(const Body& body) {
  if (body.wrong_name().empty()) return std::nullopt;
  return Refusal{kBinding.status, std::string(kBinding.code),
                 fmt::format("{}: wrong type", body.wrong_name())};
}

const Instrument* find_market(const Call& call, std::string_view symbol) {
  return call.view.find_instrument(symbol, InstrumentKindOf::linear_perpetual);
}

void write_limit_headers(gateway::Response& response, int limit, int remaining, Timestamp reset) {
  response.add_header("X-RateLimit-Limit", std::to_string(limit));
  response.add_header("X-RateLimit-Remaining", std::to_string(remaining));
  response.add_header("X-RateLimit-Reset", std::to_string(reset.ms() / 1'000));
  response.add_header("X-RateLimit-Window", "1");
}

}  // namespace venuebox::venues::paradex
