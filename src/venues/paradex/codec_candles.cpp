#include <algorithm>
#include <array>

#include "model/candles.h"
#include "venues/paradex/codec_market.h"

namespace venuebox::venues::paradex {
namespace {
constexpr std::int64_t kTimeMaxMs = 1LL << 52;
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kCandlesMax = 10'000;  // of one answer: the last of what is asked for
constexpr std::array<std::int64_t, 6> kResolutions{1, 3, 5, 15, 30, 60};  // minutes

// Numbers, where all else of Paradex has text.
void write_candle(JsonWriter& json, const Candle& candle, const Instrument& market) {
  json.open_list().number(candle.start * kMinuteMs);
  for (const Ticks price : {candle.open, candle.high, candle.low, candle.close}) {
    json.raw(trimmed_text(multiply(price.raw, market.tick.units), market.tick.scale));
  }
  json.raw(trimmed_text(multiply(candle.volume.raw, market.lot.units), market.lot.scale));
  json.close_list();
}

// What is asked for. Candles belong to a time that holds their start.
struct Span {
  std::int64_t from = 0;  // ms
  std::int64_t to = 0;
  CandleInterval interval;
};

std::optional<Refusal> read_span(Params& params, Span& span) {
  for (const std::string_view name : {"symbol", "resolution", "start_at", "end_at"}) {
    if (params.text(name).empty()) return missing_query(name);
  }
  span.interval.minutes = params.integer("resolution", 1, 60, 1);
  span.from = params.integer("start_at", 0, kTimeMaxMs, 0);
  span.to = params.integer("end_at", 0, kTimeMaxMs, 0);
  if (auto no = params.wrong()) return no;
  if (std::ranges::find(kResolutions, span.interval.minutes) == kResolutions.end()) {
    return bad_query("resolution");
  }
  if (span.to < span.from) return bad_query("end_at");
  const std::string kind = params.text("price_kind");
  if (kind == "mark" || kind == "underlying") return not_supported("price_kind=" + kind);
  if (!kind.empty() && kind != "last") return bad_query("price_kind");
  return std::nullopt;
}
}  // namespace

void answer_candles(Call& call) {
  Params params(call);
  Span span;
  if (auto no = read_span(params, span)) return void(refuse(call, *no));
  const std::string symbol = params.text("symbol");
  call.response.tag.symbol = symbol;
  const Instrument* market = find_market(call, symbol);
  if (!market) return void(refuse(call, refusal_of(kUnknownMarket)));
  // The first minute that begins in the span, and the last that does and has begun.
  const std::int64_t from = (span.from + kMinuteMs - 1) / kMinuteMs;
  const std::int64_t to = std::min(span.to, call.now.ms()) / kMinuteMs;
  auto found = candles(call.view, market->id, span.interval, from, to, kCandlesMax);
  std::ranges::reverse(found);
  JsonWriter json(call.response.body);
  json.open().key("results").open_list();
  for (const Candle& candle : found)
    write_candle(json, candle, *market);
  json.close_list().close();
}

}  // namespace venuebox::venues::paradex
