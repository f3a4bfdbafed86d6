#include "venues/paradex/codec_history.h"

#include "venues/paradex/find_orders.h"
#include "venues/paradex/history_page.h"
#include "venues/paradex/ids.h"
#include "venues/paradex/rows_account.h"

namespace venuebox::venues::paradex {
namespace {
constexpr int kCallsPerSecond = 120;

void answer_one(Call& call, const std::optional<Order>& order, const VenueError& unknown) {
  if (!order) return void(refuse(call, refusal_of(unknown)));
  call.response.tag.symbol = instrument_of(call.view, order->instrument).symbol;
  JsonWriter json(call.response.body);
  write_order(json, *order, source_of(call));
}

// What else orders-history is narrowed by; empty: not by this.
struct OrderTraits {
  std::string client_id;
  std::string side;
  std::string status;
  std::string type;

  explicit OrderTraits(const Params& params)
      : client_id(params.text("client_id")),
        side(params.text("side")),
        status(params.text("status")),
        type(params.text("type")) {}

  bool fit(const Order& order) const {
    const auto fits = [](std::string_view wanted, std::string_view is) {
      return wanted.empty() || wanted == is;
    };
    return fits(client_id, order.client_order_id.view()) && fits(side, side_text(order.side)) &&
           fits(status, status_text(order)) && fits(type, type_text(order));
  }
};

// Funding that is paid on the occasion of a fill stands directly before it, so directly after it
// when read backwards: a fill is kept until what follows is known.
class FillRows {
 public:
  FillRows(JsonWriter& json, const RowSource& source) : json_(json), source_(source) {}

  void add(const Execution& fill) {
    flush();
    fill_ = fill;
  }
  void add_funding(const Execution& paid) {
    const bool belongs = fill_ && fill_->instrument == paid.instrument && fill_->time == paid.time;
    if (belongs) funding_ += paid.fee.units;
  }
  void flush() {
    if (fill_) write_fill(json_, *fill_, source_, funding_);
    fill_.reset();
    funding_ = 0;
  }

 private:
  JsonWriter& json_;
  const RowSource& source_;
  std::optional<Execution> fill_;
  Int128 funding_ = 0;
};
}  // namespace

gateway::Cost cost_of_query(Call& /*call*/) {
  return {.budget = "private", .per_second = kCallsPerSecond};
}

void answer_open_orders(Call& call) {
  const HistoryQuery query(call);
  if (auto no = query.wrong()) return void(refuse(call, *no));
  const RowSource source = source_of(call);
  reply_results(call, [&](JsonWriter& json) {
    call.view.live_orders(call.account, [&](const Order& order) {
      if (query.is_meant(order.instrument)) write_order(json, order, source);
      return true;
    });
  });
}

void answer_order(Call& call) {
  answer_one(call, find_order(call, argument(call, 0)), kUnknownOrder);
}

void answer_order_by_client_id(Call& call) {
  answer_one(call, find_order_by_client_id(call, argument(call, 0)), kUnknownClientId);
}

// Those that are live stand first.
void answer_orders_history(Call& call) {
  HistoryQuery query(call);
  if (auto no = query.wrong()) return void(refuse(call, *no));
  const OrderTraits traits(query.params());
  const RowSource source = source_of(call);
  gateway::Pager& pager = query.pager();
  reply_page(call, pager, [&](JsonWriter& json) {
    const auto visit = [&](const Order& order) {
      const bool wanted =
          query.is_meant(order.instrument) && query.holds(order.created) && traits.fit(order);
      if (wanted && pager.takes(order.id.raw)) write_order(json, order, source);
      return !pager.done();
    };
    call.view.live_orders(call.account, visit);
    if (!pager.done()) call.view.closed_orders(call.account, visit);
  });
}

void answer_fills(Call& call) {
  HistoryQuery query(call);
  if (auto no = query.wrong()) return void(refuse(call, *no));
  const RowSource source = source_of(call);
  gateway::Pager& pager = query.pager();
  reply_page(call, pager, [&](JsonWriter& json) {
    FillRows rows(json, source);
    call.view.executions(call.account, [&](const Execution& execution) {
      if (execution.kind == ExecutionKind::funding) rows.add_funding(execution);
      if (!is_fill(execution) || !query.is_meant(execution.instrument)) return true;
      if (!query.holds(execution.time)) return true;
      if (pager.takes(execution.id.raw)) rows.add(execution);
      return !pager.done();
    });
    rows.flush();
  });
}

void answer_funding_payments(Call& call) {
  HistoryQuery query(call);
  if (auto no = query.wrong()) return void(refuse(call, *no));
  const RowSource source = source_of(call);
  gateway::Pager& pager = query.pager();
  reply_page(call, pager, [&](JsonWriter& json) {
    std::optional<Execution> fill;  // that was seen last
    call.view.executions(call.account, [&](const Execution& execution) {
      if (is_fill(execution)) fill = execution;
      if (execution.kind != ExecutionKind::funding) return true;
      if (!query.is_meant(execution.instrument) || !query.holds(execution.time)) return true;
      const bool belongs =
          fill && fill->instrument == execution.instrument && fill->time == execution.time;
      if (pager.takes(execution.id.raw)) {
        write_funding_payment(json, execution, belongs ? fill->id : FillId{}, source);
      }
      return !pager.done();
    });
  });
}

void answer_liquidations(Call& call) {
  Params params(call);
  const std::int64_t from = params.integer("from", 0, INT64_MAX, 0);
  const std::int64_t to = params.integer("to", 0, INT64_MAX, INT64_MAX);
  if (auto no = params.wrong()) return void(refuse(call, *no));
  reply_results(call, [&](JsonWriter& json) {
    call.view.closed_orders(call.account, [&](const Order& order) {
      const std::int64_t at = order.created.ms();
      if (order.purpose == OrderPurpose::liquidation && at >= from && at <= to) {
        json.open().number("created_at", at);
        json.text("id", shown_order_id(order.id, call.box_key).view()).close();
      }
      return true;
    });
  });
}

void answer_transfers(Call& call) {
  HistoryQuery query(call);
  if (auto no = query.wrong()) return void(refuse(call, *no));
  const RowSource source = source_of(call);
  const AssetId settle = settlement_asset(call.view).id;
  gateway::Pager& pager = query.pager();
  reply_page(call, pager, [&](JsonWriter& json) {
    call.view.transfers(call.account, [&](const Transfer& transfer) {
      const bool wanted = transfer.amount.asset == settle && query.holds(transfer.time);
      if (wanted && pager.takes(transfer.sequence)) write_transfer(json, transfer, source);
      return !pager.done();
    });
  });
}

void answer_empty_page(Call& call) {
  HistoryQuery query(call);
  if (auto no = query.wrong()) return void(refuse(call, *no));
  reply_page(call, query.pager(), [](JsonWriter&) {});
}

void answer_empty_list(Call& call) {
  reply_results(call, [](JsonWriter&) {});
}

void answer_unknown_algo_order(Call& call) { refuse(call, refusal_of(kUnknownOrder)); }

}  // namespace venuebox::venues::paradex
