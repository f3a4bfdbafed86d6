// What Paradex's streams push, message by message.
#include <fmt/format.h>

#include "gateway/streams.h"
#include "venues/paradex/test_streams.h"

namespace venuebox::venues::paradex {
namespace {

std::string channel_of(const std::string& message) { return at(message, "params/channel"); }

struct ParadexPublicData : ParadexStreams {
  ParadexPublicData() { exchange.quote(649'990, 650'010, 1'000); }
  InstrumentId market(std::string_view symbol = "BTC-USD-PERP") const {
    return exchange.view().find_instrument(symbol, InstrumentKindOf::linear_perpetual)->id;
  }
};

TEST_F(ParadexPublicData, ASnapshotIsWholeEachTime) {
  subscribe("order_book.BTC-USD-PERP.snapshot@15@100ms");
  const std::string bid = R"({"side":"BUY","price":"64999.0","size":"0.01000"})";
  const std::string ask = R"({"side":"SELL","price":"65001.0","size":"0.01000"})";
  const std::string bests = R"("best_ask_api":{"price":"65001.0","size":"0.01000"},)"
                            R"("best_ask_interactive":{"price":"65001.0","size":"0.01000"},)"
                            R"("best_bid_api":{"price":"64999.0","size":"0.01000"},)"
                            R"("best_bid_interactive":{"price":"64999.0","size":"0.01000"})";
  const auto message = [&](int number, std::string_view levels) {
    return fmt::format(
        R"({{"jsonrpc":"2.0","method":"subscription","params":{{)"
        R"("channel":"order_book.BTC-USD-PERP.snapshot@15@100ms","data":{{)"
        R"("seq_no":{},"market":"BTC-USD-PERP","last_updated_at":1750000000000,"update_type":"s",)"
        R"("inserts":[{}],"updates":[],"deletes":[],{}}}}}}})",
        number, levels, bests);
  };
  EXPECT_EQ(end_turn(), Messages{message(1, bid + "," + ask)});
  place(Side::buy, 649'980, 500, Exchange::kMarket);
  const std::string lower = R"({"side":"BUY","price":"64998.0","size":"0.00500"})";
  EXPECT_EQ(end_turn(), Messages{message(2, bid + "," + lower + "," + ask)});
}

TEST_F(ParadexPublicData, ADeltaTellsWhatIsNewChangedAndGone) {
  subscribe("order_book.BTC-USD-PERP.deltas@15@50ms");
  EXPECT_EQ(at(data_of_turn(), "update_type"), "s") << "it begins with the whole";
  place(Side::buy, 649'980, 500, Exchange::kMarket);
  place(Side::buy, 649'990, 500, Exchange::kMarket);
  place(Side::buy, 650'010, 1'000, Exchange::kBob);
  const std::string data = data_of_turn();
  EXPECT_EQ(at(data, "seq_no"), "2");
  EXPECT_EQ(at(data, "update_type"), "d");
  EXPECT_EQ(at(data, "inserts"), R"([{"side":"BUY","price":"64998.0","size":"0.00500"}])");
  EXPECT_EQ(at(data, "updates"), R"([{"side":"BUY","price":"64999.0","size":"0.01500"}])");
  EXPECT_EQ(at(data, "deletes"), R"([{"side":"SELL","price":"65001.0","size":"0.00000"}])");
  EXPECT_EQ(at(data, "best_ask_api"), "{}");
  EXPECT_EQ(end_turn(), Messages{});
}

TEST_F(ParadexPublicData, TheShortNameOfABookHasItsSidesToo) {
  subscribe("orderbook.BTC-USD-PERP");
  const std::string data = data_of_turn();
  EXPECT_EQ(at(data, "asks"), R"([["65001.0","0.01000"]])");
  EXPECT_EQ(at(data, "bids"), R"([["64999.0","0.01000"]])");
}

TEST_F(ParadexPublicData, TheTopIsToldWhenItChangesAndNotBelow) {
  subscribe("bbo.BTC-USD-PERP");
  EXPECT_EQ(at(data_of_turn(), "bid"),
            exchange.get("/v1/bbo/BTC-USD-PERP").empty() ? "" : at(exchange.response.body, "bid"));
  place(Side::buy, 649'980, 500, Exchange::kMarket);
  EXPECT_EQ(end_turn(), Messages{});
  place(Side::buy, 649'990, 500, Exchange::kMarket);
  EXPECT_EQ(data_of_turn(), exchange.get("/v1/bbo/BTC-USD-PERP"));
}

TEST_F(ParadexPublicData, EachTradeIsAMessageAndAllMarketsAreOneChannel) {
  exchange.quote(300'000, 300'100, 10'000, "ETH-USD-PERP");
  subscribe("trades.ALL");
  EXPECT_EQ(end_turn(), Messages{}) << "no backlog";
  place(Side::buy, 650'010, 300, Exchange::kBob);
  place(Side::buy, 650'010, 200, Exchange::kBob);
  place(Side::sell, 300'000, 100, Exchange::kBob, "ETH-USD-PERP");
  const Messages told = end_turn();
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(channel_of(told[2]), "trades.ALL");
  EXPECT_EQ(at(told[0], "params/data/market"), "BTC-USD-PERP");
  EXPECT_EQ(at(told[0], "params/data/side"), "BUY");
  EXPECT_EQ(at(told[2], "params/data/market"), "ETH-USD-PERP");
  exchange.get("/v1/trades?market=BTC-USD-PERP");
  EXPECT_EQ(at(told[1], "params/data"), at(exchange.response.body, "results/0"));
}

TEST_F(ParadexPublicData, ASummaryComesForEachMarketAndWhenItChanges) {
  subscribe("markets_summary");
  const Messages all = end_turn();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(channel_of(all[0]), "markets_summary");
  exchange.get("/v1/markets/summary?market=BTC-USD-PERP");
  EXPECT_EQ(at(all[0], "params/data"), at(exchange.response.body, "results/0"));
  exchange.now = exchange.now + seconds(1);
  EXPECT_EQ(end_turn(), Messages{}) << "only the time is another";
  place(Side::buy, 650'010, 300, Exchange::kBob);
  EXPECT_EQ(at(data_of_turn(), "last_traded_price"), "65001");
}

TEST_F(ParadexPublicData, FundingIsObservedEveryFewSeconds) {
  exchange.set_index(65'000);
  subscribe("funding_data.BTC-USD-PERP");
  EXPECT_EQ(at(data_of_turn(), "market"), "BTC-USD-PERP");
  exchange.advance(milliseconds(4'999));
  EXPECT_EQ(end_turn(true), Messages{});
  exchange.advance(milliseconds(1));
  const Messages told = end_turn(true);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(at(told[0], "params/data/created_at"), "1750000005000");
}

// ---- an account's own ---------------------------------------------------------------------------

struct ParadexPrivateData : ParadexPublicData {
  ParadexPrivateData() { log_in(); }
};

TEST_F(ParadexPrivateData, AnOrderIsToldAsEachCommandLeftIt) {
  subscribe("orders.BTC-USD-PERP");
  EXPECT_EQ(end_turn(), Messages{}) << "no snapshot";
  const OrderId resting = place(Side::buy, 640'000, 200, Exchange::kAlice);
  EXPECT_EQ(at(data_of_turn(), "status"), "OPEN");
  desk.execute(CancelOrder{Exchange::kAlice, market(), resting, {}});
  const std::string closed = data_of_turn();
  EXPECT_EQ(at(closed, "status"), "CLOSED");
  EXPECT_EQ(at(closed, "cancel_reason"), "USER_CANCELED");
  place(Side::buy, 640'000, 200, Exchange::kBob);
  place(Side::buy, 290'000, 2'000, Exchange::kAlice, "ETH-USD-PERP");
  EXPECT_EQ(end_turn(), Messages{}) << "another's, and another market's";
}

TEST_F(ParadexPrivateData, AFillIsTheRowThatRestShows) {
  for (const char* channel : {"fills.ALL", "fills.ETH-USD-PERP", "positions", "account"})
    subscribe(channel);
  place(Side::buy, 650'010, 200, Exchange::kAlice);
  const Messages told = end_turn();
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(channel_of(told[0]), "account");
  exchange.get("/v1/account");
  EXPECT_EQ(at(told[0], "params/data/account_value"), at(exchange.response.body, "account_value"));
  EXPECT_EQ(channel_of(told[1]), "fills.ALL");
  exchange.get("/v1/fills");
  EXPECT_EQ(at(told[1], "params/data"), at(exchange.response.body, "results/0"));
  EXPECT_EQ(at(told[2], "params/data/size"), "0.002");
  EXPECT_EQ(at(told[2], "params/data/status"), "OPEN");
}

TEST_F(ParadexPrivateData, APositionThatIsClosedIsToldOnceMore) {
  place(Side::buy, 650'010, 200, Exchange::kAlice);
  end_turn();
  subscribe("positions");
  EXPECT_EQ(end_turn(), Messages{});
  place(Side::sell, 649'990, 200, Exchange::kAlice);
  const std::string data = data_of_turn();
  EXPECT_EQ(at(data, "status"), "CLOSED");
  EXPECT_EQ(at(data, "size"), "0");
}

TEST_F(ParadexPrivateData, BalanceEventsLeadFromOneBalanceToTheNext) {
  subscribe("balance_events");
  place(Side::buy, 650'010, 200, Exchange::kAlice);
  place(Side::sell, 649'990, 200, Exchange::kAlice);
  const Messages told = end_turn();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(at(told[0], "params/data/settlement_asset_balance_before"), "1000000");
  EXPECT_EQ(at(told[0], "params/data/settlement_asset_balance_after"),
            at(told[1], "params/data/settlement_asset_balance_before"));
  exchange.get("/v1/balance");
  EXPECT_EQ(at(told[1], "params/data/settlement_asset_balance_after"),
            at(exchange.response.body, "results/0/size"));
  EXPECT_EQ(at(told[1], "params/data/realized_pnl"), "-0.004");
}

// Funding runs up each second and is settled with the next trade of the position.
TEST_F(ParadexPrivateData, FundingIsToldWithTheFillOnWhichItIsPaid) {
  exchange.set_index(65'000);
  place(Side::buy, 650'010, 1'000, Exchange::kAlice);
  end_turn();
  for (const char* channel : {"fills.ALL", "funding_payments.ALL", "balance_events"})
    subscribe(channel);
  exchange.advance(seconds(3'600));
  place(Side::sell, 649'990, 500, Exchange::kAlice);
  const Messages told = end_turn();
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(channel_of(told[0]), "balance_events");
  EXPECT_EQ(channel_of(told[1]), "fills.ALL");
  EXPECT_EQ(channel_of(told[2]), "funding_payments.ALL");
  exchange.get("/v1/funding/payments");
  EXPECT_EQ(at(told[2], "params/data"), at(exchange.response.body, "results/0"));
  const std::string paid = at(told[2], "params/data/payment");
  EXPECT_NE(paid, "0");
  EXPECT_EQ(at(told[1], "params/data/realized_funding"), paid);
  EXPECT_EQ(at(told[0], "params/data/realized_funding"), paid);
  EXPECT_EQ(at(told[2], "params/data/fill_id"), at(told[1], "params/data/id"));
}

}  // namespace
}  // namespace venuebox::venues::paradex
