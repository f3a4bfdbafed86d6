// Instruments come and go: what an exchange lists at its start and while the box runs, and what
// ends.
#include <fmt/core.h>

#include "box/box.h"
#include "market/fair_prices.h"
#include "market/makers.h"

namespace venuebox::box {
namespace {
constexpr std::size_t kInstrumentsMax = 2'000;  // of one exchange

Asset asset_of(Desk& desk, const std::string& name) {
  if (const Asset* known = desk.view().find_asset(name)) return *known;
  const Asset added{AssetId{static_cast<std::uint16_t>(desk.view().assets().size())}, name};
  desk.execute(AddAsset{added});
  return added;
}

// The listing's terms as this exchange would number them, checked. Assets that are not there yet
// would be the next.
Result<Instrument> terms_of(const View& view, const gateway::Listing& listing) {
  auto next = static_cast<std::uint16_t>(view.assets().size());
  const auto asset = [&](const std::string& name) {
    const Asset* known = view.find_asset(name);
    return known ? *known : Asset{AssetId{next++}, name};
  };
  const Asset base = asset(listing.base);
  const Asset quote = asset(listing.quote);
  Instrument terms = listing.terms;
  terms.id = InstrumentId{static_cast<std::uint32_t>(view.instruments().size())};
  terms.base = base.id;
  terms.quote = quote.id;
  terms.settle = listing.settle == listing.base ? base.id : quote.id;
  terms.notional_min.asset = quote.id;
  return checked_listing(terms, base, quote);
}
}  // namespace

Result<InstrumentId> Box::list(Exchange& exchange, const gateway::Listing& listing) {
  Desk& desk = exchange.market_desk();
  const auto terms = terms_of(desk.view(), listing);
  if (!terms) return terms.error();
  for (const std::string* name : {&listing.base, &listing.quote})
    asset_of(desk, *name);
  const auto events = desk.execute(ListInstrument{*terms});
  if (rejection_in(events)) return invalid(terms->symbol, "cannot be listed");
  return terms->id;
}

Result<void> Box::check_listing(std::size_t exchange, const gateway::Listing& listing,
                                Ticks price) const {
  const View& view = exchanges_[exchange]->engine();
  const Instrument& terms = listing.terms;
  if (const Instrument* known = view.find_instrument(terms.symbol, terms.kind)) {
    const bool is_gone = known->phase == TradingPhase::delisted;
    return Error{ErrorKind::conflict, "symbol",
                 fmt::format("'{}' {}; choose another symbol", terms.symbol,
                             is_gone ? "was delisted, which is for good" : "is listed already")};
  }
  if (view.instruments().size() >= kInstrumentsMax) {
    return invalid("symbol", fmt::format("a venue lists at most {} instruments", kInstrumentsMax));
  }
  if (listing.base == listing.quote) return invalid("quote", "is the base asset itself");
  const bool is_inverse = terms.kind == InstrumentKindOf::inverse_perpetual;
  if (listing.settle != (is_inverse ? listing.base : listing.quote)) {
    return invalid("settle",
                   fmt::format("must be the {} asset of this kind", is_inverse ? "base" : "quote"));
  }
  if (price.raw != 0) {
    if (config_.market.kind == market::MarketSpec::Kind::pinned) {
      return invalid("price", "this market is pinned: leave it out, and set a quote");
    }
    for (const auto& other : exchanges_) {
      if (other->market()->fair_price(listing.base)) {
        return Error{
            ErrorKind::conflict, "price",
            fmt::format("'{}' has a price in this box already; leave it out", listing.base)};
      }
    }
  }
  if (auto checked = terms_of(view, listing); !checked) return checked.error();
  return {};
}

Result<InstrumentId> Box::list_instrument(std::size_t exchange, const gateway::Listing& listing,
                                          Ticks price) {
  if (auto checked = check_listing(exchange, listing, price); !checked) return checked.error();
  advance();
  const AddInstrument entry{static_cast<std::uint8_t>(exchange), listing, price};
  note(entry);
  if (auto applied = apply(entry); !applied) return applied.error();
  return exchanges_[exchange]->engine().instruments().back().id;
}

// An asset may come to be of use that nobody could own before: its owners get it now.
Result<void> Box::apply(const AddInstrument& added) {
  if (added.exchange >= exchanges_.size()) return invalid("entry", "names an unknown venue");
  Exchange& exchange = *exchanges_[added.exchange];
  Desk& desk = exchange.market_desk();
  std::vector<Endowment> before = endowments(exchange);
  const std::optional<double> worth = fair_price(added.listing.base);
  const auto listed = list(exchange, added.listing);
  if (!listed) return listed.error();
  const std::vector<Endowment> after = endowments(exchange);
  before.resize(after.size());
  const auto give = [&](AccountId account, Money had, Money has) {
    if (has.units > had.units) desk.execute(Deposit{account, {has.units - had.units, has.asset}});
  };
  for (std::size_t i = 0; i < after.size(); ++i) {
    give(market::kInsurance, before[i].fund, after[i].fund);
    for (std::uint32_t n = 0; n < std::size(kDemoAccounts); ++n)
      give(AccountId{market::kAccounts + n}, before[i].user, after[i].user);
  }
  const Instrument& terms = desk.view().instruments()[listed->raw];
  const double given = static_cast<double>(added.price.raw) * market::size_of(terms.tick);
  exchange.market()->add(desk.view(), *listed, added.price.raw > 0 ? given : worth);
  exchange.market()->open(desk, *listed);
  return {};
}

std::optional<double> Box::fair_price(std::string_view base) const {
  if (config_.market.kind == market::MarketSpec::Kind::pinned) return std::nullopt;
  for (const auto& exchange : exchanges_) {
    if (const auto price = exchange->market()->fair_price(base)) return price;
  }
  return market::profile_of(config_.seed, base).start_price;
}

Result<void> Box::set_phase(std::size_t exchange, InstrumentId instrument, TradingPhase phase,
                            Ticks settlement) {
  advance();
  Desk& desk = exchanges_[exchange]->market_desk();
  const Instrument& terms = desk.view().instruments()[instrument.raw];
  if (terms.phase == TradingPhase::delisted) {
    return Error{ErrorKind::conflict, "phase", "the instrument is delisted, which is for good"};
  }
  const bool settles = phase == TradingPhase::delisted && !terms.is_spot();
  if (settlement.raw != 0 && !settles) {
    return invalid("price", "is for the positions of a perpetual that is delisted; leave it out");
  }
  if (settlement.raw < 0 || settlement > terms.price_max) {
    return invalid("price",
                   fmt::format("must lie between 0 and {}", price_text(terms.price_max, terms)));
  }
  const VenueCommand command{static_cast<std::uint8_t>(exchange),
                             SetInstrumentPhase{instrument, phase, settlement}};
  note(command);
  return apply(command);
}

Money Box::insurance_balance(const Exchange& exchange, const Asset& asset) const {
  const bool settles = std::ranges::any_of(exchange.engine().instruments(), [&](const auto& i) {
    return !i.is_spot() && i.settle == asset.id;
  });
  return settles ? demo_balance(exchange, asset) : Money{0, asset.id};
}

std::vector<Box::Endowment> Box::endowments(const Exchange& exchange) const {
  std::vector<Endowment> all;
  for (const Asset& asset : exchange.engine().assets())
    all.push_back({insurance_balance(exchange, asset), demo_balance(exchange, asset)});
  return all;
}

}  // namespace venuebox::box
