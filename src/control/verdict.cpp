// What the venue knows against what a client believes: each difference with the request, and the
// faults that struck it, which may have led to it.
#include <algorithm>

#include <fmt/core.h>

#include "base/decimal.h"
#include "control/api_call.h"

namespace venuebox::control {
namespace {
constexpr std::string_view kStatuses[] = {"open", "closed", "canceled", "rejected", "expired"};

// In the words of ccxt.
std::string_view status_of(const Order& order) {
  switch (order.status) {
    case OrderStatus::untriggered:
    case OrderStatus::open:
    case OrderStatus::partially_filled: return "open";
    case OrderStatus::filled: return "closed";
    case OrderStatus::cancelled: break;
  }
  switch (order.cancel_reason) {
    case CancelReason::expired: return "expired";
    case CancelReason::insufficient_funds:
    case CancelReason::position_above_tier: return "rejected";
    default: return "canceled";
  }
}

struct BelievedOrder {
  std::string client_order_id;
  std::optional<std::string> status;
  std::optional<Decimal> filled;
};
using Amounts = std::vector<std::pair<std::string, Decimal>>;

struct Belief {
  std::size_t exchange = 0;
  box::AccountInfo account;
  std::optional<std::vector<BelievedOrder>> orders;
  std::optional<Amounts> positions;
  std::optional<Amounts> balances;
};

Result<Decimal> decimal_from(const std::string& path, const JsonValue& value) {
  const bool may_be = value.kind == JsonKind::text || value.kind == JsonKind::number;
  const auto read = may_be ? decimal_from_text(value.text) : DecimalError::malformed;
  if (const auto* decimal = std::get_if<Decimal>(&read)) return *decimal;
  return invalid(path, "must be a decimal number, as text");
}

Result<BelievedOrder> order_from(const std::string& path, const JsonValue& value) {
  JsonObject object;
  if (value.kind != JsonKind::object || !object.parse(value.text)) {
    return invalid(path, "must be an object with client_order_id, status and filled");
  }
  if (auto known = check_members(object, "client_order_id status filled"); !known) {
    return invalid(path + "." + known.error().where, known.error().detail);
  }
  BelievedOrder order;
  const auto name = text_member(object, "client_order_id");
  if (!name || !*name || (*name)->empty() || (*name)->size() > ClientOrderId::kCapacity) {
    return invalid(path + ".client_order_id",
                   fmt::format("must be text of 1 to {} bytes", ClientOrderId::kCapacity));
  }
  order.client_order_id = **name;
  const auto status = text_member(object, "status");
  if (!status || (*status && std::ranges::find(kStatuses, **status) == std::end(kStatuses))) {
    return invalid(path + ".status", "must be open, closed, canceled, rejected or expired");
  }
  order.status = *status;
  if (const JsonValue* filled = object.find("filled")) {
    const auto amount = decimal_from(path + ".filled", *filled);
    if (!amount) return amount.error();
    order.filled = *amount;
  }
  return order;
}

Result<std::optional<std::vector<BelievedOrder>>> orders_from(const JsonObject& body) {
  std::optional<std::vector<BelievedOrder>> orders;
  const JsonValue* value = body.find("orders");
  if (!value) return orders;
  std::deque<std::string> storage;
  const auto list = json_list(value->kind == JsonKind::list ? value->text : "", storage);
  if (!list) return invalid("orders", "must be a list");
  orders.emplace();
  for (const JsonValue& entry : *list) {
    auto order = order_from(fmt::format("orders[{}]", orders->size()), entry);
    if (!order) return order.error();
    orders->push_back(std::move(*order));
  }
  return orders;
}

Result<std::optional<Amounts>> amounts_from(const JsonObject& body, const std::string& key) {
  std::optional<Amounts> amounts;
  const JsonValue* value = body.find(key);
  if (!value) return amounts;
  JsonObject object;
  if (value->kind != JsonKind::object || !object.parse(value->text)) {
    return invalid(key, "must be an object of decimal texts");
  }
  amounts.emplace();
  for (const auto& member : object.members()) {
    const auto amount = decimal_from(fmt::format("{}.{}", key, member.key), member.value);
    if (!amount) return amount.error();
    amounts->emplace_back(member.key, *amount);
  }
  return amounts;
}

Result<Belief> belief_from(const JsonObject& body, const box::Box& box) {
  Belief belief;
  const auto venue = text_member(body, "venue");
  if (!venue) return venue.error();
  if (!*venue) return invalid("venue", "is missing");
  const auto index = box.find_exchange(**venue);
  if (!index) return Error{ErrorKind::not_found, "venue", "this box has no such venue"};
  belief.exchange = *index;
  const auto account = text_member(body, "account");
  if (!account) return account.error();
  const std::string name = account->value_or("alice");
  const auto known = std::ranges::find(box.accounts(), name, &box::AccountInfo::name);
  if (known == box.accounts().end()) {
    return Error{ErrorKind::not_found, "account", fmt::format("there is no '{}'", name)};
  }
  belief.account = *known;
  auto orders = orders_from(body);
  if (!orders) return orders.error();
  auto positions = amounts_from(body, "positions");
  if (!positions) return positions.error();
  auto balances = amounts_from(body, "balances");
  if (!balances) return balances.error();
  belief.orders = std::move(*orders);
  belief.positions = std::move(*positions);
  belief.balances = std::move(*balances);
  return belief;
}

bool is_equal(const Decimal& a, const Decimal& b) { return compare(a, b) == 0; }

// Goes through a belief and writes what differs.
class Comparison {
 public:
  Comparison(box::Box& box, const Belief& belief, JsonWriter& json)
      : box_(box),
        belief_(belief),
        exchange_(*box.exchanges()[belief.exchange]),
        engine_(exchange_.engine()),
        json_(json) {}

  Result<void> run() {
    if (auto known = check_names(); !known) return known;
    json_.open_list();
    if (belief_.orders) compare_orders();
    if (belief_.positions) compare_positions();
    if (belief_.balances) compare_balances();
    json_.close_list();
    return {};
  }

 private:
  // Before anything is written.
  Result<void> check_names() const {
    for (const auto& [symbol, amount] : belief_.positions.value_or(Amounts{})) {
      if (!find_perpetual(symbol)) {
        return Error{ErrorKind::not_found, "positions." + symbol, "no perpetual has this name"};
      }
    }
    for (const auto& [asset, amount] : belief_.balances.value_or(Amounts{})) {
      if (!engine_.find_asset(asset)) {
        return Error{ErrorKind::not_found, "balances." + asset, "this venue does not have it"};
      }
    }
    return {};
  }

  const Instrument* find_perpetual(std::string_view symbol) const {
    for (const Instrument& instrument : engine_.instruments()) {
      if (!instrument.is_spot() && instrument.symbol == symbol) return &instrument;
    }
    return nullptr;
  }

  std::optional<Order> find_order(std::string_view name) const {
    std::optional<Order> found = engine_.live_order(belief_.account.id, ClientOrderId(name));
    if (found) return found;
    engine_.closed_orders(belief_.account.id, [&](const Order& order) {
      if (order.client_order_id.view() == name) found = order;
      return !found;
    });
    return found;
  }

  void compare_orders() {
    for (const BelievedOrder& believed : *belief_.orders) {
      const std::string path = "orders." + believed.client_order_id;
      const auto order = find_order(believed.client_order_id);
      if (!order) {
        // A rejected order that the venue never took is no difference.
        if (believed.status == "rejected") continue;
        differ(path, "unknown", believed.status.value_or("known"), believed.client_order_id);
        continue;
      }
      const std::string_view status = status_of(*order);
      if (believed.status && *believed.status != status) {
        differ(path + ".status", status, *believed.status, believed.client_order_id);
      }
      const Instrument& instrument = engine_.instruments()[order->instrument.raw];
      const std::string filled = quantity_text(order->filled, instrument);
      if (believed.filled && !is_equal(*believed.filled, decimal_of(filled))) {
        differ(path + ".filled", filled, text_of(*believed.filled), believed.client_order_id);
      }
    }
    engine_.live_orders(belief_.account.id, [&](const Order& order) {
      const std::string name(order.client_order_id.view());
      if (std::ranges::find(*belief_.orders, name, &BelievedOrder::client_order_id) ==
          belief_.orders->end()) {
        const std::string shown =
            name.empty() ? fmt::format("without a name, number {}", order.id.raw) : name;
        differ("orders." + shown, "open", "unknown", name);
      }
      return true;
    });
  }

  // Of both sides of a hedge together.
  void compare_positions() {
    for (const Instrument& instrument : engine_.instruments()) {
      if (instrument.is_spot()) continue;
      SignedLots size;
      for (const auto side :
           {PositionSide::both, PositionSide::long_side, PositionSide::short_side}) {
        size += engine_.position(belief_.account.id, instrument.id, side).size;
      }
      const Lots lots{std::abs(size.raw)};
      const std::string known = (size.raw < 0 ? "-" : "") + quantity_text(lots, instrument);
      const auto at = std::ranges::find(*belief_.positions, instrument.symbol,
                                        &std::pair<std::string, Decimal>::first);
      const Decimal believed = at == belief_.positions->end() ? Decimal{} : at->second;
      if (is_equal(decimal_of(known), believed)) continue;
      differ("positions." + instrument.symbol, known, text_of(believed), {}, instrument.symbol);
    }
  }

  void compare_balances() {
    for (const auto& [name, believed] : *belief_.balances) {
      const Asset& asset = *engine_.find_asset(name);
      const Decimal known{engine_.balance(belief_.account.id, asset.id).cash.units, asset.scale};
      if (is_equal(known, believed)) continue;
      differ("balances." + name, text_of(known), text_of(believed), {});
    }
  }

  static Decimal decimal_of(std::string_view text) {
    return std::get<Decimal>(decimal_from_text(text));
  }

  void differ(std::string_view path, std::string_view knows, std::string_view believes,
              std::string_view client_order_id, std::string_view symbol = {}) {
    json_.open().text("path", path).text("venue_knows", knows).text("client_believes", believes);
    write_cause(client_order_id, symbol);
    json_.close();
  }

  // The newest of the account's requests that a fault struck and that names the order or symbol; of
  // an order also one that was not struck.
  void write_cause(std::string_view client_order_id, std::string_view symbol) {
    std::optional<gateway::LoggedRequest> cause;
    bool is_struck = false;
    box_.requests().each([&](const gateway::LoggedRequest& request) {
      const bool is_own = request.venue == exchange_.door().venue().name &&
                          (request.account == belief_.account.name || request.account.empty());
      if (!is_own || !names(request, client_order_id.empty() ? symbol : client_order_id)) {
        return true;
      }
      box_.plan().timeline().each_of(
          request.occasion, [&](const faults::Strike&) { is_struck = request.occasion != 0; });
      if (is_struck || (!cause && !client_order_id.empty())) cause = request;
      return !is_struck;
    });
    if (!cause) return;
    json_.key("request").open();
    json_.number("number", static_cast<std::int64_t>(cause->number));
    json_.text("arrived", iso_text(cause->arrived)).text("operation", cause->operation);
    json_.text("method", cause->method).text("target", cause->target);
    json_.number("status", cause->status).close();
    json_.key("faults").open_list();
    if (cause->occasion != 0) {
      box_.plan().timeline().each_of(cause->occasion, [&](const faults::Strike& strike) {
        json_.open().text("fault", strike.fault);
        json_.text("type", faults::name_of(strike.action.type));
        json_.number("n", static_cast<std::int64_t>(strike.n)).close();
      });
    }
    json_.close_list();
  }

  // An empty name stands in every request.
  static bool names(const gateway::LoggedRequest& request, std::string_view name) {
    if (name.empty()) return true;
    return request.body.find(fmt::format("\"{}\"", name)) != std::string::npos ||
           request.target.find(fmt::format("={}", name)) != std::string::npos;
  }

  box::Box& box_;
  const Belief& belief_;
  box::Exchange& exchange_;
  const engine::Engine& engine_;
  JsonWriter& json_;
};
}  // namespace

void Api::verdict(Call& call) {
  const auto belief = belief_from(call.body, call.box);
  if (!belief) return call.fail(belief.error());
  auto json = call.json();
  Comparison comparison(call.box, *belief, json);
  if (auto compared = comparison.run(); !compared) call.fail(compared.error());
}

}  // namespace venuebox::control
