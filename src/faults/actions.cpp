#include "faults/actions.h"

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace venuebox::faults {
namespace {
constexpr std::int64_t kPpb = 1'000'000'000;
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;

constexpr Parameter whole(std::string_view name, std::int64_t least, std::int64_t most,
                          std::int64_t standard, std::string_view doc) {
  return {name, ParameterType::whole, least, most, standard, {}, doc};
}
constexpr Parameter ratio(std::string_view name, std::int64_t least, std::int64_t most,
                          std::int64_t standard, std::string_view doc) {
  return {name, ParameterType::ratio, least, most, standard, {}, doc};
}
constexpr Parameter flag(std::string_view name, bool standard, std::string_view doc) {
  return {name, ParameterType::flag, 0, 1, standard ? 1 : 0, {}, doc};
}
constexpr Parameter choice(std::string_view name, std::string_view choices, std::string_view doc) {
  return {name, ParameterType::choice, 0, 0, 0, choices, doc};
}
constexpr Parameter text(std::string_view name, std::string_view doc) {
  return {name, ParameterType::text, 0, 256, 0, {}, doc};
}
// Once it has struck, it strikes every occasion for so long, whatever its trigger says.
constexpr Parameter lasts(std::int64_t standard_ms, std::int64_t most_ms = 30 * kDayMs) {
  return whole("lasts_ms", 0, most_ms, standard_ms,
               "how long it goes on once it has struck; 0: this occasion only");
}
constexpr Parameter retry_after() {
  return whole("retry_after_ms", 0, kDayMs, 0,
               "the wait that clients are told; 0: what is left, where that is known");
}
constexpr Parameter ending_status(std::string_view doc) {
  return choice("status", "drawn|502|503|504|520", doc);
}

// clang-format off
constexpr Parameter kLatency[] = {
    choice("distribution", "fixed|normal|lognormal|spikes", "how the delay is drawn"),
    whole("ms", 0, kHourMs, 100, "the delay; the mean of normal, the median of lognormal"),
    whole("deviation_ms", 0, kHourMs, 20, "of normal: its standard deviation"),
    ratio("sigma", 0, 3 * kPpb, kPpb / 2, "of lognormal: the deviation of the delay's logarithm"),
    whole("spike_ms", 0, kHourMs, 2'000, "of spikes: the delay of a spike"),
    ratio("spike_probability", 0, kPpb, kPpb / 100, "of spikes: how often the delay is a spike"),
    whole("max_ms", 0, kHourMs, 60'000, "no delay is longer")};
constexpr Parameter kBandwidth[] = {
    whole("bytes_per_s", 1, 1'000'000'000, 1'024, "how fast the answer is sent")};
constexpr Parameter kSlowDrip[] = {
    whole("bytes", 1, 65'536, 1, "how much is sent at a time"),
    whole("every_ms", 1, 60'000, 100, "the time between two pieces")};
constexpr Parameter kHang[] = {
    choice("at", "answer|connect|body", "what stays out: the whole answer, the connection, or what follows the headers; to a client that is connected the first two are alike"),
    whole("hold_ms", 0, kDayMs, 0, "then the answer comes after all, to what was carried out at once; 0: never")};
constexpr Parameter kReset[] = {
    choice("at", "before|during|after|body", "before the request is read, while it is read, after it was carried out, or within the answer's body; before and during, it is not carried out"),
    whole("after_bytes", 0, 1'000'000'000, 0, "of body: so many of its bytes still pass")};
constexpr Parameter kHalfClose[] = {
    whole("after_bytes", 0, 1'000'000'000, 0, "so many bytes of the answer still pass")};
constexpr Parameter kTruncated[] = {
    ratio("keep", 0, kPpb - 1, kPpb / 2, "the part of the body that is sent")};
constexpr Parameter kGarbage[] = {
    choice("kind", "bytes|broken_gzip|text", "random bytes, gzip that does not unpack, or text that is no JSON"),
    whole("bytes", 1, 65'536, 64, "the size of random bytes and of text")};
constexpr Parameter kWrongLength[] = {
    whole("by", -1'000'000, 1'000'000, 10, "how far Content-Length is from the body's size")};
constexpr Parameter kHtmlErrorPage[] = {
    ending_status("the status, and the page that belongs to it"),
    choice("proxy", "cloudflare|nginx", "in whose words; 520 is cloudflare's alone")};
constexpr Parameter kEmptyBody[] = {whole("status", 200, 599, 200, "the status of the answer")};

constexpr Parameter kDuplicate[] = {
    whole("copies", 1, 100, 1, "how often the frame is sent again"),
    whole("after_ms", 0, kDayMs, 0, "after how long")};
constexpr Parameter kDelay[] = {
    whole("ms", 0, kHourMs, 1'000, "the delay"),
    whole("jitter_ms", 0, kHourMs, 0, "up to so much more, drawn; what overtakes is then out of order")};
constexpr Parameter kReorder[] = {
    whole("by", 1, 100, 1, "so many later frames go first"),
    whole("within_ms", 1, kHourMs, 1'000, "the frame goes after so long, even if fewer came")};
constexpr Parameter kCorrupt[] = {
    choice("kind", "bytes|truncated|not_utf8", "some bytes changed, the end cut off, or a byte that is no UTF-8"),
    whole("bytes", 1, 1'000, 1, "of bytes: how many are changed")};
constexpr Parameter kSequenceGap[] = {whole("by", 1, 1'000'000, 1, "how many numbers are left out")};
constexpr Parameter kSequenceReset[] = {
    whole("to", 0, 1'000'000'000, 1, "the number it begins again with"),
    flag("snapshot", true, "whether a snapshot that nobody asked for comes with it")};
constexpr Parameter kStall[] = {lasts(60'000)};
constexpr Parameter kSilence[] = {lasts(kHourMs)};
constexpr Parameter kClose[] = {
    whole("code", 1'000, 4'999, 1'011, "the close code; 1006: the connection ends without one"),
    text("reason", "the close reason; empty: the venue's own")};
constexpr Parameter kRefuseSubscription[] = {
    choice("how", "error|silent|acknowledged", "the venue's error, no word at all, or an acknowledgement with nothing to follow")};

constexpr Parameter kExpireAuth[] = {lasts(0)};
constexpr Parameter kRevokeKey[] = {lasts(kDayMs)};
constexpr Parameter kClockSkew[] = {
    whole("ms", -kDayMs, kDayMs, 10'000, "how far the venue's clock is ahead of its own")};
constexpr Parameter kRejectNonce[] = {
    choice("kind", "too_old|duplicate|gap", "what is said of the nonce or timestamp")};
constexpr Parameter kAuthenticationFailure[] = {
    choice("kind", "signature|unknown_key|address|permission", "a wrong signature, a key nobody has, an address that is not allowed, or a read-only key")};

constexpr Parameter kRateLimit[] = {
    whole("threshold", 0, 10'000, 10, "calls of an account that pass in the window; 0: each call it strikes is refused. The default is 0 where the trigger draws or counts"),
    whole("window_ms", 1, kDayMs, 60'000, "the window, which rolls"),
    retry_after()};
constexpr Parameter kBan[] = {
    lasts(120'000),
    whole("after_ignored", 0, 10'000, 0, "so many occasions pass before; with a rate limit as `with`, refusals that were ignored"),
    choice("scope", "account|address", "who is banned")};
constexpr Parameter kBudgetSpent[] = {
    whole("budget", 0, 10'000'000, 0, "calls of an account that pass before it is spent"),
    whole("refill_ms", 1, kDayMs, 10'000, "then one call passes in each so long"),
    flag("cancels_pass", true, "whether cancelling is allowed all the same")};
constexpr Parameter kMaintenance[] = {
    choice("phase", "closed|announced|cancel_only|post_only", "which phase, where no times are given"),
    whole("announced_ms", 0, 30 * kDayMs, 0, "announced for so long, while all goes on"),
    whole("closed_ms", 0, 30 * kDayMs, 0, "then closed"),
    whole("cancel_only_ms", 0, 30 * kDayMs, 0, "then cancels only"),
    whole("post_only_ms", 0, 30 * kDayMs, 0, "then post-only orders only; then open"),
    text("message", "what clients are told; empty: the venue's own words"),
    retry_after()};
constexpr Parameter kOverloaded[] = {lasts(0), retry_after()};
constexpr Parameter kUnknownOutcome[] = {
    ratio("accepted", 0, kPpb, kPpb / 2, "how often the request was carried out all the same"),
    choice("status", "500|502|503|504", "of the answer")};
constexpr Parameter kResponseLost[] = {
    choice("how", "reset|timeout|502|504", "how the answer to what was carried out is lost"),
    whole("hold_ms", 0, kDayMs, 0, "of timeout: how long the connection stays open; 0: until the client ends it")};
constexpr Parameter kErrorAlthoughAccepted[] = {
    choice("how", "error|rate_limited|overloaded", "which error is told of what was carried out")};
constexpr Parameter kInvalidOrder[] = {
    choice("reason", "contradictory_terms|quantity_too_small|quantity_too_large|price_outside_band|notional_too_small|instrument_post_only|reduce_only_without_position|no_liquidity|duplicate_client_order_id|too_many_open_orders", "why, in the words of RejectReason")};
constexpr Parameter kStaleData[] = {
    whole("age_ms", 1, kDayMs, 30'000, "how old the data are"),
    flag("time_frozen", true, "whether the times in it stand still as well"),
    lasts(0)};
constexpr Parameter kHistoryGap[] = {
    whole("hide_ms", 1, kDayMs, 5'000, "what is younger is not listed yet"),
    flag("cursor_repeats", false, "whether the next page is the same page again")};
constexpr Parameter kBalanceMismatch[] = {
    choice("kind", "lag|zero", "balances as they were, or zero"),
    whole("lag_ms", 1, kHourMs, 5'000, "of lag: as they were so long ago"),
    lasts(0)};
constexpr Parameter kSchemaDrift[] = {
    choice("kind", "drawn|extra_field|null|string_for_number|missing_field|unknown_value", "what differs from the documented shape"),
    text("field", "the field it happens to; empty: drawn")};

constexpr Parameter kPartialFill[] = {
    ratio("fill_ratio", 1, kPpb - 1, 3 * kPpb / 10, "the part of the order that is filled; the rest stays open")};
constexpr Parameter kSlippage[] = {
    ratio("max_slippage", 0, kPpb, kPpb / 100, "the price is worse by up to this part of it, drawn")};
constexpr Parameter kDelayedFill[] = {
    whole("ms", 1, kDayMs, 5'000, "how long after its acknowledgement an order is filled")};
constexpr Parameter kRejectAfterAck[] = {
    whole("after_ms", 0, kHourMs, 100, "how long after its acknowledgement an order is cancelled by the venue")};
constexpr Parameter kCancelFillRace[] = {
    ratio("fill_ratio", 1, kPpb, kPpb, "the part that is filled before the cancel is looked at")};
constexpr Parameter kAmendRace[] = {
    ratio("fill_ratio", 1, kPpb - 1, kPpb / 2, "the part that is filled before the amendment is looked at")};
constexpr Parameter kDuplicateExecution[] = {
    whole("after_ms", 0, kDayMs, 0, "how long after the first it is told again"),
    flag("on_reconnect", false, "whether it is told again when the client connects next")};
constexpr Parameter kCancelAllByVenue[] = {
    choice("scope", "account|instrument|everybody", "whose orders are cancelled")};
constexpr Parameter kLiquidation[] = {
    ratio("ratio", 1, kPpb, kPpb, "the part of the position that is closed; only 1 is possible here")};
constexpr Parameter kAdl[] = {
    ratio("ratio", 1, kPpb, kPpb / 2, "the part of the position that is taken over")};
constexpr Parameter kFundingSpike[] = {
    ratio("rate", -kPpb, kPpb, 3 * kPpb / 100, "the rate of the next funding, at most the instrument's cap; negative: shorts pay"),
    whole("interval_ms", 0, kDayMs, 0, "the funding interval from then on, in whole minutes, for good; 0: as it was")};
constexpr Parameter kPriceAnomaly[] = {
    choice("price", "mark|index", "which price"),
    choice("kind", "moved|zero|frozen", "moved, as far down as prices go, or standing still"),
    ratio("by", -kPpb, 10 * kPpb, -3 * kPpb / 10, "of moved: by this part of it"),
    lasts(60'000)};
constexpr Parameter kFilterChange[] = {
    whole("tick_factor", 1, 1'000, 10, "the tick size is the listed one times this"),
    whole("lot_factor", 1, 1'000, 10, "the lot size is the listed one times this"),
    text("notional_min", "the least notional of an order in quote, a decimal number; empty: as it was. Inverse perpetuals have none")};
constexpr Parameter kDelist[] = {
    choice("settle", "mark|index|zero", "at which price positions are closed; zero is the least price there is. Mark is that of the end, index that of the strike"),
    whole("notice_ms", 0, 30 * kDayMs, 0, "how long after the strike it ends")};
constexpr Parameter kHalt[] = {
    choice("phase", "halted|cancel_only|post_only", "what is still allowed"),
    lasts(60'000)};

constexpr Parameter kRandom[] = {
    ratio("base_failure_rate", 0, kPpb, kPpb / 10, "how often one of them strikes")};
constexpr Parameter kMixed[] = {
    ratio("base_failure_rate", 0, kPpb, 24 * kPpb / 100, "how often one of them strikes; the shares grow and shrink with it")};

constexpr Layers kConnection = Layer::http | Layer::stream;
constexpr Layers kEverywhere = Layer::exchange | Layer::trading | kConnection;
using enum Effect;
using enum Transport;
using T = ActionType;
using L = Layer;
using S = Subject;

constexpr ActionInfo kActions[] = {
    {T::latency, "latency", L::http, http, additive, S::anything, kLatency, "The answer comes late.", "delay_ms"},
    {T::bandwidth, "bandwidth", L::http, http, additive, S::answers, kBandwidth, "The answer comes slowly."},
    {T::slow_drip, "slow_drip", L::http, http, additive, S::answers, kSlowDrip, "The answer comes in drops."},
    {T::hang, "hang", kConnection, any, ending, S::anything, kHang, "No answer comes until the client gives up; the request was not carried out."},
    {T::connection_reset, "connection_reset", kConnection, any, ending, S::anything, kReset, "The connection is reset."},
    {T::half_close, "half_close", kConnection, any, ending, S::anything, kHalfClose, "The venue ends its half of the connection, on a stream without a close frame."},
    {T::truncated_body, "truncated_body", L::http, http, ending, S::answers, kTruncated, "The body ends early, under a length that says so of itself."},
    {T::garbage, "garbage", L::http, http, ending, S::answers, kGarbage, "The body is no JSON."},
    {T::wrong_length, "wrong_length", L::http, http, ending, S::answers, kWrongLength, "Content-Length is not the body's."},
    {T::html_error_page, "html_error_page", L::http, http, ending, S::anything, kHtmlErrorPage, "The error page of a proxy in front of the venue, which the request did not get past."},
    {T::empty_body, "empty_body", L::http, http, ending, S::answers, kEmptyBody, "The answer has no body."},

    {T::drop, "drop", L::stream, ws, ending, S::anything, {}, "A frame is not sent."},
    {T::duplicate, "duplicate", L::stream, ws, additive, S::anything, kDuplicate, "A frame is sent again."},
    {T::delay, "delay", L::stream, ws, additive, S::anything, kDelay, "A frame comes late.", "delay_ms"},
    {T::reorder, "reorder", L::stream, ws, additive, S::anything, kReorder, "A frame comes after later ones."},
    {T::corrupt, "corrupt", L::stream, ws, additive, S::anything, kCorrupt, "A frame's content is damaged."},
    {T::sequence_gap, "sequence_gap", L::stream, ws, additive, S::anything, kSequenceGap, "Sequence numbers are left out."},
    {T::sequence_reset, "sequence_reset", L::stream, ws, additive, S::anything, kSequenceReset, "A book's sequence numbers begin again, for all who listen to it.", {}, "book"},
    {T::wrong_checksum, "wrong_checksum", L::stream, ws, additive, S::anything, {}, "A book's checksum is not its own; of venues whose books have none, nothing is.", {}, "book"},
    {T::stall, "stall", L::stream, ws, ending, S::anything, kStall, "Pings are answered, and no data come."},
    {T::silence_channel, "silence_channel", L::stream, ws, ending, S::anything, kSilence, "One channel goes silent while others go on."},
    {T::close, "close", L::stream, ws, ending, S::anything, kClose, "The venue closes the stream."},
    {T::refuse_subscription, "refuse_subscription", L::subscription, ws, ending, S::subscription, kRefuseSubscription, "A subscription fails."},

    {T::expire_auth, "expire_auth", L::door, any, ending, S::signed_requests, kExpireAuth, "The session, token or listen key has expired."},
    {T::revoke_key, "revoke_key", L::door, any, ending, S::signed_requests, kRevokeKey, "The key is no longer valid."},
    {T::clock_skew, "clock_skew", L::clock, any, additive, S::anything, kClockSkew, "The venue's clock is off, by which signatures are judged and times told."},
    {T::reject_nonce, "reject_nonce", L::door, any, ending, S::signed_requests, kRejectNonce, "The nonce is refused."},
    {T::authentication_failure, "authentication_failure", L::door, any, ending, S::signed_requests, kAuthenticationFailure, "Authentication fails."},

    {T::rate_limit, "rate_limit", L::exchange, any, ending, S::anything, kRateLimit, "Too many requests.", "wait_ms"},
    {T::ban, "ban", L::exchange, any, ending, S::anything, kBan, "Banned for a time.", "wait_ms"},
    {T::budget_spent, "budget_spent", L::exchange, any, ending, S::orders, kBudgetSpent, "The budget of actions is spent.", "wait_ms"},
    {T::maintenance, "maintenance", L::exchange, any, ending, S::anything, kMaintenance, "Maintenance: announced, closed, cancel-only, post-only, open again.", "wait_ms"},
    {T::overloaded, "overloaded", L::exchange, any, ending, S::anything, kOverloaded, "The venue is overloaded, and carries nothing out.", "wait_ms"},
    {T::unknown_outcome, "unknown_outcome", L::exchange, any, ending, S::answers, kUnknownOutcome, "A server error that leaves open whether the request was carried out.", "accepted"},
    {T::response_lost, "response_lost", L::exchange, any, ending, S::answers, kResponseLost, "Carried out, and the answer is lost."},
    {T::error_although_accepted, "error_although_accepted", L::exchange, any, ending, S::orders, kErrorAlthoughAccepted, "Carried out, and answered with an error."},
    {T::invalid_order, "invalid_order", L::exchange, any, ending, S::order_entry, kInvalidOrder, "The order is refused as invalid."},
    {T::insufficient_balance, "insufficient_balance", L::exchange, any, ending, S::order_entry, {}, "The order is refused for want of funds."},
    {T::invalid_symbol, "invalid_symbol", L::exchange, any, ending, S::instruments, {}, "The symbol is not known."},
    {T::stale_data, "stale_data", L::exchange, any, additive, S::market_data, kStaleData, "Market data are old."},
    {T::history_gap, "history_gap", L::exchange, any, additive, S::history, kHistoryGap, "Lists lack what is recent."},
    {T::balance_mismatch, "balance_mismatch", L::exchange, any, additive, S::balances, kBalanceMismatch, "Balances and positions told are not the real ones."},
    {T::schema_drift, "schema_drift", L::exchange, any, additive, S::answers, kSchemaDrift, "The answer's shape differs from the documented one."},

    {T::partial_fill, "partial_fill", L::trading, any, additive, S::placing, kPartialFill, "An order is filled in part, and then no more."},
    {T::slippage, "slippage", L::trading, any, additive, S::placing, kSlippage, "An order is filled at a worse price.", "slippage"},
    {T::delayed_fill, "delayed_fill", L::trading, any, additive, S::placing, kDelayedFill, "An order that could be filled is filled later."},
    {T::reject_after_ack, "reject_after_ack", L::trading, any, additive, S::placing, kRejectAfterAck, "An order is acknowledged, and then cancelled by the venue."},
    {T::cancel_fill_race, "cancel_fill_race", L::trading, any, additive, S::cancelling, kCancelFillRace, "A fill comes before the cancel."},
    {T::amend_race, "amend_race", L::trading, any, additive, S::amending, kAmendRace, "A fill comes before the amendment."},
    {T::duplicate_execution, "duplicate_execution", L::stream, ws, additive, S::anything, kDuplicateExecution, "An execution is told twice on the stream; the venue counts it once.", {}, "executions"},
    {T::cancel_all_by_venue, "cancel_all_by_venue", L::trading, any, additive, S::answers, kCancelAllByVenue, "The venue cancels open orders."},
    {T::liquidation, "liquidation", L::trading, any, additive, S::answers, kLiquidation, "The position is liquidated."},
    {T::adl, "adl", L::trading, any, additive, S::answers, kAdl, "The position is taken over by auto-deleveraging."},
    {T::funding_spike, "funding_spike", L::trading, any, additive, S::answers, kFundingSpike, "The funding rate jumps, and the interval may change with it."},
    {T::price_anomaly, "price_anomaly", L::trading, any, additive, S::answers, kPriceAnomaly, "A reference price leaves the market."},
    {T::filter_change, "filter_change", L::trading, any, additive, S::answers, kFilterChange, "Tick size, lot size and least notional change, for good. Orders that rest stay as they are; an instrument whose limits do not allow it keeps its terms."},
    {T::delist, "delist", L::trading, any, additive, S::instruments, kDelist, "The instrument that the request names is delisted, which is for good: its orders are cancelled, its positions closed."},
    {T::halt, "halt", L::trading, any, additive, S::answers, kHalt, "Trading is halted."},

    {T::invalid_response, "invalid_response", L::http, http, ending, S::answers, {}, "A truncated body or garbage, drawn."},
    {T::random, "random", kEverywhere, any, ending, S::anything, kRandom, "One of the named modes, drawn each time, of those that can befall the request."},
    {T::mixed, "mixed", kEverywhere, any, ending, S::anything, kMixed, "Named modes in fixed shares."},
};

constexpr Alias kAliases[] = {
    {"RATE_LIMIT", T::rate_limit},
    {"CONNECTION_ERROR", T::connection_reset},
    {"TIMEOUT", T::hang},
    {"INVALID_ORDER", T::invalid_order},
    {"INSUFFICIENT_BALANCE", T::insufficient_balance},
    {"INVALID_SYMBOL", T::invalid_symbol},
    {"PARTIAL_FILL", T::partial_fill},
    {"PRICE_SLIPPAGE", T::slippage},
    {"INVALID_RESPONSE", T::invalid_response},
    {"MAINTENANCE", T::maintenance},
    {"RANDOM", T::random},
    {"MIXED", T::mixed},
};
// clang-format on

static_assert(std::size(kActions) == kActionTypes);
static_assert([] {
  for (std::size_t i = 0; i < kActionTypes; ++i) {
    if (static_cast<std::size_t>(kActions[i].type) != i) return false;
  }
  return true;
}());

constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
}  // namespace

std::span<const ActionInfo> all_actions() { return kActions; }
std::span<const Alias> all_aliases() { return kAliases; }
const ActionInfo& info_of(ActionType type) { return kActions[static_cast<std::size_t>(type)]; }

std::optional<ActionType> action_from_name(std::string_view name) {
  const auto known = std::ranges::find(kActions, name, &ActionInfo::name);
  if (known != std::end(kActions)) return known->type;
  for (const Alias& alias : kAliases) {
    if (std::ranges::equal(alias.name, name, {}, {}, upper)) return alias.type;
  }
  return std::nullopt;
}

std::optional<std::size_t> find_parameter(const ActionInfo& info, std::string_view name) {
  const auto found = std::ranges::find(info.parameters, name, &Parameter::name);
  if (found == info.parameters.end()) return std::nullopt;
  return static_cast<std::size_t>(found - info.parameters.begin());
}

bool is_within_table(const Action& action) {
  const auto parameters = info_of(action.type).parameters;
  if (action.values.size() != parameters.size()) return false;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].type != ParameterType::choice) continue;
    const std::int64_t place = action.values[i].number;
    if (place < 0 || place >= static_cast<std::int64_t>(choice_count(parameters[i]))) return false;
  }
  return true;
}

std::size_t choice_count(const Parameter& parameter) {
  return static_cast<std::size_t>(std::ranges::count(parameter.choices, '|')) + 1;
}

std::string_view choice_name(const Parameter& parameter, std::size_t place) {
  std::string_view rest = parameter.choices;
  for (; place > 0; --place)
    rest.remove_prefix(rest.find('|') + 1);
  return rest.substr(0, rest.find('|'));
}

std::string_view layer_name(Layers layers) {
  if (layers.meets(Layer::trading) && layers.meets(Layer::http)) return "several";
  if (layers.meets(Layer::http)) return "wire, HTTP";
  if (layers.meets(Layer::stream | Layer::subscription)) return "wire, stream";
  if (layers.meets(Layer::door | Layer::clock)) return "gateway door";
  if (layers.meets(Layer::exchange)) return "exchange";
  return "trading";
}

bool is_compound(ActionType type) {
  return type == T::invalid_response || type == T::random || type == T::mixed;
}

Action default_action(ActionType type) {
  Action action{.type = type};
  for (const Parameter& parameter : info_of(type).parameters)
    action.values.push_back({.number = parameter.standard});
  return action;
}

std::int64_t Action::number(std::string_view parameter) const {
  const auto place = find_parameter(info_of(type), parameter);
  VENUEBOX_ASSERT(place);
  return values[*place].number;
}

std::string_view Action::choice(std::string_view parameter) const {
  const auto place = find_parameter(info_of(type), parameter);
  VENUEBOX_ASSERT(place);
  return choice_name(info_of(type).parameters[*place],
                     static_cast<std::size_t>(values[*place].number));
}

std::string_view Action::text(std::string_view parameter) const {
  const auto place = find_parameter(info_of(type), parameter);
  VENUEBOX_ASSERT(place);
  return values[*place].text;
}

}  // namespace venuebox::faults
