// What has struck, for people and checks: counts by type, and the newest strikes one by one. The
// client never sees it.
#pragma once

#include <array>
#include <deque>
#include <string>

#include "base/function_ref.h"
#include "faults/strike.h"

namespace venuebox::faults {

inline constexpr std::size_t kTimelineMax = 10'000;
inline constexpr std::size_t kTimelineKept = 1'000;  // in a snapshot

class Timeline {
 public:
  void add(const Strike& strike, const Tag& tag, Timestamp now);
  // An occasion that faults were asked for, and one that some struck.
  void count_occasion() { ++occasions_; }
  void count_struck() { ++struck_; }
  void clear() { *this = Timeline(); }

  std::uint64_t total() const { return total_; }
  std::uint64_t count(ActionType type) const { return by_type_[static_cast<std::size_t>(type)]; }
  std::size_t size() const { return entries_.size(); }

  // {"total","by_type":{…},"rate"}: strikes, and the part of the occasions that any struck.
  std::string statistics_json() const;
  // Those of one request, by Tag::request.
  void each_of(std::uint64_t request, FunctionRef<void(const Strike&)> visit) const;
  // [{"timestamp","type","fault","n","request":{…},"details":{…}}], oldest first.
  std::string timeline_json() const;

  std::vector<std::uint64_t> counts() const;
  bool set_counts(const std::vector<std::uint64_t>& counts);
  // The newest strikes, at most kTimelineKept, for a snapshot; the counts are apart.
  std::string save() const;
  bool load(std::string_view bytes);

 private:
  struct Entry {
    Timestamp time;
    Strike strike;
    std::string venue, account, symbol, operation, channel;
    std::uint64_t request = 0;

    template <class Self>
    static auto fields(Self& s) {
      return std::tie(s.time.ns, s.strike, s.venue, s.account, s.symbol, s.operation, s.channel,
                      s.request);
    }
  };
  std::deque<Entry> entries_;
  std::array<std::uint64_t, kActionTypes> by_type_{};
  std::uint64_t total_ = 0;
  std::uint64_t occasions_ = 0;
  std::uint64_t struck_ = 0;
};

}  // namespace venuebox::faults
