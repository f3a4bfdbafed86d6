// Faults of a box: who is struck by what, what struck, and what would.
#include <fmt/core.h>

#include "control/api_call.h"
#include "faults/parse.h"

namespace venuebox::control {
namespace {
// What a request passes, and what a frame does.
faults::Layers layers_of(faults::Transport transport) {
  return transport == faults::Transport::ws ? faults::kAllLayers : faults::kRequestLayers;
}

Result<std::int64_t> whole_member(const JsonObject& body, std::string_view key, std::int64_t least,
                                  std::int64_t most, std::int64_t standard) {
  const auto given = number_member(body, key);
  if (!given) return given.error();
  const std::int64_t value = given->value_or(standard);
  if (value < least || value > most) {
    return invalid(std::string(key), fmt::format("must be {} to {}", least, most));
  }
  return value;
}

// A probability, written as a number or as text.
Result<faults::Ratio> ratio_member(const JsonObject& body, std::string_view key) {
  const JsonValue* value = body.find(key);
  if (!value) return invalid(std::string(key), "is missing; give a number from 0 to 1");
  const auto units = units_from_text(value->text, 9);
  const auto* ratio = std::get_if<Int128>(&units);
  if (!ratio || *ratio < 0 || *ratio > faults::kWhole.raw) {
    return invalid(std::string(key), fmt::format("'{}' is no number from 0 to 1 with at most 9 "
                                                 "decimals",
                                                 value->text));
  }
  return faults::Ratio{static_cast<std::int64_t>(*ratio)};
}

faults::ParseOptions parse_options(const box::Box& box, std::vector<std::string_view>& venues) {
  venues.assign(box.config().venues.begin(), box.config().venues.end());
  return {.venues = venues};
}
}  // namespace

void Api::list_faults(Call& call) { call.response.body = call.box.plan().faults_json(); }

// One fault, a list of them, or an object whose member `faults` is a list: all or none.
void Api::add_faults(Call& call) {
  std::vector<std::string_view> venues;
  auto added = faults::faults_from_json(call.request.body, parse_options(call.box, venues));
  if (!added) return call.fail(added.error());
  if (auto put = call.box.put_faults(*added); !put) {
    return call.fail(put.error());
  }
  call.response.status = 201;
  call.response.body = faults::json_of(*added);
}

void Api::put_fault(Call& call) {
  std::vector<std::string_view> venues;
  faults::ParseOptions options = parse_options(call.box, venues);
  options.name = call.arguments[0];
  auto fault = faults::fault_from_json(call.request.body, options);
  if (!fault) return call.fail(fault.error());
  if (auto put = call.box.put_faults({*fault}); !put) return call.fail(put.error());
  call.response.body = faults::json_of(*fault);
}

void Api::remove_fault(Call& call) {
  if (auto removed = call.box.remove_fault(call.arguments[0]); !removed) {
    return call.fail(removed.error());
  }
  call.response.status = 204;
}

// Running numbers, lifetimes, statistics and timeline begin anew; the faults stay.
void Api::reset_faults(Call& call) {
  call.box.reset_faults();
  call.response.status = 204;
}

// How often it strikes, of one fault or of all that have a base_failure_rate.
void Api::set_failure_rate(Call& call) {
  const auto name = text_member(call.body, "name");
  if (!name) return call.fail(name.error());
  if (*name && (*name)->empty()) {
    return call.fail(invalid("name", "is empty; leave it out to change all"));
  }
  const auto rate = ratio_member(call.body, "rate");
  if (!rate) return call.fail(rate.error());
  if (auto set = call.box.set_failure_rate(name->value_or(""), *rate); !set) {
    return call.fail(set.error());
  }
  list_faults(call);
}

void Api::fault_statistics(Call& call) {
  call.response.body = call.box.plan().timeline().statistics_json();
}

void Api::fault_timeline(Call& call) {
  call.response.body = call.box.plan().timeline().timeline_json();
}

// Every look of a fault at what it might strike, those that came to nothing included.
void Api::fault_draws(Call& call) { call.response.body = call.box.draws().json(); }

void Api::keep_draws(Call& call) {
  const auto keep = whole_member(call.body, "keep", 0, faults::kDrawsMax, 1'000);
  if (!keep) return call.fail(keep.error());
  call.box.keep_draws(static_cast<std::size_t>(*keep));
  fault_draws(call);
}

// What would strike the next requests of a kind, without any of them being sent.
void Api::dry_run(Call& call) {
  faults::Tag tag;
  for (const auto& [key, member] :
       {std::pair{"venue", &faults::Tag::venue}, std::pair{"account", &faults::Tag::account},
        std::pair{"symbol", &faults::Tag::symbol}, std::pair{"operation", &faults::Tag::operation},
        std::pair{"channel", &faults::Tag::channel}}) {
    const auto text = text_member(call.body, key);
    if (!text) return call.fail(text.error());
    if (const JsonValue* value = call.body.find(key)) tag.*member = value->text;
  }
  const auto transport_text = text_member(call.body, "transport");
  if (!transport_text) return call.fail(transport_text.error());
  if (*transport_text) {
    const auto transport = faults::transport_from_name(**transport_text);
    if (!transport) return call.fail(invalid("transport", "must be http or ws"));
    tag.transport = *transport;
  }
  const auto occasions = whole_member(call.body, "occasions", 1, faults::kDryRunMax, 100);
  if (!occasions) return call.fail(occasions.error());
  const auto interval = whole_member(call.body, "interval_ms", 0, 86'400'000, 1'000);
  if (!interval) return call.fail(interval.error());
  const auto struck =
      call.box.plan().dry_run(tag, call.box.now(), milliseconds(*interval),
                              static_cast<std::uint64_t>(*occasions), layers_of(tag.transport));
  auto json = call.json();
  json.open().number("occasions", *occasions);
  json.number("struck", static_cast<std::int64_t>(struck.size())).key("strikes").open_list();
  for (const auto& one : struck) {
    json.open().number("occasion", static_cast<std::int64_t>(one.occasion));
    json.text("fault", one.strike.fault).number("n", static_cast<std::int64_t>(one.strike.n));
    json.text("type", faults::name_of(one.strike.action.type)).close();
  }
  json.close_list().close();
}

}  // namespace venuebox::control
