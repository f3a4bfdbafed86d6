// Public data as it is pushed.
#include <algorithm>

#include "venues/paradex/rows_account.h"
#include "venues/paradex/rows_market.h"
#include "venues/paradex/stream_wire.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::BookNews;
using Levels = std::span<const BookLevel>;

// What becomes of a level that is told.
enum class Change : std::uint8_t { inserted, updated, deleted };

Change change_of(const BookLevel& level, Levels before) {
  if (level.quantity.raw == 0) return Change::deleted;
  const bool stood = std::ranges::find(before, level.price, &BookLevel::price) != before.end();
  return stood ? Change::updated : Change::inserted;
}

void write_changes(JsonWriter& json, std::string_view key, Change wanted, const BookNews& book,
                   const Instrument& instrument) {
  const auto write_side = [&](Side side, Levels levels, Levels before) {
    for (const BookLevel& level : levels) {
      if (change_of(level, before) != wanted) continue;
      json.open().text("side", side_text(side));
      write_price(json, "price", level.price, instrument);
      write_quantity(json, "size", level.quantity, instrument);
      json.close();
    }
  };
  json.key(key).open_list();
  write_side(Side::buy, book.bids, book.bids_before);
  write_side(Side::sell, book.asks, book.asks_before);
  json.close_list();
}

// {"price":…,"size":…}, or {} of an empty side. No order is hidden from one kind of client, so the
// best is the same for all.
void write_best(JsonWriter& json, const Publication& publication, const Instrument& instrument) {
  const auto write = [&](std::string_view key, Side side) {
    BookLevel best;
    json.key(key).open();
    if (publication.view.depth(instrument.id, side, std::span(&best, 1)) == 1) {
      write_price(json, "price", best.price, instrument);
      write_quantity(json, "size", best.quantity, instrument);
    }
    json.close();
  };
  write("best_ask_api", Side::sell);
  write("best_ask_interactive", Side::sell);
  write("best_bid_api", Side::buy);
  write("best_bid_interactive", Side::buy);
}

void publish_book(Publication& publication, const Instrument& instrument) {
  const BookNews& book = publication.book;
  std::string data;
  JsonWriter json(data);
  // Clients read large numbers only where something follows them.
  json.open().number("seq_no", static_cast<std::int64_t>(book.update));
  json.text("market", instrument.symbol).number("last_updated_at", publication.now.ms());
  json.text("update_type", book.is_whole ? "s" : "d");
  write_changes(json, "inserts", Change::inserted, book, instrument);
  write_changes(json, "updates", Change::updated, book, instrument);
  write_changes(json, "deletes", Change::deleted, book, instrument);
  write_best(json, publication, instrument);
  if (form_of(publication.channel) == kShortOrderBook) {
    write_levels(json, "asks", book.asks, instrument);
    write_levels(json, "bids", book.bids, instrument);
  }
  json.close();
  tell_data(publication, data);
}

void publish_best_offer(Publication& publication, const Instrument& instrument) {
  std::string data;
  JsonWriter json(data);
  write_bbo(json, instrument, publication.view, publication.now);
  tell_data(publication, data);
}

void publish_trades(Publication& publication, const Instrument& instrument) {
  for (const Trade& trade : publication.trades) {
    std::string data;
    JsonWriter json(data);
    write_trade(json, trade, instrument, publication.box_key);
    tell_data(publication, data);
  }
}

// The memory keeps what was told last, without its time: a summary in which nothing else has
// changed is no news.
void publish_summary(Publication& publication, const Instrument& instrument) {
  const auto row_at = [&](Timestamp time) {
    std::string row;
    JsonWriter json(row);
    write_summary(json, instrument, publication.view, time);
    return row;
  };
  std::string state = row_at({});
  const bool is_asked_for = publication.is_snapshot || publication.is_repeat;
  if (!is_asked_for && state == publication.memory.text) return;
  publication.memory.text = std::move(state);
  tell_data(publication, row_at(publication.now));
}

// Each is an observation of its moment; the memory keeps the last.
void publish_funding(Publication& publication, const Instrument& instrument) {
  std::string row;
  JsonWriter json(row);
  const FundingObservation now = funding_now(instrument, publication.view, publication.now);
  write_funding_row(json, now, instrument, publication.view);
  const bool is_asked_for = publication.is_snapshot || publication.is_repeat;
  if (!is_asked_for && row == publication.memory.text) return;
  tell_data(publication, row);
  publication.memory.text = std::move(row);
}
}  // namespace

void publish_public(Publication& publication) {
  const Instrument& instrument = instrument_of(publication.view, publication.channel.instrument);
  switch (form_of(publication.channel)) {
    case kOrderBook:
    case kShortOrderBook: return publish_book(publication, instrument);
    case kBestOffer: return publish_best_offer(publication, instrument);
    case kTrades: return publish_trades(publication, instrument);
    case kSummary: return publish_summary(publication, instrument);
    case kFunding: return publish_funding(publication, instrument);
    default: return;
  }
}

}  // namespace venuebox::venues::paradex
