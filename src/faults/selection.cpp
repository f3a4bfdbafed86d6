#include "faults/selection.h"

#include "base/hash.h"

namespace venuebox::faults {
namespace {
constexpr std::size_t kRememberedMax = 4'096;
constexpr int kNameBits = 12;  // of a number in the key; a plan has at most 2,000 faults
}  // namespace

std::uint32_t NameTable::add(std::string_view name) {
  if (const std::uint32_t known = find(name); known != 0) return known;
  names_.emplace_back(name);
  const auto number = static_cast<std::uint32_t>(names_.size());
  VENUEBOX_ASSERT(number < 1u << kNameBits);
  if (2 * names_.size() > slots_.size()) {
    grow();
  } else {
    std::size_t at = hash_of(name) & (slots_.size() - 1);
    while (slots_[at] != 0)
      at = (at + 1) & (slots_.size() - 1);
    slots_[at] = number;
  }
  return number;
}

std::uint32_t NameTable::find(std::string_view name) const {
  if (names_.empty() || name.empty()) return 0;
  for (std::size_t at = hash_of(name) & (slots_.size() - 1); slots_[at] != 0;
       at = (at + 1) & (slots_.size() - 1)) {
    if (names_[slots_[at] - 1] == name) return slots_[at];
  }
  return 0;
}

void NameTable::grow() {
  slots_.assign(std::max<std::size_t>(8, 2 * slots_.size()), 0);
  for (std::uint32_t i = 0; i < names_.size(); ++i) {
    std::size_t at = hash_of(names_[i]) & (slots_.size() - 1);
    while (slots_[at] != 0)
      at = (at + 1) & (slots_.size() - 1);
    slots_[at] = i + 1;
  }
}

Selection::Selection() { clear(); }

void Selection::clear() {
  for (NameTable& table : tables_)
    table.clear();
  // What an action can befall tells all of these apart, whether or not a selector names them.
  for (const std::string_view operation : all_operations())
    tables_[kOperation].add(operation);
  entries_.clear();
  remembered_.clear();
}

void Selection::add(const Selector& where, const ActionInfo& action) {
  Entry entry{.transport = where.transport, .carrier = action.transport, .subject = action.subject};
  const auto intern = [&](Field field, const std::string& name) {
    if (!name.empty()) entry.names[field] = tables_[field].add(name);
  };
  intern(kVenue, where.venue);
  intern(kAccount, where.account);
  intern(kSymbol, where.symbol);
  intern(kOperation, where.operation);
  intern(kChannel, where.channel.empty() ? std::string(action.channel) : where.channel);
  entries_.push_back(entry);
  remembered_.clear();
}

std::span<const std::uint32_t> Selection::match(const Tag& tag) {
  const std::array<std::uint32_t, kFields> names{
      tables_[kVenue].find(tag.venue), tables_[kAccount].find(tag.account),
      tables_[kSymbol].find(tag.symbol), tables_[kOperation].find(tag.operation),
      tables_[kChannel].find(tag.channel)};
  auto key = static_cast<std::uint64_t>(tag.transport);
  for (const std::uint32_t name : names)
    key = key << kNameBits | name;
  if (const auto known = remembered_.find(key); known != remembered_.end()) return known->second;
  if (remembered_.size() == kRememberedMax) remembered_.clear();
  return remembered_.emplace(key, find_all(names, tag)).first->second;
}

std::vector<std::uint32_t> Selection::find_all(const std::array<std::uint32_t, kFields>& names,
                                               const Tag& tag) const {
  const auto agrees = [&](Transport asked) {
    return asked == Transport::any || asked == tag.transport;
  };
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    bool selected = agrees(entry.transport) && agrees(entry.carrier);
    for (std::size_t field = 0; field < kFields && selected; ++field)
      selected = entry.names[field] == 0 || entry.names[field] == names[field];
    if (selected && concerns(entry.subject, tag.operation)) found.push_back(i);
  }
  return found;
}

}  // namespace venuebox::faults
