#include "venues/bybit/account_rows.h"

#include <algorithm>

namespace venuebox::venues::bybit {
namespace {
// Bybit counts the tiers of the risk limit from 1.
void write_tier(JsonWriter& json, const RiskTier* tier, const Instrument& instrument,
                const View& view) {
  const RiskTier& known = tier ? *tier : instrument.tiers.front();
  json.number("riskId", &known - instrument.tiers.data() + 1);
  write_money(json, "riskLimitValue", {known.notional_max, instrument.settle}, view);
}

// Where a position ends, in prices that can be ordered at: rounded so that it is not shown as safer
// than it is. Clients take the margin that is kept from the distance of the two, so a price of
// liquidation never stands alone: a position that cannot lose all has the last price there is.
void write_end_prices(JsonWriter& json, const Position& position, const PositionRisk& risk,
                      const Instrument& instrument) {
  const bool is_long = position.size.raw > 0;
  if (!risk.liquidation_price) return write_empty(json, {"liqPrice", "bustPrice"});
  const Ticks last = is_long ? Ticks{1} : instrument.price_max;
  const auto at = [&](std::optional<MarkPrice> mark) {
    return mark ? std::clamp(ticks_from_mark(*mark, is_long), Ticks{1}, instrument.price_max)
                : last;
  };
  write_price(json, "liqPrice", at(risk.liquidation_price), instrument);
  write_price(json, "bustPrice", at(risk.bankruptcy_price), instrument);
}

// Whether what backs a position is no more than what it must keep.
bool is_due(AccountId account, const Position& position, const PositionRisk& risk,
            const Instrument& instrument, const View& view) {
  if (view.margin_mode(account, instrument.id) == MarginMode::isolated) {
    return position.margin.units + risk.unrealised.units <= risk.maintenance.units;
  }
  const MarginSummary margin = view.margin(account, instrument.settle);
  return margin.equity().units <= margin.maintenance.units;
}

void write_open_position(JsonWriter& json, AccountId account, const Position& position,
                         const Instrument& instrument, const View& view,
                         std::string_view entry_key) {
  const bool is_long = position.size.raw > 0;
  const bool is_isolated = view.margin_mode(account, instrument.id) == MarginMode::isolated;
  const PositionRisk risk = view.risk(account, position);
  const Lots size{is_long ? position.size.raw : -position.size.raw};
  const Money entry{magnitude(position.entry_value.units), instrument.settle};
  write_tier(json, risk.tier, instrument, view);
  json.text("side", is_long ? "Buy" : "Sell");
  write_quantity(json, "size", size, instrument);
  write_average(json, entry_key, entry.units, size, instrument);
  write_money(json, "positionValue", entry, view);
  write_money(json, "positionBalance", is_isolated ? position.margin : risk.initial, view);
  write_money(json, "positionIM", risk.initial, view);
  write_money(json, "positionIMByMp", risk.initial, view);
  write_money(json, "positionMM", risk.maintenance, view);
  write_money(json, "positionMMByMp", risk.maintenance, view);
  write_money(json, "unrealisedPnl", risk.unrealised, view);
  write_end_prices(json, position, risk, instrument);
  json.text("positionStatus", is_due(account, position, risk, instrument, view) ? "Liq" : "Normal");
  json.number("adlRankIndicator", risk.deleveraging_rank);
}

void write_flat_position(JsonWriter& json, const Instrument& instrument, const View& view,
                         std::string_view entry_key) {
  write_tier(json, nullptr, instrument, view);
  json.text("side", "").text("size", "0").text(entry_key, "0");
  write_empty(json, {"positionValue", "positionBalance", "positionIM", "positionIMByMp",
                     "positionMM", "positionMMByMp", "unrealisedPnl", "liqPrice", "bustPrice"});
  json.text("positionStatus", "Normal").number("adlRankIndicator", 0);
}

// What stands to protect the whole position; parts have orders of their own and no place here.
struct StandingStops {
  std::optional<Order> take_profit;
  std::optional<Order> stop_loss;
  std::optional<Order> trailing;
};

StandingStops standing_stops(const View& view, AccountId account, const Position& position) {
  StandingStops stops;
  view.live_orders(account, [&](const Order& order) {
    if (order.instrument != position.instrument || order.position_side != position.side) {
      return true;
    }
    if (order.attachment != Attachment::whole || order.status != OrderStatus::untriggered) {
      return true;
    }
    if (order.purpose == OrderPurpose::take_profit) stops.take_profit = order;
    if (order.purpose == OrderPurpose::stop_loss) stops.stop_loss = order;
    if (order.purpose == OrderPurpose::trailing_stop) stops.trailing = order;
    return true;
  });
  return stops;
}

void write_stops(JsonWriter& json, const StandingStops& stops, const Instrument& instrument) {
  const auto price = [](const std::optional<Order>& order) {
    return order ? std::optional(order->trigger->price) : std::nullopt;
  };
  write_price(json, "takeProfit", price(stops.take_profit), instrument);
  write_price(json, "stopLoss", price(stops.stop_loss), instrument);
  if (stops.trailing) {
    write_price(json, "trailingStop", stops.trailing->trigger->trail_offset, instrument);
  } else {
    json.text("trailingStop", "0");
  }
}

void write_realised(JsonWriter& json, const Position& position, const Instrument& instrument,
                    const View& view) {
  const Money nothing{0, instrument.settle};
  const bool traded = position.updated != Timestamp{};
  const Money all = position.realised_profit - position.fees - position.funding;
  write_money(json, "curRealisedPnl", traded ? position.open_realised : nothing, view);
  write_money(json, "cumRealisedPnl", traded ? all : nothing, view);
}
}  // namespace

void write_position_row(JsonWriter& json, AccountId account, const Position& position,
                        const View& view, std::string_view entry_key) {
  const Instrument& instrument = instrument_of(view, position.instrument);
  json.number("positionIdx", position_index(position.side)).text("symbol", instrument.symbol);
  if (position.size.raw == 0) {
    write_flat_position(json, instrument, view, entry_key);
  } else {
    write_open_position(json, account, position, instrument, view, entry_key);
  }
  const auto mark = view.mark_price(instrument.id);
  json.text("markPrice", mark ? mark_text(*mark, instrument) : std::string());
  const MarginMode mode = view.margin_mode(account, instrument.id);
  json.number("tradeMode", mode == MarginMode::isolated ? 1 : 0).number("autoAddMargin", 0);
  json.number_text("leverage", view.leverage(account, instrument.id));
  write_empty(json,
              {"breakEvenPrice", "mmrSysUpdatedTime", "leverageSysUpdatedTime", "sessionAvgPrice"});
  write_stops(json, standing_stops(view, account, position), instrument);
  json.text("tpslMode", "Full").boolean("isReduceOnly", false);
  write_realised(json, position, instrument, view);
  json.number("seq", static_cast<std::int64_t>(view.book_version(instrument.id)));
  json.number_text("createdTime", position.opened.ms());
  json.number_text("updatedTime", position.updated.ms());
  json.number("openTime", position.opened.ms() / 1'000);
}

MarginMode account_margin_mode(AccountId account, const View& view) {
  for (const Instrument& instrument : view.instruments()) {
    if (!instrument.is_spot()) return view.margin_mode(account, instrument.id);
  }
  return MarginMode::cross;
}

Money closing_fee(const Execution& execution) {
  const Int128 closed = multiply(execution.fee.units, execution.closed.raw);
  return {div_half_even(closed, execution.quantity.raw), execution.fee.asset};
}

}  // namespace venuebox::venues::bybit
