#include "model/instrument.h"

#include <gtest/gtest.h>

#include "model/reject_reason.h"

namespace venuebox {
namespace {

const Asset kBtc{AssetId{0}, "BTC", 14};
const Asset kUsdt{AssetId{1}, "USDT", 14};

Instrument terms() {
  return {.id = {},
          .symbol = "BTCUSDT",
          .kind = InstrumentKindOf::linear_perpetual,
          .base = kBtc.id,
          .quote = kUsdt.id,
          .settle = kUsdt.id,
          .tick = {10, 2},
          .lot = {1, 3},
          .quantity_min = Lots{1},
          .quantity_max = Lots{1'190'000},
          .market_quantity_max = Lots{500'000},
          .price_max = Ticks{19'999'998},
          .notional_min = {5 * power_of_ten(14), kUsdt.id},
          .maker_fee = Rate{200'000},
          .taker_fee = Rate{550'000},
          .leverage_max = 100,
          .units_per_tick_lot = 0};
}

TEST(Instrument, CountsTicksAndLotsExactly) {
  const Instrument i = *checked_listing(terms(), kBtc, kUsdt);
  EXPECT_EQ(std::get<Ticks>(ticks_from_decimal("37000.10", i)), Ticks{370'001});
  EXPECT_EQ(std::get<Lots>(lots_from_decimal("0.012", i)), Lots{12});
  EXPECT_EQ(std::get<DecimalError>(ticks_from_decimal("37000.15", i)), DecimalError::too_precise);
  EXPECT_EQ(std::get<DecimalError>(lots_from_decimal("0.0005", i)), DecimalError::too_precise);
  EXPECT_EQ(std::get<DecimalError>(lots_from_decimal("1" + std::string(30, '0'), i)),
            DecimalError::too_large);
  EXPECT_EQ(price_text(Ticks{370'001}, i), "37000.10");
  EXPECT_EQ(quantity_text(Lots{12}, i), "0.012");
  EXPECT_EQ(mark_text(MarkPrice{3'700'015'000}, i), "37000.15");
}

TEST(Instrument, MoneyIsExact) {
  const Instrument i = *checked_listing(terms(), kBtc, kUsdt);
  const Money value = notional(Ticks{370'001}, Lots{10}, i);
  EXPECT_EQ(trimmed_text(value.units, 14), "370.001");
  // 370.001 * 0.00055
  EXPECT_EQ(trimmed_text(fee_on(value, Rate{550'000}).units, 14), "0.20350055");
  EXPECT_EQ(value_at_mark(SignedLots{-10}, MarkPrice{3'700'010'000}, i).units, -value.units);
  EXPECT_EQ(lots_affordable(value, Ticks{370'001}, i), Lots{10});
  EXPECT_EQ(lots_affordable({value.units - 1, kUsdt.id}, Ticks{370'001}, i), Lots{9});
  EXPECT_EQ(trimmed_text(base_amount(Lots{12}, i, 14).units, 14), "0.012");
}

TEST(Instrument, AFractionOfAUnitStaysWithTheVenue) {
  EXPECT_EQ(fee_on({1, kUsdt.id}, Rate{1}).units, 1);
  EXPECT_EQ(fee_on({1, kUsdt.id}, Rate{-1}).units, 0);
  EXPECT_EQ(fee_on({1'500'000'000, kUsdt.id}, Rate{-1}).units, -1);
}

TEST(Instrument, ListingRefusesTermsThatWouldRound) {
  Instrument fine = terms();
  fine.lot = {1, 9};  // 2 + 9 + 4 decimals for marks > 14
  EXPECT_FALSE(checked_listing(fine, kBtc, kUsdt));
  Instrument none = terms();
  none.tick.units = 0;
  EXPECT_FALSE(checked_listing(none, kBtc, kUsdt));
  Instrument huge = terms();
  huge.quantity_max = Lots{INT64_C(1) << 46};
  huge.price_max = Ticks{INT64_C(1) << 46};
  EXPECT_FALSE(checked_listing(huge, kBtc, kUsdt));
  Instrument crossed = terms();
  crossed.quantity_max = Lots{0};
  EXPECT_FALSE(checked_listing(crossed, kBtc, kUsdt));
}

TEST(RejectReason, EveryReasonHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i < kRejectReasons; ++i)
    names.insert(name_of(static_cast<RejectReason>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kRejectReasons));
  EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace venuebox
