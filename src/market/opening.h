// What the simulated market of an instrument is before anybody has traded: where its price begins,
// and how much it trades.
#pragma once

#include <string>
#include <string_view>

#include "market/fair_prices.h"
#include "model/instrument.h"

namespace venuebox::market {

// Sizes of takers' orders in quote, on bitcoin's perpetual: half are above 5.4 times the least, one
// in 100 above 765 times (the recordings: 1,900, 28,000 on average, one in 100 above 440,000).
inline constexpr double kLeastTaken = 345;
inline constexpr double kMostTaken = 7'000'000;

// By which the draws of one instrument's market differ from those of all others.
std::string stage_name(std::string_view venue, const Instrument& instrument);

// The price above the fair one on average, as a part of it.
double mean_basis(const Instrument& instrument);
double takers_per_second(const BaseProfile& profile, const Instrument& instrument);

double opening_ticks(const BaseProfile& profile, const Instrument& instrument);
// In quote, on average.
double turnover_per_second(const BaseProfile& profile, const Instrument& instrument);
// In quote, at a price in ticks.
double value_of_lot(double price, const Instrument& instrument);

}  // namespace venuebox::market
