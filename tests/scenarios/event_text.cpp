#include "event_text.h"

#include <algorithm>

#include <fmt/core.h>

#include "diff.h"
#include "numbers.h"
#include "vocabulary.h"

namespace venuebox::scenarios {
namespace {

// One function per event: its head, and the details of those that have some.
struct Writer {
  const World& world;
  Properties details;

  const Instrument& terms_of(OrderId order) const {
    const OrderLabel* label = world.find_label(order);
    return world.terms(label ? label->instrument : world.instrument);
  }

  std::string operator()(const OrderAccepted& e) {
    details = properties_of(e.order, world);
    return fmt::format("accepted {}", world.label(e.order.id));
  }
  std::string operator()(const Fill& e) {
    details = properties_of(e, world);
    const Instrument& terms = world.terms(e.instrument);
    return fmt::format("fill {} with {} {} at {}", world.label(e.taker.order),
                       world.label(e.maker.order), text_of(e.quantity, terms),
                       text_of(e.price, terms));
  }
  std::string operator()(const OrderRested& e) {
    return fmt::format("rested {} {}", world.label(e.order),
                       text_of(e.remaining, terms_of(e.order)));
  }
  std::string operator()(const OrderCancelled& e) {
    return fmt::format("cancelled {} {} {}", world.label(e.order), word_of(e.reason),
                       text_of(e.remaining, terms_of(e.order)));
  }
  std::string operator()(const OrderAmended& e) {
    const Instrument& terms = terms_of(e.order);
    std::string out =
        fmt::format("amended {} {}", world.label(e.order), text_of(e.quantity, terms));
    if (e.price != Ticks{}) out += " at " + text_of(e.price, terms);
    if (e.trigger_price != Ticks{}) out += " trigger " + text_of(e.trigger_price, terms);
    return e.kept_place ? out : out + " to-back";
  }
  std::string operator()(const OrderTriggered& e) {
    return fmt::format("triggered {}", world.label(e.order));
  }
  std::string operator()(const Rejected& e) {
    details.add("account", world.label(e.account));
    return fmt::format("rejected {}", name_of(e.reason));
  }
  std::string operator()(const BatchEntry& e) { return fmt::format("entry {}", e.index); }
  std::string operator()(const LeverageChanged& e) {
    return fmt::format("leverage {} {} {}", world.label(e.account), e.leverage,
                       world.label(e.instrument));
  }
  std::string operator()(const MarginModeChanged& e) {
    return fmt::format("margin {} {} {}", world.label(e.account), word_of(e.mode),
                       world.label(e.instrument));
  }
  std::string operator()(const PositionModeChanged& e) {
    return fmt::format("mode {} {} {}", world.label(e.account), word_of(e.mode),
                       world.label(e.instrument));
  }
  std::string operator()(const MarginChanged& e) {
    return fmt::format("set-aside {} {}{} {}", world.label(e.account), world.label(e.instrument),
                       side_text(e.position_side), money_text(e.change, world));
  }
  std::string operator()(const FeeRatesChanged& e) {
    return fmt::format("fees {} {} {} {}", world.label(e.account), word_of(e.kind),
                       text_of(e.rates.maker), text_of(e.rates.taker));
  }
  std::string operator()(const FundingSettled& e) {
    return fmt::format("funding {} {} at {}", world.label(e.instrument), text_of(e.rate),
                       mark_text(e.mark, world.terms(e.instrument)));
  }
  std::string operator()(const FundingPaid& e) {
    details.add("size", text_of(e.size, world.terms(e.instrument)));
    return fmt::format("paid {} {}{} {}", world.label(e.account), world.label(e.instrument),
                       side_text(e.position_side), money_text(e.amount, world));
  }
  std::string operator()(const LiquidationBegan& e) {
    details.add("equity", money_text(e.equity, world));
    details.add("maintenance", money_text(e.maintenance, world));
    return fmt::format(
        "liquidation {} {}", world.label(e.account),
        e.instrument ? world.label(*e.instrument) : world.asset(e.equity.asset).name);
  }
  std::string operator()(const LossShared& e) {
    return fmt::format("loss-shared {} {} {}", world.label(e.account), world.label(e.instrument),
                       money_text(e.amount, world));
  }
  std::string operator()(const Transferred& e) {
    return fmt::format("transferred {} {} {} {}", world.label(e.account), world.label(e.to),
                       money_text(e.amount, world), world.asset(e.amount.asset).name);
  }
  static std::string side_text(PositionSide side) {
    return side == PositionSide::both ? "" : fmt::format(" {}", word_of(side));
  }
  std::string operator()(const Deposited& e) {
    return fmt::format("deposited {} {} {}", world.label(e.account), money_text(e.amount, world),
                       world.asset(e.amount.asset).name);
  }
  std::string operator()(const AccountOpened& e) {
    details.add("kind", std::string(word_of(e.kind)));
    return fmt::format("opened {}", world.label(e.account));
  }
  std::string operator()(const InstrumentListed& e) {
    return fmt::format("listed {}", world.label(e.instrument));
  }
  std::string operator()(const InstrumentPhaseChanged& e) {
    return fmt::format("phase {} {}", world.label(e.instrument), word_of(e.phase));
  }
  std::string operator()(const TermsChanged& e) {
    const Instrument& terms = world.terms(e.instrument);
    details.add("tick", fmt::to_string(e.tick_multiple));
    details.add("lot", fmt::to_string(e.lot_multiple));
    details.add("notional-min", money_text(e.notional_min, world));
    details.add("funding-interval", fmt::to_string(e.funding_interval.raw / seconds(1).raw));
    return fmt::format("terms {}", world.label(terms.id));
  }
  std::string operator()(const IndexPriceChanged& e) {
    return fmt::format("index {} {}", world.label(e.instrument),
                       mark_text(e.price, world.terms(e.instrument)));
  }
  std::string operator()(const DeadManSwitchArmed& e) {
    if (e.due == kNever) return fmt::format("disarmed {}", world.label(e.account));
    return fmt::format("armed {} {}", world.label(e.account), due_text(e.due, world));
  }
};

// An expected line in canonical words, so that "60000.0" meets "60000".
std::string canonical_line(std::string_view text) {
  std::string out;
  for (Words words(text); !words.at_end();) {
    const std::string word = canonical(words.next("a word"));
    if (!out.empty()) out += ' ';
    const bool needs_quotes = word.empty() || word.find(' ') != std::string::npos;
    out += needs_quotes ? '"' + word + '"' : word;
  }
  return out;
}

// What an expectation says behind the head; nothing if it speaks of another event.
std::optional<std::string_view> behind_head(std::string_view expected, std::string_view head) {
  if (!expected.starts_with(head)) return std::nullopt;
  expected.remove_prefix(head.size());
  if (!expected.empty() && expected.front() != ' ') return std::nullopt;
  return expected;
}

struct Match {
  bool holds = false;
  std::string actual;   // the event with the details that were asked for
  std::string problem;  // with the words of the expectation
};

Match match(std::string_view expected, const EventText& event) {
  const auto rest = behind_head(expected, event.head);
  // Of an event without details the head is all; more words make it another one.
  if (!rest || (!rest->empty() && event.details.empty())) return {false, event.head, {}};
  Words words(*rest);
  Match result{true, event.head, {}};
  for (const Claim& claim : read_claims(words, event.details)) {
    result.holds = result.holds && claim.holds();
    result.actual += " " + claim.actual;
  }
  result.problem = words.problem();
  return result;
}

constexpr std::string_view kEventWords[] = {
    "accepted", "fill",        "rested",      "cancelled",   "amended",   "triggered", "rejected",
    "entry",    "leverage",    "deposited",   "opened",      "listed",    "phase",     "index",
    "armed",    "disarmed",    "margin",      "mode",        "set-aside", "fees",      "funding",
    "paid",     "liquidation", "loss-shared", "transferred", "terms"};

bool is_event_word(std::string_view word) {
  return std::ranges::find(kEventWords, word) != std::end(kEventWords);
}

std::vector<std::string> heads(std::span<const Event> events, const World& world) {
  std::vector<std::string> out;
  for (const Event& event : events)
    out.push_back(text_of(event, world).head);
  return out;
}

}  // namespace

EventText text_of(const Event& event, const World& world) {
  Writer writer{world, {}};
  std::string head = std::visit(writer, event);
  return {std::move(head), std::move(writer.details)};
}

Problem unmet_events(int action_line, std::span<const Line> expected, std::span<const Event> events,
                     const World& world) {
  const bool expects_nothing = expected.size() == 1 && expected[0].text == "nothing";
  if (expects_nothing) expected = {};
  std::vector<EventText> happened;
  for (const Event& event : events)
    happened.push_back(text_of(event, world));
  std::vector<std::string> wanted, actual = heads(events, world);
  std::vector<std::vector<bool>> holds;
  for (const Line& line : expected) {
    const std::string_view word = Words(line.text).peek();
    if (!is_event_word(word)) return {line.number, fmt::format("unknown event: {}", word)};
    wanted.push_back(canonical_line(line.text));
    auto& row = holds.emplace_back();
    for (std::size_t i = 0; i < actual.size(); ++i) {
      const Match result = match(wanted.back(), happened[i]);
      if (!result.problem.empty()) return {line.number, result.problem};
      row.push_back(result.holds);
      if (!result.holds && result.actual.size() > actual[i].size()) actual[i] = result.actual;
    }
  }
  bool all = wanted.size() == actual.size();
  for (std::size_t i = 0; i < wanted.size() && all; ++i)
    all = holds[i][i];
  if (all) return {};
  return {action_line, diff_text(wanted, actual, [&](std::size_t i, std::size_t j) -> bool {
            return holds[i][j];
          })};
}

std::string diff_text(std::span<const Event> expected, std::span<const Event> actual,
                      const World& world) {
  const auto left = heads(expected, world), right = heads(actual, world);
  return diff_text(left, right);
}

std::string list_text(std::span<const Event> events, const World& world) {
  const bool is_batch = !events.empty() && std::holds_alternative<BatchEntry>(events.front());
  std::string out;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const bool refused = std::holds_alternative<Rejected>(events[i]);
    if (is_batch && !refused) continue;
    if (is_batch) out += "  + " + text_of(events[i - 1], world).head + "\n";
    out += "  + " + text_of(events[i], world).head + "\n";
  }
  return out;
}

}  // namespace venuebox::scenarios
