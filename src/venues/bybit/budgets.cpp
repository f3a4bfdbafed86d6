#include "venues/bybit/budgets.h"

#include <algorithm>

#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::Cost;

// Orders per second, of an account without VIP level.
struct Budget {
  std::string_view name;
  int spot;
  int derivatives;
  int option = derivatives;
};

// A body that cannot be read names nothing, and takes from the budget of linear.
std::string_view category_of(Call& call) {
  if (parse_body(call)) return "linear";
  const std::string_view text = Body(call.json).text("category");
  for (const std::string_view known : {"spot", "linear", "inverse", "option"}) {
    if (text == known) return known;
  }
  return "linear";
}

Cost cost_in(const Budget& budget, std::string_view category) {
  const int per_second = category == "spot"     ? budget.spot
                         : category == "option" ? budget.option
                                                : budget.derivatives;
  return {.budget = budget.name, .part = category, .per_second = per_second, .units = 1};
}

Cost cost_of(Call& call, const Budget& budget) { return cost_in(budget, category_of(call)); }

Cost cost_of_batch(Call& call, const Budget& budget) {
  Cost cost = cost_of(call, budget);
  if (!call.json_is_read) return cost;
  std::deque<std::string> storage;
  const auto entries = json_list(Body(call.json).list("request"), storage);
  // A list that is too long is refused as a whole, and costs no more than the longest that is not.
  if (entries) cost.units = static_cast<int>(std::clamp<std::size_t>(entries->size(), 1, 20));
  return cost;
}
}  // namespace

Cost cost_of_placing(Call& call) { return cost_of(call, {"create", 20, 10}); }
Cost cost_of_amending(Call& call) { return cost_of(call, {"amend", 10, 10}); }
Cost cost_of_cancelling(Call& call) { return cost_of(call, {"cancel", 20, 10}); }
Cost cost_of_cancelling_all(Call& call) { return cost_of(call, {"cancel-all", 20, 10, 1}); }
Cost cost_of_placing_batch(Call& call) { return cost_of_batch(call, {"create-batch", 20, 10}); }
Cost cost_of_amending_batch(Call& call) { return cost_of_batch(call, {"amend-batch", 10, 10}); }
Cost cost_of_cancelling_batch(Call& call) { return cost_of_batch(call, {"cancel-batch", 20, 10}); }

}  // namespace venuebox::venues::bybit
