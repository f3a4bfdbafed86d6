#include "venues/bybit/codec_candles.h"

#include <algorithm>
#include <chrono>

#include "venues/bybit/codec_market.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {
constexpr std::int64_t kDayMinutes = 1'440;
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kTimeMaxMs = 1LL << 52;

// Candles begin at whole multiples of their length since 1970, weeks on Mondays, months on their
// first day, all UTC.
enum class Length : std::uint8_t { minutes, week, month };
struct Interval {
  std::string_view name;
  Length length = Length::minutes;
  std::int64_t minutes = 0;
};
constexpr Interval kIntervals[] = {
    {"1", Length::minutes, 1},     {"3", Length::minutes, 3},     {"5", Length::minutes, 5},
    {"15", Length::minutes, 15},   {"30", Length::minutes, 30},   {"60", Length::minutes, 60},
    {"120", Length::minutes, 120}, {"240", Length::minutes, 240}, {"360", Length::minutes, 360},
    {"720", Length::minutes, 720}, {"D", Length::minutes, 1'440}, {"W", Length::week, 10'080},
    {"M", Length::month, 44'640},  // the longest
};

std::int64_t floor_to(std::int64_t value, std::int64_t step) {
  return static_cast<std::int64_t>(div_floor(value, step)) * step;
}

// The minute since 1970 in which the candle of `minute` begins.
std::int64_t candle_start(std::int64_t minute, const Interval& interval) {
  constexpr std::int64_t kFromMonday = 3 * kDayMinutes;  // 1970 began on a Thursday
  switch (interval.length) {
    case Length::minutes: return floor_to(minute, interval.minutes);
    case Length::week: return floor_to(minute + kFromMonday, interval.minutes) - kFromMonday;
    case Length::month: break;
  }
  const auto day = std::chrono::days(floor_to(minute, kDayMinutes) / kDayMinutes);
  const std::chrono::year_month_day date{std::chrono::sys_days(day)};
  const std::chrono::sys_days first = date.year() / date.month() / std::chrono::day(1);
  return first.time_since_epoch().count() * kDayMinutes;
}

struct Candle {
  std::int64_t start = 0;  // minutes since 1970
  Ticks open, high, low, close;
  Lots volume;
  Int128 turnover = 0;  // in ticks * lots
};

// Those in which something traded, newest first.
std::vector<Candle> traded_candles(const View& view, InstrumentId id, const Interval& interval) {
  std::vector<Candle> candles;
  view.minutes(id, [&](const TradedMinute& minute) {
    const std::int64_t start = candle_start(minute.index, interval);
    if (candles.empty() || candles.back().start != start) {
      candles.push_back({start, minute.first, minute.high, minute.low, minute.last, {}, 0});
    }
    Candle& candle = candles.back();
    candle.open = minute.first;
    candle.high = std::max(candle.high, minute.high);
    candle.low = std::min(candle.low, minute.low);
    candle.volume += minute.volume;
    candle.turnover += minute.turnover;
    return true;
  });
  return candles;
}

void write_candle(JsonWriter& json, const Candle& candle, const Instrument& instrument) {
  json.open_list().fixed(candle.start * kMinuteMs, 0);
  for (const Ticks price : {candle.open, candle.high, candle.low, candle.close}) {
    json.fixed(multiply(price.raw, instrument.tick.units), instrument.tick.scale);
  }
  json.fixed(multiply(candle.volume.raw, instrument.lot.units), instrument.lot.scale);
  const Int128 step = static_cast<Int128>(instrument.tick.units) * instrument.lot.units;
  json.trimmed(multiply(candle.turnover, step), instrument.tick.scale + instrument.lot.scale);
  json.close_list();
}

// What is asked for, in minutes since 1970, both ends included.
struct Span {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::int64_t limit = 0;
};

// With a start alone the first `limit` candles from there, else the last ones.
Span read_span(Params& params, const Interval& interval, Timestamp now) {
  const std::int64_t now_minute = now.ms() / kMinuteMs;
  const std::int64_t from = params.integer("start", 0, kTimeMaxMs, -1);
  const std::int64_t to = params.integer("end", 0, kTimeMaxMs, -1);
  Span span{.from = 0, .to = now_minute, .limit = params.integer("limit", 1, 1'000, 200)};
  if (from >= 0) span.from = (from + kMinuteMs - 1) / kMinuteMs;
  if (to >= 0) {
    span.to = std::min(span.to, to / kMinuteMs);
  } else if (from >= 0 && interval.length != Length::month) {
    span.to = std::min(span.to, span.from + span.limit * interval.minutes - 1);
  }
  return span;
}

// Newest first. Where nothing traded a candle stands at the price before it, as at Bybit; before
// the first trade there are none.
void write_candles(JsonWriter& json, const Instrument& instrument, const Interval& interval,
                   const Span& span, const View& view) {
  const std::vector<Candle> traded = traded_candles(view, instrument.id, interval);
  auto next = traded.begin();
  std::int64_t left = span.limit;
  std::int64_t start = candle_start(span.to, interval);
  for (; left > 0 && start >= span.from; start = candle_start(start - 1, interval), --left) {
    while (next != traded.end() && next->start > start)
      ++next;
    if (next == traded.end()) return;
    if (next->start == start) {
      write_candle(json, *next, instrument);
    } else {
      const Ticks close = next->close;
      write_candle(json, {start, close, close, close, close, {}, 0}, instrument);
    }
  }
}
}  // namespace

// The box remembers a day's worth of minutes, so longer candles begin with what is left of them.
void answer_candles(Call& call) {
  Params params(call);
  const Instrument* instrument = nullptr;
  if (auto no = read_market(call, params, instrument, "linear")) return void(refuse(call, *no));
  const std::string name = params.text("interval");
  const auto* interval = std::ranges::find(kIntervals, name, &Interval::name);
  if (interval == std::end(kIntervals)) return void(refuse(call, bad_parameter("interval")));
  const Span span = read_span(params, *interval, call.now);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  reply(call, [&](JsonWriter& json) {
    json.open().text("symbol", instrument->symbol);
    json.text("category", category_name(instrument->kind)).key("list").open_list();
    write_candles(json, *instrument, *interval, span, call.view);
    json.close_list().close();
  });
}

// The box knows the open interest of this moment and keeps no history, so there is one row at most.
// Each contract counts once, as in the ticker.
void answer_open_interest(Call& call) {
  static constexpr std::string_view kTimes[] = {"5min", "15min", "30min", "1h", "4h", "1d"};
  Params params(call);
  const Instrument* instrument = nullptr;
  if (auto no = read_market(call, params, instrument)) return void(refuse(call, *no));
  if (instrument->is_spot()) return void(refuse(call, bad_parameter("category")));
  const std::string interval = params.text("intervalTime");
  const std::int64_t from = params.integer("startTime", 0, kTimeMaxMs, 0);
  const std::int64_t to = params.integer("endTime", 0, kTimeMaxMs, kTimeMaxMs);
  params.integer("limit", 1, 200, 50);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  if (std::ranges::find(kTimes, interval) == std::end(kTimes)) {
    return void(refuse(call, bad_parameter("intervalTime")));
  }
  reply(call, [&](JsonWriter& json) {
    json.open().text("symbol", instrument->symbol).text("category", "linear");
    json.key("list").open_list();
    if (from <= call.now.ms() && call.now.ms() <= to) {
      const Lots open = call.view.open_interest(instrument->id);
      json.open();
      write_quantity(json, "openInterest", open, *instrument);
      write_quantity(json, "singleOpenInterest", open, *instrument);
      json.number_text("timestamp", call.now.ms()).close();
    }
    json.close_list().text("nextPageCursor", "").close();
  });
}

// No funding is paid in a box, so there never was a rate: the empty list is the whole history.
void answer_funding_history(Call& call) {
  Params params(call);
  const Instrument* instrument = nullptr;
  if (auto no = read_market(call, params, instrument)) return void(refuse(call, *no));
  if (instrument->is_spot()) return void(refuse(call, bad_parameter("category")));
  const std::int64_t from = params.integer("startTime", 0, kTimeMaxMs, -1);
  const std::int64_t to = params.integer("endTime", 0, kTimeMaxMs, -1);
  params.integer("limit", 1, 200, 200);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  if (from >= 0 && to < 0) return void(refuse(call, bad_parameter("endTime")));
  reply(call, [](JsonWriter& json) {
    json.open().text("category", "linear").key("list").open_list().close_list().close();
  });
}

}  // namespace venuebox::venues::bybit
