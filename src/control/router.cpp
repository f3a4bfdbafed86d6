#include "control/router.h"

#include <fmt/core.h>

#include "control/problem.h"

namespace venuebox::control {
namespace {
// Takes the first segment off a path: "/bybit/v5/x" gives "bybit" and leaves "/v5/x".
std::string_view take_segment(std::string_view& path) {
  if (path.empty() || path.front() != '/') return {};
  const std::size_t end = path.find('/', 1);
  const std::string_view segment =
      path.substr(1, end == std::string_view::npos ? std::string_view::npos : end - 1);
  path = end == std::string_view::npos ? std::string_view{} : path.substr(end);
  return segment;
}

bool foreign_page(const net::Request& request) { return request.header("origin").has_value(); }
}  // namespace

void Router::set_listener_venue(int listener, std::string venue) {
  listener_venues_[listener] = std::move(venue);
}

void Router::handle(const net::Request& given, net::Response& response) {
  net::Request request = given;
  route(request, response);
}

void Router::route(net::Request& request, net::Response& response) {
  if (const auto venue = listener_venues_.find(request.listener); venue != listener_venues_.end()) {
    return to_venue(*boxes_.find(kDefaultBox), venue->second, request, response);
  }
  std::string_view path = request.path;
  std::string_view segment = take_segment(path);
  std::string_view box_name = kDefaultBox;
  if (segment == "box") {
    box_name = take_segment(path);
    segment = take_segment(path);
  }
  box::Box* box = boxes_.find(box_name);
  if (!box) {
    return write_problem(
        response, 404, "box",
        fmt::format("there is no box '{}'; GET /_venuebox/boxes lists them", box_name));
  }
  request.path = path;
  if (segment == "_venuebox") return api_.handle(box_name, request, response);
  if (segment == "metrics" && path.empty()) return api_.handle_metrics(request, response);
  if (box->find_exchange(segment)) return to_venue(*box, segment, request, response);
  answer_unknown(request, response);
}

void Router::to_venue(box::Box& box, std::string_view venue, net::Request& request,
                      net::Response& response) {
  // Pages of other origins may use a venue, as they may use the real one; never the control API.
  if (foreign_page(request)) {
    response.add_header("Access-Control-Allow-Origin", "*");
    if (request.method == net::Method::options) {
      response.add_header("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, PATCH");
      if (const auto wanted = request.header("access-control-request-headers")) {
        response.add_header("Access-Control-Allow-Headers", *wanted);
      }
      response.status = 204;
      return;
    }
  }
  box.handle(*box.find_exchange(venue), request, response);
}

void Router::answer_unknown(const net::Request& request, net::Response& response) const {
  std::string venues;
  for (const std::string& name : boxes_.find(kDefaultBox)->config().venues)
    venues += " /" + name;
  write_problem(
      response, 404, "path",
      fmt::format("nothing is at '{}'; here are{} and /_venuebox/health", request.target, venues));
}

}  // namespace venuebox::control
