// Sources: docs/venues/paradex.md, "Public REST".
#include "venues/paradex/codec_market.h"

#include <array>

#include "venues/paradex/history_page.h"
#include "venues/paradex/rows_market.h"

namespace venuebox::venues::paradex {
namespace {
constexpr std::size_t kBookLevelsMax = 1'000;
constexpr std::int64_t kBookLevelsUsual = 20;

using Levels = std::array<BookLevel, kBookLevelsMax>;

// Null when it has been refused. What is delisted is gone.
const Instrument* named_market(Call& call, std::string_view symbol) {
  call.response.tag.symbol = symbol;
  const Instrument* market = find_market(call, symbol);
  if (market && market->phase != TradingPhase::delisted) return market;
  refuse(call, refusal_of(kUnknownMarket));
  return nullptr;
}

const Instrument* market_of_path(Call& call) {
  const auto symbol = net::percent_decoded(call.arguments[0]);
  return named_market(call, symbol ? *symbol : std::string());
}

// Of a query that must name one.
const Instrument* market_of_query(Call& call, const Params& params) {
  const std::string symbol = params.text("market");
  if (symbol.empty()) return refuse(call, missing_query("market")), nullptr;
  return named_market(call, symbol);
}

// Every market that is listed, or the one that is named. `write` writes a row.
template <class Write>
void write_markets(Call& call, std::string_view symbol, Write&& write) {
  if (!symbol.empty() && !named_market(call, symbol)) return;
  reply_results(call, [&](JsonWriter& json) {
    for (const Instrument& market : call.view.instruments()) {
      if (market.phase == TradingPhase::delisted) continue;
      if (symbol.empty() || market.symbol == symbol) write(json, market);
    }
  });
}

std::span<const BookLevel> side_of(const Instrument& market, const View& view, Side side,
                                   std::int64_t depth, Levels& levels) {
  const std::span asked = std::span(levels).first(static_cast<std::size_t>(depth));
  return asked.first(view.depth(market.id, side, asked));
}

void write_best(JsonWriter& json, std::string_view key, std::span<const BookLevel> levels,
                const Instrument& market) {
  json.key(key).open_list();
  if (!levels.empty()) {
    const BookLevel& best = levels.front();
    json.fixed(multiply(best.price.raw, market.tick.units), market.tick.scale);
    json.fixed(multiply(best.quantity.raw, market.lot.units), market.lot.scale);
  }
  json.close_list();
}

std::optional<Side> side_from_text(std::string_view text) {
  if (text == "BUY") return Side::buy;
  if (text == "SELL") return Side::sell;
  return std::nullopt;
}

// What taking so much would be worth, in settlement units; none: the book has less.
std::optional<Int128> value_of_taking(const Instrument& market, const View& view, Side side,
                                      Lots quantity) {
  Levels levels;
  const Side taken = side == Side::buy ? Side::sell : Side::buy;
  Int128 value = 0;
  for (const BookLevel& level :
       side_of(market, view, taken, std::int64_t{kBookLevelsMax}, levels)) {
    const Lots part = std::min(quantity, level.quantity);
    value += notional(level.price, part, market).units;
    quantity = Lots{quantity.raw - part.raw};
    if (quantity.raw == 0) return value;
  }
  return std::nullopt;
}
}  // namespace

void answer_markets(Call& call) {
  write_markets(call, Params(call).text("market"), [&](JsonWriter& json, const Instrument& market) {
    write_market(json, market, call.view);
  });
}

void answer_market(Call& call) {
  const Instrument* market = market_of_path(call);
  if (!market) return;
  JsonWriter json(call.response.body);
  write_market(json, *market, call.view);
}

void answer_summaries(Call& call) {
  const std::string symbol = Params(call).text("market");
  write_markets(call, symbol == "ALL" ? "" : symbol,
                [&](JsonWriter& json, const Instrument& market) {
                  write_summary(json, market, call.view, call.now);
                });
}

// Nothing is quoted here for retail users alone, so that the interactive form is the same.
void answer_bbo(Call& call) {
  const Instrument* market = market_of_path(call);
  if (!market) return;
  JsonWriter json(call.response.body);
  write_bbo(json, *market, call.view, call.now);
}

void answer_order_book(Call& call) {
  const Instrument* market = market_of_path(call);
  if (!market) return;
  Params params(call);
  const std::int64_t depth =
      params.integer("depth", 1, std::int64_t{kBookLevelsMax}, kBookLevelsUsual);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  if (!params.text("price_tick").empty()) return void(refuse(call, not_supported("price_tick")));
  Levels ask_levels, bid_levels;
  const auto asks = side_of(*market, call.view, Side::sell, depth, ask_levels);
  const auto bids = side_of(*market, call.view, Side::buy, depth, bid_levels);
  JsonWriter json(call.response.body);
  json.open().text("market", market->symbol);
  json.number("seq_no", static_cast<std::int64_t>(call.view.book_version(market->id)));
  json.number("last_updated_at", call.now.ms());
  write_levels(json, "asks", asks, *market);
  write_levels(json, "bids", bids, *market);
  write_best(json, "best_ask_api", asks, *market);
  write_best(json, "best_bid_api", bids, *market);
  write_best(json, "best_ask_interactive", asks, *market);
  write_best(json, "best_bid_interactive", bids, *market);
  json.close();
}

void answer_impact_price(Call& call) {
  const Instrument* market = market_of_path(call);
  if (!market) return;
  const Params params(call);
  const auto side = side_from_text(params.text("side"));
  if (!side) return void(refuse(call, bad_query("side")));
  const auto size = lots_from_decimal(params.text("size"), *market);
  const Lots* quantity = std::get_if<Lots>(&size);
  if (!quantity || quantity->raw <= 0) return void(refuse(call, bad_query("size")));
  const auto value = value_of_taking(*market, call.view, *side, *quantity);
  JsonWriter json(call.response.body);
  json.open().text("market", market->symbol).text("side", params.text("side"));
  write_quantity(json, "size", *quantity, *market);
  if (value) {
    gateway::write_average(json, "impact_price", *value, *quantity, *market);
  } else {
    json.text("impact_price", "");
  }
  json.close();
}

void answer_trades(Call& call) {
  HistoryQuery query(call, gateway::Pager::Rows::fall);
  const Instrument* market = market_of_query(call, query.params());
  if (!market) return;
  if (auto no = query.wrong()) return void(refuse(call, *no));
  reply_page(call, query.pager(), [&](JsonWriter& json) {
    call.view.trades(market->id, [&](const Trade& trade) {
      if (query.is_before(trade.time)) return false;
      if (query.holds(trade.time) && query.pager().takes(trade.id.raw)) {
        write_trade(json, trade, *market, call.box_key);
      }
      return !query.pager().done();
    });
  });
}

// Of observations the box keeps none, so there is the one that is made now.
void answer_funding_data(Call& call) {
  HistoryQuery query(call, gateway::Pager::Rows::fall);
  const Instrument* market = market_of_query(call, query.params());
  if (!market) return;
  if (auto no = query.wrong()) return void(refuse(call, *no));
  reply_page(call, query.pager(), [&](JsonWriter& json) {
    const auto key = static_cast<std::uint64_t>(call.now.ms());
    if (!query.holds(call.now) || !query.pager().takes(key)) return;
    write_funding_row(json, funding_now(*market, call.view, call.now), *market, call.view);
  });
}

// The fund of the asset that all markets settle in.
void answer_insurance(Call& call) {
  const Money pool = call.view.insurance(call.view.instruments().front().settle);
  JsonWriter json(call.response.body);
  json.open().text("account", "");
  write_money(json, "account_value", pool, call.view);
  json.text("settlement_asset", asset_of(call.view, pool.asset).name);
  json.number("updated_at", call.now.ms()).close();
}

}  // namespace venuebox::venues::paradex
