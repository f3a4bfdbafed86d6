#include "client/reconciler.h"

#include <algorithm>

namespace venuebox::client {
namespace {
using unified::OrderRow;
using Kind = Difference::Kind;
using Standing = OwnOrder::Standing;
}  // namespace

struct Reconciler::Run {
  std::uint64_t revision = 0;                  // of the own view when it began
  std::vector<std::string> left;               // symbols to be asked for
  std::set<std::string, std::less<>> symbols;  // all of them
  std::vector<OrderRow> orders;
  std::vector<unified::PositionRow> positions;
  std::vector<unified::AssetBalance> balances;
  std::vector<std::string> look_ups;  // names of own orders
  std::string failed_look_up;         // why; empty: none
};

Reconciler::Reconciler(Exchange& exchange, Scheduler& scheduler, ReconcilerSettings settings)
    : exchange_(exchange), scheduler_(scheduler), settings_(std::move(settings)) {}

Reconciler::~Reconciler() { *alive_ = false; }

// ---- when ---------------------------------------------------------------------------------------

void Reconciler::start() {
  const bool has_purpose = settings_.every.raw > 0 && exchange_.has_keys();
  if (!has_purpose || std::exchange(started_, true)) return;
  wait();
}

void Reconciler::wait() {
  scheduler_.after(settings_.every, [this, alive = alive_] {
    if (!*alive) return;
    if (!run_) begin();  // Else the one that is under way will do.
    wait();
  });
}

void Reconciler::run() {
  if (run_) {
    again_ = true;
    return;
  }
  begin();
}

void Reconciler::fail(const std::string& why) {
  ++counts_.failed;
  if (on_failed) on_failed(why);
  finish();
}

// Positions come last: what a look-up has found may explain them.
void Reconciler::conclude() {
  compare_positions();
  compare_balances();
  if (!run_->failed_look_up.empty()) return fail(run_->failed_look_up);
  ++counts_.runs;
  finish();
}

void Reconciler::finish() {
  run_.reset();
  if (on_done) on_done();
  if (std::exchange(again_, false) && !run_) begin();
}

// ---- what the venue says ------------------------------------------------------------------------

void Reconciler::begin() {
  exchange_.keep_own_view();
  run_ = std::make_unique<Run>();
  run_->revision = exchange_.own().revision();
  run_->symbols.insert(settings_.symbols.begin(), settings_.symbols.end());
  for (const auto& [name, own] : exchange_.own().orders()) {
    if (own.is_live() || own.standing != Standing::known) run_->symbols.insert(own.row.symbol);
  }
  for (const auto& [symbol, position] : exchange_.own().positions()) {
    if (position.size.units != 0 || position.traded.units != 0) run_->symbols.insert(symbol);
  }
  run_->left.assign(run_->symbols.begin(), run_->symbols.end());
  fetch_orders();
}

void Reconciler::fetch_orders() {
  if (run_->left.empty()) return fetch_positions();
  const std::string symbol = std::move(run_->left.back());
  run_->left.pop_back();
  exchange_.fetch_open_orders(
      symbol, [this, alive = alive_](const Reply<std::vector<OrderRow>>& reply) {
        if (!*alive) return;
        if (!reply) return fail(reply.text);
        if (reply.is_cut) return fail("there are more open orders than are asked for");
        run_->orders.insert(run_->orders.end(), reply.value->begin(), reply.value->end());
        fetch_orders();
      });
}

void Reconciler::fetch_positions() {
  exchange_.fetch_positions(
      [this, alive = alive_](const Reply<std::vector<unified::PositionRow>>& reply) {
        if (!*alive) return;
        if (!reply) return fail(reply.text);
        if (reply.is_cut) return fail("there are more positions than are asked for");
        run_->positions = *reply.value;
        fetch_balance();
      });
}

void Reconciler::fetch_balance() {
  exchange_.fetch_balance([this, alive = alive_](const Reply<unified::Balances>& reply) {
    if (!*alive) return;
    if (!reply) return fail(reply.text);
    run_->balances = reply.value->assets;
    compare_orders();
    look_up_next();
  });
}

// ---- where it differs ---------------------------------------------------------------------------

void Reconciler::report(Difference difference) {
  ++counts_.differences[static_cast<std::size_t>(difference.kind)];
  if (on_difference) on_difference(difference);
}

// What was changed since the fetch began may be newer than what was fetched.
bool Reconciler::is_untouched(std::uint64_t touched) const { return touched <= run_->revision; }

void Reconciler::compare_orders() {
  std::set<std::string, std::less<>> seen;
  for (const OrderRow& row : run_->orders) {
    const OwnOrder* own =
        exchange_.own().find({.id = row.id, .client_order_id = row.client_order_id});
    if (!own) {
      found_unknown(row);
      seen.insert(name_of(row));
      continue;
    }
    seen.insert(name_of(own->row));
    if (own->calls == 0 && is_untouched(own->touched)) compare_order(*own, row);
  }
  for (const auto& [name, own] : exchange_.own().orders()) {
    const bool is_asked_for = run_->symbols.contains(own.row.symbol);
    if (seen.contains(name) || !is_asked_for) continue;
    if (own.calls == 0 && is_untouched(own.touched)) note_absent(name, own);
  }
  // By now the own view may go on changing; nothing of it is being walked through.
  if (settings_.vanished_order == ReconcilerSettings::Vanished::look_up) return;
  std::erase_if(run_->look_ups, [this](const std::string& name) {
    const OwnOrder& own = exchange_.own().orders().at(name);
    if (own.standing != Standing::known) return false;
    const OrderRow ours = own.row;
    exchange_.own().mark_missing(name);
    report({.kind = Kind::order_vanished, .about = name, .our_order = ours});
    return true;
  });
}

void Reconciler::found_unknown(const OrderRow& row) {
  using Unknown = ReconcilerSettings::Unknown;
  if (settings_.unknown_order == Unknown::adopt) exchange_.own().adopt(row, scheduler_.now());
  if (settings_.unknown_order == Unknown::cancel) {
    exchange_.cancel_order(
        row.symbol,
        {.id = row.id,
         .client_order_id = row.client_order_id,
         .is_untriggered = row.state == unified::OrderState::untriggered},
        [](const Reply<PlacedOrder>&) {});  // The next reconciliation sees what came of it.
  }
  report({.kind = Kind::unknown_order_found, .about = name_of(row), .their_order = row});
}

void Reconciler::compare_order(const OwnOrder& own, const OrderRow& row) {
  if (row.updated < own.row.updated) return;  // An older picture than ours.
  const OrderRow ours = own.row;
  if (own.standing == Standing::acknowledged) return;  // It is about to go.
  if (own.standing != Standing::known) {
    if (own.standing == Standing::unknown) ++counts_.settled;
    return exchange_.own().adopt(row, scheduler_.now());
  }
  const bool differs_in_state = ours.state != row.state;
  const bool differs_in_filled = venuebox::compare(ours.filled, row.filled) != 0;
  if (!differs_in_state && !differs_in_filled) return;
  if (settings_.order == ReconcilerSettings::Differing::adopt) {
    exchange_.own().adopt(row, scheduler_.now());
  }
  const std::string name = name_of(ours);
  if (differs_in_state) {
    report({.kind = Kind::status_differs, .about = name, .our_order = ours, .their_order = row});
  }
  if (differs_in_filled) {
    report({.kind = Kind::filled_differs, .about = name, .our_order = ours, .their_order = row});
  }
}

void Reconciler::note_absent(const std::string& name, const OwnOrder& own) {
  if (own.standing == Standing::missing) return;  // That is known.
  if (own.is_live() || own.standing != Standing::known) run_->look_ups.push_back(name);
}

// ---- orders that the venue does not show --------------------------------------------------------

void Reconciler::look_up_next() {
  if (run_->look_ups.empty()) return conclude();
  const std::string name = std::move(run_->look_ups.back());
  run_->look_ups.pop_back();
  const OwnOrder* own = exchange_.own().find({.id = {}, .client_order_id = name});
  if (!own) return look_up_next();
  const bool has_own_name = !own->row.client_order_id.empty();
  exchange_.fetch_order(own->row.symbol,
                        {.id = has_own_name ? std::string() : own->row.id,
                         .client_order_id = own->row.client_order_id},
                        [this, alive = alive_, name](const Reply<OrderRow>& reply) {
                          if (!*alive) return;
                          const bool is_told =
                              reply || reply.verdict == gateway::Verdict::unknown_order;
                          if (is_told) looked_up(name, reply);
                          if (!is_told) run_->failed_look_up = reply.text;
                          look_up_next();
                        });
}

void Reconciler::looked_up(const std::string& name, const Reply<OrderRow>& reply) {
  const OwnOrder* own = exchange_.own().find({.id = {}, .client_order_id = name});
  if (!own || own->calls > 0 || !is_untouched(own->touched)) return;
  const OrderRow ours = own->row;
  const Standing standing = own->standing;
  if (reply) {
    const bool has_gone = has_ended(reply.value->state);
    if (standing == Standing::acknowledged && !has_gone) return;  // It is about to go.
    exchange_.own().adopt(*reply.value, scheduler_.now());
    if (standing == Standing::known && !has_gone) return;  // The list had missed it.
  } else if (standing == Standing::acknowledged) {
    exchange_.own().settle(name, ours.state, ours.reason);
  } else {
    const bool was_placed = !ours.id.empty();
    exchange_.own().settle(
        name, was_placed ? unified::OrderState::cancelled : unified::OrderState::rejected,
        "the venue knows no such order");
  }
  if (standing == Standing::unknown) ++counts_.settled;
  if (standing != Standing::known) return;
  report({.kind = Kind::order_vanished,
          .about = name,
          .our_order = ours,
          .their_order = reply ? reply.value : std::nullopt});
}

// ---- positions and balances ---------------------------------------------------------------------

void Reconciler::compare_positions() {
  std::map<std::string, Decimal> theirs;
  for (const unified::PositionRow& row : run_->positions) {
    const Decimal size = row.side == Side::buy ? row.quantity : negated(row.quantity);
    Decimal& held = theirs[row.symbol];
    held = sum(held, size).value_or(size);
  }
  const auto ours = exchange_.own().positions();
  for (const auto& [symbol, position] : ours)
    theirs.try_emplace(symbol);
  const bool is_first = !exchange_.own().knows_positions();
  for (const auto& [symbol, size] : theirs) {
    const auto found = ours.find(symbol);
    const OwnPosition own = found == ours.end() ? OwnPosition{} : found->second;
    if (!is_untouched(own.touched)) continue;
    // Whether what was last told had the own trades in it already depends on which came first.
    const Decimal expected = sum(own.size, own.traded).value_or(own.size);
    const bool agrees = venuebox::compare(size, expected) == 0 ||
                        (own.traded.units != 0 && venuebox::compare(size, own.size) == 0);
    const bool is_new = is_first && !own.is_told;
    const bool adopts = settings_.position == ReconcilerSettings::Differing::adopt;
    if (agrees || is_new || adopts) exchange_.own().adopt_position(symbol, size);
    if (agrees || is_new) continue;
    report({.kind = Kind::position_differs, .about = symbol, .ours = expected, .theirs = size});
  }
  exchange_.own().know_positions();
}

// The total, since what of it is in use moves with the market. What own orders have traded in since
// it was last told is taken as it is: fees and profits are the venue's to tell.
void Reconciler::compare_balances() {
  std::map<std::string, unified::AssetBalance> theirs;
  for (const unified::AssetBalance& row : run_->balances)
    theirs[row.asset] = row;
  const auto ours = exchange_.own().balances();
  for (const auto& [asset, balance] : ours)
    theirs.try_emplace(asset, unified::AssetBalance{.asset = asset, .total = {}, .used = {}});
  const bool is_first = !exchange_.own().knows_balances();
  for (const auto& [asset, row] : theirs) {
    const auto found = ours.find(asset);
    const OwnBalance own = found == ours.end() ? OwnBalance{} : found->second;
    if (!is_untouched(own.touched)) continue;
    const bool agrees = venuebox::compare(own.row.total, row.total) == 0;
    const bool is_new = own.has_moved || (is_first && found == ours.end());
    const bool adopts = settings_.balance == ReconcilerSettings::Differing::adopt;
    if (agrees || is_new || adopts) exchange_.own().adopt_balance(row);
    if (agrees || is_new) continue;
    report({.kind = Kind::balance_differs,
            .about = asset,
            .ours = own.row.total,
            .theirs = row.total});
  }
  exchange_.own().know_balances();
}

}  // namespace venuebox::client
