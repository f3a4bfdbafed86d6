// One call of the control API on its way through: shared by the files that implement it.
#pragma once

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "control/api.h"
#include "control/problem.h"

namespace venuebox::control {

struct Api::Call {
  const net::Request& request;
  net::Response& response;
  box::Box& box;
  std::vector<std::string_view> arguments;  // what stood at the {} of the route
  JsonObject body;                          // empty when the request has none

  JsonWriter json() { return JsonWriter(response.body); }
  void fail(const Error& error) { write_problem(response, error); }
};

struct Api::Route {
  net::Method method;
  std::string_view pattern;  // "accounts/{}/deposit"
  void (Api::*handler)(Call&);
  std::string_view members;  // what its body may hold, with spaces between; or kRawBody
};

// The call reads its body itself.
inline constexpr std::string_view kRawBody = "*";

Result<void> check_members(const JsonObject& body, std::string_view known);
// A member that must be text; `required` or not.
Result<std::optional<std::string>> text_member(const JsonObject& body, std::string_view key);
// Decimal text or number, as the API takes amounts.
Result<std::optional<std::string>> decimal_member(const JsonObject& body, std::string_view key);
std::string_view category_of(const Instrument& instrument);  // spot, linear or inverse
// A whole number, written as a number or as text.
Result<std::optional<std::int64_t>> number_member(const JsonObject& body, std::string_view key);
Result<std::optional<std::vector<std::string>>> list_member(const JsonObject& body,
                                                            std::string_view key);

// `latency` of a new box: {"entry","answer"}; none when it is not given.
Result<std::optional<gateway::Latency>> latency_member(const JsonObject& body);

}  // namespace venuebox::control
