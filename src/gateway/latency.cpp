#include "gateway/latency.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/decimal.h"

namespace venuebox::gateway {
namespace {
constexpr int kSigmaScale = 6;
constexpr std::int64_t kSigmaMax = 3'000'000;
constexpr int kProbabilityScale = 9;
constexpr std::int64_t kCertain = 1'000'000'000;

// Each time has so many draws of the stream: three make a normal number, one decides on a spike.
constexpr std::uint64_t kDrawsPerTime = 4;
constexpr std::uint64_t kSpikeDraw = 3;

constexpr int kFraction = 32;  // bits behind the point of the fixed-point numbers below
constexpr Int128 kOne = Int128{1} << kFraction;
constexpr Int128 kLn2 = 2'977'044'472;  // ln 2 * 2^32

// The text up to the separator, which goes with it; all of it when there is none.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

std::optional<std::int64_t> number_from(std::string_view text, int scale, std::int64_t most) {
  const auto number = units_from_text(text, scale);
  const auto* units = std::get_if<Int128>(&number);
  if (!units || *units < 0 || *units > most) return std::nullopt;
  return static_cast<std::int64_t>(*units);
}

// "20ms"
Result<Nanoseconds> duration_from(std::string_view text) {
  struct Unit {
    std::string_view name;
    int scale;  // of a number of them in nanoseconds
  };
  for (const Unit unit : {Unit{"ms", 6}, Unit{"us", 3}, Unit{"s", 9}}) {
    if (!text.ends_with(unit.name)) continue;
    const auto found =
        number_from(text.substr(0, text.size() - unit.name.size()), unit.scale, kLatencyMax.raw);
    if (found) return nanoseconds(*found);
    break;
  }
  return invalid("", fmt::format("'{}' is not a time of at most an hour, such as 20ms, 1.5s or "
                                 "250us",
                                 text));
}

std::string text_of(Nanoseconds duration) { return trimmed_text(duration.raw, 6) + "ms"; }

// About normal with mean 0 and variance 1, never beyond 6: the sum of twelve uniform numbers of 16
// bits each. With kFraction bits.
Int128 normal_at(const RandomStream& stream, std::uint64_t first_draw) {
  constexpr std::int64_t kMean = 6 * 65'535;
  std::int64_t sum = 0;
  for (std::uint64_t i = 0; i < kSpikeDraw; ++i) {
    const std::uint64_t draw = stream.at(first_draw + i);
    for (int shift = 0; shift < 64; shift += 16)
      sum += static_cast<std::int64_t>((draw >> shift) & 0xffff);
  }
  return Int128{sum - kMean} << (kFraction - 16);
}

// value * e^exponent, at most kLatencyMax. The exponent has kFraction bits and is within 6 *
// kSigmaMax.
std::int64_t times_exp(std::int64_t value, Int128 exponent) {
  constexpr int kTerms = 16;  // of the series below ln 2: the rest is under 2^-50
  const Int128 down = exponent < 0 ? 1 : 0;
  const Int128 doublings = (exponent + down) / kLn2 - down;
  const Int128 rest = exponent - doublings * kLn2;
  Int128 factor = kOne;
  for (int term = kTerms; term > 0; --term)
    factor = kOne + ((rest * factor) >> kFraction) / term;
  const int shift = kFraction - static_cast<int>(doublings);
  const Int128 product = value * factor;
  const Int128 result = shift >= 0 ? product >> shift : product << -shift;
  return static_cast<std::int64_t>(std::min<Int128>(result, kLatencyMax.raw));
}
}  // namespace

Result<LatencyModel> LatencyModel::from_text(std::string_view text) {
  LatencyModel model;
  std::string_view rest = text;
  std::string_view part = take(rest, '+');
  const bool has_rest = part.size() < text.size();
  if (!part.starts_with("spikes:")) {
    if (auto read = model.read_base(part); !read) return read.error();
    if (!has_rest) return model;
    part = rest;
  } else if (has_rest) {
    return invalid("", "spikes come last, as in fixed:20ms+spikes:0.01:500ms");
  }
  if (auto read = model.read_spikes(part); !read) return read.error();
  return model;
}

Result<void> LatencyModel::read_base(std::string_view text) {
  std::string_view rest = text;
  const std::string_view name = take(rest, ':');
  if (name == "none" && rest.empty()) return {};
  const std::string_view middle = take(rest, ':');
  const bool has_two = name == "normal" || name == "lognormal";
  if ((!has_two && name != "fixed") || has_two == rest.empty()) {
    return invalid("", fmt::format("'{}' is not none, fixed:TIME, normal:MEAN:DEVIATION or "
                                   "lognormal:MEDIAN:SIGMA, with +spikes:PROBABILITY:TIME behind "
                                   "it or not",
                                   text));
  }
  const auto duration = duration_from(middle);
  if (!duration) return duration.error();
  middle_ = *duration;
  if (name == "fixed") {
    kind_ = Kind::fixed;
  } else if (name == "normal") {
    const auto deviation = duration_from(rest);
    if (!deviation) return deviation.error();
    kind_ = Kind::normal;
    deviation_ = *deviation;
  } else {
    const auto sigma = number_from(rest, kSigmaScale, kSigmaMax);
    if (!sigma) {
      return invalid("", fmt::format("'{}' is not a standard deviation of the logarithm: 0 to 3, "
                                     "with at most 6 decimals",
                                     rest));
    }
    kind_ = Kind::log_normal;
    sigma_ = *sigma;
  }
  return {};
}

Result<void> LatencyModel::read_spikes(std::string_view text) {
  std::string_view rest = text;
  const std::string_view name = take(rest, ':');
  const std::string_view share = take(rest, ':');
  const auto probability = number_from(share, kProbabilityScale, kCertain);
  if (name != "spikes" || !probability) {
    return invalid("", fmt::format("'{}' is not spikes:PROBABILITY:TIME with a probability of 0 to "
                                   "1, such as spikes:0.01:500ms",
                                   text));
  }
  const auto duration = duration_from(rest);
  if (!duration) return duration.error();
  spike_probability_ = *probability;
  spike_ = *duration;
  return {};
}

std::string LatencyModel::text() const {
  std::string text;
  switch (kind_) {
    case Kind::none: text = "none"; break;
    case Kind::fixed: text = "fixed:" + text_of(middle_); break;
    case Kind::normal:
      text = fmt::format("normal:{}:{}", text_of(middle_), text_of(deviation_));
      break;
    case Kind::log_normal:
      text = fmt::format("lognormal:{}:{}", text_of(middle_), trimmed_text(sigma_, kSigmaScale));
      break;
  }
  if (spike_probability_ > 0) {
    text += fmt::format("+spikes:{}:{}", trimmed_text(spike_probability_, kProbabilityScale),
                        text_of(spike_));
  }
  return text;
}

Nanoseconds LatencyModel::at(const RandomStream& stream, std::uint64_t n) const {
  const std::uint64_t first_draw = n * kDrawsPerTime;
  std::int64_t time = base_at(stream, first_draw);
  if (spike_probability_ > 0) {
    const UInt128 draw = stream.at(first_draw + kSpikeDraw);
    const auto share = static_cast<std::int64_t>((draw * kCertain) >> 64);
    if (share < spike_probability_) time += spike_.raw;
  }
  return nanoseconds(std::min(time, kLatencyMax.raw));
}

std::int64_t LatencyModel::base_at(const RandomStream& stream, std::uint64_t first_draw) const {
  switch (kind_) {
    case Kind::none: return 0;
    case Kind::fixed: return middle_.raw;
    case Kind::normal: {
      const Int128 beside = (deviation_.raw * normal_at(stream, first_draw)) >> kFraction;
      return static_cast<std::int64_t>(
          std::clamp<Int128>(middle_.raw + beside, 0, kLatencyMax.raw));
    }
    case Kind::log_normal: {
      constexpr std::int64_t kSigmaOne = 1'000'000;
      return times_exp(middle_.raw, sigma_ * normal_at(stream, first_draw) / kSigmaOne);
    }
  }
  return 0;
}

}  // namespace venuebox::gateway
