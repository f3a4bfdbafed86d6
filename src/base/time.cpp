#include "base/time.h"

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
int days_in(std::int64_t year, int month) {
  const bool is_last = month == 12;
  return static_cast<int>(days_from_civil(year + (is_last ? 1 : 0), is_last ? 1 : month + 1, 1) -
                          days_from_civil(year, month, 1));
}

// Goes through a text from the left; what does not fit is remembered until the end.
class IsoReader {
 public:
  explicit IsoReader(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  bool take(char expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char expected) { ok_ &= take(expected); }

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i)
      value = value * 10 + digit();
    return value;
  }

  // "23:54", "23:54:15" or "23:54:15.030314667".
  void read_time(Civil& c) {
    c.hour = digits(2);
    expect(':');
    c.minute = digits(2);
    if (!take(':')) return;
    c.second = digits(2);
    if (!take('.')) return;
    std::int64_t scale = kSecondNs / 10;
    do {
      c.fraction_ns += digit() * scale;
      ok_ &= scale > 0;
      scale /= 10;
    } while (!rest_.empty() && is_digit(rest_.front()));
  }

  // "Z", "+02:00" or "-0530": by how much it is later there.
  std::int64_t offset() {
    if (take('Z')) return 0;
    const bool is_behind = rest_.starts_with('-');
    if (!is_behind) expect('+');
    if (is_behind) take('-');
    const int hours = digits(2);
    take(':');
    const int minutes = digits(2);
    ok_ &= hours <= 14 && minutes <= 59;
    return (is_behind ? -1 : 1) * (hours * 3'600 + minutes * 60);
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  int digit() {
    if (rest_.empty() || !is_digit(rest_.front())) return ok_ = false, 0;
    const int value = rest_.front() - '0';
    rest_.remove_prefix(1);
    return value;
  }

  std::string_view rest_;
  bool ok_ = true;
};
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
  IsoReader in(text);
  Civil c{};
  c.year = in.digits(4);
  in.expect('-');
  c.month = in.digits(2);
  in.expect('-');
  c.day = in.digits(2);
  std::int64_t offset_seconds = 0;
  if (!in.at_end()) {
    in.expect('T');
    in.read_time(c);
    offset_seconds = in.offset();
  }
  if (!in.at_end() || !in.ok()) {
    return invalid("time", fmt::format("'{}' is not like 2024-08-08, 2024-08-08T23:54:15Z or "
                                       "2024-08-08T23:54:15.030+02:00",
                                       text));
  }
  if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > days_in(c.year, c.month)) {
    return invalid("time", fmt::format("'{}' names a day that there is not", text));
  }
  if (c.hour > 23 || c.minute > 59 || c.second > 59) {
    return invalid("time", fmt::format("'{}' names a time of day that there is not", text));
  }
  const std::int64_t days = days_from_civil(c.year, c.month, c.day);
  const std::int64_t total =
      days * kDaySeconds + c.hour * 3'600 + c.minute * 60 + c.second - offset_seconds;
  if (total < 0 || c.year > 2199) {
    return invalid("time", fmt::format("'{}' is not in the years 1970 to 2199", text));
  }
  return Timestamp{total * kSecondNs + c.fraction_ns};
}

}  // namespace venuebox
