#include "control/problem.h"

#include "base/json_writer.h"

namespace venuebox::control {
namespace {
std::string_view title_of(int status) {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 501: return "Not Implemented";
    default: return "Internal Server Error";
  }
}

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid: return 400;
    case ErrorKind::not_found: return 404;
    case ErrorKind::conflict: return 409;
    case ErrorKind::unsupported: return 501;
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
  json.open().text("type", "about:blank").text("title", title_of(status)).number("status", status);
  json.text("detail", detail);
  if (!field.empty()) json.text("field", field);
  json.close();
}

void write_problem(net::Response& response, const Error& error) {
  write_problem(response, status_of(error.kind), error.where, error.detail);
}

}  // namespace venuebox::control
