#include "venues/paradex/ids.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "gateway/reading.h"

namespace venuebox::venues::paradex {
namespace {
// The real ones begin with a time in ms; ours with 13 digits that stand for box and series.
constexpr std::uint64_t kOrders = 0x6f72646572ull;
constexpr std::uint64_t kFills = 0x66696c6cull;
constexpr std::uint64_t kPrefixMin = 1'700'000'000'000ull;
constexpr std::uint64_t kPrefixes = 100'000'000'000ull;
constexpr std::size_t kPrefixDigits = 13;
constexpr std::size_t kNumberDigits = 15;

std::string prefix(std::uint64_t series, std::uint64_t box_key) {
  return std::to_string(kPrefixMin + mix(box_key ^ series) % kPrefixes);
}

ShownId shown(std::uint64_t number, std::uint64_t series, std::uint64_t box_key) {
  return ShownId(fmt::format("{}{:015}", prefix(series, box_key), number));
}
}  // namespace

ShownId shown_order_id(OrderId id, std::uint64_t box_key) {
  return shown(id.raw, kOrders, box_key);
}

ShownId shown_fill_id(FillId id, std::uint64_t box_key) { return shown(id.raw, kFills, box_key); }

std::optional<OrderId> order_id_from_text(std::string_view text, std::uint64_t box_key) {
  if (text.size() != kPrefixDigits + kNumberDigits) return std::nullopt;
  if (!text.starts_with(prefix(kOrders, box_key))) return std::nullopt;
  if (text[kPrefixDigits] == '-') return std::nullopt;
  const auto number = gateway::integer_from_text(text.substr(kPrefixDigits));
  if (!number || *number <= 0) return std::nullopt;  // Numbers begin at 1.
  return OrderId{static_cast<std::uint64_t>(*number)};
}

}  // namespace venuebox::venues::paradex
