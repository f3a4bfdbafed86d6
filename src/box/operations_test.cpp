// That faults know what the venues' routes are called: a selector with a name that is not known is
// refused, so a route whose name faults lack could not be struck by it.
#include <algorithm>

#include <gtest/gtest.h>

#include "faults/names.h"
#include "venues/all.h"

namespace venuebox::box {
namespace {

TEST(Operations, OfAllRoutesAreKnownToFaults) {
  const auto known = faults::all_operations();
  std::size_t routes = 0;
  for (const gateway::Venue* venue : venues::all()) {
    for (const gateway::Route& route : venue->routes) {
      ++routes;
      EXPECT_NE(std::ranges::find(known, route.operation), known.end())
          << venue->name << " " << route.path << ": " << route.operation;
    }
  }
  EXPECT_GT(routes, 40u);
}

}  // namespace
}  // namespace venuebox::box
