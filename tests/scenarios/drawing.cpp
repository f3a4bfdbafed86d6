#include "drawing.h"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "diff.h"
#include "numbers.h"
#include "references.h"

namespace venuebox::scenarios {
namespace {

constexpr std::size_t kLevelsMax = 10'000;

void fail(Drawing& drawing, int line, std::string what) {
  if (!drawing.problem) drawing.problem = {line, std::move(what)};
}

Ticks price_of(const DrawnRow& row, const Instrument& terms) {
  Words words(row.price);
  return read_ticks(words, terms);
}

void check_order(Drawing& drawing, const Instrument& terms) {
  bool bids_begun = false;
  for (std::size_t i = 0; i < drawing.rows.size(); ++i) {
    const DrawnRow& row = drawing.rows[i];
    bids_begun = bids_begun || !row.bids.empty();
    if (i > 0 && price_of(row, terms) >= price_of(drawing.rows[i - 1], terms)) {
      fail(drawing, row.line, "the highest price comes first");
    }
    if (bids_begun && !row.asks.empty()) fail(drawing, row.line, "asks stand above bids");
  }
}

// "alice 0.002 as a", or "0.002" for the market.
Action drawn_order(Words& words, Side side, Ticks price, InstrumentId instrument,
                   const World& world) {
  const Instrument& terms = world.terms(instrument);
  PlaceOrder order;
  order.instrument = instrument;
  order.side = side;
  order.price = price;
  order.value = {0, terms.quote};
  if (!begins_number(words.peek())) {
    const std::string_view name = words.next("an account");
    const auto account = world.find_account(name);
    if (!account) words.fail(fmt::format("no account is called {}", name));
    order.account = account.value_or(AccountId{});
  }
  order.quantity = read_lots(words, terms);
  std::string name;
  if (words.take("as")) name = read_new_name(words, world);
  words.expect_end();
  return {order, {name}, {}};
}

// The last order may not have the name of an earlier one.
void check_name(Drawing& drawing, std::span<const DrawnOrder> orders) {
  const DrawnOrder& last = orders.back();
  const auto& name = last.action.names[0];
  const auto same = [&](const DrawnOrder& order) { return order.action.names[0] == name; };
  if (!name.empty() && std::ranges::any_of(orders.first(orders.size() - 1), same)) {
    fail(drawing, last.line, fmt::format("two orders are called {}", name));
  }
}

// How much of a level a cell speaks of.
enum class Form : std::uint8_t { total, queue, both };

Form form_of(std::string_view cell) {
  if (cell.find(':') != std::string_view::npos) return Form::both;
  const bool is_total = begins_number(cell) && cell.find(' ') == std::string_view::npos;
  return is_total ? Form::total : Form::queue;
}

std::string canonical_cell(std::string_view cell) {
  std::string out;
  const auto colon = cell.find(':');
  if (colon != std::string_view::npos) {
    out = canonical(trimmed(cell.substr(0, colon))) + ": ";
    cell.remove_prefix(colon + 1);
  }
  std::string_view separator;
  for (const std::string_view entry : split(cell, ',')) {
    out += separator;
    separator = ", ";
    std::string_view blank;
    for (Words words(entry); !words.at_end(); blank = " ")
      out.append(blank).append(canonical(words.next("a word")));
  }
  return out;
}

std::string level_cell(const View& view, InstrumentId instrument, Side side, const BookLevel& level,
                       Form form, const World& world) {
  const Instrument& terms = world.terms(instrument);
  std::string out = form == Form::queue ? "" : text_of(level.quantity, terms);
  if (form == Form::total) return out;
  if (form == Form::both) out += ": ";
  std::string_view separator;
  view.level_orders(instrument, side, level.price, [&](const RestingOrder& order) {
    out.append(separator).append(world.label(order.id));
    out.append(" ").append(text_of(order.remaining, terms));
    separator = ", ";
    return true;
  });
  return out;
}

// Highest price first.
using Levels = std::map<Ticks, DrawnRow, std::greater<>>;

Levels drawn_levels(const Drawing& drawing, const Instrument& terms) {
  Levels levels;
  for (const DrawnRow& row : drawing.rows) {
    const Ticks price = price_of(row, terms);
    levels[price] = {row.line, canonical_cell(row.bids), text_of(price, terms),
                     canonical_cell(row.asks)};
  }
  return levels;
}

// The book in the words of the drawing: a cell speaks of as much as the drawn one does.
Levels actual_levels(const View& view, InstrumentId instrument, const Levels& drawn,
                     const World& world) {
  Levels levels;
  std::vector<BookLevel> found(kLevelsMax);
  for (const Side side : {Side::buy, Side::sell}) {
    std::string DrawnRow::*const cell = side == Side::buy ? &DrawnRow::bids : &DrawnRow::asks;
    const std::size_t count = view.depth(instrument, side, found);
    for (const BookLevel& level : std::span(found).first(count)) {
      const auto row = drawn.find(level.price);
      const bool is_drawn = row != drawn.end() && !(row->second.*cell).empty();
      const Form form = is_drawn ? form_of(row->second.*cell) : Form::queue;
      DrawnRow& actual = levels[level.price];
      actual.price = text_of(level.price, world.terms(instrument));
      actual.*cell = level_cell(view, instrument, side, level, form, world);
    }
  }
  return levels;
}

struct Widths {
  std::size_t bids = 0, price = 0;
  void fit(const Levels& levels) {
    for (const auto& [price_unused, row] : levels) {
      bids = std::max(bids, row.bids.size());
      price = std::max(price, row.price.size());
    }
  }
};

std::vector<std::string> lines_of(const Levels& levels, Widths widths) {
  std::vector<std::string> lines;
  for (const auto& [price_unused, row] : levels) {
    lines.push_back(fmt::format("{:>{}} | {:>{}} | {}", row.bids, widths.bids, row.price,
                                widths.price, row.asks));
    lines.back().erase(lines.back().find_last_not_of(' ') + 1);
  }
  return lines;
}

}  // namespace

Drawing read_drawing(std::span<const Line> lines, const Instrument& terms) {
  Drawing drawing;
  for (const Line& line : lines) {
    const auto cells = split(line.text, '|');
    if (cells.size() != 3) {
      fail(drawing, line.number, "a row of a book is: bids | price | asks");
      return drawing;
    }
    if (cells[1] == "price") continue;
    drawing.rows.push_back(
        {line.number, std::string(cells[0]), std::string(cells[1]), std::string(cells[2])});
    Words price(cells[1]);
    read_ticks(price, terms);
    price.expect_end();
    if (!price.problem().empty()) fail(drawing, line.number, price.problem());
  }
  check_order(drawing, terms);
  return drawing;
}

std::vector<DrawnOrder> drawn_orders(Drawing& drawing, InstrumentId instrument,
                                     const World& world) {
  std::vector<DrawnOrder> orders;
  for (const DrawnRow& row : drawing.rows) {
    for (const Side side : {Side::buy, Side::sell}) {
      const std::string& cell = side == Side::buy ? row.bids : row.asks;
      if (cell.empty()) continue;
      for (const std::string_view entry : split(cell, ',')) {
        Words words(entry);
        const Ticks price = price_of(row, world.terms(instrument));
        orders.push_back({row.line, drawn_order(words, side, price, instrument, world)});
        if (!words.problem().empty()) fail(drawing, row.line, words.problem());
        check_name(drawing, orders);
      }
    }
  }
  return orders;
}

std::string unmet_book(const Drawing& drawing, InstrumentId instrument, const World& world,
                       const View& view) {
  const Levels drawn = drawn_levels(drawing, world.terms(instrument));
  const Levels actual = actual_levels(view, instrument, drawn, world);
  Widths widths;
  widths.fit(drawn);
  widths.fit(actual);
  const auto wanted = lines_of(drawn, widths), found = lines_of(actual, widths);
  return wanted == found ? "" : diff_text(wanted, found);
}

}  // namespace venuebox::scenarios
