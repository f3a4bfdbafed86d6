// Lists that are read page by page: page_size, cursor, start_at and end_at of the request, and
// {"next":…,"prev":null,"results":[…]} around the rows.
#pragma once

#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {

// What a request asks for of a list, newest first. Rows have keys that fall from row to row, and
// the cursor is the key of the last row that was shown.
class Page {
 public:
  explicit Page(Params& params);

  // Both ends of the time that is asked for are included, in ms.
  bool is_before(Timestamp time) const { return time.ms() < from_; }
  bool is_after(Timestamp time) const { return time.ms() > to_; }

  // Writes the whole answer. `visit` is called with what takes one row: its key, its time and who
  // writes it; that is false when no further row is wanted.
  template <class Visit>
  void write(Call& call, Visit&& visit) {
    std::string rows;
    JsonWriter json(rows);
    json.open_list();
    visit([&](std::uint64_t key, Timestamp time, auto&& write_row) {
      if (is_before(time)) return false;
      if (!is_after(time) && pager_.takes(key)) write_row(json);
      return !pager_.done();
    });
    json.close_list();
    write_envelope(call, rows);
  }

 private:
  void write_envelope(Call& call, std::string_view rows) const;

  std::int64_t from_;
  std::int64_t to_;
  gateway::Pager pager_;
};

}  // namespace venuebox::venues::paradex
