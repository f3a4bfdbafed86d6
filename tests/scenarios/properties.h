// What can be said of a thing, as words: "remaining 0.002", "post-only". Expectations name some of
// these and leave out the rest.
#pragma once

#include <string>
#include <vector>

#include "model/event.h"
#include "words.h"
#include "world.h"

namespace venuebox::scenarios {

struct Property {
  std::string_view key;
  std::string value;
  bool is_flag = false;  // stands alone; the value is "yes" or "no"
};

class Properties {
 public:
  void add(std::string_view key, std::string value) { all_.push_back({key, std::move(value)}); }
  void add_flag(std::string_view key, bool is_set) {
    all_.push_back({key, is_set ? "yes" : "no", true});
  }
  bool empty() const { return all_.empty(); }
  const Property* find(std::string_view key) const;
  std::string keys() const;

 private:
  std::vector<Property> all_;
};

// One property as an expectation has it, in canonical form, beside what it is.
struct Claim {
  std::string expected;
  std::string actual;
  bool holds() const { return expected == actual; }
};

// Reads pairs and flags to the end of the line. An unknown key is a problem of the words.
std::vector<Claim> read_claims(Words& words, const Properties& properties);

Properties properties_of(const Order& order, const World& world);
Properties properties_of(const Fill& fill, const World& world);
Properties properties_of(AccountId account, AssetId asset, const World& world, const View& view);
Properties properties_of(AccountId account, InstrumentId instrument, PositionSide side,
                         const World& world, const View& view);
Properties properties_of(InstrumentId instrument, const World& world, const View& view);

std::string money_text(Money money, const World& world);
std::string due_text(Timestamp due, const World& world);  // "+10s", "never"

}  // namespace venuebox::scenarios
