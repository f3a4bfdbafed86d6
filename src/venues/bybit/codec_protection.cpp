#include "venues/bybit/codec_protection.h"

#include "venues/bybit/order_terms.h"
#include "venues/bybit/stop_terms.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::Outcomes;

// The leg of a whole position that stands, whose members stay where the body does not name them.
std::optional<StopTerms> standing(const View& view, const SetPositionStops& command,
                                  OrderPurpose purpose) {
  std::optional<StopTerms> terms;
  view.live_orders(command.account, [&](const Order& order) {
    if (order.instrument != command.instrument || order.purpose != purpose ||
        order.position_side != command.position_side || order.attachment != Attachment::whole ||
        order.status != OrderStatus::untriggered) {
      return true;
    }
    terms = StopTerms{order.trigger->price, order.trigger->source, order.type, order.price};
    return false;
  });
  return terms;
}

std::optional<Refusal> read_trail(Body& body, const Instrument& instrument,
                                  std::optional<Trail>& trailing) {
  const std::string_view offset = body.text("trailingStop");
  const std::string_view activation = body.text("activePrice");
  if (offset.empty()) {
    return is_absent(activation) ? std::nullopt : std::optional(bad_parameter("trailingStop"));
  }
  Trail trail;
  if (!is_absent(offset)) {
    if (auto no = read_ticks(offset, "trailingStop", instrument, trail.offset)) return no;
  }
  if (!is_absent(activation)) {
    if (auto no = read_ticks(activation, "activePrice", instrument, trail.activation)) return no;
  }
  trailing = trail;
  return std::nullopt;
}

// The part of a position that a pair protects: tpSize, slSize, or both, which then are equal.
std::optional<Refusal> read_part(Body& body, const Instrument& instrument,
                                 SetPositionStops& command) {
  Lots sizes[2] = {};
  const std::string_view texts[2] = {body.text("tpSize"), body.text("slSize")};
  const char* const names[2] = {"tpSize", "slSize"};
  const bool wanted[2] = {command.take_profit.has_value(), command.stop_loss.has_value()};
  for (int i = 0; i < 2; ++i) {
    if (!wanted[i]) continue;
    if (texts[i].empty()) return bad_parameter(names[i]);
    if (auto no = read_lots(texts[i], instrument, sizes[i])) return no;
  }
  if (wanted[0] && wanted[1] && sizes[0] != sizes[1]) {
    return Refusal{kParameterError, "params error: tpSize must equal slSize"};
  }
  command.quantity = wanted[0] ? sizes[0] : sizes[1];
  return std::nullopt;
}

std::optional<Refusal> read_legs(const View& view, Body& body, const Instrument& instrument,
                                 SetPositionStops& command) {
  const bool is_whole = command.mode == Attachment::whole;
  const auto read = [&](const StopNames& names, OrderPurpose purpose,
                        std::optional<StopTerms>& stop) {
    const auto now = is_whole ? standing(view, command, purpose) : std::nullopt;
    auto no = read_stop(body, names, instrument, view, now, stop);
    const bool is_limit = stop && stop->type == OrderType::limit;
    // Only a part of a position is closed by a limit order, and only that of a whole taken back.
    if (!no && is_limit && is_whole) no = bad_parameter("tpslMode");
    if (!is_whole && stop && stop->trigger_price.raw == 0) stop.reset();
    return no;
  };
  if (auto no = read(kTakeProfitNames, OrderPurpose::take_profit, command.take_profit)) return no;
  return read(kStopLossNames, OrderPurpose::stop_loss, command.stop_loss);
}

std::optional<Refusal> read_trading_stop(const Call& call, Body& body, SetPositionStops& command) {
  const Instrument* instrument = nullptr;
  const std::string_view category = body.text("category");
  if (auto no = read_instrument(call.view, category, body, instrument)) return no;
  if (instrument->is_spot()) return bad_parameter("category");
  if (auto no = read_position_index(body, *instrument, command.position_side)) return no;
  command.account = call.account;
  command.instrument = instrument->id;
  if (auto no = read_stop_mode(body, command.mode)) return no;
  if (auto no = read_legs(call.view, body, *instrument, command)) return no;
  if (auto no = read_trail(body, *instrument, command.trailing)) return no;
  const bool has_legs = command.take_profit || command.stop_loss;
  if (command.trailing && command.mode == Attachment::partial) {
    if (has_legs) return not_supported("trailingStop beside a part's takeProfit or stopLoss");
    command.mode = Attachment::whole;  // There is only one for the whole position.
  }
  if (!has_legs && !command.trailing) return Refusal{kStopsUnchanged, "not modified"};
  if (command.mode == Attachment::partial) return read_part(body, *instrument, command);
  return std::nullopt;
}
}  // namespace

bool decode_trading_stop(Call& call) {
  return decode_command<SetPositionStops>(call, [&](Body& body, SetPositionStops& command) {
    return read_trading_stop(call, body, command);
  });
}

void encode_trading_stop(Call& call, const Outcomes& outcomes) {
  if (const auto reason = rejection_in(outcomes[0])) {
    switch (*reason) {
      case RejectReason::amend_unchanged:
        return void(refuse(call, {kStopsUnchanged, "not modified"}));
      case RejectReason::reduce_only_without_position:
        return void(refuse(call, {kParameterError, "can not set tp/sl/ts for zero position"}));
      default: return void(refuse(call, refusal_for(*reason, InstrumentKindOf::linear_perpetual)));
    }
  }
  reply_empty(call);
}

}  // namespace venuebox::venues::bybit
