// Where a request belongs: a venue of a box, the control API, or the metrics. Looks at the path
// and at the port it came through, and at nothing else of what it means.
#pragma once

#include "control/api.h"
#include "net/http_server.h"

namespace venuebox::control {

class Router final : public net::HttpHandler {
 public:
  Router(Boxes& boxes, Api& api) : boxes_(boxes), api_(api) {}

  // What comes through this listener is for one venue of the default box, without a prefix.
  void set_listener_venue(int listener, std::string venue);

  void handle(const net::Request& given, net::Response& response) override;

 private:
  void route(net::Request& request, net::Response& response);
  void to_venue(box::Box& box, std::string_view venue, net::Request& request,
                net::Response& response);
  void answer_unknown(const net::Request& request, net::Response& response) const;

  Boxes& boxes_;
  Api& api_;
  std::map<int, std::string> listener_venues_;
};

}  // namespace venuebox::control
