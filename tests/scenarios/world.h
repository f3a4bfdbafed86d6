// The exchange that a scenario acts on: two engines, one per kind of book, and a third that is
// loaded from a snapshot before every command. They must agree, keep the law of the house and leave
// no trace of what they refuse. Also knows what the scenario calls everything.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "model/event.h"

namespace venuebox::scenarios {

// What the scenario calls an order, and where it belongs: its given name; of what the engine placed
// to protect an order or a position, that name and ".tp", ".sl" or ".trail"; else its account's
// name.
struct OrderLabel {
  std::string text;
  AccountId account;
  InstrumentId instrument;
};

struct Action {
  CommandBody body;
  std::vector<std::string> names;  // of the orders it places, one after the other; "": none
  std::string opens;               // name of the account or instrument that it creates
};

// One of the engines that must agree.
struct Witness {
  std::string_view name;
  const View& view;
};

class World {
 public:
  World();

  // Terms may be changed until the first action, which calls start().
  bool started() const { return started_; }
  Instrument* unlisted(std::string_view name);
  std::string start();

  // Runs one command everywhere. Returns which promise was broken, or nothing.
  std::string execute(const Action& action);
  std::span<const Event> events() const { return events_; }  // of the last command

  std::array<Witness, 3> witnesses() const;
  const View& view() const { return fast_; }

  std::optional<AccountId> find_account(std::string_view name) const;
  std::optional<InstrumentId> find_instrument(std::string_view name) const;
  std::optional<OrderId> find_order(std::string_view name) const;
  // Terms to read numbers by: the default instrument's where there is no such instrument.
  const Instrument& terms(InstrumentId id) const;
  const Asset& asset(AssetId id) const { return view().assets()[id.raw]; }

  std::string label(AccountId account) const;
  std::string label(InstrumentId id) const;
  std::string label(OrderId order) const;
  const OrderLabel* find_label(OrderId order) const;

  // The default world: what it has before a scenario says anything.
  static constexpr AssetId kBtc{0}, kUsdt{1};

  Timestamp clock = timestamp_from_ms(1'700'000'000'000);
  InstrumentId instrument{0};  // where actions go that name none

 private:
  std::string disagreement(engine::Engine& other, std::string_view name, const Command& command);
  std::string restore();
  void learn(const Action& action);
  void learn_order(const Order& order, const std::string& name);
  void learn_attached(const Order& order, const std::string& given);

  bool started_ = false;
  engine::Engine fast_{engine::BookKind::fast};
  engine::Engine reference_{engine::BookKind::reference};
  std::unique_ptr<engine::Engine> restored_;  // new with every command
  std::vector<Event> events_;

  std::vector<Instrument> unlisted_;
  std::vector<std::string> accounts_;     // by id
  std::vector<std::string> instruments_;  // by id
  std::map<std::string, OrderId, std::less<>> orders_;
  std::map<OrderId, OrderLabel> labels_;
};

}  // namespace venuebox::scenarios
