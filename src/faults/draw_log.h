// Every look of a fault at an occasion, those that came to nothing included: why something struck
// or did not. For debugging, so nothing is kept unless it is asked for. Belongs to the box's
// thread.
#pragma once

#include <deque>
#include <string>

#include "faults/plan.h"

namespace venuebox::faults {

inline constexpr std::size_t kDrawsMax = 100'000;

class DrawLog {
 public:
  // How many looks are kept, the newest; 0: none, and what was kept is forgotten.
  void keep(std::size_t count);
  std::size_t kept() const { return keep_; }
  void add(const Look& look);
  void clear() { entries_.clear(), total_ = 0; }

  // {"keep","total","draws":[{"timestamp","fault","n","verdict","draw","below","type","request"}]},
  // oldest first; `draw` and `below` where one was made: it strikes when it is below.
  std::string json() const;

 private:
  struct Entry {
    Timestamp time;
    std::string fault;
    Judgement judgement;
    std::string venue, account, symbol, operation, channel;
    std::uint64_t request = 0;
  };
  std::size_t keep_ = 0;
  std::uint64_t total_ = 0;  // since it is kept
  std::deque<Entry> entries_;
};

}  // namespace venuebox::faults
