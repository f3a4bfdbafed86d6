#include "load/link.h"

namespace venuebox::load {
using client::TransportError;
using client::TransportResult;

template <class Work>
void Link::later(Nanoseconds wait, Work work) {
  scheduler_.after(wait, [alive = alive_, work = std::move(work)]() mutable {
    if (*alive) work();
  });
}

// Half of the latency lies on the way there and half on the way back; the deadline holds for all.
void Link::send(const gateway::ClientRequest& request, Nanoseconds deadline,
                std::function<void(TransportResult)> done) {
  const Nanoseconds latency = latency_.at(random_, sent_++);
  const Nanoseconds there{latency.raw / 2};
  const Nanoseconds back = latency - there;
  if (latency >= deadline) {
    return later(deadline, [done = std::move(done)] {
      done(TransportError{TransportError::Kind::timeout, false,
                          "the request was still on its way at the call's deadline"});
    });
  }
  later(there, [this, request, left = deadline - latency, back, done = std::move(done)]() mutable {
    venue_.send(request, left,
                [this, alive = alive_, request, back,
                 done = std::move(done)](TransportResult result) mutable {
                  if (!*alive) return;
                  if (const auto* answer = std::get_if<gateway::ClientResponse>(&result)) {
                    const auto verdict = dialect_.judge(request, *answer).verdict;
                    if (verdict == gateway::Verdict::rate_limited) ++rate_limited_;
                  }
                  later(back, [done = std::move(done), result = std::move(result)]() mutable {
                    done(std::move(result));
                  });
                });
  });
}

}  // namespace venuebox::load
