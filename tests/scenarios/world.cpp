#include "world.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/bytes.h"
#include "event_text.h"

namespace venuebox::scenarios {
namespace {

constexpr std::string_view kMarkets[] = {"market", "maker2"};
constexpr std::string_view kUsers[] = {"alice", "bob", "carol"};
constexpr int kScale = 14;

// Prices in 0.10 USDT, quantities in 0.001 BTC; fees maker 0.02 %, taker 0.055 %.
Instrument default_terms(InstrumentId id, InstrumentKindOf kind) {
  return {.id = id,
          .symbol = "BTCUSDT",
          .kind = kind,
          .base = World::kBtc,
          .quote = World::kUsdt,
          .settle = World::kUsdt,
          .tick = {10, 2},
          .lot = {1, 3},
          .quantity_min = Lots{1},
          .quantity_max = Lots{1'000'000},
          .market_quantity_max = Lots{500'000},
          .price_max = Ticks{20'000'000},
          .notional_min = {5 * power_of_ten(kScale), World::kUsdt},
          .maker_fee = Rate{200'000},
          .taker_fee = Rate{550'000},
          .leverage_max = 100,
          .price_band = {}};
}

// Nothing happened but refusals.
bool only_refused(std::span<const Event> events) {
  const auto harmless = [](const Event& event) {
    return std::holds_alternative<Rejected>(event) || std::holds_alternative<BatchEntry>(event);
  };
  const auto refused = [](const Event& event) { return std::holds_alternative<Rejected>(event); };
  return std::ranges::all_of(events, harmless) && std::ranges::any_of(events, refused);
}

std::string_view suffix_of(OrderPurpose purpose) {
  switch (purpose) {
    case OrderPurpose::take_profit: return ".tp";
    case OrderPurpose::stop_loss: return ".sl";
    case OrderPurpose::trailing_stop: return ".trail";
    case OrderPurpose::stop: return ".stop";
    case OrderPurpose::liquidation: return ".liq";
    case OrderPurpose::deleverage: return ".adl";
    case OrderPurpose::delisting: return ".end";
    case OrderPurpose::ordinary: break;
  }
  return "";
}

template <class Id>
std::string name_of(const std::vector<std::string>& names, Id id) {
  return id.raw < names.size() ? names[id.raw] : fmt::format("#{}", id.raw);
}

template <class Id>
std::optional<Id> find_name(const std::vector<std::string>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return Id{static_cast<std::uint32_t>(found - names.begin())};
}

// An order that an action places, and what it is to be called.
struct NamedPlace {
  const PlaceOrder* order = nullptr;
  std::string name;
  std::size_t entry = 0;  // of a batch
};

std::vector<NamedPlace> places_of(const Action& action) {
  if (const auto* order = std::get_if<PlaceOrder>(&action.body)) {
    return {{order, action.names.at(0), 0}};
  }
  if (const auto* pair = std::get_if<PlacePair>(&action.body)) {
    return {{&pair->first, action.names.at(0), 0}, {&pair->second, action.names.at(1), 0}};
  }
  std::vector<NamedPlace> places;
  if (const auto* batch = std::get_if<PlaceBatch>(&action.body)) {
    for (std::size_t i = 0; i < batch->orders.size(); ++i)
      places.push_back({&batch->orders[i], action.names.at(i), i});
  }
  return places;
}

// Whether this is what became of it. The engine says so nowhere, and the orders of one action may
// be accepted in another order than they were named.
bool is_taken_as(const PlaceOrder& placed, const Order& order) {
  const auto trigger_of = [](const auto& from) {
    return from.trigger ? std::pair(from.trigger->price, from.trigger->direction)
                        : std::pair(Ticks{-1}, TriggerDirection::rises);
  };
  return placed.account == order.account && placed.instrument == order.instrument &&
         placed.side == order.side && placed.type == order.type &&
         placed.attachment == order.attachment && placed.client_order_id == order.client_order_id &&
         trigger_of(placed) == trigger_of(order);
}

}  // namespace

World::World()
    : unlisted_{default_terms(InstrumentId{0}, InstrumentKindOf::linear_perpetual),
                default_terms(InstrumentId{1}, InstrumentKindOf::spot)},
      instruments_{"perp", "spot"} {
  for (const auto name : kMarkets)
    accounts_.emplace_back(name);
  for (const auto name : kUsers)
    accounts_.emplace_back(name);
}

Instrument* World::unlisted(std::string_view name) {
  const auto id = find_instrument(name);
  return id && id->raw < unlisted_.size() ? &unlisted_[id->raw] : nullptr;
}

std::string World::start() {
  started_ = true;
  const Asset btc{kBtc, "BTC", kScale}, usdt{kUsdt, "USDT", kScale};
  std::vector<CommandBody> commands{AddAsset{btc}, AddAsset{usdt}};
  for (const Instrument& wanted : unlisted_) {
    const auto listed = checked_listing(wanted, btc, usdt);
    if (!listed) return "these terms cannot be listed: " + listed.error().text();
    commands.push_back(ListInstrument{*listed});
  }
  for (std::uint32_t id = 0; id < accounts_.size(); ++id) {
    const bool is_user = id >= std::size(kMarkets);
    const auto kind = is_user ? AccountKindOf::user : AccountKindOf::market;
    commands.push_back(OpenAccount{AccountId{id}, kind, accounts_[id]});
    if (!is_user) continue;
    commands.push_back(Deposit{AccountId{id}, {1'000'000 * power_of_ten(kScale), kUsdt}});
    commands.push_back(Deposit{AccountId{id}, {100 * power_of_ten(kScale), kBtc}});
  }
  for (const CommandBody& command : commands) {
    if (std::string problem = execute({command, {}, {}}); !problem.empty()) return problem;
    if (only_refused(events_)) return "setting up: " + text_of(events_.front(), *this).head;
  }
  return {};
}

std::string World::execute(const Action& action) {
  const std::uint64_t before = fast_.state_hash();
  const Command command{fast_.sequence() + 1, clock, action.body};
  const auto happened = fast_.execute(command);
  events_.assign(happened.begin(), happened.end());
  learn(action);

  std::string problem = fast_.broken_law();
  if (!problem.empty()) return "a law is broken: " + problem;
  if (only_refused(events_) && fast_.state_hash() != before) {
    return "what was refused has changed the state";
  }
  problem = disagreement(reference_, "the reference book", command);
  if (problem.empty() && restored_) {
    problem = disagreement(*restored_, "the engine loaded from a snapshot", command);
  }
  return problem.empty() ? restore() : problem;
}

// Runs the command on another engine, too. Says in what it differs from the fast one, if it does.
std::string World::disagreement(engine::Engine& other, std::string_view name,
                                const Command& command) {
  const auto happened = other.execute(command);
  const bool equal = std::ranges::equal(events_, happened, {}, bytes_of<Event>, bytes_of<Event>);
  if (!equal) {
    std::vector<Event> theirs(happened.begin(), happened.end());
    return fmt::format("{} disagrees; - fast book, + {}\n{}", name, name,
                       diff_text(events_, theirs, *this));
  }
  if (other.state_hash() != fast_.state_hash()) {
    return fmt::format("{} had the same events and has another state", name);
  }
  const std::string law = other.broken_law();
  return law.empty() ? "" : fmt::format("a law is broken with {}: {}", name, law);
}

// Loads a third engine from what the first saves.
std::string World::restore() {
  std::string bytes, again;
  fast_.save(bytes);
  restored_ = std::make_unique<engine::Engine>(engine::BookKind::fast);
  const auto loaded = restored_->load(bytes);
  if (!loaded) return "its own snapshot was refused: " + loaded.error().text();
  if (restored_->state_hash() != fast_.state_hash()) return "a snapshot gave another state";
  restored_->save(again);
  return again == bytes ? "" : "a snapshot of a loaded snapshot has other bytes";
}

std::array<Witness, 3> World::witnesses() const {
  const View& restored = restored_ ? *restored_ : fast_;
  return {Witness{"fast book", fast_}, Witness{"reference book", reference_},
          Witness{"loaded from a snapshot", restored}};
}

std::optional<AccountId> World::find_account(std::string_view name) const {
  return find_name<AccountId>(accounts_, name);
}

std::optional<InstrumentId> World::find_instrument(std::string_view name) const {
  return find_name<InstrumentId>(instruments_, name);
}

std::optional<OrderId> World::find_order(std::string_view name) const {
  const auto found = orders_.find(name);
  if (found == orders_.end()) return std::nullopt;
  return found->second;
}

const Instrument& World::terms(InstrumentId id) const {
  const auto listed = view().instruments();
  if (id.raw < listed.size()) return listed[id.raw];
  return instrument.raw < listed.size() ? listed[instrument.raw] : unlisted_[0];
}

std::string World::label(AccountId account) const { return name_of(accounts_, account); }
std::string World::label(InstrumentId id) const { return name_of(instruments_, id); }

std::string World::label(OrderId order) const {
  const OrderLabel* found = find_label(order);
  return found ? found->text : fmt::format("#{}", order.raw);
}

const OrderLabel* World::find_label(OrderId order) const {
  const auto found = labels_.find(order);
  return found == labels_.end() ? nullptr : &found->second;
}

// Gives the names of the action to what it created.
void World::learn(const Action& action) {
  std::vector<NamedPlace> places = places_of(action);
  const auto* protects = std::get_if<SetPositionStops>(&action.body);
  std::size_t entry = 0;
  for (const Event& event : events_) {
    if (const auto* begun = std::get_if<BatchEntry>(&event)) entry = begun->index;
    if (std::holds_alternative<AccountOpened>(event) && !action.opens.empty()) {
      accounts_.push_back(action.opens);
    }
    if (std::holds_alternative<InstrumentListed>(event) && !action.opens.empty()) {
      instruments_.push_back(action.opens);
    }
    const auto* accepted = std::get_if<OrderAccepted>(&event);
    if (!accepted) continue;
    const Order& order = accepted->order;
    const auto place = std::ranges::find_if(places, [&](const NamedPlace& p) {
      return p.entry == entry && is_taken_as(*p.order, order);
    });
    if (place != places.end()) {
      learn_order(order, place->name);
      places.erase(place);
    } else {
      const bool asked = protects && protects->account == order.account;
      learn_attached(order, asked ? action.names.at(0) : "");
    }
  }
}

void World::learn_order(const Order& order, const std::string& name) {
  labels_[order.id] = {name.empty() ? label(order.account) : name, order.account, order.instrument};
  if (!name.empty()) orders_[name] = order.id;
}

// What the engine placed by itself is named after what it protects: an order, or a position.
void World::learn_attached(const Order& order, const std::string& given) {
  std::string name = given.empty() ? label(order.account) : given;
  if (order.parent != OrderId{}) name = label(order.parent);
  learn_order(order, name.append(suffix_of(order.purpose)));
}

}  // namespace venuebox::scenarios
