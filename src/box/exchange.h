// One venue's exchange inside a box: engine, market and door wired together. Commands from outside
// are noted for the journal on their way in; those of the market are not.
#pragma once

#include <memory>

#include "box/journal.h"
#include "engine/engine.h"
#include "gateway/door.h"
#include "gateway/streams.h"
#include "market/market.h"
#include "model/desk.h"

namespace venuebox::box {

class Exchange {
 public:
  Exchange(std::uint8_t index, const gateway::Venue& venue, gateway::DoorSettings settings)
      : index_(index),
        door_(venue, settings),
        streams_(venue, door_),
        outside_(*this, true),
        inside_(*this, false) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  void set_market(std::unique_ptr<market::Market> market) { market_ = std::move(market); }

  // Runs everything that is due up to and including `time`: of the market, and of the exchange
  // itself (expiries, dead-man switches).
  void advance_to(Timestamp time);
  // Runs what is due at next_due() alone; returns how many steps that were.
  std::uint64_t run_due();
  Timestamp next_due() const {
    return std::min(market_ ? market_->next_due() : kNever, engine_.next_due());
  }

  // Commands from outside come in here, after advance_to; each is noted in `noted`.
  Desk& desk() { return outside_; }
  // Commands that make the exchange what it is at the start; and those of its market.
  Desk& market_desk() { return inside_; }

  const engine::Engine& engine() const { return engine_; }
  engine::Engine& mutable_engine() { return engine_; }
  market::Market* market() { return market_.get(); }
  gateway::Door& door() { return door_; }
  const gateway::Door& door() const { return door_; }
  gateway::Streams& streams() { return streams_; }

  std::uint64_t event_count() const { return event_count_; }
  Hasher& event_hash() { return event_hash_; }
  void set_event_count(std::uint64_t count) { event_count_ = count; }

  // Entries of commands that came in by desk() since the last call of clear_noted().
  std::vector<Entry>& noted() { return noted_; }
  // Whether the market changed anything of a user's since the flag was last taken.
  bool take_user_touched() { return std::exchange(user_touched_, false); }
  // Likewise, for who tells streams of it.
  bool take_user_news() { return std::exchange(user_news_, false); }

 private:
  class Side final : public Desk {
   public:
    Side(Exchange& exchange, bool from_outside)
        : exchange_(exchange), from_outside_(from_outside) {}
    std::span<const Event> execute(const CommandBody& body) override {
      return exchange_.execute(body, from_outside_);
    }
    const View& view() const override { return exchange_.engine_; }

   private:
    Exchange& exchange_;
    bool from_outside_;
  };

  std::span<const Event> execute(const CommandBody& body, bool from_outside);
  bool touches_user(const Event& event) const;

  std::uint8_t index_;
  engine::Engine engine_;
  std::unique_ptr<market::Market> market_;
  gateway::Door door_;
  gateway::Streams streams_;
  Side outside_;
  Side inside_;
  Timestamp now_;
  Hasher event_hash_;
  std::uint64_t event_count_ = 0;
  bool user_touched_ = false;
  bool user_news_ = false;
  std::vector<Entry> noted_;
};

}  // namespace venuebox::box
