// When takers come to one instrument: each arrival makes the next ones likelier for a while (a
// self-exciting or Hawkes process with two exponential kernels, in steps of 10 ms).
#pragma once

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "market/draws.h"

namespace venuebox::market {

class Arrivals {
 public:
  static constexpr int kParts = 25;
  static constexpr Nanoseconds kPart = milliseconds(10);
  static constexpr Nanoseconds kSpan = milliseconds(10 * kParts);

  // `per_second` is the average of all that come, not only of those that nothing excited.
  Arrivals(RandomStream draws, double per_second)
      : draws_(draws), background_(per_second * (1 - kQuick - kSlow)) {}

  // Calls come(offset) for each arrival of the span with this number, in order.
  template <class Come>
  void run(std::uint64_t span, double activity, Come come) {
    constexpr double kSeconds = 0.01;
    for (int part = 0; part < kParts; ++part) {
      const std::uint64_t draw = draws_.at(span * kParts + static_cast<std::uint64_t>(part));
      quick_ *= 1 - kQuickDecay;
      slow_ *= 1 - kSlowDecay;
      if (unit(draw) >= (background_ * activity + quick_ + slow_) * kSeconds) continue;
      quick_ += kQuick * kQuickDecay / kSeconds;
      slow_ += kSlow * kSlowDecay / kSeconds;
      // The bits that unit() leaves.
      const auto within = static_cast<std::int64_t>(draw & 0x7ff) * kPart.raw / 0x800;
      come(nanoseconds(part * kPart.raw + within));
    }
  }

  void save(ByteWriter& out) const {
    put_double(out, quick_);
    put_double(out, slow_);
  }
  void load(ByteReader& in) {
    get_double(in, quick_);
    get_double(in, slow_);
  }

 private:
  // How many others each arrival brings on average, and how fast that fades per part: half of the
  // quick ones within 70 ms, of the slow ones within 6 s.
  static constexpr double kQuick = 0.4;
  static constexpr double kQuickDecay = 0.1;
  static constexpr double kSlow = 0.3;
  static constexpr double kSlowDecay = 0.00125;

  RandomStream draws_;
  double background_;
  double quick_ = 0;  // per second, added to the background
  double slow_ = 0;
};

}  // namespace venuebox::market
