#include "base/time.h"

#include <charconv>

#include <fmt/core.h>

namespace venuebox {
namespace {
constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kDaySeconds = 86'400;

struct Civil {
  std::int64_t year;
  int month, day, hour, minute, second;
  std::int64_t fraction_ns;
  int weekday;  // 0 is Sunday.
};

// Days since the epoch to a calendar date; the algorithm is Howard Hinnant's civil_from_days.
Civil civil_from(Timestamp time) {
  std::int64_t total = time.ns / kSecondNs;
  std::int64_t fraction = time.ns % kSecondNs;
  if (fraction < 0) fraction += kSecondNs, --total;
  std::int64_t days = total / kDaySeconds;
  std::int64_t rest = total % kDaySeconds;
  if (rest < 0) rest += kDaySeconds, --days;
  const std::int64_t z = days + 719'468;
  const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const std::int64_t doe = z - era * 146'097;
  const std::int64_t yoe = (doe - doe / 1'460 + doe / 36'524 - doe / 146'096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  Civil c{};
  c.day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1);
  c.month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  c.year = yoe + era * 400 + (c.month <= 2 ? 1 : 0);
  c.hour = static_cast<int>(rest / 3'600);
  c.minute = static_cast<int>(rest / 60 % 60);
  c.second = static_cast<int>(rest % 60);
  c.fraction_ns = fraction;
  c.weekday = static_cast<int>(((days % 7) + 11) % 7);
  return c;
}

std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t yoe = year - era * 400;
  const std::int64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146'097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719'468;
}
}  // namespace

std::string iso_text(Timestamp time) {
  const Civil c = civil_from(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", c.year, c.month, c.day, c.hour,
                     c.minute, c.second, c.fraction_ns / 1'000'000);
}

std::string http_date_text(Timestamp time) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Civil c = civil_from(time);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[c.weekday], c.day,
                     kMonths[c.month - 1], c.year, c.hour, c.minute, c.second);
}

Result<Timestamp> timestamp_from_iso(std::string_view text) {
  const auto error = [&] {
    return invalid("time", fmt::format("'{}' is not like 2024-08-08T23:54:15Z", text));
  };
  const auto number = [&](std::size_t at, std::size_t digits) -> int {
    int value = -1;
    if (at + digits > text.size()) return -1;
    const char* end = text.data() + at + digits;
    const auto [stop, failure] = std::from_chars(text.data() + at, end, value);
    return failure == std::errc{} && stop == end ? value : -1;
  };
  if (text.size() < 20 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' ||
      text[10] != 'T' || text[13] != ':' || text[16] != ':') {
    return error();
  }
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  if (year < 1970 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 ||
      hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return error();
  }
  std::int64_t fraction_ns = 0;
  if (text.size() > 20) {
    if (text[19] != '.' || text.size() > 30) return error();
    std::int64_t scale = kSecondNs / 10;
    for (char c : text.substr(20, text.size() - 21)) {
      if (c < '0' || c > '9') return error();
      fraction_ns += (c - '0') * scale;
      scale /= 10;
    }
  }
  const std::int64_t days = days_from_civil(year, month, day);
  const std::int64_t total = days * kDaySeconds + hour * 3'600 + minute * 60 + second;
  return Timestamp{total * kSecondNs + fraction_ns};
}

}  // namespace venuebox
