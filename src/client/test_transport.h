// For tests: a scheduler whose clock moves by hand, and a transport that answers as it is told.
#pragma once

#include <deque>
#include <map>

#include "client/transport.h"

namespace venuebox::client {

class TestScheduler final : public Scheduler {
 public:
  Timestamp now() const override { return now_; }
  void after(Nanoseconds wait, std::function<void()> work) override {
    waiting_.emplace(now_ + wait, std::move(work));
  }
  // Runs what comes due until then, in order, what that brings included.
  void run_for(Nanoseconds time) {
    const Timestamp end = now_ + time;
    while (!waiting_.empty() && waiting_.begin()->first <= end) {
      auto next = waiting_.extract(waiting_.begin());
      now_ = std::max(now_, next.key());
      next.mapped()();
    }
    now_ = end;
  }

 private:
  Timestamp now_ = timestamp_from_ms(1'700'000'000'000);
  std::multimap<Timestamp, std::function<void()>> waiting_;  // equal times in their order
};

class ScriptedTransport final : public Transport {
 public:
  explicit ScriptedTransport(Scheduler& scheduler) : scheduler_(scheduler) {}

  void send(const gateway::ClientRequest& request, Nanoseconds,
            std::function<void(TransportResult)> done) override {
    sent.push_back(request);
    sent_at.push_back(scheduler_.now());
    if (answers.empty()) return;  // It never answers.
    scheduler_.after(
        {}, [done = std::move(done), answer = std::move(answers.front())] { done(answer); });
    answers.pop_front();
  }

  std::deque<TransportResult> answers;
  std::vector<gateway::ClientRequest> sent;
  std::vector<Timestamp> sent_at;

 private:
  Scheduler& scheduler_;
};

}  // namespace venuebox::client
