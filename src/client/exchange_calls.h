// What all calls of an Exchange share: refusing here, asking, reading, and going on with the next
// page. For the files of exchange_*.cpp only, one per subject.
#pragma once

#include <fmt/format.h>

#include "client/exchange.h"

namespace venuebox::client {

inline constexpr int kPagesMax = 20;  // of one list

inline constexpr const char* kNotLoaded = "markets are not loaded yet; call load_markets first";

// What a failed call means to its caller.
template <class T>
Reply<T> failure_of(const CallOutcome& outcome) {
  return {.kind = outcome.kind,
          .value = std::nullopt,
          .verdict = outcome.answer.verdict,
          .text = outcome.text,
          .transport_error = outcome.transport_error,
          .retry_after = outcome.answer.retry_after};
}

template <class T>
void Exchange::refuse(std::string text, const Then<T>& then) {
  scheduler_.after({}, [alive = alive_, then, text = std::move(text)] {
    if (*alive)
      then(Reply<T>{.kind = CallOutcome::Kind::refused, .value = std::nullopt, .text = text});
  });
}

template <class T>
const unified::Market* Exchange::find_or_refuse(std::string_view symbol, const Then<T>& then) {
  const unified::Market* market = find(symbol);
  if (!market) {
    refuse<T>(markets_.empty() ? std::string(kNotLoaded)
                               : fmt::format("{} lists no market '{}'; load_markets tells which",
                                             dialect_.name, symbol),
              then);
  }
  return market;
}

// An answer that does not hold what it must is as good as none.
template <class T, class Read>
void Exchange::ask(gateway::ClientRequest request, bool is_trading, Read read, Then<T> then) {
  caller_.call(std::move(request), is_trading,
               [read, is_trading, then = std::move(then)](CallOutcome outcome) {
                 if (outcome.kind != CallOutcome::Kind::answered)
                   return then(failure_of<T>(outcome));
                 Result<T> value = read(outcome.response);
                 if (value)
                   return then({.kind = CallOutcome::Kind::answered, .value = std::move(*value)});
                 then({.kind = is_trading ? CallOutcome::Kind::unknown : CallOutcome::Kind::refused,
                       .value = std::nullopt,
                       .verdict = gateway::Verdict::garbled,
                       .text = value.error().text()});
               });
}

template <class Row, class Read>
void Exchange::ask_pages(gateway::ClientRequest request, Read read, std::vector<Row> rows,
                         int pages, Then<std::vector<Row>> then) {
  caller_.call(request, false,
               [this, request, read, rows = std::move(rows), pages,
                then = std::move(then)](CallOutcome outcome) mutable {
                 if (outcome.kind != CallOutcome::Kind::answered)
                   return then(failure_of<std::vector<Row>>(outcome));
                 Result<std::vector<Row>> page = read(outcome.response);
                 if (!page) {
                   return then({.kind = CallOutcome::Kind::refused,
                                .value = std::nullopt,
                                .verdict = gateway::Verdict::garbled,
                                .text = page.error().text()});
                 }
                 rows.insert(rows.end(), std::make_move_iterator(page->begin()),
                             std::make_move_iterator(page->end()));
                 auto next = dialect_.next_page ? dialect_.next_page(request, outcome.response)
                                                : std::nullopt;
                 if (next && pages < kPagesMax) {
                   return ask_pages<Row>(std::move(*next), read, std::move(rows), pages + 1,
                                         std::move(then));
                 }
                 then({.kind = CallOutcome::Kind::answered,
                       .value = std::move(rows),
                       .is_cut = next.has_value()});
               });
}

}  // namespace venuebox::client
