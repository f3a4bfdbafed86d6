// A page of a list that Paradex answers: {"next":…,"prev":…,"results":[…]}, newest first, between
// two times.
#pragma once

#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {

// What the query asks for, of all such lists.
class HistoryQuery {
 public:
  // Reads market, start_at, end_at, page_size and cursor.
  explicit HistoryQuery(const Call& call, gateway::Pager::Rows rows = gateway::Pager::Rows::stay);

  Params& params() { return params_; }
  // What is wrong with any parameter that has been read; MARKET_NOT_FOUND.
  std::optional<Refusal> wrong() const;

  bool is_meant(InstrumentId instrument) const { return !market_ || *market_ == instrument; }
  bool is_before(Timestamp time) const { return time.ms() < start_at_; }
  bool holds(Timestamp time) const { return time.ms() >= start_at_ && time.ms() <= end_at_; }

  gateway::Pager& pager() { return pager_; }

 private:
  Params params_;
  std::optional<InstrumentId> market_;
  bool is_unknown_market_ = false;
  std::int64_t start_at_;  // ms
  std::int64_t end_at_;    // ms
  gateway::Pager pager_;
};

// `rows` writes the list.
template <class WriteRows>
void reply_page(Call& call, const gateway::Pager& pager, const WriteRows& rows) {
  std::string results;
  JsonWriter list(results);
  list.open_list();
  rows(list);
  list.close_list();
  JsonWriter json(call.response.body);
  json.open().key("next");
  if (const std::string next = pager.next_cursor(); !next.empty()) {
    json.text(next);
  } else {
    json.null();
  }
  json.key("prev").null().key("results").raw(results).close();
}

// {"results":[…]} of lists that have no pages.
template <class WriteRows>
void reply_results(Call& call, const WriteRows& rows) {
  JsonWriter json(call.response.body);
  json.open().key("results").open_list();
  rows(json);
  json.close_list().close();
}

}  // namespace venuebox::venues::paradex
