#include "control/problem.h"

#include "base/json_writer.h"

namespace venuebox::control {
namespace {
int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid: return 400;
    case ErrorKind::not_found: return 404;
    case ErrorKind::conflict: return 409;
    case ErrorKind::unsupported: return 501;
    case ErrorKind::not_allowed: return 403;
    case ErrorKind::io: return 500;
  }
  return 500;
}
}  // namespace

void write_problem(net::Response& response, int status, std::string_view field,
                   std::string_view detail) {
  response.status = status;
  response.content_type = "application/problem+json";
  response.body.clear();
  JsonWriter json(response.body);
  json.open()
      .text("type", "about:blank")
      .text("title", net::reason_phrase(status))
      .number("status", status);
  json.text("detail", detail);
  if (!field.empty()) json.text("field", field);
  json.close();
}

void write_problem(net::Response& response, const Error& error) {
  write_problem(response, status_of(error.kind), error.where, error.detail);
}

}  // namespace venuebox::control
