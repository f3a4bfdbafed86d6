// The commands, one by one: each decides by reading only, and then changes without failing.
#include "engine/engine.h"

namespace venuebox::engine {
namespace {
constexpr std::int64_t kSecondNs = seconds(1).raw;

bool matches(const OrderFilter& filter, const Instrument& instrument, bool is_conditional) {
  if (filter.instrument && *filter.instrument != instrument.id) return false;
  if (filter.kind && *filter.kind != instrument.kind) return false;
  if (filter.settle && *filter.settle != instrument.settle) return false;
  if (filter.base && *filter.base != instrument.base) return false;
  return !filter.conditional || *filter.conditional == is_conditional;
}
}  // namespace

std::span<const Event> Engine::execute(const Command& command) {
  VENUEBOX_ASSERT(command.sequence == sequence_ + 1);
  VENUEBOX_ASSERT(command.time >= time_);
  events_.clear();
  sequence_ = command.sequence;
  if (next_due_ <= command.time && next_due_ != kNever) advance_to(command.time);
  pass_to(command.time);
  std::visit([this](const auto& body) { on(body); }, command.body);
  if (has_aftermath()) settle_aftermath();
  if (!timers_.empty()) find_next_due();
  return events_;
}

// The moving average moves with each second, and marks with it.
void Engine::pass_to(Timestamp time) {
  time_ = time;
  if (time.ns - second_ * kSecondNs < kSecondNs) return;
  second_ = time.ns / kSecondNs;
  for (const Instrument& instrument : ledger_.instruments()) {
    if (market(instrument.id).index.raw != 0) touch(instrument.id);
  }
}

void Engine::on(const PlaceOrder& order) {
  if (auto reason = check_place(order)) return reject(order.account, *reason);
  Intent intent = intent_of(order);
  if (order.trigger) return wait(accept(order, intent));
  const Decision decision = decide(intent);
  if (!decision.refusal) return act(accept(order, intent), decision);
  if (!intent.instrument->accepts_before_risk) return reject(order.account, *decision.refusal);
  close(accept(order, intent), OrderStatus::cancelled, cancel_reason_of(*decision.refusal));
}

void Engine::on(const PlacePair& pair) {
  const bool first_waits = pair.first.trigger.has_value();
  const PlaceOrder& now = first_waits ? pair.second : pair.first;
  const PlaceOrder& later = first_waits ? pair.first : pair.second;
  const bool is_pair = later.trigger && now.account == later.account &&
                       now.instrument == later.instrument && !now.take_profit && !now.stop_loss &&
                       !later.take_profit && !later.stop_loss &&
                       now.attachment == Attachment::none && later.attachment == Attachment::none;
  const bool has_one_name =
      !now.client_order_id.empty() && now.client_order_id == later.client_order_id;
  // Of all that is wrong with the two the first reason counts, as with one.
  Refusal first = check_place(now);
  const auto consider = [&](const Refusal& other) {
    if (other && (!first || *other < *first)) first = other;
  };
  consider(check_place(later, now.trigger ? 1 : 0));
  if (!is_pair) consider(RejectReason::contradictory_terms);
  if (has_one_name) consider(RejectReason::duplicate_client_order_id);
  if (first) return reject(now.account, *first);
  Intent now_intent = intent_of(now);
  const Intent later_intent = intent_of(later);
  Decision decision;
  if (!now.trigger) decision = decide(now_intent);
  if (decision.refusal) return reject(now.account, *decision.refusal);

  const OrderId later_id{orders_created_ + 1};
  const OrderId now_id{orders_created_ + 2};
  const Slot later_slot = accept(later, later_intent, now_id);
  const Slot now_slot = accept(now, now_intent, later_id);
  wait(later_slot);
  if (now.trigger) return wait(now_slot);
  act(now_slot, decision);
}

template <class Entries>
void Engine::on_each(const Entries& entries) {
  const AccountId account = entries.empty() ? kNoAccount : entries.front().account;
  if (entries.empty() || entries.size() > kBatchMax) {
    const bool is_unknown = !entries.empty() && !ledger_.knows(account);
    return reject(account, is_unknown ? RejectReason::unknown_account
                                      : RejectReason::batch_size_out_of_range);
  }
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    events_.emplace_back(BatchEntry{i});
    on(entries[i]);
    settle_aftermath();
  }
}

void Engine::on(const PlaceBatch& batch) { on_each(batch.orders); }
void Engine::on(const AmendBatch& batch) { on_each(batch.amends); }
void Engine::on(const CancelBatch& batch) { on_each(batch.cancels); }

void Engine::on(const CancelOrder& command) {
  Slot slot = kNoSlot;
  if (auto reason = find_named(command, slot)) return reject(command.account, *reason);
  if (ledger_.instrument(command.instrument).phase == TradingPhase::halted) {
    return reject(command.account, RejectReason::instrument_halted);
  }
  cancel(slot, CancelReason::by_user);
}

// What is halted stays.
void Engine::on(const CancelAll& command) {
  if (!ledger_.knows(command.account)) {
    return reject(command.account, RejectReason::unknown_account);
  }
  if (!knows_all_of(command.filter)) {
    return reject(command.account, RejectReason::unknown_instrument);
  }
  if (command.filter.instrument) {
    if (ledger_.instrument(*command.filter.instrument).phase == TradingPhase::halted) {
      return reject(command.account, RejectReason::instrument_halted);
    }
  }
  cancel_matching(command.account, command.filter, CancelReason::by_user);
}

bool Engine::knows_all_of(const OrderFilter& filter) const {
  const auto knows = [this](const std::optional<AssetId>& asset) {
    return !asset || asset->raw < ledger_.assets().size();
  };
  return (!filter.instrument || ledger_.knows(*filter.instrument)) && knows(filter.settle) &&
         knows(filter.base);
}

// Newest first. A halt keeps owners from cancelling; what the venue does by itself it keeps not.
void Engine::cancel_matching(AccountId account, const OrderFilter& filter, CancelReason reason) {
  found_.clear();
  for (Slot slot = account_orders_[account.raw]; slot != kNoSlot; slot = orders_.links(slot).next) {
    const OrderNode& node = orders_.node(slot);
    const Instrument& instrument = ledger_.instrument(node.instrument);
    if (reason == CancelReason::by_user && instrument.phase == TradingPhase::halted) continue;
    if (matches(filter, instrument, node.status == OrderStatus::untriggered)) {
      found_.push_back(orders_.resting(slot).id);
    }
  }
  cancel_found(reason);
}

void Engine::on(const EndSession& command) {
  if (!ledger_.knows(command.account)) {
    return reject(command.account, RejectReason::unknown_account);
  }
  if (command.session == 0) return;
  found_.clear();
  for (Slot slot = account_orders_[command.account.raw]; slot != kNoSlot;
       slot = orders_.links(slot).next) {
    if (orders_.node(slot).session == command.session) {
      found_.push_back(orders_.resting(slot).id);
    }
  }
  cancel_found(CancelReason::disconnected);
}

void Engine::on(const CancelByVenue& command) {
  const bool is_one = command.account != kNoAccount;
  if (is_one && !ledger_.knows(command.account)) {
    return reject(command.account, RejectReason::unknown_account);
  }
  if (!knows_all_of(command.filter)) {
    return reject(command.account, RejectReason::unknown_instrument);
  }
  if (command.order.raw != 0) {
    const Slot slot = orders_.find(command.order);
    if (slot == kNoSlot || (is_one && orders_.node(slot).account != command.account)) {
      return reject(command.account, RejectReason::unknown_order);
    }
    return cancel(slot, CancelReason::by_venue);
  }
  if (is_one) return cancel_matching(command.account, command.filter, CancelReason::by_venue);
  for (std::uint32_t i = 0; i < ledger_.account_count(); ++i) {
    if (!ledger_.is_user(AccountId{i})) continue;
    cancel_matching(AccountId{i}, command.filter, CancelReason::by_venue);
  }
}

void Engine::on(const AddAsset& command) {
  const bool is_next = command.asset.id.raw == ledger_.assets().size();
  if (!is_next || find_asset(command.asset.name) || command.asset.scale < 0 ||
      command.asset.scale > 18) {
    return reject(kNoAccount, RejectReason::listing_invalid);
  }
  ledger_.add_asset(command.asset);
}

void Engine::on(const ListInstrument& command) {
  const Instrument& listed = command.instrument;
  const auto& assets = ledger_.assets();
  const bool names_fit =
      listed.id.raw == ledger_.instruments().size() && listed.base.raw < assets.size() &&
      listed.quote.raw < assets.size() && listed.base != listed.quote &&
      listed.settle == (listed.is_inverse() ? listed.base : listed.quote) &&
      listed.notional_min.asset == listed.quote && listed.phase != TradingPhase::delisted &&
      !find_instrument(listed.symbol, listed.kind);
  if (!names_fit) return reject(kNoAccount, RejectReason::listing_invalid);
  const auto checked = checked_listing(listed, assets[listed.base.raw], assets[listed.quote.raw]);
  if (!checked) return reject(kNoAccount, RejectReason::listing_invalid);
  ledger_.add_instrument(*checked);
  records_.add_instrument();
  markets_.emplace_back(book_kind_);
  begin_funding(listed.id);
  events_.emplace_back(InstrumentListed{listed.id});
}

void Engine::on(const SetIndexPrice& command) {
  if (!ledger_.knows(command.instrument))
    return reject(kNoAccount, RejectReason::unknown_instrument);
  if (ledger_.instrument(command.instrument).phase == TradingPhase::delisted) {
    return reject(kNoAccount, RejectReason::instrument_delisted);
  }
  if (command.price.raw <= 0) return reject(kNoAccount, RejectReason::price_not_positive);
  const Ticks most = ledger_.instrument(command.instrument).price_max;
  if (command.price.raw > multiply(most.raw, kMarkPerTick)) {
    return reject(kNoAccount, RejectReason::price_too_high);
  }
  market(command.instrument).index = command.price;
  events_.emplace_back(IndexPriceChanged{command.instrument, command.price});
  touch(command.instrument);
}

void Engine::reject(AccountId account, RejectReason reason) {
  events_.emplace_back(Rejected{account, reason});
}

}  // namespace venuebox::engine
