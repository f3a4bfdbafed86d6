#include "references.h"

#include <charconv>

#include <fmt/core.h>

namespace venuebox::scenarios {
namespace {

template <class Id>
std::optional<Id> id_from_number(std::string_view word) {
  if (!word.starts_with('#')) return std::nullopt;
  Id id;
  const auto [end, error] = std::from_chars(word.data() + 1, word.data() + word.size(), id.raw);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return id;
}

template <class Id>
Id read_id(Words& words, std::string_view kind, std::string_view word, std::optional<Id> found) {
  if (found) return *found;
  if (const auto raw = id_from_number<Id>(word)) return *raw;
  words.fail(fmt::format("no {} is called {}", kind, word));
  return {};
}

}  // namespace

AccountId read_account(Words& words, const World& world) {
  const std::string_view word = words.next("an account");
  return read_id<AccountId>(words, "account", word, world.find_account(word));
}

InstrumentId read_instrument(Words& words, const World& world) {
  const std::string_view word = words.next("an instrument");
  return read_id<InstrumentId>(words, "instrument", word, world.find_instrument(word));
}

OrderReference read_order(Words& words, const World& world) {
  if (words.take("id")) return {{}, read_client_order_id(words), world.instrument};
  const std::string_view word = words.next("an order");
  const auto id = read_id<OrderId>(words, "order", word, world.find_order(word));
  const OrderLabel* label = world.find_label(id);
  return {id, {}, label ? label->instrument : world.instrument};
}

ClientOrderId read_client_order_id(Words& words) {
  const std::string_view text = words.next("a client order id");
  if (text.size() <= ClientOrderId::kCapacity) return ClientOrderId(text);
  words.fail(fmt::format("a client order id has at most {} bytes", ClientOrderId::kCapacity));
  return {};
}

std::string read_new_name(Words& words, const World& world) {
  const std::string_view name = words.next("a name");
  if (world.find_order(name)) words.fail(fmt::format("there is an order called {}", name));
  if (world.find_account(name)) words.fail(fmt::format("{} is an account", name));
  return std::string(name);
}

}  // namespace venuebox::scenarios
