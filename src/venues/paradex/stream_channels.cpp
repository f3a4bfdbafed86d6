// Channels by their names: "order_book.BTC-USD-PERP.snapshot@15@100ms", "fills.ALL" …
#include <algorithm>

#include "venues/paradex/stream_wire.h"

namespace venuebox::venues::paradex {
namespace {
constexpr std::size_t kBookLevels = 15;
constexpr Nanoseconds kSummaryPace = milliseconds(100);
constexpr Nanoseconds kFundingPace = seconds(5);  // Its rows are told every few seconds.

// What may be asked of all markets by ALL in place of one.
struct Name {
  std::string_view word;
  ChannelKind kind;
  ChannelForm form;
  bool has_market;   // is followed by a market or ALL
  bool may_be_bare;  // or by nothing, which is ALL as well
};
// clang-format off
constexpr Name kNames[] = {
    {"trades",           ChannelKind::trades,     kTrades,          true,  false},
    {"markets_summary",  ChannelKind::ticker,     kSummary,         true,  true},
    {"funding_data",     ChannelKind::ticker,     kFunding,         true,  true},
    {"orders",           ChannelKind::orders,     kOrders,          true,  false},
    {"fills",            ChannelKind::executions, kFills,           true,  false},
    {"funding_payments", ChannelKind::executions, kFundingPayments, true,  false},
    {"balance_events",   ChannelKind::executions, kBalanceEvents,   false, true},
    {"positions",        ChannelKind::positions,  kPositions,       false, true},
    {"account",          ChannelKind::balances,   kAccount,         false, true},
    {"tradebusts",       ChannelKind::balances,   kQuiet,           false, true},
    {"transaction",      ChannelKind::balances,   kQuiet,           false, true},
    {"transfers",        ChannelKind::balances,   kQuiet,           false, true},
    {"block_trades",     ChannelKind::balances,   kQuiet,           false, true},
};

// No order here is hidden from one kind of client, so both kinds of book show the same.
struct Feed {
  std::string_view name;
  bool is_interactive;
  bool is_always_whole;
};
constexpr Feed kFeeds[] = {
    {"snapshot",             false, true},
    {"deltas",               false, false},
    {"interactive",          true,  true},
    {"interactive_snapshot", true,  true},
    {"interactive_deltas",   true,  false},
};

struct Rate {
  std::string_view name;
  Nanoseconds pace;
  bool for_interactive;
  bool for_others;
};
constexpr Rate kRates[] = {
    {"50ms",  milliseconds(50),  false, true},
    {"100ms", milliseconds(100), true,  true},
    {"200ms", milliseconds(200), true,  false},
    {"400ms", milliseconds(400), true,  false},
};
// clang-format on

// Takes what stands before the first mark, and the mark.
std::string_view take_word(std::string_view& text, char mark) {
  const std::size_t at = std::min(text.find(mark), text.size());
  const std::string_view word = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return word;
}

bool set_market(Channel& channel, std::string_view symbol, const View& view) {
  const Instrument* market = view.find_instrument(symbol, InstrumentKindOf::linear_perpetual);
  if (!market || market->phase == TradingPhase::delisted) return false;
  channel.instrument = market->id;
  return true;
}

// "snapshot@15@100ms", "deltas@15@50ms@0_1"; the tick may have a point too.
bool read_book_form(std::string_view rest, Channel& channel, const View& view) {
  const std::string_view name = take_word(rest, '@');
  const std::string_view levels = take_word(rest, '@');
  const std::string_view rate_name = take_word(rest, '@');
  const auto* feed = std::ranges::find(kFeeds, name, &Feed::name);
  const auto* rate = std::ranges::find(kRates, rate_name, &Rate::name);
  if (feed == std::end(kFeeds) || rate == std::end(kRates) || levels != "15") return false;
  if (!(feed->is_interactive ? rate->for_interactive : rate->for_others)) return false;
  channel.is_always_whole = feed->is_always_whole;
  channel.pace = rate->pace;
  if (rest.empty()) return true;
  std::string tick_text(rest);
  std::ranges::replace(tick_text, '_', '.');
  const auto read = decimal_from_text(tick_text);
  const auto* tick = std::get_if<Decimal>(&read);
  const Instrument& market = instrument_of(view, channel.instrument);
  // Levels are not grouped: only the market's own tick can be asked for.
  return tick && compare(*tick, {market.tick.units, market.tick.scale}) == 0;
}

std::optional<Channel> book_channel(Channel channel, std::string_view word, std::string_view rest,
                                    const View& view) {
  channel.kind = ChannelKind::book;
  channel.levels = kBookLevels;
  if (!set_market(channel, take_word(rest, '.'), view)) return std::nullopt;
  if (word == "order_book") {
    channel.form = kOrderBook;
    if (!read_book_form(rest, channel, view)) return std::nullopt;
    return channel;
  }
  if (!rest.empty()) return std::nullopt;
  channel.is_always_whole = true;
  channel.form = word == "bbo" ? kBestOffer : kShortOrderBook;
  if (word == "bbo") {
    channel.levels = 1;
  } else {
    channel.pace = milliseconds(100);
  }
  return channel;
}

std::optional<Channel> named_channel(Channel channel, std::string_view word, std::string_view rest,
                                     const View& view) {
  const auto* name = std::ranges::find(kNames, word, &Name::word);
  if (name == std::end(kNames)) return std::nullopt;
  channel.kind = name->kind;
  channel.form = name->form;
  if (name->form == kSummary) channel.pace = kSummaryPace;
  if (name->form == kFunding) channel.pace = kFundingPace;
  const bool is_bare = channel.topic == word;
  if (is_bare ? !name->may_be_bare : !name->has_market) return std::nullopt;
  const bool is_public = !gateway::is_private(name->kind);
  if (is_bare || rest == "ALL") {
    channel.all_markets = is_public;
    return channel;
  }
  if (!set_market(channel, rest, view)) return std::nullopt;
  if (!is_public) channel.form += kOfOneMarket;
  return channel;
}
}  // namespace

std::optional<Channel> channel_from(std::string_view name, const View& view,
                                    const gateway::VenueOptions& options) {
  std::string_view rest = name;
  const std::string_view word = take_word(rest, '.');
  Channel channel{.topic = std::string(name)};
  if (const auto hz = gateway::whole_option(options, "heartbeat_hz"); hz > 0) {
    channel.repeat = Nanoseconds{seconds(1).raw / hz};
  }
  const bool is_book = word == "order_book" || word == "orderbook" || word == "bbo";
  return is_book ? book_channel(std::move(channel), word, rest, view)
                 : named_channel(std::move(channel), word, rest, view);
}

}  // namespace venuebox::venues::paradex
