#include "market/replay.h"

#include <map>

#include <fmt/core.h>

namespace venuebox::market {
namespace {
// Between the end of a recording and its next beginning.
constexpr Nanoseconds kRoundGap = seconds(1);

// A level is shown by at most so many of the largest orders; more is of another scale.
constexpr std::int64_t kOrdersPerLevelMax = 1'000;

Result<std::int64_t> recorded_units(Step step, std::string_view what) {
  if (step.scale > kRecordedScale) {
    return invalid(std::string(what), "is finer than the 8 decimals of recordings");
  }
  return static_cast<std::int64_t>(step.units * power_of_ten(kRecordedScale - step.scale));
}
}  // namespace

Replay::Replay(std::unique_ptr<Recording> recording, const Instrument& instrument,
               const ReplayOptions& options, Timestamp start)
    : recording_(std::move(recording)),
      instrument_(instrument),
      options_(options),
      anchor_(start),
      ladder_(options.queue) {}

Result<std::unique_ptr<Replay>> Replay::make(std::unique_ptr<Recording> recording,
                                             const Instrument& instrument,
                                             const ReplayOptions& options, Timestamp start) {
  const auto price = recorded_units(instrument.tick, "tick size");
  const auto quantity = recorded_units(instrument.lot, "lot size");
  if (!price) return price.error();
  if (!quantity) return quantity.error();
  std::unique_ptr<Replay> replay(new Replay(std::move(recording), instrument, options, start));
  replay->price_per_tick_ = *price;
  replay->quantity_per_lot_ = *quantity;
  replay->read_ahead();
  if (!replay->has_message_) {  // The file was looked into before, but files can be changed.
    return invalid(replay->recording_->symbol(), "holds nothing to play any more");
  }
  if (auto fits = replay->check_first_book(); !fits) return fits.error();
  return replay;
}

// Of a recording with another scale, hardly a price fits; that is found before anything is played.
Result<void> Replay::check_first_book() const {
  for (const auto* side : {&message_.bids, &message_.asks}) {
    for (const RecordedLevel& level : *side) {
      if (!fits(level.price)) return invalid(recording_->symbol(), misfit(level.price));
      if (level.quantity / quantity_per_lot_ <= lots_max().raw) continue;
      return invalid(
          recording_->symbol(),
          fmt::format("line {}: its quantity {} does not fit {}, whose largest order is {}",
                      message_.line, trimmed_text(level.quantity, kRecordedScale),
                      instrument_.symbol, quantity_text(instrument_.quantity_max, instrument_)));
    }
  }
  return {};
}

std::string Replay::misfit(std::int64_t price) const {
  return fmt::format(
      "line {}: its price {} does not fit {}, whose tick size is {} and whose highest price is {}",
      message_.line, trimmed_text(price, kRecordedScale), instrument_.symbol,
      price_text(Ticks{1}, instrument_), price_text(instrument_.price_max, instrument_));
}

void Replay::read_ahead() {
  has_message_ = recording_->next(message_);
  if (!has_message_ && options_.loop && played_ > 0) {
    anchor_ =
        std::max(due_, anchor_ + nanoseconds(options_.round.raw / options_.speed)) + kRoundGap;
    played_ = 0;
    recording_->rewind();
    has_message_ = recording_->next(message_);
  }
  if (!has_message_) {
    due_ = kNever;
    return;
  }
  if (played_ == 0) recorded_start_ = message_.time;
  due_ = anchor_ + nanoseconds((message_.time - recorded_start_).raw / options_.speed);
}

void Replay::step(Desk& desk) {
  if (!has_message_) return;
  const TradingPhase phase = desk.view().instruments()[instrument_.id.raw].phase;
  if (phase == TradingPhase::delisted) {
    has_message_ = false;
    due_ = kNever;
    return;
  }
  if (phase != TradingPhase::open) {
    is_behind_ = true;
    if (message_.kind != RecordedMessage::Kind::trade) keep_levels();
    ++played_;
    return read_ahead();
  }
  if (is_behind_) show_all(desk);
  switch (message_.kind) {
    case RecordedMessage::Kind::snapshot: play_snapshot(desk); break;
    case RecordedMessage::Kind::depth: play_depth(desk); break;
    case RecordedMessage::Kind::trade: play_trade(desk); break;
  }
  ++played_;
  read_ahead();
}

// What a message makes of the recorded book, without showing it.
void Replay::keep_levels() {
  for (const Side side : {Side::buy, Side::sell}) {
    if (message_.kind == RecordedMessage::Kind::snapshot) levels(side).clear();
    for (const RecordedLevel& level : side == Side::buy ? message_.bids : message_.asks) {
      if (!fits(level.price)) continue;
      const std::int64_t price = level.price / price_per_tick_;
      if (level.quantity == 0) {
        levels(side).erase(price);
      } else {
        levels(side)[price] = lots_of(level.quantity);
      }
    }
  }
}

// After a halt, in which the recorded book went on: all of it, in the order of its prices.
void Replay::show_all(Desk& desk) {
  is_behind_ = false;
  for (const AccountId maker : {kBidMaker, kAskMaker})
    desk.execute(cancel_all(maker, instrument_.id));
  show_again(desk, instrument_.id);
}

// The whole book: what is shown and not in it goes first, so that old and new never cross.
void Replay::play_snapshot(Desk& desk) {
  for (const AccountId maker : {kBidMaker, kAskMaker}) {
    desk.execute(cancel_all(maker, instrument_.id));
  }
  touched_.clear();
  for (const Side side : {Side::buy, Side::sell}) {
    levels(side).clear();
    for (const RecordedLevel& level : side == Side::buy ? message_.bids : message_.asks) {
      Ticks price;
      if (ticks_of(level.price, price)) show(desk, side, price, lots_of(level.quantity));
    }
  }
}

// One message is one state of the book. Everything that shrinks goes first, on both sides, so that
// levels that are about to vanish are not traded with by ones that appear.
void Replay::play_depth(Desk& desk) {
  growing_.clear();
  for (const Side side : {Side::buy, Side::sell}) {
    for (const RecordedLevel& level : side == Side::buy ? message_.bids : message_.asks) {
      Ticks price;
      if (!ticks_of(level.price, price)) continue;
      const Lots quantity = lots_of(level.quantity);
      const auto known = levels(side).find(price.raw);
      if (known == levels(side).end() || known->second < quantity) {
        growing_.push_back({side, price, quantity});
      } else {
        show(desk, side, price, quantity);
      }
    }
  }
  restore_touched(desk);
  for (const auto& [side, price, quantity] : growing_)
    show(desk, side, price, quantity);
}

// Trades and book changes are not in step in real captures: what a trade took is put right with
// the next book change, which is when the recorded book is known again.
void Replay::restore_touched(Desk& desk) {
  for (const auto& [side, price] : touched_) {
    const auto known = levels(side).find(price.raw);
    ladder_.set_level(desk, instrument_, side, price,
                      known == levels(side).end() ? Lots{} : known->second);
  }
  touched_.clear();
}

void Replay::play_trade(Desk& desk) {
  Ticks price;
  if (!ticks_of(message_.trade.price, price)) return;
  PlaceOrder order =
      market_order(kTaker, instrument_, message_.taker_side, price,
                   std::min(lots_of(message_.trade.quantity), instrument_.quantity_max));
  if (order.quantity.raw == 0) return;
  order.time_in_force = TimeInForce::ioc;
  const Side maker_side = opposite(message_.taker_side);
  const AccountId maker = maker_side == Side::buy ? kBidMaker : kAskMaker;
  for (const Event& event : desk.execute(order)) {
    const Fill* fill = std::get_if<Fill>(&event);
    if (!fill || fill->maker.account != maker) continue;
    if (touched_.empty() || touched_.back() != std::pair(maker_side, fill->price)) {
      touched_.emplace_back(maker_side, fill->price);
    }
  }
}

void Replay::show(Desk& desk, Side side, Ticks price, Lots quantity) {
  if (quantity.raw == 0) {
    levels(side).erase(price.raw);
  } else {
    levels(side)[price.raw] = quantity;
  }
  ladder_.set_level(desk, instrument_, side, price, quantity);
}

void Replay::show_again(Desk& desk, InstrumentId instrument) {
  if (instrument != instrument_.id) return;
  touched_.clear();
  for (const Side side : {Side::buy, Side::sell}) {
    // In an order that does not depend on how the map came about.
    const std::map<std::int64_t, Lots> sorted(levels(side).begin(), levels(side).end());
    for (const auto& [price, quantity] : sorted)
      ladder_.set_level(desk, instrument_, side, Ticks{price}, quantity);
  }
}

bool Replay::fits(std::int64_t price) const {
  return price % price_per_tick_ == 0 && price / price_per_tick_ <= instrument_.price_max.raw;
}

Lots Replay::lots_max() const { return {instrument_.quantity_max.raw * kOrdersPerLevelMax}; }

bool Replay::ticks_of(std::int64_t price, Ticks& ticks) {
  if (!fits(price)) return ++off_tick_, false;
  ticks = Ticks{price / price_per_tick_};
  return true;
}

Lots Replay::lots_of(std::int64_t quantity) const {
  if (quantity == 0) return {};
  const std::int64_t left = quantity % quantity_per_lot_;
  const std::int64_t up = left >= quantity_per_lot_ - quantity_per_lot_ / 2 ? 1 : 0;
  return Lots{std::clamp<std::int64_t>(quantity / quantity_per_lot_ + up, 1, lots_max().raw)};
}

void Replay::resume_at(Timestamp time) {
  if (!has_message_ || due_ >= time) return;
  const Nanoseconds pause = time - due_;
  anchor_ = anchor_ + pause;
  due_ = time;
}

void Replay::save(ByteWriter& out) const {
  out.put(anchor_.ns);
  out.put(played_);
  out.put(off_tick_);
  out.put(is_behind_);
  out.put(static_cast<std::uint32_t>(touched_.size()));
  for (const auto& [side, price] : touched_) {
    out.put(side);
    out.put(price);
  }
}

// The recorded book is not saved: reading up to the same place builds it again.
void Replay::load(ByteReader& in) {
  std::uint64_t played = 0;
  std::uint32_t touched = 0;
  std::uint64_t off_tick = 0;
  in.get(anchor_.ns);
  in.get(played);
  in.get(off_tick);
  in.get(is_behind_);
  recording_->rewind();
  levels_[0].clear();
  levels_[1].clear();
  played_ = 0;
  read_ahead();
  while (played_ < played && has_message_ && in.ok()) {
    if (message_.kind != RecordedMessage::Kind::trade) keep_levels();
    ++played_;
    read_ahead();
  }
  off_tick_ = off_tick;
  in.get(touched);
  touched_.clear();
  for (std::uint32_t i = 0; i < touched && in.ok(); ++i) {
    auto& [side, price] = touched_.emplace_back();
    in.get(side);
    in.get(price);
  }
}

}  // namespace venuebox::market
