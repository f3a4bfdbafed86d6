#include "faults/strike.h"

#include <algorithm>

#include "base/wide.h"
#include "faults/modes.h"

namespace venuebox::faults {
namespace {
using T = ActionType;

// From 0 to `bound`, both included.
std::int64_t up_to(std::uint64_t draw, std::int64_t bound) {
  const auto width = static_cast<UInt128>(bound) + 1;
  return static_cast<std::int64_t>((static_cast<UInt128>(draw) * width) >> 64);
}

// About normal, with mean 0 and variance 1, and never beyond 3.5: the sum of four uniform numbers
// of 16 bits each, by arithmetic that every machine does alike.
double normal(std::uint64_t draw) {
  std::uint64_t sum = 0;
  for (int shift = 0; shift < 64; shift += 16)
    sum += (draw >> shift) & 0xffff;
  constexpr double kRootOfThree = 1.7320508075688772;
  return (static_cast<double>(sum) * 0x1p-16 - (2 - 0x1p-15)) * kRootOfThree;
}

// e^x for |x| < 16 by its series, since libraries round theirs differently.
double exponential(double x) {
  const double part = x / 16;
  double term = 1;
  double sum = 1;
  for (int i = 1; i < 16; ++i) {
    term *= part / i;
    sum += term;
  }
  for (int i = 0; i < 4; ++i)
    sum *= sum;
  return sum;
}

std::int64_t latency_ms(const Action& action, std::uint64_t draw, std::uint64_t spike_draw) {
  const std::int64_t base = action.number("ms");
  const std::string_view distribution = action.choice("distribution");
  double ms = static_cast<double>(base);
  if (distribution == "normal") {
    ms += normal(draw) * static_cast<double>(action.number("deviation_ms"));
  } else if (distribution == "lognormal") {
    const double sigma = static_cast<double>(action.number("sigma")) / 1e9;
    ms *= exponential(normal(draw) * sigma);
  } else if (distribution == "spikes" &&
             up_to(spike_draw, kWhole.raw - 1) < action.number("spike_probability")) {
    ms = static_cast<double>(action.number("spike_ms"));
  }
  const auto most = static_cast<double>(action.number("max_ms"));
  return static_cast<std::int64_t>(std::clamp(ms, 0.0, most) + 0.5);
}

// The rest of what lasts, or of the window, unless the fault says what clients are told.
std::int64_t wait_ms(const Action& action, Nanoseconds wait) {
  const auto told = find_parameter(info_of(action.type), "retry_after_ms");
  if (told && action.values[*told].number > 0) return action.values[*told].number;
  return wait > Nanoseconds{} ? (wait.raw + 999'999) / 1'000'000 : kWaitMs;
}

std::int64_t drawn_value(const Action& action, std::uint64_t draw, std::uint64_t second,
                         Nanoseconds wait) {
  switch (action.type) {
    case T::latency: return latency_ms(action, draw, second);
    case T::delay: return action.number("ms") + up_to(draw, action.number("jitter_ms"));
    case T::slippage: return up_to(draw, action.number("max_slippage"));
    case T::unknown_outcome: return up_to(draw, kWhole.raw - 1) < action.number("accepted") ? 1 : 0;
    case T::rate_limit:
    case T::ban:
    case T::budget_spent:
    case T::maintenance:
    case T::overloaded: return wait_ms(action, wait);
    default: return 0;
  }
}

void make_choices(Action& action, std::uint64_t draw) {
  const auto parameters = info_of(action.type).parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!parameters[i].choices.starts_with("drawn|") || action.values[i].number != 0) continue;
    auto most = static_cast<std::int64_t>(choice_count(parameters[i])) - 2;
    // 520 is the last, and cloudflare's alone.
    if (action.type == T::html_error_page && action.choice("proxy") != "cloudflare") --most;
    action.values[i].number = 1 + up_to(draw, most);
  }
}
}  // namespace

Strike strike_of(const Fault& fault, const Terms& terms, const Judgement& judgement) {
  const std::uint64_t n = judgement.n;
  const auto draw = [&](Purpose purpose) { return draw_of(terms.draws, n, purpose); };
  Strike strike{.fault = fault.name,
                .n = n,
                .action = judgement.type == fault.action.type
                              ? fault.action
                              : action_within_compound(judgement.type)};
  if (judgement.phase) {
    const auto place = find_parameter(info_of(T::maintenance), "phase");
    strike.action.values[*place].number = static_cast<std::int64_t>(*judgement.phase);
  }
  make_choices(strike.action, draw(Purpose::drawn));
  strike.own_draw = draw(Purpose::own);
  strike.goes_on = judgement.verdict == Verdict::lasting;
  strike.drawn =
      drawn_value(strike.action, draw(Purpose::value), mix(strike.own_draw), judgement.wait);
  return strike;
}

}  // namespace venuebox::faults
