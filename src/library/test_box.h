// For tests: a box of Bybit in this process whose clock is the scheduler's, and a store that fails
// when told to.
#pragma once

#include <gtest/gtest.h>

#include "box/box.h"
#include "client/test_transport.h"

namespace venuebox::library {

class SchedulerClock final : public Clock {
 public:
  explicit SchedulerClock(client::Scheduler& scheduler) : scheduler_(scheduler) {}
  Timestamp now() const override { return scheduler_.now(); }

 private:
  client::Scheduler& scheduler_;
};

class FailingStore final : public store::Store {
 public:
  Result<std::optional<store::Maker>> maker() override { return inner_->maker(); }
  Result<void> set_maker(const store::Maker& maker) override { return inner_->set_maker(maker); }
  Result<std::uint64_t> append(std::string_view batch) override {
    ++appended;
    if (is_full) return Error{ErrorKind::io, "journal", "no space left"};
    return inner_->append(batch);
  }
  Result<void> save_snapshot(const store::Snapshot& snapshot) override {
    return inner_->save_snapshot(snapshot);
  }
  Result<std::optional<store::Snapshot>> load_snapshot() override {
    return inner_->load_snapshot();
  }
  Result<void> each_batch(FunctionRef<bool(std::uint64_t, std::string_view)> visit) override {
    return inner_->each_batch(visit);
  }
  bool is_full = false;
  int appended = 0;

 private:
  std::unique_ptr<store::Store> inner_ = store::make_memory_store();
};

struct BoxTest : testing::Test {
  explicit BoxTest(const box::BoxSettings& settings = {}) {
    box::BoxConfig config;
    config.venues = {"bybit"};
    config.symbols = {"BTC"};
    config.market = *market::MarketSpec::from_text("pinned");
    auto store_of_box = std::make_unique<FailingStore>();
    store = store_of_box.get();
    box = std::move(*box::Box::open(config, settings, clock, std::move(store_of_box)));
  }

  client::TestScheduler scheduler;
  SchedulerClock clock{scheduler};
  FailingStore* store = nullptr;
  std::unique_ptr<box::Box> box;
};

}  // namespace venuebox::library
