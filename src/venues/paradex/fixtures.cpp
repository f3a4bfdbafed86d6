#include "venues/paradex/fixtures.h"

#include <fmt/format.h>

#include "venues/paradex/instruments.h"
#include "venues/paradex/json_lines.h"

namespace venuebox::venues::paradex {
namespace {
constexpr int kRateDecimals = 9;
constexpr std::size_t kNameMax = 40;

// One market of a file. The first member that is wrong is remembered, so that all are read and
// asked for once.
class Reader {
 public:
  Reader(const gateway::NamedText& file, const JsonLines& lines, std::string path)
      : file_(file), lines_(lines), path_(std::move(path)) {}

  bool has(std::string_view name) const { return lines_.find(path_of(name)) != nullptr; }

  // Letters, digits and dashes, as symbols and currencies are.
  std::string name(std::string_view member) {
    const JsonPlace* place = find(member);
    if (!place) return {};
    if (!is_text(*place)) return refuse(member, "must be a text"), std::string();
    const std::string_view inner = inner_of(*place);
    const auto is_plain = [](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    };
    if (!inner.empty() && inner.size() <= kNameMax && std::ranges::all_of(inner, is_plain)) {
      return std::string(inner);
    }
    refuse(member, fmt::format("must be 1 to {} of A-Z, 0-9 and -", kNameMax));
    return {};
  }
  // The one word that is built.
  void only(std::string_view member, std::string_view word) {
    const std::string found = name(member);
    if (!wrong_ && found != word) {
      refuse(member, fmt::format("'{}' is not built, only {}", found, word));
    }
  }
  // 10^-scale units between the bounds, from a text or a number.
  Int128 units(std::string_view member, int scale, Int128 lowest, Int128 highest) {
    const JsonPlace* place = find(member);
    if (!place) return lowest;
    const auto read = units_from_text(inner_of(*place), scale);
    const auto* found = std::get_if<Int128>(&read);
    if (!found) {
      refuse(member, fmt::format("must be a decimal number with at most {} decimals", scale));
    } else if (*found < lowest || *found > highest) {
      refuse(member, fmt::format("must be {} to {}", trimmed_text(lowest, scale),
                                 trimmed_text(highest, scale)));
    } else {
      return *found;
    }
    return lowest;
  }
  Step step(std::string_view member) {
    constexpr int kStepDecimals = 12;
    Int128 raw = units(member, kStepDecimals, 1, power_of_ten(kStepDecimals + 6));
    int scale = kStepDecimals;
    for (; scale > 0 && raw % 10 == 0; --scale)
      raw /= 10;
    return {static_cast<std::int64_t>(raw), scale};
  }
  Rate rate(std::string_view member, std::int64_t lowest, std::int64_t highest) {
    return Rate{static_cast<std::int64_t>(units(member, kRateDecimals, lowest, highest))};
  }

  void refuse(std::string_view member, std::string why) {
    if (wrong_) return;
    const std::string path = path_of(member);
    const JsonPlace* place = lines_.find(path);
    // What is missing is missed where its market begins.
    const int line = place ? place->line : lines_.find(path_)->line;
    wrong_ = invalid(fmt::format("{}:{}: {}", file_.name, line, path), std::move(why));
  }
  const std::optional<Error>& wrong() const { return wrong_; }

 private:
  static bool is_text(const JsonPlace& place) { return place.raw.starts_with('"'); }
  static std::string_view inner_of(const JsonPlace& place) {
    return is_text(place) ? place.raw.substr(1, place.raw.size() - 2) : place.raw;
  }
  std::string path_of(std::string_view member) const {
    return path_.empty() ? std::string(member) : fmt::format("{}/{}", path_, member);
  }
  const JsonPlace* find(std::string_view member) {
    const JsonPlace* place = lines_.find(path_of(member));
    if (!place) refuse(member, "is missing");
    return place;
  }

  const gateway::NamedText& file_;
  const JsonLines& lines_;
  std::string path_;
  std::optional<Error> wrong_;
};

void read_margin(Reader& read, Instrument& terms) {
  constexpr std::string_view kInitial = "delta1_cross_margin_params/imf_base";
  constexpr std::string_view kKept = "delta1_cross_margin_params/mmf_factor";
  const Rate initial = read.rate(kInitial, kRateOne / kLeverageMax, kRateOne);
  // Leverage is a whole number here: 0.03 would be 33.3.
  const std::int64_t leverage = kRateOne / initial.raw;
  if (!read.wrong() && initial.raw != (kRateOne + leverage / 2) / leverage &&
      initial.raw != kRateOne / leverage) {
    read.refuse(kInitial, "must be 1 divided by a whole leverage, such as 0.1");
  }
  RiskTier& tier = terms.tiers.front();
  terms.leverage_max = tier.leverage_max = static_cast<int>(leverage);
  const Rate kept = read.has(kKept) ? read.rate(kKept, 1, kRateOne) : Rate{kRateOne / 2};
  tier.maintenance = Rate{kept.raw / leverage};
  if (read.has("position_limit")) {
    const Int128 coins = read.units("position_limit", 0, 1, power_of_ten(12));
    tier.notional_max = notional_of_limit(static_cast<std::int64_t>(coins));
  }
}

void read_funding(Reader& read, FundingTerms& funding) {
  if (read.has("max_funding_rate")) funding.cap = read.rate("max_funding_rate", 0, kRateOne);
  if (read.has("interest_rate")) funding.interest = read.rate("interest_rate", 0, kRateOne);
  if (read.has("clamp_rate")) funding.clamp = read.rate("clamp_rate", 0, kRateOne);
  if (read.has("funding_period_hours")) {
    const Int128 hours = read.units("funding_period_hours", 0, 1, 24);
    funding.interval = seconds(static_cast<std::int64_t>(hours) * 3'600);
  }
}

void read_sizes(Reader& read, Instrument& terms) {
  terms.tick = read.step("price_tick_size");
  terms.lot = read.step("order_size_increment");
  const Int128 largest = read.units("max_order_size", terms.lot.scale, 1, power_of_ten(30));
  if (largest % terms.lot.units != 0 || largest / terms.lot.units > (Int128{1} << 47)) {
    read.refuse("max_order_size", "must be a multiple of order_size_increment, at most 2^47 times");
  }
  terms.quantity_max = Lots{static_cast<std::int64_t>(largest / terms.lot.units)};
  terms.market_quantity_max = terms.quantity_max;
  if (read.has("min_notional")) {
    terms.notional_min.units = read.units("min_notional", kAssetScale, 0, power_of_ten(30));
  }
}

Result<gateway::Listing> listing_of(Reader& read) {
  const std::string symbol = read.name("symbol");
  gateway::Listing listing = usual_listing(read.name("base_currency"));
  Instrument& terms = listing.terms;
  terms.symbol = symbol;
  read.only("settlement_currency", listing.settle);
  if (read.has("quote_currency")) read.only("quote_currency", kQuoteShown);
  if (read.has("asset_kind")) read.only("asset_kind", "PERP");
  read_sizes(read, terms);
  read_margin(read, terms);
  read_funding(read, terms.funding);
  terms.maker_fee = read.rate("fee_config/api_fee/maker_fee/fee", -kRateOne, kRateOne);
  terms.taker_fee = read.rate("fee_config/api_fee/taker_fee/fee", -kRateOne, kRateOne);
  if (read.has("price_bands_width")) {
    terms.price_band = read.rate("price_bands_width", 0, kRateOne);
  }
  if (read.has("max_slippage")) terms.market_protection = read.rate("max_slippage", 0, kRateOne);
  if (read.has("max_open_orders")) {
    const Int128 orders = read.units("max_open_orders", 0, 1, 100'000);
    terms.open_orders_max = terms.conditional_orders_max = static_cast<std::uint32_t>(orders);
  }
  if (read.wrong()) return *read.wrong();
  // What only all terms together can tell, before the box that lists them is there.
  const Asset base{AssetId{0}, listing.base, kAssetScale};
  const Asset quote{AssetId{1}, listing.quote, kAssetScale};
  if (const auto checked = checked_listing(terms, base, quote); !checked) {
    read.refuse("symbol", checked.error().detail);
    return *read.wrong();
  }
  return listing;
}

// Where the file's markets stand: in "results", in a list, or it is one itself.
Result<std::vector<std::string>> paths_of(const gateway::NamedText& file, const JsonLines& lines) {
  const JsonPlace* results = lines.find("results");
  const JsonPlace& whole = results ? *results : *lines.find("");
  if (!results && whole.raw.starts_with('{')) return std::vector<std::string>{""};
  const auto at = [&](std::size_t index) {
    return fmt::format("{}{}", results ? "results/" : "", index);
  };
  std::vector<std::string> paths;
  while (lines.find(at(paths.size())))
    paths.push_back(at(paths.size()));
  if (!paths.empty() && whole.raw.starts_with('[')) return paths;
  return invalid(fmt::format("{}:{}: {}", file.name, whole.line, results ? "results" : "markets"),
                 "must be a list of markets that is not empty");
}
}  // namespace

Result<std::vector<gateway::Listing>> listings_from_files(
    std::span<const gateway::NamedText> files) {
  std::vector<gateway::Listing> listings;
  for (const gateway::NamedText& file : files) {
    const auto lines = JsonLines::read(file.text);
    if (!lines) {
      return invalid(fmt::format("{}:{}", file.name, lines.error().where), lines.error().detail);
    }
    const auto paths = paths_of(file, *lines);
    if (!paths) return paths.error();
    for (const std::string& path : *paths) {
      Reader read(file, *lines, path);
      const auto listing = listing_of(read);
      if (!listing) return listing.error();
      const auto is_same = [&](const gateway::Listing& other) {
        return other.terms.symbol == listing->terms.symbol;
      };
      if (std::ranges::any_of(listings, is_same)) {
        read.refuse("symbol", fmt::format("{} is there already", listing->terms.symbol));
        return *read.wrong();
      }
      listings.push_back(*listing);
    }
  }
  return listings;
}

}  // namespace venuebox::venues::paradex
