// An account's own news as it is pushed: one row a message.
#include "venues/paradex/ids.h"
#include "venues/paradex/rows_account.h"
#include "venues/paradex/stream_wire.h"

namespace venuebox::venues::paradex {
namespace {
bool carries(const Channel& channel, InstrumentId instrument) {
  return (channel.form & kOfOneMarket) == 0 || channel.instrument == instrument;
}

// `write` gets the writer and where rows come from.
template <class Write>
void tell_row(Publication& publication, const Write& write) {
  std::string data;
  JsonWriter json(data);
  write(json, source_of(publication));
  tell_data(publication, data);
}

void publish_orders(Publication& publication) {
  const auto tell = [&](const Order& order) {
    if (!carries(publication.channel, order.instrument)) return;
    tell_row(publication,
             [&](JsonWriter& json, const RowSource& source) { write_order(json, order, source); });
  };
  if (publication.news) {
    for (const gateway::OrderNews& news : publication.news->orders)
      tell(news.order);
  } else {
    publication.view.live_orders(publication.account,
                                 [&](const Order& order) { return tell(order), true; });
  }
}

// A fill with the funding that was settled on its occasion, which stands directly before it.
// Without a fill: a booking of its own.
struct Booking {
  const Execution* execution;
  Int128 funding = 0;  // paid, settlement units
};

std::vector<Booking> bookings_of(const std::vector<Execution>& executions) {
  std::vector<Booking> bookings;
  for (const Execution& execution : executions) {
    Booking booking{&execution};
    if (is_fill(execution) && !bookings.empty()) {
      const Booking& last = bookings.back();
      const bool is_on_occasion = last.execution->kind == ExecutionKind::funding &&
                                  last.execution->instrument == execution.instrument &&
                                  last.execution->time == execution.time;
      if (is_on_occasion) {
        booking.funding = last.execution->fee.units;
        bookings.pop_back();
      }
    }
    bookings.push_back(booking);
  }
  return bookings;
}

void publish_fills(Publication& publication) {
  for (const Booking& booking : bookings_of(publication.news->executions)) {
    const Execution& fill = *booking.execution;
    if (!is_fill(fill) || !carries(publication.channel, fill.instrument)) continue;
    tell_row(publication, [&](JsonWriter& json, const RowSource& source) {
      write_fill(json, fill, source, booking.funding);
    });
  }
}

void publish_funding_payments(Publication& publication) {
  const std::vector<Execution>& executions = publication.news->executions;
  for (std::size_t i = 0; i < executions.size(); ++i) {
    const Execution& paid = executions[i];
    if (paid.kind != ExecutionKind::funding) continue;
    if (!carries(publication.channel, paid.instrument)) continue;
    const Execution* next = i + 1 < executions.size() ? &executions[i + 1] : nullptr;
    const bool is_on_fill =
        next && is_fill(*next) && next->instrument == paid.instrument && next->time == paid.time;
    tell_row(publication, [&](JsonWriter& json, const RowSource& source) {
      write_funding_payment(json, paid, is_on_fill ? next->id : FillId{}, source);
    });
  }
}

// What a booking did to the balance.
Int128 change_by(const Booking& booking) {
  const Execution& execution = *booking.execution;
  const Int128 profit = is_fill(execution) ? execution.realised_profit.units : Int128{0};
  return profit - execution.fee.units - booking.funding;
}

void write_balance_event(JsonWriter& json, const Booking& booking, Money after,
                         const RowSource& source) {
  const Execution& execution = *booking.execution;
  const bool is_fill_of_it = is_fill(execution);
  const bool is_funding = execution.kind == ExecutionKind::funding;
  const AssetId asset = after.asset;
  const Money none{0, asset};
  const Money funding{is_funding ? -execution.fee.units : -booking.funding, asset};
  json.open().number("created_at", execution.time.ms());
  write_money(json, "fees", is_fill_of_it ? execution.fee : none, source.view);
  json.text("fill_id", is_fill_of_it ? shown_fill_id(execution.id, source.box_key).view()
                                     : std::string_view());
  json.text("funding_index", "");  // That of its time is not kept.
  json.text("market", instrument_of(source.view, execution.instrument).symbol);
  write_money(json, "realized_funding", funding, source.view);
  write_money(json, "realized_pnl", is_fill_of_it ? execution.realised_profit : none, source.view);
  write_money(json, "settlement_asset_balance_after", after, source.view);
  write_money(json, "settlement_asset_balance_before", {after.units - change_by(booking), asset},
              source.view);
  json.text("settlement_asset_price", "1").text("status", "SETTLED");
  json.text("type", is_fill_of_it ? "FILL" : is_funding ? "FUNDING" : "SOCIALIZED_LOSS").close();
}

// Their balances are reckoned back from what the account has now.
void publish_balance_events(Publication& publication) {
  const Asset& asset = settlement_asset(publication.view);
  const std::vector<Booking> bookings = bookings_of(publication.news->executions);
  Money balance = publication.view.balance(publication.account, asset.id).cash;
  for (const Booking& booking : bookings)
    balance.units -= change_by(booking);
  for (const Booking& booking : bookings) {
    balance.units += change_by(booking);
    tell_row(publication, [&](JsonWriter& json, const RowSource& source) {
      write_balance_event(json, booking, balance, source);
    });
  }
}

void publish_positions(Publication& publication) {
  const View& view = publication.view;
  const auto tell = [&](const Position& position) {
    tell_row(publication, [&](JsonWriter& json, const RowSource& source) {
      write_position(json, publication.account, position, source);
    });
  };
  if (publication.news) {
    for (const InstrumentId instrument : publication.news->positions) {
      const Position position = view.position(publication.account, instrument);
      if (position.updated.ns != 0) tell(position);  // It has traded ever.
    }
    return;
  }
  for (const Instrument& instrument : view.instruments()) {
    const Position position = view.position(publication.account, instrument.id);
    if (position.size.raw != 0) tell(position);
  }
}

void publish_account(Publication& publication) {
  const gateway::AccountNews* news = publication.news;
  if (news && !news->balances && news->positions.empty()) return;
  tell_row(publication, [&](JsonWriter& json, const RowSource& source) {
    write_account(json, publication.account, source);
  });
}
}  // namespace

// Without news the present state is told again, where there is one: a fill is no state.
void publish_private(Publication& publication) {
  if (publication.news && publication.news->empty()) publication.news = nullptr;
  const bool has_news = publication.news != nullptr;
  switch (form_of(publication.channel)) {
    case kOrders: return publish_orders(publication);
    case kPositions: return publish_positions(publication);
    case kAccount: return publish_account(publication);
    case kFills: return has_news ? publish_fills(publication) : void();
    case kFundingPayments: return has_news ? publish_funding_payments(publication) : void();
    case kBalanceEvents: return has_news ? publish_balance_events(publication) : void();
    default: return;
  }
}

}  // namespace venuebox::venues::paradex
