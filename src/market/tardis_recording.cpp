// CSV files of Tardis: incremental_book_L2, book_snapshot_N, quotes and trades, told apart by their
// header. Times are the recorder's (`local_timestamp`, microseconds): only these never go back over
// a whole file. They carry no sequence numbers, so gaps cannot be seen.
// Source: https://docs.tardis.dev/downloadable-csv-files, seen 2026-11-21.
#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/core.h>

#include "market/line_recording.h"
#include "market/recorded_text.h"
#include "market/whole_book.h"

namespace venuebox::market {
namespace {
constexpr std::string_view kFirstColumns = "exchange,symbol,timestamp,local_timestamp,";
constexpr std::size_t kLevelsMax = 1'000;

enum class Shape : std::uint8_t { updates, whole_books, trades };

struct Column {
  enum class Of : std::uint8_t {
    nothing,
    exchange,
    symbol,
    local_timestamp,
    is_snapshot,
    side,
    price,
    amount,
    bid_price,
    bid_amount,
    ask_price,
    ask_amount,
  };
  Of of = Of::nothing;
  std::size_t level = 0;  // of a whole book, 0 the best
};

// "asks[3].price" and "ask_price" (of level 0).
std::optional<Column> level_column(std::string_view name) {
  for (const bool is_bid : {true, false}) {
    const std::string_view side = is_bid ? "bid" : "ask";
    if (!name.starts_with(side)) continue;
    std::string_view rest = name.substr(side.size());
    Column column;
    if (rest.starts_with("s[")) {
      const auto [end, error] =
          std::from_chars(rest.data() + 2, rest.data() + rest.size(), column.level);
      if (error != std::errc{} || column.level >= kLevelsMax) return std::nullopt;
      rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    }
    if (rest == "].price" || rest == "_price") {
      column.of = is_bid ? Column::Of::bid_price : Column::Of::ask_price;
    } else if (rest == "].amount" || rest == "_amount") {
      column.of = is_bid ? Column::Of::bid_amount : Column::Of::ask_amount;
    } else {
      return std::nullopt;
    }
    return column;
  }
  return std::nullopt;
}

Column column_named(std::string_view name) {
  using Of = Column::Of;
  constexpr std::pair<std::string_view, Of> kNames[] = {
      {"exchange", Of::exchange},
      {"symbol", Of::symbol},
      {"local_timestamp", Of::local_timestamp},
      {"is_snapshot", Of::is_snapshot},
      {"side", Of::side},
      {"price", Of::price},
      {"amount", Of::amount},
  };
  for (const auto& [known, of] : kNames) {
    if (name == known) return {of, 0};
  }
  return level_column(name).value_or(Column{});
}

// Calls `visit(index, cell)` for each cell until it says no; whether it never did.
template <class Visit>
bool for_each_cell(std::string_view line, Visit visit) {
  for (std::size_t index = 0;; ++index) {
    const std::size_t comma = line.find(',');
    if (!visit(index, line.substr(0, comma))) return false;
    if (comma == std::string_view::npos) return true;
    line.remove_prefix(comma + 1);
  }
}

class TardisRecording final : public LineRecording {
 public:
  TardisRecording(std::unique_ptr<LineReader> lines, std::vector<Column> columns, Shape shape,
                  std::string format)
      : LineRecording(std::move(lines)),
        columns_(std::move(columns)),
        shape_(shape),
        format_(std::move(format)) {}

  bool next(RecordedMessage& message) override {
    switch (shape_) {
      case Shape::updates: return next_updates(message);
      case Shape::whole_books: return next_book(message);
      case Shape::trades: return next_trade(message);
    }
    return false;
  }

  void rewind() override {
    begin_again();
    has_row_ = has_snapshot_ = was_snapshot_ = false;
    book_.clear();
  }

  std::string_view format() const override { return format_; }
  bool has_book() const override { return shape_ != Shape::trades; }
  bool has_trades() const override { return shape_ == Shape::trades; }

 private:
  struct Row {
    Timestamp time;
    bool is_snapshot = false;
    bool is_first_side = false;  // bid, or buy
    RecordedLevel level;
  };

  // The next row that parses; of whole books, its levels are in bids_ and asks_.
  bool read_row() {
    std::string_view line;
    while (next_line(line)) {
      if (line.starts_with(kFirstColumns)) continue;
      row_ = {};
      bids_.clear();
      asks_.clear();
      std::size_t cells = 0;
      const bool parses = for_each_cell(line, [&](std::size_t index, std::string_view cell) {
        cells = index + 1;
        return index < columns_.size() && read_cell(columns_[index], cell);
      });
      if (parses && cells == columns_.size()) return know_market(), true;
      skip(cause_of(cells, parses));
    }
    return false;
  }

  std::string cause_of(std::size_t cells, bool parses) const {
    if (parses || cells > columns_.size()) {
      return fmt::format("{}{} cells, where the header has {}", parses ? "" : "at least ", cells,
                         columns_.size());
    }
    return fmt::format("its cell {} does not parse, or is of another market", cells);
  }

  bool read_cell(const Column& column, std::string_view cell) {
    using Of = Column::Of;
    switch (column.of) {
      case Of::nothing: return true;
      case Of::exchange: return is_same(exchange_, row_exchange_ = cell);
      case Of::symbol: return is_same(symbol_, row_symbol_ = cell);
      case Of::local_timestamp: return read_time(cell);
      case Of::is_snapshot:
        row_.is_snapshot = cell == "true";
        return row_.is_snapshot || cell == "false";
      case Of::side:
        row_.is_first_side = cell == "bid" || cell == "buy";
        return row_.is_first_side || cell == "ask" || cell == "sell";
      case Of::price: return read_units(cell, row_.level.price) && row_.level.price > 0;
      case Of::amount: return read_units(cell, row_.level.quantity);
      case Of::bid_price: return read_level(bids_, column.level, cell, &RecordedLevel::price);
      case Of::bid_amount: return read_level(bids_, column.level, cell, &RecordedLevel::quantity);
      case Of::ask_price: return read_level(asks_, column.level, cell, &RecordedLevel::price);
      case Of::ask_amount: return read_level(asks_, column.level, cell, &RecordedLevel::quantity);
    }
    return false;
  }

  // The market is that of the first row that parses.
  static bool is_same(const std::string& known, std::string_view cell) {
    return !cell.empty() && (known.empty() || known == cell);
  }
  void know_market() {
    if (symbol_.empty()) exchange_ = row_exchange_, symbol_ = row_symbol_;
  }
  bool read_time(std::string_view cell) {
    std::int64_t us = 0;
    if (!read_whole(cell, us) || us < 0 || us > INT64_MAX / 1'000) return false;
    row_.time = Timestamp{us * 1'000};
    return true;
  }
  // A level that is not there is an empty cell.
  static bool read_level(std::vector<RecordedLevel>& side, std::size_t level, std::string_view cell,
                         std::int64_t RecordedLevel::*field) {
    if (side.size() <= level) side.resize(level + 1);
    return cell.empty() || read_units(cell, side[level].*field);
  }

  // A level can change twice at one time; what it is afterwards counts.
  static void keep_last(std::vector<RecordedLevel>& levels) {
    std::ranges::stable_sort(levels, {}, &RecordedLevel::price);
    const auto earlier =
        std::unique(levels.rbegin(), levels.rend(),
                    [](const auto& a, const auto& b) { return a.price == b.price; });
    levels.erase(levels.begin(), earlier.base());
  }

  // Rows of one time are one message. A snapshot begins where one row is of it and the row before
  // was not: after a lost connection there is one in the middle of the file.
  bool next_updates(RecordedMessage& message) {
    while (has_row_ || read_row()) {
      has_row_ = false;
      const Row first = row_;
      message.bids.clear();
      message.asks.clear();
      message.line = lines_->number();
      do {
        (row_.is_first_side ? message.bids : message.asks).push_back(row_.level);
        message.line = lines_->number();
        has_row_ = read_row();
      } while (has_row_ && row_.time == first.time && row_.is_snapshot == first.is_snapshot);
      keep_last(message.bids);
      keep_last(message.asks);
      const bool begins = first.is_snapshot && !was_snapshot_;
      was_snapshot_ = first.is_snapshot;
      has_snapshot_ = has_snapshot_ || begins;
      message.time = first.time;
      message.kind = begins ? RecordedMessage::Kind::snapshot : RecordedMessage::Kind::depth;
      if (has_snapshot_) return give_at(message, message.line);
      ++report_.early;
    }
    return false;
  }

  // Each row is a whole book; what is given out after the first one is how it changed.
  bool next_book(RecordedMessage& message) {
    while (read_row()) {
      const auto is_absent = [](const RecordedLevel& level) { return level.quantity == 0; };
      std::erase_if(bids_, is_absent);
      std::erase_if(asks_, is_absent);
      if (!book_.set(bids_, asks_)) {
        skip("a price of 0, twice the same price, or a best bid that is not below the best ask");
        continue;
      }
      message.kind = has_snapshot_ ? RecordedMessage::Kind::depth : RecordedMessage::Kind::snapshot;
      if (!book_.take_changes(message.bids, message.asks) && has_snapshot_) continue;
      has_snapshot_ = true;
      message.time = row_.time;
      return give(message);
    }
    return false;
  }

  bool next_trade(RecordedMessage& message) {
    if (!read_row()) return false;
    message.kind = RecordedMessage::Kind::trade;
    message.time = row_.time;
    message.trade = row_.level;
    message.taker_side = row_.is_first_side ? Side::buy : Side::sell;
    return give(message);
  }

  std::vector<Column> columns_;
  Shape shape_;
  std::string format_;
  Row row_;
  std::string_view row_exchange_, row_symbol_;  // into the present line
  std::vector<RecordedLevel> bids_, asks_;
  bool has_row_ = false;  // row_ was read and is not yet given out
  bool has_snapshot_ = false;
  bool was_snapshot_ = false;  // the row before was of a snapshot
  WholeBook book_;
};
}  // namespace

bool begins_tardis(std::string_view line) { return line.starts_with(kFirstColumns); }

Result<std::unique_ptr<Recording>> read_tardis(std::unique_ptr<LineReader> lines) {
  lines->rewind();
  std::string_view header;
  while (lines->next(header) && !begins_tardis(header)) {
  }
  std::vector<Column> columns;
  std::size_t depth = 0;
  const auto has = [&](Column::Of of) {
    return std::ranges::any_of(columns, [&](const Column& column) { return column.of == of; });
  };
  for_each_cell(header, [&](std::size_t, std::string_view name) {
    columns.push_back(column_named(name));
    if (columns.back().of == Column::Of::bid_price)
      depth = std::max(depth, columns.back().level + 1);
    return true;
  });
  const bool has_rows = has(Column::Of::side) && has(Column::Of::price) && has(Column::Of::amount);
  Shape shape = Shape::whole_books;
  std::string format = depth == 1 ? "Tardis quotes" : fmt::format("Tardis book_snapshot_{}", depth);
  if (has_rows) {
    shape = has(Column::Of::is_snapshot) ? Shape::updates : Shape::trades;
    format = shape == Shape::updates ? "Tardis incremental_book_L2" : "Tardis trades";
  } else if (depth == 0 || !has(Column::Of::ask_price)) {
    return invalid("",
                   "is a Tardis CSV of another kind than incremental_book_L2, book_snapshot_N, "
                   "quotes and trades");
  }
  lines->rewind();
  return std::unique_ptr<Recording>(std::make_unique<TardisRecording>(
      std::move(lines), std::move(columns), shape, std::move(format)));
}

}  // namespace venuebox::market
