// Plays a recording onto an instrument. A recorded book change sets the replayer's own quantity at
// a level to the recorded absolute; a recorded trade is an immediate-or-cancel order at the
// recorded price. Without other orders the book equals the recorded one after every recorded book
// change.
#pragma once

#include <map>

#include <boost/unordered/unordered_flat_map.hpp>

#include "market/ladder.h"
#include "market/recording.h"

namespace venuebox::market {

struct ReplayOptions {
  int speed = 1;     // recorded seconds per box second
  bool loop = true;  // begin again at the end
  QueueModel queue = QueueModel::tail;
  // From one beginning to the next, in recorded time. Longer than the recording where others stand
  // beside it, so that all of them begin again together.
  Nanoseconds round{};
};

class Replay final : public Market {
 public:
  // `start` is the box time of the recording's first snapshot, whose prices must fit the
  // instrument's tick; quantities are rounded to its lot, and are never rounded away.
  static Result<std::unique_ptr<Replay>> make(std::unique_ptr<Recording> recording,
                                              const Instrument& instrument,
                                              const ReplayOptions& options, Timestamp start);

  Timestamp next_due() const override { return due_; }
  void step(Desk& desk) override;
  void resume_at(Timestamp time) override;
  void show_again(Desk& desk, InstrumentId instrument) override;
  void save(ByteWriter& out) const override;
  void load(ByteReader& in) override;

  const Recording& recording() const { return *recording_; }
  // Prices that were skipped because they do not fit the tick, or are above the highest.
  std::uint64_t off_tick() const { return off_tick_; }

 private:
  Replay(std::unique_ptr<Recording> recording, const Instrument& instrument,
         const ReplayOptions& options, Timestamp start);

  Result<void> check_first_book() const;
  std::string misfit(std::int64_t price) const;
  bool fits(std::int64_t price) const;
  Lots lots_max() const;
  void read_ahead();
  void keep_levels();
  void show_all(Desk& desk);
  void play_snapshot(Desk& desk);
  void play_depth(Desk& desk);
  void play_trade(Desk& desk);
  void show(Desk& desk, Side side, Ticks price, Lots quantity);
  void restore_touched(Desk& desk);
  bool ticks_of(std::int64_t price, Ticks& ticks);
  Lots lots_of(std::int64_t quantity) const;

  // The recorded book by price, as far as it is known: what traded levels are restored to.
  using Levels = boost::unordered_flat_map<std::int64_t, Lots>;
  Levels& levels(Side side) { return levels_[static_cast<std::size_t>(side)]; }

  std::unique_ptr<Recording> recording_;
  Instrument instrument_;
  ReplayOptions options_;
  std::int64_t price_per_tick_ = 1;  // recorded units per tick
  std::int64_t quantity_per_lot_ = 1;

  RecordedMessage message_;  // the next to be played
  bool has_message_ = false;
  Timestamp recorded_start_;  // of the first message
  Timestamp anchor_;          // box time of recorded_start_, in the present round
  Timestamp due_ = kNever;
  std::uint64_t played_ = 0;  // messages of the present round that were played
  std::uint64_t off_tick_ = 0;
  bool is_behind_ = false;  // the book shown is that of before a halt
  Levels levels_[2];
  struct Growing {
    Side side;
    Ticks price;
    Lots quantity;
  };
  std::vector<Growing> growing_;  // scratch of one message
  std::vector<std::pair<Side, Ticks>>
      touched_;  // levels that trades took from since the last change
  Ladder ladder_;
};

}  // namespace venuebox::market
