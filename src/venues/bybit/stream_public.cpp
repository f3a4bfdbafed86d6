// Public data as it is pushed: order books, trades, tickers and candles.
#include <algorithm>

#include <fmt/format.h>

#include "venues/bybit/candles.h"
#include "venues/bybit/codec_market.h"
#include "venues/bybit/ids.h"
#include "venues/bybit/stream_wire.h"

namespace venuebox::venues::bybit {
namespace {
constexpr std::size_t kTradesPerMessage = 1'024;
constexpr std::size_t kCandlesPerMessage = 1'000;
// More can only come of a clock that is moved by days; the oldest are then left out.
constexpr std::int64_t kCandlesPerTurnMax = 10'000;

// {"topic":…,"type":…,"ts":…,"data":…; `data` writes one value and may add members after it.
template <class WriteData>
void tell(Publication& publication, std::string_view type, WriteData&& write_data) {
  std::string text;
  JsonWriter json(text);
  json.open().text("topic", publication.channel.topic).text("type", type);
  json.number("ts", publication.now.ms()).key("data");
  write_data(json);
  json.close();
  publication.tell(text);
}

void publish_book(Publication& publication, const Instrument& instrument) {
  const gateway::BookNews& book = publication.book;
  tell(publication, book.is_whole ? "snapshot" : "delta", [&](JsonWriter& json) {
    json.open().text("s", instrument.symbol);
    write_levels(json, "b", book.bids, instrument);
    write_levels(json, "a", book.asks, instrument);
    json.number("u", static_cast<std::int64_t>(book.update));
    json.number("seq", static_cast<std::int64_t>(book.version)).close();
    json.number("cts", publication.now.ms());
  });
}

// The memory keeps the price of the trade before, and the last direction.
std::string_view tick_direction(Ticks price, gateway::ChannelMemory& memory) {
  auto& [last, direction] = memory.numbers;
  const bool is_same = price.raw == last;
  if (!is_same) direction = price.raw > last ? 1 : -1;
  last = price.raw;
  return direction_text(direction >= 0, is_same);
}

// The price and direction of what traded before anybody listened.
void recall_direction(Publication& publication) {
  auto& [last, direction] = publication.memory.numbers;
  const FillId first = publication.trades.front().id;
  publication.view.trades(publication.channel.instrument, [&, price = &last](const Trade& trade) {
    if (trade.id >= first) return true;
    if (*price == 0) *price = trade.price.raw;
    if (trade.price.raw == *price) return true;
    direction = *price > trade.price.raw ? 1 : -1;
    return false;
  });
}

void publish_trades(Publication& publication, const Instrument& instrument) {
  if (!publication.trades.empty() && publication.memory.numbers[0] == 0) {
    recall_direction(publication);
  }
  for (std::size_t at = 0; at < publication.trades.size(); at += kTradesPerMessage) {
    const std::size_t count = std::min(kTradesPerMessage, publication.trades.size() - at);
    tell(publication, "snapshot", [&](JsonWriter& json) {
      json.open_list();
      for (const Trade& trade : publication.trades.subspan(at, count)) {
        json.open().number("T", trade.time.ms()).text("s", instrument.symbol);
        json.text("S", trade.taker_side == Side::buy ? "Buy" : "Sell");
        write_quantity(json, "v", trade.quantity, instrument);
        write_price(json, "p", trade.price, instrument);
        const std::string_view direction = tick_direction(trade.price, publication.memory);
        if (!instrument.is_spot()) json.text("L", direction);
        json.text("i", shown_fill_id(trade.id, instrument.kind, publication.box_key).view());
        json.boolean("BT", false).boolean("RPI", false);
        json.number("seq", static_cast<std::int64_t>(trade.id.raw)).close();
      }
      json.close_list();
    });
  }
}

// Positions that were taken over; "Buy" is a long one.
void publish_liquidations(Publication& publication, const Instrument& instrument) {
  tell(publication, "snapshot", [&](JsonWriter& json) {
    json.open_list();
    for (const Trade& taken : publication.trades) {
      json.open().number("T", taken.time.ms()).text("s", instrument.symbol);
      json.text("S", taken.taker_side == Side::sell ? "Buy" : "Sell");
      write_quantity(json, "v", taken.quantity, instrument);
      write_price(json, "p", taken.price, instrument);
      json.close();
    }
    json.close_list();
  });
}

// The members of `row` that differ from those of the one before, with the symbol; empty: none do.
std::string changes(std::string_view before, std::string_view row) {
  JsonObject old_row;
  JsonObject new_row;
  VENUEBOX_ASSERT(old_row.parse(before) && new_row.parse(row));
  std::string text;
  JsonWriter json(text);
  json.open().text("symbol", new_row.find("symbol")->text);
  bool differs = false;
  for (const JsonObject::Member& member : new_row.members()) {
    const JsonValue* old_value = old_row.find(member.key);
    if (old_value && old_value->text == member.value.text) continue;
    json.text(member.key, member.value.text);
    differs = true;
  }
  json.close();
  return differs ? text : std::string();
}

// The memory keeps the row that was told last. Spot is told whole each time.
void publish_ticker(Publication& publication, const Instrument& instrument) {
  const std::string& known = publication.memory.text;
  std::string row;
  JsonWriter json(row);
  write_ticker(json, instrument, publication.view, TickerForm::stream);
  const bool is_whole = publication.is_snapshot || known.empty() || instrument.is_spot();
  if (!publication.is_snapshot && row == known) return;
  const std::string data = is_whole ? row : changes(known, row);
  tell(publication, is_whole ? "snapshot" : "delta", [&](JsonWriter& message) {
    message.raw(data);
    message.number("cs", static_cast<std::int64_t>(publication.view.book_version(instrument.id)));
  });
  publication.memory.text = std::move(row);
}

void write_candle(JsonWriter& json, const Candle& candle, const Interval& interval, bool is_over,
                  const Instrument& instrument, const Publication& publication) {
  json.open().number("start", candle.start * kMinuteMs);
  json.number("end", next_candle(candle.start, interval.length) * kMinuteMs - 1);
  json.text("interval", interval.name);
  write_price(json, "open", candle.open, instrument);
  write_price(json, "close", candle.close, instrument);
  write_price(json, "high", candle.high, instrument);
  write_price(json, "low", candle.low, instrument);
  write_quantity(json, "volume", candle.volume, instrument);
  write_turnover(json.key("turnover"), candle.turnover, instrument, publication.view);
  json.boolean("confirm", is_over).number("timestamp", publication.now.ms()).close();
}

// The candle of this moment where it changed, and before it those that have ended since. The memory
// keeps what was told of the last one, and where it began.
void publish_candles(Publication& publication, const Instrument& instrument) {
  const Interval& interval = intervals()[static_cast<std::size_t>(publication.channel.form)];
  const std::int64_t minute = publication.now.ms() / kMinuteMs;
  const std::int64_t now_open = candle_start(minute, interval.length);
  std::int64_t& known_start = publication.memory.numbers[0];
  const bool is_first = publication.is_snapshot || known_start == 0;
  auto shown = candles(publication.view, instrument.id, interval.length,
                       is_first ? now_open : known_start, minute, kCandlesPerTurnMax);
  if (shown.empty()) return;
  // Compared without the time of telling, which every row ends with.
  const std::string state = fmt::format("{} {}", shown.front().start, shown.front().volume.raw);
  if (!publication.is_snapshot && state == publication.memory.text) return;
  publication.memory.text = state;
  known_start = now_open;
  std::ranges::reverse(shown);
  for (std::size_t at = 0; at < shown.size(); at += kCandlesPerMessage) {
    const std::size_t count = std::min(kCandlesPerMessage, shown.size() - at);
    tell(publication, "snapshot", [&](JsonWriter& json) {
      json.open_list();
      for (const Candle& candle : std::span(shown).subspan(at, count))
        write_candle(json, candle, interval, candle.start < now_open, instrument, publication);
      json.close_list();
    });
  }
}
}  // namespace

void publish_public(Publication& publication) {
  const Instrument& instrument = instrument_of(publication.view, publication.channel.instrument);
  switch (publication.channel.kind) {
    case ChannelKind::book: return publish_book(publication, instrument);
    case ChannelKind::trades: return publish_trades(publication, instrument);
    case ChannelKind::ticker: return publish_ticker(publication, instrument);
    case ChannelKind::candles: return publish_candles(publication, instrument);
    case ChannelKind::liquidations: return publish_liquidations(publication, instrument);
    default: return;
  }
}

}  // namespace venuebox::venues::bybit
