// What arrived at a box: to look at, and to check what a client did against.
#include <fmt/format.h>

#include "control/api_call.h"

namespace venuebox::control {
namespace {
// One thing that is asked of a request; each stands for a member of the log's entries.
struct Criterion {
  std::string_view key;
  std::string_view value;
};

constexpr std::string_view kKeys[] = {"venue",  "operation", "account", "symbol",
                                      "status", "method",    "target",  "body"};

// `target` and `body` need to be contained only.
bool holds(const Criterion& criterion, const gateway::LoggedRequest& entry) {
  const auto& [key, value] = criterion;
  if (key == "venue") return entry.venue == value;
  if (key == "operation") return entry.operation == value;
  if (key == "account") return entry.account == value;
  if (key == "symbol") return entry.symbol == value;
  if (key == "status") return std::to_string(entry.status) == value;
  if (key == "method") return entry.method == value;
  if (key == "target") return entry.target.find(value) != std::string::npos;
  return entry.body.find(value) != std::string::npos;
}

void write_request(JsonWriter& json, const gateway::LoggedRequest& entry) {
  json.open().number("number", static_cast<std::int64_t>(entry.number));
  json.text("arrived", iso_text(entry.arrived)).text("venue", entry.venue);
  json.text("operation", entry.operation).text("method", entry.method);
  json.text("target", entry.target).text("account", entry.account);
  json.text("symbol", entry.symbol).number("status", entry.status).text("body", entry.body);
}

// How many are wanted; what is not given does not bound.
struct Wanted {
  std::int64_t least = 1;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

Result<Wanted> wanted_of(const JsonObject& body) {
  const auto exactly = number_member(body, "count");
  if (!exactly) return exactly.error();
  const auto least = number_member(body, "at_least");
  if (!least) return least.error();
  const auto most = number_member(body, "at_most");
  if (!most) return most.error();
  if (*exactly && (*least || *most)) {
    return invalid("count", "says it already; leave out at_least and at_most");
  }
  Wanted wanted;
  if (*exactly) return Wanted{**exactly, **exactly};
  if (*least) wanted.least = **least;
  if (*most) wanted.most = **most;
  if (*most && !*least) wanted.least = 0;
  if (wanted.least > wanted.most) return invalid("at_most", "is below at_least");
  return wanted;
}
}  // namespace

void Api::list_requests(Call& call) {
  std::vector<Criterion> criteria;
  for (const std::string_view key : kKeys) {
    if (const auto value = net::query_value(call.request.query, key)) {
      criteria.push_back({key, *value});
    }
  }
  std::size_t left = 100;
  if (const auto limit = net::query_value(call.request.query, "limit")) {
    const auto number = units_from_text(*limit, 0);
    const auto* whole = std::get_if<Int128>(&number);
    if (!whole || *whole < 1 || *whole > 1'000) {
      return call.fail(invalid("limit", "must be 1 to 1000"));
    }
    left = static_cast<std::size_t>(*whole);
  }
  auto json = call.json();
  json.open_list();
  call.box.requests().each([&](const gateway::LoggedRequest& entry) {
    if (!std::ranges::all_of(criteria, [&](const Criterion& one) { return holds(one, entry); })) {
      return true;
    }
    write_request(json, entry);
    json.close();
    return --left > 0;
  });
  json.close_list();
}

// Counts the requests of which all of `where` holds. Near misses are those where all but one thing
// does, which is named, newest first.
void Api::verify_requests(Call& call) {
  constexpr std::size_t kNearMissesMax = 20;
  const auto wanted = wanted_of(call.body);
  if (!wanted) return call.fail(wanted.error());
  JsonObject where;
  if (const JsonValue* given = call.body.find("where")) {
    if (given->kind != JsonKind::object || !where.parse(given->text)) {
      return call.fail(invalid("where", "must be an object"));
    }
  }
  std::vector<Criterion> criteria;
  for (const auto& member : where.members()) {
    const std::string path = "where." + std::string(member.key);
    if (std::ranges::find(kKeys, member.key) == std::end(kKeys)) {
      return call.fail(
          invalid(path, fmt::format("is not known here; there are: {}", fmt::join(kKeys, " "))));
    }
    const bool is_plain =
        member.value.kind == JsonKind::text || member.value.kind == JsonKind::number;
    if (!is_plain) return call.fail(invalid(path, "must be text or a number"));
    criteria.push_back({member.key, member.value.text});
  }

  std::int64_t count = 0;
  std::vector<std::pair<const gateway::LoggedRequest*, std::string_view>> near_misses;
  call.box.requests().each([&](const gateway::LoggedRequest& entry) {
    const auto fails = [&](const Criterion& one) { return !holds(one, entry); };
    const auto failing = std::ranges::count_if(criteria, fails);
    if (failing == 0) ++count;
    if (failing == 1 && near_misses.size() < kNearMissesMax) {
      near_misses.emplace_back(&entry, std::ranges::find_if(criteria, fails)->key);
    }
    return true;
  });
  auto json = call.json();
  json.open().boolean("verified", count >= wanted->least && count <= wanted->most);
  json.number("count", count);
  json.number("looked_at", static_cast<std::int64_t>(std::min<std::uint64_t>(
                               call.box.requests().total(), gateway::kRequestsMax)));
  json.key("near_misses").open_list();
  for (const auto& [entry, differs] : near_misses) {
    write_request(json, *entry);
    json.text("differs_in", differs).close();
  }
  json.close_list().close();
}

}  // namespace venuebox::control
