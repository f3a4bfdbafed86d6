// The `when` of a fault.
#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/core.h>

#include "faults/parse.h"

namespace venuebox::faults {
namespace {
constexpr std::size_t kNthMost = 1'000;
constexpr std::int64_t kCountMost = 1'000'000'000'000;
constexpr std::array<std::string_view, 7> kDays{"sunday",   "monday", "tuesday", "wednesday",
                                                "thursday", "friday", "saturday"};

std::optional<Timestamp> time_in(Fields& fields, std::string_view key) {
  const auto text = fields.text(key);
  if (!text) return std::nullopt;
  const auto time = timestamp_from_iso(*text);
  if (!time) fields.refuse(key, "must be a time in UTC, and " + time.error().detail);
  return time ? std::optional(*time) : std::nullopt;
}

Window window_from(Fields fields) {
  Window window;
  const auto from = time_in(fields, "from");
  const auto to = time_in(fields, "to");
  fields.refuse_unknown();
  if (!from && !to) fields.refuse("from", "is missing; give from, to, or both");
  window.from = from.value_or(Timestamp{});
  window.to = to.value_or(kNever);
  if (window.to <= window.from) {
    fields.refuse("to", fmt::format("is not after from; the window would end before it starts"));
  }
  return window;
}

// "02:30" as minutes of the day.
int minute_in(Fields& fields, std::string_view key) {
  const auto text = fields.text(key);
  if (!text) {
    fields.refuse(key, "is missing; give a time of day such as 02:30, UTC");
    return 0;
  }
  const auto digit = [&](std::size_t at) {
    return (*text)[at] >= '0' && (*text)[at] <= '9' ? (*text)[at] - '0' : 100;
  };
  if (text->size() == 5 && (*text)[2] == ':') {
    const int hour = digit(0) * 10 + digit(1);
    const int minute = digit(3) * 10 + digit(4);
    if (hour < 24 && minute < 60) return hour * 60 + minute;
  }
  fields.refuse(key, fmt::format("'{}' is no time of day from 00:00 to 23:59, UTC", *text));
  return 0;
}

int minutes_in(Fields& fields, int most) {
  const auto minutes = fields.whole("minutes", 1, most);
  if (!minutes) fields.refuse("minutes", "is missing; say how long it lasts");
  return static_cast<int>(minutes.value_or(1));
}

Daily daily_from(Fields fields) {
  Daily daily{.start_minute = minute_in(fields, "start"), .minutes = minutes_in(fields, 1'440)};
  fields.refuse_unknown();
  return daily;
}

Weekly weekly_from(Fields fields) {
  Weekly weekly;
  const std::string day = fields.text("day").value_or("");
  const auto known = std::ranges::find(kDays, day);
  if (known == kDays.end()) fields.refuse("day", "must be one of: " + listed(kDays));
  weekly.day = static_cast<int>(known - kDays.begin()) % 7;
  weekly.start_minute = minute_in(fields, "start");
  weekly.minutes = minutes_in(fields, 7 * 1'440);
  fields.refuse_unknown();
  return weekly;
}

HourlyRate hourly_rate_from(Fields fields) {
  HourlyRate rates;
  if (fields.members().empty()) {
    fields.refuse("default", "is missing; give at least one hour or the default");
  }
  for (const auto& [key, value] : fields.members()) {
    const Ratio rate{ratio_of(value, 0, kWhole.raw, fields.path_of(key), fields.failure())};
    std::size_t hour = 24;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), hour);
    if (key == "default") {
      rates.otherwise = rate;
    } else if (error != std::errc{} || end != key.data() + key.size() || hour > 23) {
      fields.refuse(key, "must be an hour from 0 to 23, or default");
    } else if (rates.hours[hour]) {
      fields.refuse(key, "names an hour that stands here already");
    } else {
      rates.hours[hour] = rate;
    }
  }
  return rates;
}

Burst burst_from(Fields fields) {
  const auto enter = fields.probability("enter");
  const auto leave = fields.probability("leave");
  fields.refuse_unknown();
  if (!enter) fields.refuse("enter", "is missing; how often a burst begins, from 0 to 1");
  if (!leave) fields.refuse("leave", "is missing; how often a burst ends, from 0 to 1");
  return {enter.value_or(Ratio{}), leave.value_or(Ratio{})};
}

After after_from(Fields fields) {
  static constexpr auto kNames = [] {
    std::array<Happening, kHappenings> all{};
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = static_cast<Happening>(i);
    return all;
  }();
  After after;
  const std::string event = fields.text("event").value_or("");
  const auto known = happening_from_name(event);
  if (!known) {
    std::vector<std::string_view> names;
    for (const Happening happening : kNames)
      names.push_back(name_of(happening));
    fields.refuse("event", "must be one of: " + listed(names));
  }
  after.event = known.value_or(Happening::fill);
  after.n = static_cast<std::uint64_t>(fields.whole("n", 1, kCountMost).value_or(1));
  fields.refuse_unknown();
  return after;
}

std::vector<std::uint64_t> nth_from(Fields& fields) {
  std::vector<std::uint64_t> numbers;
  const JsonValue* value = fields.find("nth");
  if (value == nullptr) return numbers;
  const std::string path = fields.path_of("nth");
  std::deque<std::string> storage;
  const auto values = value->kind == JsonKind::list ? json_list(value->text, storage)
                                                    : std::vector<JsonValue>{*value};
  if (!values || values->empty() || values->size() > kNthMost) {
    fields.refuse("nth", fmt::format("must list 1 to {} numbers, such as [3,5]", kNthMost));
    return numbers;
  }
  for (std::size_t i = 0; i < values->size(); ++i) {
    const std::string element =
        value->kind == JsonKind::list ? fmt::format("{}[{}]", path, i) : path;
    numbers.push_back(static_cast<std::uint64_t>(
        whole_of((*values)[i], 1, kCountMost, element, fields.failure())));
  }
  std::ranges::sort(numbers);
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

std::optional<std::uint64_t> load_from(Fields fields) {
  const auto per_s = fields.whole("per_s", 0, 1'000'000'000);
  fields.refuse_unknown();
  if (!per_s) fields.refuse("per_s", "is missing; above how many arrivals in a second");
  return static_cast<std::uint64_t>(per_s.value_or(0));
}
}  // namespace

Trigger trigger_from(Fields& fields) {
  Trigger when;
  when.probability = fields.probability("probability");
  when.nth = nth_from(fields);
  when.every = static_cast<std::uint64_t>(fields.whole("every", 1, kCountMost).value_or(0));
  if (auto window = fields.object("window")) when.window = window_from(std::move(*window));
  if (auto daily = fields.object("daily")) when.daily = daily_from(std::move(*daily));
  if (auto weekly = fields.object("weekly")) when.weekly = weekly_from(std::move(*weekly));
  if (auto rates = fields.object("hourly_rate")) {
    when.hourly_rate = hourly_rate_from(std::move(*rates));
  }
  if (auto load = fields.object("load_above")) when.load_above_per_s = load_from(std::move(*load));
  if (auto burst = fields.object("burst")) when.burst = burst_from(std::move(*burst));
  if (auto after = fields.object("after")) when.after = after_from(std::move(*after));
  if (auto with = fields.text("with")) {
    if (with->empty()) fields.refuse("with", "must be the name of another fault");
    when.with = std::move(*with);
  }
  fields.refuse_unknown();
  return when;
}

}  // namespace venuebox::faults
