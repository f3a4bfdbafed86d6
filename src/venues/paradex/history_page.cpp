#include "venues/paradex/history_page.h"

namespace venuebox::venues::paradex {
namespace {
constexpr std::int64_t kPageSize = 100;
constexpr std::int64_t kPageSizeMax = 5'000;
constexpr std::int64_t kTimeMax = 1LL << 52;  // ms
}  // namespace

HistoryQuery::HistoryQuery(const Call& call, gateway::Pager::Rows rows)
    : params_(call),
      start_at_(params_.integer("start_at", 0, kTimeMax, 0)),
      end_at_(params_.integer("end_at", 0, kTimeMax, kTimeMax)),
      pager_(params_.integer("page_size", 1, kPageSizeMax, kPageSize),
             params_.integer("cursor", 1, INT64_MAX, 0), rows) {
  const std::string symbol = params_.text("market");
  if (symbol.empty()) return;
  if (const Instrument* instrument = find_market(call, symbol)) {
    market_ = instrument->id;
  } else {
    is_unknown_market_ = true;
  }
}

std::optional<Refusal> HistoryQuery::wrong() const {
  if (auto no = params_.wrong()) return no;
  if (is_unknown_market_) return refusal_of(kUnknownMarket);
  return std::nullopt;
}

}  // namespace venuebox::venues::paradex
