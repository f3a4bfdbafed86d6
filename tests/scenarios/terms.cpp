#include "terms.h"

#include <algorithm>

#include <fmt/core.h>

#include "numbers.h"
#include "vocabulary.h"

namespace venuebox::scenarios {
namespace {

struct Reading {
  Words& words;
  const World& world;
  Instrument& terms;
};

struct Term {
  std::string_view name;
  void (*read)(const Reading&);
};

bool read_yes(Words& words) {
  if (words.take("yes")) return true;
  if (!words.take("no")) words.fail("yes or no?");
  return false;
}

// Before the world begins, its assets are known already.
Money read_quote_money(const Reading& r) {
  const auto assets = r.world.view().assets();
  const Asset usdt{World::kUsdt, "USDT", 14};
  return read_money(r.words, r.terms.quote.raw < assets.size() ? assets[r.terms.quote.raw] : usdt);
}

// "tier 2000000 100 0.5%": up to which notional, with how much leverage, keeping which share.
void read_tier(const Reading& r) {
  const auto assets = r.world.view().assets();
  const Asset usdt{World::kUsdt, "USDT", 14};
  RiskTier& tier = r.terms.tiers.emplace_back();
  tier.notional_max =
      read_money(r.words, r.terms.settle.raw < assets.size() ? assets[r.terms.settle.raw] : usdt)
          .units;
  tier.leverage_max = read_within<int>(r.words);
  tier.maintenance = read_rate(r.words);
}

// clang-format off
constexpr Term kTerms[] = {
    {"symbol",                 [](const Reading& r) { r.terms.symbol = r.words.next("a symbol"); }},
    {"kind",                   [](const Reading& r) { r.terms.kind = read_enum<InstrumentKindOf>(r.words); }},
    {"base",                   [](const Reading& r) { r.terms.base = read_asset(r.words, r.world); }},
    {"quote",                  [](const Reading& r) { r.terms.quote = read_asset(r.words, r.world); }},
    {"settle",                 [](const Reading& r) { r.terms.settle = read_asset(r.words, r.world); }},
    {"tick",                   [](const Reading& r) { r.terms.tick = read_step(r.words); }},
    {"lot",                    [](const Reading& r) { r.terms.lot = read_step(r.words); }},
    {"quantity_min",           [](const Reading& r) { r.terms.quantity_min = read_lots(r.words, r.terms); }},
    {"quantity_max",           [](const Reading& r) { r.terms.quantity_max = read_lots(r.words, r.terms); }},
    {"market_quantity_max",    [](const Reading& r) { r.terms.market_quantity_max = read_lots(r.words, r.terms); }},
    {"price_max",              [](const Reading& r) { r.terms.price_max = read_ticks(r.words, r.terms); }},
    {"notional_min",           [](const Reading& r) { r.terms.notional_min = read_quote_money(r); }},
    {"maker_fee",              [](const Reading& r) { r.terms.maker_fee = read_rate(r.words); }},
    {"taker_fee",              [](const Reading& r) { r.terms.taker_fee = read_rate(r.words); }},
    {"leverage_max",           [](const Reading& r) { r.terms.leverage_max = read_within<int>(r.words); }},
    {"open_orders_max",        [](const Reading& r) { r.terms.open_orders_max = read_within<std::uint32_t>(r.words); }},
    {"conditional_orders_max", [](const Reading& r) { r.terms.conditional_orders_max = read_within<std::uint32_t>(r.words); }},
    {"price_band",             [](const Reading& r) { r.terms.price_band = read_rate(r.words); }},
    {"market_protection",      [](const Reading& r) { r.terms.market_protection = read_rate(r.words); }},
    {"accepts_before_risk",    [](const Reading& r) { r.terms.accepts_before_risk = read_yes(r.words); }},
    {"remembers_client_ids",   [](const Reading& r) { r.terms.remembers_client_ids = read_yes(r.words); }},
    {"tier",                   read_tier},
    {"spot_fee",               [](const Reading& r) { r.terms.spot_fee = read_enum<SpotFee>(r.words); }},
    {"liquidation_fee",        [](const Reading& r) { r.terms.liquidation_fee = read_rate(r.words); }},
    {"loss_sharing",           [](const Reading& r) { r.terms.loss_sharing = read_enum<LossSharing>(r.words); }},
    {"funding",                [](const Reading& r) { r.terms.funding.kind = read_enum<FundingKind>(r.words); }},
    {"funding_interval",       [](const Reading& r) { r.terms.funding.interval = read_duration(r.words); }},
    {"funding_interest",       [](const Reading& r) { r.terms.funding.interest = read_rate(r.words); }},
    {"funding_clamp",          [](const Reading& r) { r.terms.funding.clamp = read_rate(r.words); }},
    {"funding_cap",            [](const Reading& r) { r.terms.funding.cap = read_rate(r.words); }},
    {"phase",                  [](const Reading& r) { r.terms.phase = read_enum<TradingPhase>(r.words); }},
};
// clang-format on

}  // namespace

void read_terms(Words& words, const World& world, Instrument& terms) {
  while (!words.at_end()) {
    const std::string_view name = words.next("a term");
    const auto term = std::ranges::find(kTerms, name, &Term::name);
    if (term == std::end(kTerms)) return words.fail_unknown(name);
    term->read({words, world, terms});
  }
}

AssetId read_asset(Words& words, const World& world) {
  const std::string name(words.next("an asset"));
  const Asset* found = world.view().find_asset(name);
  if (found) return found->id;
  if (!world.started() && (name == "BTC" || name == "USDT")) {
    return name == "BTC" ? World::kBtc : World::kUsdt;
  }
  if (name.starts_with('#')) {
    Words raw(std::string_view(name).substr(1));
    const auto id = read_within<std::uint16_t>(raw);
    if (raw.problem().empty()) return AssetId{id};
  }
  words.fail(fmt::format("no asset is called {}", name));
  return {};
}

}  // namespace venuebox::scenarios
