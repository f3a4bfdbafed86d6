// How long something takes, as a model that is drawn from: nothing, a fixed time, about normal,
// log-normal, and spikes on top of any. Whole numbers throughout, so that equal seeds give equal
// times on every machine.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"

namespace venuebox::gateway {

inline constexpr Nanoseconds kLatencyMax = seconds(3'600);

class LatencyModel {
 public:
  enum class Kind : std::uint8_t { none, fixed, normal, log_normal };

  // "none", "fixed:20ms", "normal:20ms:5ms" (mean, standard deviation), "lognormal:20ms:0.5"
  // (median, standard deviation of the logarithm), each with or without "+spikes:0.01:500ms"
  // (probability, what is added), which may also stand alone. Times are decimal numbers in us, ms
  // or s. Errors name cause and mend; their `where` is empty.
  static Result<LatencyModel> from_text(std::string_view text);
  std::string text() const;

  bool is_none() const { return kind_ == Kind::none && spike_probability_ == 0; }
  // The n-th time: a function of the stream and n alone, 0 to kLatencyMax.
  Nanoseconds at(const RandomStream& stream, std::uint64_t n) const;

 private:
  Result<void> read_base(std::string_view text);
  Result<void> read_spikes(std::string_view text);
  std::int64_t base_at(const RandomStream& stream, std::uint64_t first_draw) const;

  Kind kind_ = Kind::none;
  Nanoseconds middle_;                  // fixed, mean or median
  Nanoseconds deviation_;               // of the normal one
  std::int64_t sigma_ = 0;              // of the log-normal one, in millionths
  std::int64_t spike_probability_ = 0;  // in billionths
  Nanoseconds spike_;
};

// Of what trades, by the box's clock.
struct Latency {
  LatencyModel entry;   // from a request's arrival until it reaches the exchange
  LatencyModel answer;  // from its execution until its answer leaves

  bool is_none() const { return entry.is_none() && answer.is_none(); }
};

}  // namespace venuebox::gateway
