#include "faults/parse.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

namespace venuebox::faults {
namespace {
constexpr std::size_t kSelectorBytesMax = 128;
constexpr std::int64_t kYearMs = 366ll * 86'400'000;
constexpr int kPriorityMost = 1'000'000;

bool is_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return !name.empty() && name.size() <= kFaultNameMax && std::ranges::all_of(name, allowed);
}

std::string selected(Fields& where, std::string_view key) {
  auto text = where.text(key);
  if (text && (text->empty() || text->size() > kSelectorBytesMax)) {
    where.refuse(key, "must have 1 to 128 bytes; leave it out to match everything");
  }
  return text.value_or("");
}

std::string selected_of(Fields& where, std::string_view key,
                        std::span<const std::string_view> known) {
  std::string name = selected(where, key);
  if (!name.empty() && std::ranges::find(known, name) == known.end()) {
    where.refuse(key, fmt::format("'{}' is not known; known are: {}", name, listed(known)));
  }
  return name;
}

Selector selector_from(Fields& where, const ParseOptions& options) {
  Selector selector;
  selector.venue = options.venues.empty() ? selected(where, "venue")
                                          : selected_of(where, "venue", options.venues);
  selector.account = selected(where, "account");
  selector.symbol = selected(where, "symbol");
  selector.operation = selected_of(where, "operation", all_operations());
  if (const std::string channel = selected(where, "channel"); !channel.empty()) {
    const auto known = channel_from_name(channel);
    if (!known) {
      where.refuse("channel", fmt::format("'{}' is not known; known are: {}", channel,
                                          listed(all_channels())));
    }
    selector.channel = known.value_or("");
  }
  if (const auto transport = where.text("transport")) {
    const auto known = transport_from_name(*transport);
    if (!known) where.refuse("transport", "must be http or ws; leave it out for both");
    selector.transport = known.value_or(Transport::any);
  }
  where.refuse_unknown();
  return selector;
}

std::string name_from(Fields& fields, const ParseOptions& options) {
  const auto given = fields.text("name");
  const std::string name = given.value_or(std::string(options.name));
  if (given && !options.name.empty() && *given != options.name) {
    fields.refuse("name", fmt::format("is '{}', and the address says '{}'", *given, options.name));
  } else if (!is_name(name)) {
    fields.refuse("name", fmt::format("must have 1 to {} of the characters A-Z a-z 0-9 . _ -",
                                      kFaultNameMax));
  }
  return name;
}

Fault fault_from(std::string_view json, const std::string& path, const ParseOptions& options,
                 Failure& failure) {
  Fields fields(json, path, failure);
  Fault fault;
  fault.name = name_from(fields, options);
  if (auto where = fields.object("where")) fault.where = selector_from(*where, options);
  if (auto when = fields.object("when")) fault.when = trigger_from(*when);
  if (auto action = fields.object("action")) {
    fault.action = action_from(*action, fault.when);
  } else {
    fields.refuse("action", R"(is missing; say what happens, such as {"type":"latency","ms":200})");
  }
  if (const auto times = fields.whole("times", 1, INT64_MAX)) {
    fault.times = static_cast<std::uint64_t>(*times);
  }
  if (const auto ms = fields.whole("for_ms", 1, kYearMs)) fault.lifetime = milliseconds(*ms);
  if (const auto priority = fields.whole("priority", -kPriorityMost, kPriorityMost)) {
    fault.priority = static_cast<int>(*priority);
  }
  fields.refuse_unknown();
  if (!failure.is_set()) check_combination(fault, path, failure);
  return fault;
}

std::vector<Fault> list_from(std::string_view json, const std::string& path,
                             const ParseOptions& options, Failure& failure) {
  std::deque<std::string> storage;
  const auto values = json_list(json, storage);
  if (!values) {
    failure.set(path, "is no JSON list: " + values.error().detail);
    return {};
  }
  if (values->size() > kFaultsMax) {
    failure.set(path, fmt::format("has {}, and a plan at most {}; remove some", values->size(),
                                  kFaultsMax));
    return {};
  }
  std::vector<Fault> faults;
  std::set<std::string, std::less<>> names;
  for (std::size_t i = 0; i < values->size() && !failure.is_set(); ++i) {
    const std::string element = fmt::format("{}[{}]", path, i);
    if ((*values)[i].kind != JsonKind::object) {
      failure.set(element, "must be an object in braces");
      break;
    }
    faults.push_back(fault_from((*values)[i].text, element, options, failure));
    if (!failure.is_set() && !names.insert(faults.back().name).second) {
      failure.set(element + ".name",
                  fmt::format("'{}' stands twice in the list; choose another", faults.back().name));
    }
  }
  return faults;
}
}  // namespace

Result<Fault> fault_from_json(std::string_view json, const ParseOptions& options) {
  Failure failure;
  Fault fault = fault_from(json, "", options, failure);
  if (failure.is_set()) return failure.error();
  return fault;
}

Result<std::vector<Fault>> faults_from_json(std::string_view json, const ParseOptions& options) {
  Failure failure;
  std::vector<Fault> faults;
  const auto start = json.find_first_not_of(" \t\r\n");
  if (start != std::string_view::npos && json[start] == '[') {
    faults = list_from(json, "faults", options, failure);
  } else {
    Fields root(json, "", failure);
    if (const JsonValue* list = root.find("faults"); list == nullptr) {
      if (!failure.is_set()) faults.push_back(fault_from(json, "", options, failure));
    } else {
      root.refuse_unknown();
      if (list->kind != JsonKind::list) root.refuse("faults", "must be a list in brackets");
      if (!failure.is_set()) faults = list_from(list->text, "faults", options, failure);
    }
  }
  if (failure.is_set()) return failure.error();
  return faults;
}

}  // namespace venuebox::faults
