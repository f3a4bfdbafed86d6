#include "venues/paradex/page.h"

namespace venuebox::venues::paradex {
namespace {
constexpr std::int64_t kTimeMaxMs = 1LL << 52;
constexpr std::int64_t kRowsMax = 5'000;
constexpr std::int64_t kRowsUsual = 100;
}  // namespace

Page::Page(Params& params)
    : from_(params.integer("start_at", 0, kTimeMaxMs, 0)),
      to_(params.integer("end_at", 0, kTimeMaxMs, kTimeMaxMs)),
      pager_(params.integer("page_size", 1, kRowsMax, kRowsUsual),
             params.integer("cursor", 1, INT64_MAX, 0), gateway::Pager::Rows::fall) {}

void Page::write_envelope(Call& call, std::string_view rows) const {
  const std::string next = pager_.next_cursor();
  JsonWriter json(call.response.body);
  json.open().key("next");
  if (next.empty()) {
    json.null();
  } else {
    json.text(next);
  }
  json.key("prev").null().key("results").raw(rows).close();
}

}  // namespace venuebox::venues::paradex
