// A plan as tests use it: faults from JSON, and one occasion at a time.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "faults/parse.h"
#include "faults/plan.h"

namespace venuebox::faults {

inline Timestamp at(std::string_view iso) { return *timestamp_from_iso(iso); }
inline const Timestamp kNoon = at("2025-06-02T12:00:00Z");  // a Monday

inline Fault fault(std::string_view json) {
  auto parsed = fault_from_json(json);
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().text()) << " in " << json;
  return parsed ? *parsed : Fault{};
}

class TestPlan {
 public:
  explicit TestPlan(std::vector<std::string> faults, std::uint64_t seed = 1) : plan(seed) {
    for (const std::string& json : faults)
      put(json);
  }
  void put(std::string_view json) {
    const auto done = plan.put(fault(json), now);
    EXPECT_TRUE(done) << (done ? "" : done.error().text());
  }

  // The names of the faults that strike the next request, in their order.
  std::vector<std::string> request(Tag tag = {.operation = "place_order"},
                                   Layers layers = kAllLayers) {
    tag.request = ++requests;
    strikes.clear();
    plan.strike(tag, now, layers, strikes);
    std::vector<std::string> names;
    for (const Strike& strike : strikes)
      names.push_back(strike.fault);
    return names;
  }
  bool is_struck(Tag tag = {.operation = "place_order"}) { return !request(tag).empty(); }
  // "x" for each request that is struck, "." for the others.
  std::string pattern(int count, Tag tag = {.operation = "place_order"}) {
    std::string text;
    for (int i = 0; i < count; ++i)
      text += is_struck(tag) ? 'x' : '.';
    return text;
  }

  Plan plan;
  Timestamp now = kNoon;
  std::uint64_t requests = 0;
  std::vector<Strike> strikes;  // of the latest request
};

}  // namespace venuebox::faults
