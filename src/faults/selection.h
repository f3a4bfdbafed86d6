// Which faults a tag selects, without looking at each: names are interned, and what a combination
// of them selects is remembered until the plan changes. Only names that some fault mentions tell
// combinations apart, so there are few.
#pragma once

#include <array>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "faults/actions.h"
#include "faults/fault.h"
#include "faults/tag.h"

namespace venuebox::faults {

// Texts to small numbers, from 1; 0 is every text that was not added.
class NameTable {
 public:
  void clear() { names_.clear(), slots_.clear(); }
  std::uint32_t add(std::string_view name);  // not empty
  std::uint32_t find(std::string_view name) const;

 private:
  void grow();
  std::vector<std::string> names_;
  std::vector<std::uint32_t> slots_;  // open addressing over a power of two, half of it free
};

class Selection {
 public:
  Selection();
  void clear();
  // The next fault, whose number is how many were added before.
  void add(const Selector& where, const ActionInfo& action);
  // Numbers in ascending order; valid until the next call.
  std::span<const std::uint32_t> match(const Tag& tag);

 private:
  enum Field : std::size_t { kVenue, kAccount, kSymbol, kOperation, kChannel, kFields };
  struct Entry {
    std::array<std::uint32_t, kFields> names{};  // 0: any
    Transport transport = Transport::any;        // of the selector
    Transport carrier = Transport::any;          // of the action
    Subject subject = Subject::anything;
  };
  std::vector<std::uint32_t> find_all(const std::array<std::uint32_t, kFields>& names,
                                      const Tag& tag) const;

  std::array<NameTable, kFields> tables_;
  std::vector<Entry> entries_;
  // Only looked up, never iterated.
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> remembered_;
};

}  // namespace venuebox::faults
