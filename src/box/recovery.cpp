// How a box comes back: the newest snapshot, then every batch after it, each checked against the
// event hash that was noted when it happened.
#include <fmt/core.h>

#include "box/box.h"

namespace venuebox::box {
namespace {
// A box in a journal runs without a wall: its time comes from the entries.
class NoClock final : public Clock {
 public:
  Timestamp now() const override { return {}; }
};

// What stands before a hash of its own, if that fits: what was damaged is never carried out.
std::optional<std::string_view> checked_content(std::string_view bytes) {
  if (bytes.size() < sizeof(std::uint64_t)) return std::nullopt;
  const std::string_view content = bytes.substr(0, bytes.size() - sizeof(std::uint64_t));
  std::uint64_t hash = 0;
  ByteReader(bytes.substr(content.size())).get(hash);
  if (hash != hash_of(content)) return std::nullopt;
  return content;
}
}  // namespace

std::string Box::snapshot_bytes() const {
  std::string bytes;
  ByteWriter out(bytes);
  out.put(start_.ns);
  out.put(turn_time_.value_or(start_).ns);
  out.put(static_cast<std::uint32_t>(accounts_.size()));
  for (const AccountInfo& account : accounts_)
    out.put(account.name);
  for (const auto& exchange : exchanges_) {
    std::string engine, market;
    exchange->engine().save(engine);
    if (exchange->market()) {
      ByteWriter market_out(market);
      exchange->market()->save(market_out);
    }
    std::string interventions;
    ByteWriter interventions_out(interventions);
    exchange->interventions().save(interventions_out);
    out.put(engine);
    out.put(market);
    out.put(interventions);
    out.put(exchange->event_hash().state());
    out.put(exchange->event_count());
    const auto& credentials = exchange->door().credentials();
    out.put(static_cast<std::uint32_t>(credentials.size()));
    for (const auto& [key, credential] : credentials) {
      out.put(key);
      out.put(credential.secret);
      out.put(credential.public_key);
      out.put(credential.account);
    }
  }
  save_faults(out);
  // A hash of its own: a snapshot that was damaged is refused, not loaded.
  out.put(hash_of(bytes));
  return bytes;
}

Result<void> Box::save_snapshot() {
  now();
  auto saved = store_->save_snapshot({batches_, snapshot_bytes()});
  snapshot_batch_ = batches_;
  snapshot_time_ = *std::exchange(turn_time_, std::nullopt);
  return saved;
}

Result<void> Box::load_snapshot(std::string_view bytes) {
  const auto damaged = [] { return invalid("snapshot", "it is damaged; start with --fresh"); };
  const auto content = checked_content(bytes);
  if (!content) return damaged();

  ByteReader in(*content);
  Timestamp time;
  in.get(start_.ns);
  in.get(time.ns);
  clock_.restart(start_);
  if (auto built = build(); !built) return built;
  std::uint32_t count = 0;
  in.get(count);
  accounts_.clear();
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    std::string name;
    in.get(name);
    if (auto added = apply(AddAccount{name}); !added) return added;
  }
  for (std::size_t i = 0; i < exchanges_.size(); ++i) {
    Exchange& exchange = *exchanges_[i];
    std::string engine, market, interventions;
    std::uint64_t event_state = 0, event_count = 0;
    in.get(engine);
    in.get(market);
    in.get(interventions);
    in.get(event_state);
    in.get(event_count);
    if (!in.ok()) return damaged();
    const auto listed_at_start = static_cast<std::uint32_t>(exchange.engine().instruments().size());
    if (auto loaded = exchange.mutable_engine().load(engine); !loaded) return loaded;
    if (exchange.market()) {
      const View& view = exchange.engine();
      for (InstrumentId id{listed_at_start}; id.raw < view.instruments().size(); ++id.raw)
        exchange.market()->add(view, id, std::nullopt);
      ByteReader market_in(market);
      exchange.market()->load(market_in);
      if (!market_in.ok() || !market_in.at_end()) return damaged();
    }
    ByteReader interventions_in(interventions);
    exchange.mutable_interventions().load(interventions_in);
    if (!interventions_in.ok()) return damaged();
    exchange.event_hash().resume(event_state);
    exchange.set_event_count(event_count);
    in.get(count);
    for (std::uint32_t c = 0; c < count && in.ok(); ++c) {
      AddCredential credential;
      credential.exchange = static_cast<std::uint8_t>(i);
      in.get(credential.key);
      in.get(credential.secret);
      in.get(credential.public_key);
      in.get(credential.account);
      if (auto added = apply(credential); !added) return added;
    }
    exchange.advance_to(time);
  }
  if (auto loaded = load_faults(in, time); !loaded) return loaded;
  if (!in.ok() || !in.at_end()) return damaged();
  turn_time_ = advanced_ = snapshot_time_ = time;
  return {};
}

Result<void> Box::recover() {
  const auto snapshot = store_->load_snapshot();
  if (!snapshot) return snapshot.error();
  bool built = false;
  if (*snapshot) {
    if (auto loaded = load_snapshot((*snapshot)->bytes); !loaded) return loaded;
    batches_ = snapshot_batch_ = (*snapshot)->batch;
    built = true;
  }
  std::optional<Error> failure;
  const auto visited = store_->each_batch([&](std::uint64_t number, std::string_view bytes) {
    const auto fail = [&](const std::string& why) {
      failure = Error{ErrorKind::conflict, fmt::format("journal, batch {}", number), why};
      return false;
    };
    const auto content = checked_content(bytes);
    if (!content) return fail("is damaged");
    Batch batch;
    ByteReader in(*content);
    in.get(batch);
    if (!in.ok() || !in.at_end() || batch.entries.empty()) return fail("does not decode");
    if (!built) {
      start_ = batch.entries.front().time;
      turn_time_ = start_;
      if (auto made = build(); !made) return fail(made.error().text());
      built = true;
    }
    for (const Entry& entry : batch.entries) {
      turn_time_ = entry.time;
      // A market that resumes was not running before; it must not catch up first.
      if (!std::holds_alternative<Resumed>(entry.body)) advance_to(entry.time);
      if (auto applied = apply(entry); !applied) return fail(applied.error().text());
      if (std::holds_alternative<Resumed>(entry.body)) advance_to(entry.time);
    }
    if (event_hash() != batch.event_hash) {
      return fail(
          fmt::format("replays to event hash {:016x}, but {:016x} was noted when it "
                      "happened: the program or the recording has changed",
                      event_hash(), batch.event_hash));
    }
    batches_ = number;
    ++recovered_batches_;
    return true;
  });
  if (!visited) return visited.error();
  if (failure) return *failure;
  if (!built) {  // It was made, but never began.
    start_ = clock_.now();
    if (auto made = build(); !made) return made;
    return begin();
  }

  for (const auto& exchange : exchanges_)
    exchange->take_user_touched();
  const Timestamp reached = *turn_time_;
  const bool follows_wall = settings_.clock.mode == ClockMode::wall && !settings_.clock.start;
  clock_.restart(follows_wall ? std::max(reached, door_.now()) : reached);
  turn_time_ = clock_.now();
  if (*turn_time_ > reached) {
    if (auto resumed = apply(Resumed{}); !resumed) return resumed;
    advance_to(*turn_time_);
    note(Resumed{});
  }
  return commit();
}

Result<ReplayReport> replay_journal(std::unique_ptr<store::Store> store) {
  const auto maker = store->maker();
  if (!maker) return maker.error();
  if (!*maker) return invalid("journal", "it is empty");
  const auto config = BoxConfig::from_text((*maker)->configuration);
  if (!config) return config.error();

  // Recover into a box whose store forgets what it is told: the file stays as it is.
  auto copy = store::make_memory_store();
  ReplayReport report;
  if (auto set = copy->set_maker(**maker); !set) return set.error();
  const auto snapshot = store->load_snapshot();
  if (!snapshot) return snapshot.error();
  if (*snapshot) {
    report.from_snapshot = true;
    if (auto saved = copy->save_snapshot(**snapshot); !saved) return saved.error();
  }
  std::optional<Error> failure;
  const auto visited = store->each_batch([&](std::uint64_t, std::string_view bytes) {
    Batch batch;
    ByteReader in(bytes);
    in.get(batch);
    if (in.ok()) report.entries += batch.entries.size();
    const auto appended = copy->append(bytes);
    if (!appended) failure = appended.error();
    return !failure;
  });
  if (!visited) return visited.error();
  if (failure) return *failure;

  static const NoClock clock;
  BoxSettings settings;
  settings.clock.mode = ClockMode::manual;
  auto box = Box::open(*config, settings, clock, std::move(copy));
  if (!box) return box.error();
  report.batches = (*box)->recovered_batches();
  for (const auto& exchange : (*box)->exchanges())
    report.events += exchange->event_count();
  report.event_hash = (*box)->event_hash();
  report.state_hash = (*box)->state_hash();
  return report;
}

}  // namespace venuebox::box
