// One order book that is kept up to date by changes. It is believed only as long as each change
// follows the one before, by the venue's own rules: a wrong price is worse than none.
#pragma once

#include "gateway/client_streams.h"

namespace venuebox::client {

class LiveBook {
 public:
  // Both outlive it, or at least the calls.
  //   origin  what a book says that is believed: live, or simulated
  LiveBook(const gateway::ClientStreams& venue, unified::Market market, unified::Origin origin);

  // Takes a whole book or a change. Returns why the book cannot be believed any more; it is stale
  // then, and takes nothing but a whole one. None: it can.
  std::optional<std::string> take(const gateway::BookUpdate& news);
  // Whether the last news said nothing new.
  bool is_repeated() const { return is_repeated_; }

  void mark_stale();
  // Whether it is whole, so that changes can follow.
  bool is_believed() const { return is_believed_; }
  // Origin `unavailable` until there was a whole one.
  const unified::OrderBook& book() const { return book_; }

 private:
  std::optional<std::string> apply(const gateway::BookUpdate& news);
  std::optional<std::string> doubt(const gateway::BookUpdate& news) const;

  const gateway::ClientStreams& venue_;
  unified::Market market_;
  unified::Origin origin_;
  unified::OrderBook book_;
  std::uint64_t update_ = 0;
  bool is_believed_ = false;
  bool is_repeated_ = false;
};

}  // namespace venuebox::client
