#include "faults/modes.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/wide.h"

namespace venuebox::faults {
namespace {
using T = ActionType;

constexpr Ratio percent(std::int64_t n) { return {n * 10'000'000}; }

// clang-format off
constexpr Share kInvalidResponse[] = {{T::truncated_body, percent(50)}, {T::garbage, percent(50)}};

constexpr Share kRandom[] = {
    {T::rate_limit,           percent(10)}, {T::connection_reset, percent(10)},
    {T::hang,                 percent(10)}, {T::invalid_order,    percent(10)},
    {T::insufficient_balance, percent(10)}, {T::invalid_symbol,   percent(10)},
    {T::partial_fill,         percent(10)}, {T::slippage,         percent(10)},
    {T::invalid_response,     percent(10)}, {T::maintenance,      percent(10)}};

constexpr Share kMixed[] = {
    {T::rate_limit,    percent(5)}, {T::connection_reset, percent(2)}, {T::hang,     percent(1)},
    {T::invalid_order, percent(1)}, {T::partial_fill,    percent(10)}, {T::slippage, percent(5)}};
// clang-format on

constexpr std::int64_t sum(std::span<const Share> shares) {
  std::int64_t total = 0;
  for (const Share& share : shares)
    total += share.ratio.raw;
  return total;
}

bool can_befall(ActionType type, std::string_view operation, Transport transport) {
  const ActionInfo& info = info_of(type);
  const bool carried = transport == Transport::any || info.transport == Transport::any ||
                       info.transport == transport;
  return carried && concerns(info.subject, operation);
}

// A whole number below `bound`, from the draw's high bits.
std::int64_t scaled(std::uint64_t draw, std::int64_t bound) {
  return static_cast<std::int64_t>((static_cast<UInt128>(draw) * static_cast<UInt128>(bound)) >>
                                   64);
}

// `point` counts from 0 over the shares laid side by side.
std::optional<ActionType> share_at(std::span<const Share> shares, std::int64_t point) {
  for (const Share& share : shares) {
    if (point < share.ratio.raw) return share.type;
    point -= share.ratio.raw;
  }
  return std::nullopt;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
}  // namespace

std::span<const Share> shares_of(ActionType compound) {
  if (compound == T::invalid_response) return kInvalidResponse;
  if (compound == T::random) return kRandom;
  if (compound == T::mixed) return kMixed;
  return {};
}

Result<Fault> fault_of_mode(std::string_view mode, std::optional<Ratio> rate) {
  const auto aliases = all_aliases();
  const auto alias = std::ranges::find(aliases, mode, &Alias::name);
  if (alias == aliases.end()) {
    std::string known;
    for (const Alias& each : aliases)
      known += (known.empty() ? "" : ", ") + std::string(each.name);
    return invalid("mode", fmt::format("'{}' is no mode; choose one of {}", mode, known));
  }
  Fault fault{.name = std::string(mode), .action = default_action(alias->type)};
  std::ranges::transform(fault.name, fault.name.begin(), lower);
  if (alias->type == T::random || alias->type == T::mixed) {
    if (rate) fault.action.values.front().number = rate->raw;
  } else if (alias->type != T::rate_limit && alias->type != T::maintenance) {
    fault.when.probability = rate.value_or(kBaseFailureRate);
  }
  return fault;
}

std::optional<ActionType> drawn_of_compound(const Action& compound, std::uint64_t draw,
                                            std::string_view operation, Transport transport) {
  const auto shares = shares_of(compound.type);
  const std::int64_t rate =
      compound.type == T::invalid_response ? kWhole.raw : compound.number("base_failure_rate");
  // Within the rate the draw is uniform again, and chooses among the shares.
  const std::int64_t struck = scaled(draw, kWhole.raw);
  if (struck >= rate) return std::nullopt;
  if (compound.type != T::random) {
    const auto part = static_cast<Int128>(struck) * sum(shares) / rate;
    const auto type = share_at(shares, static_cast<std::int64_t>(part));
    return type && can_befall(*type, operation, transport) ? type : std::nullopt;
  }
  std::vector<Share> possible;
  std::ranges::copy_if(shares, std::back_inserter(possible), [&](const Share& share) {
    return can_befall(share.type, operation, transport);
  });
  const auto part = static_cast<Int128>(struck) * sum(possible) / rate;
  return share_at(possible, static_cast<std::int64_t>(part));
}

Action action_within_compound(ActionType type) {
  Action action = default_action(type);
  if (type == T::rate_limit) action.values.front().number = 0;
  return action;
}

}  // namespace venuebox::faults
