// Topics by their names: "orderbook.50.BTCUSDT", "execution.fast.linear" …
#include <array>

#include "venues/bybit/candles.h"
#include "venues/bybit/stream_wire.h"

namespace venuebox::venues::bybit {
namespace {
struct BookForm {
  std::string_view levels;
  std::size_t count;
  Nanoseconds pace;
};
constexpr BookForm kBooks[] = {{"1", 1, milliseconds(10)},
                               {"50", 50, milliseconds(20)},
                               {"200", 200, milliseconds(100)},
                               {"1000", 1'000, milliseconds(200)}};
constexpr Nanoseconds kTopRepeat = seconds(3);  // of a book of one level that does not change

constexpr Nanoseconds kTickerPace = milliseconds(100);
constexpr Nanoseconds kCandlePace = seconds(1);

// Takes what stands before the first dot, and the dot.
std::string_view take_word(std::string_view& text) {
  const std::size_t dot = std::min(text.find('.'), text.size());
  const std::string_view word = text.substr(0, dot);
  text.remove_prefix(std::min(dot + 1, text.size()));
  return word;
}

bool read_public_kind(std::string_view& rest, Channel& channel) {
  const std::string_view kind = take_word(rest);
  if (kind == "orderbook") {
    const std::string_view levels = take_word(rest);
    for (const BookForm& form : kBooks) {
      if (form.levels != levels) continue;
      channel.kind = ChannelKind::book;
      channel.levels = form.count;
      channel.pace = form.pace;
      channel.is_always_whole = form.count == 1;
      if (form.count == 1) channel.repeat = kTopRepeat;
      return true;
    }
    return false;
  }
  if (kind == "publicTrade") return channel.kind = ChannelKind::trades, true;
  if (kind == "tickers") {
    channel.kind = ChannelKind::ticker;
    channel.pace = kTickerPace;
    return true;
  }
  if (kind == "kline") {
    const Interval* interval = find_interval(take_word(rest));
    if (!interval) return false;
    channel.kind = ChannelKind::candles;
    channel.form = static_cast<int>(interval - intervals().data());
    channel.pace = kCandlePace;
    return true;
  }
  if (kind == "allLiquidation" || kind == "liquidation") {
    return channel.kind = ChannelKind::liquidations, true;
  }
  return false;
}

std::optional<int> form_from(std::string_view category) {
  if (category.empty()) return kEverything;
  if (category == "spot") return kSpotOnly;
  if (category == "linear") return kLinearOnly;
  if (category == "inverse") return kInverseOnly;
  if (category == "option") return kNothing;
  return std::nullopt;
}

std::optional<InstrumentKindOf> kind_on(StreamMarket market) {
  switch (market) {
    case kSpotStream: return InstrumentKindOf::spot;
    case kLinearStream: return InstrumentKindOf::linear_perpetual;
    case kInverseStream: return InstrumentKindOf::inverse_perpetual;
    default: return std::nullopt;
  }
}

std::optional<Channel> private_channel(std::string_view topic) {
  Channel channel{.topic = std::string(topic)};
  std::string_view rest = topic;
  const std::string_view kind = take_word(rest);
  if (kind == "order") {
    channel.kind = ChannelKind::orders;
  } else if (kind == "execution") {
    channel.kind = ChannelKind::executions;
    if (rest == "fast" || rest.starts_with("fast.")) {
      take_word(rest);
      channel.form = kFast;
    }
  } else if (kind == "position") {
    channel.kind = ChannelKind::positions;
  } else if (topic == "wallet") {
    channel.kind = ChannelKind::balances;
  } else {
    return std::nullopt;
  }
  const auto form = form_from(rest);
  if (!form) return std::nullopt;
  channel.form += *form;
  return channel;
}
}  // namespace

std::optional<Channel> channel_from(std::string_view topic, StreamMarket market, const View& view) {
  if (market == kPrivateStream) return private_channel(topic);
  Channel channel{.topic = std::string(topic)};
  std::string_view symbol = topic;
  if (!read_public_kind(symbol, channel)) return std::nullopt;
  const auto kind = kind_on(market);
  if (kind == InstrumentKindOf::spot && channel.kind == ChannelKind::liquidations) {
    return std::nullopt;
  }
  const Instrument* instrument = kind ? view.find_instrument(symbol, *kind) : nullptr;
  if (!instrument || instrument->phase == TradingPhase::delisted) return std::nullopt;
  channel.instrument = instrument->id;
  return channel;
}

}  // namespace venuebox::venues::bybit
