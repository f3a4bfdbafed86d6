#include "page.h"

#include <array>
#include <deque>

#include <fmt/format.h>

#include "base/json_reader.h"
#include "faults/actions.h"
#include "struck_box.h"
#include "writing.h"

namespace venuebox::fault_page {
namespace {
using faults::ActionInfo;
using faults::ActionType;
using faults::Parameter;
using faults::ParameterType;
using T = ActionType;

struct Reveals {
  ActionType type;
  std::string_view rows;
};
// By the numbers of the fault catalogue; an action that shows none of its rows is not here.
// clang-format off
constexpr Reveals kReveals[] = {
    {T::latency, "F8 F40"}, {T::bandwidth, "F8"}, {T::slow_drip, "F8"}, {T::hang, "F8"},
    {T::connection_reset, "F9"}, {T::half_close, "F9"}, {T::truncated_body, "F9 F10"},
    {T::garbage, "F10"}, {T::wrong_length, "F10"}, {T::html_error_page, "F10"},
    {T::empty_body, "F10"}, {T::drop, "F13 F16"}, {T::duplicate, "F14"}, {T::delay, "F15 F40"},
    {T::reorder, "F15"}, {T::corrupt, "F10"}, {T::sequence_gap, "F16"},
    {T::sequence_reset, "F18"}, {T::wrong_checksum, "F16"}, {T::stall, "F12 F17"},
    {T::silence_channel, "F12"}, {T::close, "F13 F19"}, {T::refuse_subscription, "F20"},
    {T::expire_auth, "F20 F39"}, {T::revoke_key, "F39"}, {T::clock_skew, "F21"},
    {T::reject_nonce, "F22"}, {T::authentication_failure, "F39"}, {T::rate_limit, "F5"},
    {T::ban, "F6"}, {T::budget_spent, "F7"}, {T::maintenance, "F33"}, {T::overloaded, "F40"},
    {T::unknown_outcome, "F2"}, {T::response_lost, "F1"}, {T::error_although_accepted, "F3"},
    {T::invalid_order, "F26"}, {T::invalid_symbol, "F35"}, {T::stale_data, "F17"},
    {T::history_gap, "F41"}, {T::balance_mismatch, "F37"}, {T::schema_drift, "F11"},
    {T::partial_fill, "F25"}, {T::slippage, "F28"}, {T::delayed_fill, "F4"},
    {T::reject_after_ack, "F4"}, {T::cancel_fill_race, "F23"}, {T::amend_race, "F24"},
    {T::duplicate_execution, "F14"}, {T::cancel_all_by_venue, "F38"}, {T::liquidation, "F29"},
    {T::adl, "F30"}, {T::funding_spike, "F32"}, {T::price_anomaly, "F31"},
    {T::filter_change, "F36"}, {T::delist, "F35"}, {T::halt, "F33"},
};
// clang-format on

std::string_view reveals(ActionType type) {
  const auto row = std::ranges::find(kReveals, type, &Reveals::type);
  return row == std::end(kReveals) ? std::string_view("") : row->rows;
}

std::string ratio_text(std::int64_t ppb) {
  std::string text = fmt::format("{}{}.{:09}", ppb < 0 ? "-" : "", std::abs(ppb) / 1'000'000'000,
                                 std::abs(ppb) % 1'000'000'000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string default_text(const Parameter& parameter) {
  switch (parameter.type) {
    case ParameterType::whole: return std::to_string(parameter.standard);
    case ParameterType::ratio: return ratio_text(parameter.standard);
    case ParameterType::flag: return parameter.standard != 0 ? "true" : "false";
    case ParameterType::choice:
      return std::string(choice_name(parameter, static_cast<std::size_t>(parameter.standard)));
    case ParameterType::text: return "\"\"";
  }
  return "";
}

std::string values_text(const Parameter& parameter) {
  switch (parameter.type) {
    case ParameterType::whole: return fmt::format("{} to {}", parameter.least, parameter.most);
    case ParameterType::ratio:
      return fmt::format("{} to {}", ratio_text(parameter.least), ratio_text(parameter.most));
    case ParameterType::flag: return "true or false";
    case ParameterType::choice: {
      std::string text;
      for (std::size_t i = 0; i < choice_count(parameter); ++i)
        text += fmt::format("{}{}", i == 0 ? "" : ", ", choice_name(parameter, i));
      return text;
    }
    case ParameterType::text: return "text";
  }
  return "";
}

void describe(const ActionInfo& info, std::string& page) {
  page += fmt::format("\n### {}\n\n{} Layer: {}. Befalls {}.", info.name, info.doc,
                      faults::layer_name(info.layers), faults::name_of(info.subject));
  if (!reveals(info.type).empty()) page += fmt::format(" Shows {}.", reveals(info.type));
  page += '\n';
  if (info.parameters.empty()) return;
  page += "\n| parameter | default | values | meaning |\n|---|---|---|---|\n";
  for (const Parameter& parameter : info.parameters) {
    page += fmt::format("| `{}` | {} | {} | {} |\n", parameter.name, default_text(parameter),
                        values_text(parameter), parameter.doc);
  }
}

// On one line of a table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n') {
      out += ' ';
    } else if (c == '|') {
      out += "\\|";
    } else {
      out += c;
    }
  }
  while (out.ends_with(' '))
    out.pop_back();
  return out;
}

std::string without_braces(std::string_view action) {
  return std::string(action.substr(1, action.size() - 2));
}

void describe_venue(const StruckVenue& venue, std::string_view expectations, std::string& page) {
  page += fmt::format(
      "\n## What {0} says\n\n| call | action | status | ccxt | headers and body |\n"
      "|---|---|---|---|---|\n",
      venue.name);
  std::deque<std::string> storage;
  const auto rows = json_list(expectations, storage);
  VENUEBOX_ASSERT(rows);
  for (const JsonValue& row : *rows) {
    JsonObject members;
    const auto parsed = members.parse(row.text);
    VENUEBOX_ASSERT(parsed);
    const JsonValue* ccxt = members.find(venue.name);
    if (!ccxt) continue;
    const std::string_view call = members.find("call")->text;
    const std::string_view action = members.find("action")->text;
    const Told told = told_by(venue, call, action);
    page += fmt::format("| {} | `{}` | {} | {} | `{}` |\n", call, without_braces(action),
                        told.status, ccxt->text, cell(told.headers + told.body));
  }
}
}  // namespace

std::string page(std::string_view expectations) {
  std::string page =
      "# Faults\n\nWritten by `script/fault-page` from the table of actions "
      "(`src/faults/actions.cpp`) and from boxes that are struck; a test holds it up to date. The "
      "numbers F1 to F42 are those of the fault catalogue. Ratios and probabilities are parts of "
      "one, times are milliseconds of box time.\n";
  page += writing();
  page += "\n## Actions\n";
  for (const ActionInfo& info : faults::all_actions())
    describe(info, page);
  for (const StruckVenue& venue : struck_venues())
    describe_venue(venue, expectations, page);
  return page;
}

}  // namespace venuebox::fault_page
