// Prints what each venue routes, as JSON: what script/parity compares the venues' lists with. The
// tables themselves are printed, so that no page can say more than the server does.
#include <cstdio>

#include "base/json_writer.h"
#include "gateway/stream.h"
#include "venues/all.h"

namespace venuebox {
namespace {
using gateway::Access;

std::string_view access_name(Access access) {
  switch (access) {
    case Access::open: return "open";
    case Access::read: return "read";
    case Access::trade: break;
  }
  return "trade";
}

void write(JsonWriter& json, const gateway::Venue& venue) {
  json.open().text("name", venue.name).text("title", venue.title).key("routes").open_list();
  for (const gateway::Route& route : venue.routes) {
    json.open().text("method", net::method_name(route.method)).text("path", route.path);
    json.text("access", access_name(route.access)).text("operation", route.operation);
    json.boolean("built", is_built(route)).close();
  }
  json.close_list().key("streams").open_list();
  if (venue.streams) {
    for (const gateway::StreamRoute& route : venue.streams->routes)
      json.open().text("path", route.path).text("access", access_name(route.access)).close();
  }
  json.close_list().close();
}
}  // namespace
}  // namespace venuebox

int main() {
  std::string out;
  venuebox::JsonWriter json(out);
  json.open_list();
  for (const venuebox::gateway::Venue* venue : venuebox::venues::all())
    venuebox::write(json, *venue);
  json.close_list();
  std::puts(out.c_str());
}
