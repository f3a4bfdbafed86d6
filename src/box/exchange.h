// One venue's exchange inside a box: engine, market and door wired together. Commands from outside
// are noted for the journal on their way in; those of the market are not.
#pragma once

#include <memory>

#include "box/interventions.h"
#include "box/journal.h"
#include "engine/engine.h"
#include "gateway/door.h"
#include "gateway/streams.h"
#include "market/market.h"
#include "model/desk.h"

namespace venuebox::box {

class Exchange {
 public:
  Exchange(std::uint8_t index, const gateway::Venue& venue, const gateway::DoorSettings& settings)
      : index_(index),
        door_(venue, settings),
        streams_(venue, door_),
        outside_(*this, Origin::outside),
        own_(*this, Origin::own),
        inside_(*this, Origin::market) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  void set_market(std::unique_ptr<market::Market> market) { market_ = std::move(market); }
  // What is shown of the time before the box; may be null.
  void set_past(std::unique_ptr<Past> past) {
    past_ = std::move(past);
    engine_.set_past(past_.get());
  }

  // Runs everything that is due up to and including `time`: of the market, and of the exchange
  // itself (expiries, dead-man switches).
  void advance_to(Timestamp time);
  // Runs what is due at next_due() alone; returns how many steps that were.
  std::uint64_t run_due();
  Timestamp next_due() const {
    return std::min(
        {market_ ? market_->next_due() : kNever, engine_.next_due(), interventions_.next_due()});
  }

  // Commands from outside come in here, after advance_to; each is noted in `noted`.
  Desk& desk() { return outside_; }
  // Commands that make the exchange what it is at the start, and those that a journal tells again.
  Desk& own_desk() { return own_; }
  // Those of its market, as far as faults let them through.
  Desk& market_desk() { return inside_; }

  // A fault reaches into the trading from now on; noted like a command from outside.
  void intervene(const Intervention& intervention);
  // The same when a journal tells it.
  void intervene_again(const Intervention& intervention);
  const Interventions& interventions() const { return interventions_; }
  Interventions& mutable_interventions() { return interventions_; }

  const engine::Engine& engine() const { return engine_; }
  engine::Engine& mutable_engine() { return engine_; }
  market::Market* market() { return market_.get(); }
  gateway::Door& door() { return door_; }
  const gateway::Door& door() const { return door_; }
  gateway::Streams& streams() { return streams_; }

  // Is shown the events of every command, in order, right after it.
  void on_events(std::function<void(std::span<const Event>)> hook) { on_events_ = std::move(hook); }

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
  enum class Origin : std::uint8_t { outside, own, market };
  class Side final : public Desk {
   public:
    Side(Exchange& exchange, Origin origin) : exchange_(exchange), origin_(origin) {}
    std::span<const Event> execute(const CommandBody& body) override {
      const bool is_free = origin_ != Origin::market || exchange_.interventions_.empty();
      return is_free ? exchange_.execute(body, origin_) : exchange_.execute_allowed(body);
    }
    const View& view() const override { return exchange_.engine_; }

   private:
    Exchange& exchange_;
    Origin origin_;
  };

  std::span<const Event> execute(const CommandBody& body, Origin origin);
  std::span<const Event> execute_allowed(const CommandBody& body);
  Interventions::Doors doors() { return {own_, inside_, market_.get()}; }
  bool touches_user(const Event& event) const;

  std::uint8_t index_;
  std::unique_ptr<Past> past_;
  engine::Engine engine_;
  std::unique_ptr<market::Market> market_;
  gateway::Door door_;
  gateway::Streams streams_;
  Interventions interventions_;
  std::function<void(std::span<const Event>)> on_events_;
  Side outside_;
  Side own_;
  Side inside_;
  Timestamp now_;
  Hasher event_hash_;
  std::uint64_t event_count_ = 0;
  bool user_touched_ = false;
  bool user_news_ = false;
  std::vector<Entry> noted_;
};

}  // namespace venuebox::box
