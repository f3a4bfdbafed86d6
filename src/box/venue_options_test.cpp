// What users choose of a venue is part of what a box is, and reaches the venue.
#include "box/test_box.h"

namespace venuebox::box {
namespace {
BoxConfig with_options(const gateway::VenueOptions& options) {
  BoxConfig made = config();
  made.venues = {"paradex"};
  if (!options.empty()) made.venue_options["paradex"] = options;
  return made;
}

std::string error_of(const BoxConfig& config) {
  return Running(store::make_memory_store(), config).error;
}

TEST(VenueOptions, StandInTheTextOfABox) {
  const std::vector<gateway::NamedText> files{{"a.json", "[\n\"\"]"}};
  const BoxConfig made =
      with_options({{"fixtures", gateway::files_text(files)}, {"heartbeat_hz", "2"}});
  const auto read = BoxConfig::from_text(made.text());
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->venue_options, made.venue_options);
  EXPECT_EQ(with_options({}).text().find("venue_options"), std::string::npos);
}

TEST(VenueOptions, AStoreOfOthersIsRefused) {
  Folder folder;
  { Running running(folder.store(), with_options({{"heartbeat_hz", "2"}})); }
  const Running other(folder.store(), with_options({}));
  EXPECT_NE(other.error.find("venue options: stored paradex.heartbeat_hz=2, asked for none"),
            std::string::npos)
      << other.error;
}

TEST(VenueOptions, ThatTheVenueDoesNotKnowAreRefused) {
  EXPECT_EQ(error_of(with_options({{"speed", "1"}})),
            "paradex.speed: is no option of this venue; it has fixtures, heartbeat_hz, "
            "lenient_duplicates");
  BoxConfig elsewhere = config();
  elsewhere.venue_options["paradex"] = {{"heartbeat_hz", "1"}};
  EXPECT_EQ(error_of(elsewhere), "venue options: 'paradex' is not a venue of this box");
}

TEST(VenueOptions, FixturesSayWhatIsListed) {
  const auto fixtures = [](std::string_view text) {
    const std::vector<gateway::NamedText> files{{"markets.json", std::string(text)}};
    return with_options({{"fixtures", gateway::files_text(files)}});
  };
  EXPECT_EQ(error_of(fixtures("{}")), "paradex: markets.json:1: symbol: is missing");
  const Running running(store::make_memory_store(), fixtures(R"({"symbol":"PEPE-USD-PERP",
      "base_currency":"PEPE","settlement_currency":"USDC","order_size_increment":"1",
      "price_tick_size":"0.01","max_order_size":"1000","delta1_cross_margin_params":
      {"imf_base":"0.1"},"fee_config":{"api_fee":{"maker_fee":{"fee":"0"},
      "taker_fee":{"fee":"0"}}}})"));
  ASSERT_TRUE(running.box) << running.error;
  const auto instruments = running.box->exchanges()[0]->engine().instruments();
  ASSERT_EQ(instruments.size(), 1u);
  EXPECT_EQ(instruments[0].symbol, "PEPE-USD-PERP");
}

}  // namespace
}  // namespace venuebox::box
