#include "venues/bybit/codec_candles.h"

#include <algorithm>

#include "venues/bybit/candles.h"
#include "venues/bybit/codec_market.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {
namespace {
constexpr std::int64_t kTimeMaxMs = 1LL << 52;

void write_candle(JsonWriter& json, const Candle& candle, const Instrument& instrument,
                  const View& view) {
  json.open_list().fixed(candle.start * kMinuteMs, 0);
  for (const Ticks price : {candle.open, candle.high, candle.low, candle.close}) {
    json.fixed(multiply(price.raw, instrument.tick.units), instrument.tick.scale);
  }
  json.fixed(multiply(candle.volume.raw, instrument.lot.units), instrument.lot.scale);
  write_turnover(json, candle.turnover, instrument, view);
  json.close_list();
}

// What is asked for, in minutes since 1970, both ends included.
struct Span {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::int64_t limit = 0;
};

// The last minute of `limit` candles, the first of which begins with the minute `start`.
std::int64_t last_of_first(std::int64_t start, std::int64_t limit, CandleInterval interval) {
  for (; limit > 0; --limit)
    start = next_candle(start, interval);
  return start - 1;
}

// With a start alone the first `limit` candles from there, else the last ones. The candle that
// holds the start is the first of them, as at Bybit (ccxt's issue 26736).
Span read_span(Params& params, const Interval& interval, Timestamp now) {
  const std::int64_t now_minute = now.ms() / kMinuteMs;
  const std::int64_t from = params.integer("start", 0, kTimeMaxMs, -1);
  const std::int64_t to = params.integer("end", 0, kTimeMaxMs, -1);
  Span span{.from = 0, .to = now_minute, .limit = params.integer("limit", 1, 1'000, 200)};
  if (from >= 0) span.from = candle_start(from / kMinuteMs, interval.length);
  if (to >= 0) {
    span.to = std::min(span.to, to / kMinuteMs);
  } else if (from >= 0 && span.from <= span.to) {
    span.to = std::min(span.to, last_of_first(span.from, span.limit, interval.length));
  }
  return span;
}
}  // namespace

void answer_candles(Call& call) {
  Params params(call);
  const Instrument* instrument = nullptr;
  if (auto no = read_market(call, params, instrument, "linear")) return void(refuse(call, *no));
  const std::string name = params.text("interval");
  const Interval* interval = find_interval(name);
  if (!interval) return void(refuse(call, bad_parameter("interval")));
  const Span span = read_span(params, *interval, call.now);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  reply(call, [&](JsonWriter& json) {
    json.open().text("symbol", instrument->symbol);
    json.text("category", category_name(instrument->kind)).key("list").open_list();
    for (const Candle& candle :
         candles(call.view, instrument->id, interval->length, span.from, span.to, span.limit)) {
      write_candle(json, candle, *instrument, call.view);
    }
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
    json.open().text("symbol", instrument->symbol);
    json.text("category", category_name(instrument->kind)).key("list").open_list();
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

// Rates as they were paid, newest first; a start alone is an error, as at Bybit.
void answer_funding_history(Call& call) {
  Params params(call);
  const Instrument* instrument = nullptr;
  if (auto no = read_market(call, params, instrument)) return void(refuse(call, *no));
  if (instrument->is_spot()) return void(refuse(call, bad_parameter("category")));
  const std::int64_t from = params.integer("startTime", 0, kTimeMaxMs, -1);
  const std::int64_t to = params.integer("endTime", 0, kTimeMaxMs, -1);
  std::int64_t left = params.integer("limit", 1, 200, 200);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  if (from >= 0 && to < from) return void(refuse(call, bad_parameter("endTime")));
  reply(call, [&](JsonWriter& json) {
    json.open().text("category", category_name(instrument->kind)).key("list").open_list();
    call.view.funding_history(instrument->id, [&](const FundingRow& row) {
      if (row.time.ms() < from) return false;
      if (to >= 0 && row.time.ms() > to) return true;
      json.open().text("symbol", instrument->symbol);
      json.key("fundingRate").trimmed(row.rate.raw, 9);
      json.number_text("fundingRateTimestamp", row.time.ms()).close();
      return --left > 0;
    });
    json.close_list().close();
  });
}

}  // namespace venuebox::venues::bybit
