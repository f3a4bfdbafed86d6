// What funding, liquidations, margin and modes bring to streams.
#include "gateway/streams.h"
#include "gateway/test_socket.h"
#include "venues/bybit/test_streams.h"

namespace venuebox::venues::bybit {
namespace {

// The message of a topic, of a turn's.
std::string message_of(const Messages& messages, std::string_view topic) {
  for (const std::string& message : messages) {
    if (at(message, "topic") == topic) return message;
  }
  return {};
}

struct BybitRiskStreams : BybitPrivate {
  BybitRiskStreams() {
    exchange.open_fund(1'000'000);
    btc = exchange.view().find_instrument("BTCUSDT", InstrumentKindOf::linear_perpetual)->id;
  }
  void isolate_at(int leverage) {
    desk.execute(SetMarginMode{Exchange::kAlice, std::nullopt, MarginMode::isolated});
    desk.execute(SetLeverage{Exchange::kAlice, btc, leverage});
  }
  void subscribe_to_all() {
    for (const char* topic : {"execution", "position", "wallet", "order"})
      subscribe(topic);
  }
  // The book falls to these quotes, and what stood before is gone.
  void fall_to(std::int64_t bid, std::int64_t ask) {
    desk.execute(CancelAll{Exchange::kMarket, {}});
    quote(bid, ask);
  }

  InstrumentId btc;
};

// 0.3 long at a mark of 60001, 0.01 % of 18000.3.
TEST_F(BybitRiskStreams, FundingIsAnExecutionAndMovesTheWallet) {
  place(Side::buy, 600'010, 300, Exchange::kAlice);
  subscribe_to_all();
  subscribe("execution.fast");
  end_turn();
  exchange.now = exchange.now + seconds(2 * 3'600);
  desk.execute(Tick{});
  const Messages news = end_turn();
  const std::string execution = message_of(news, "execution");
  ASSERT_EQ(size_of_list(execution, "data"), 1u);
  EXPECT_EQ(at(execution, "data/0/execType"), "Funding");
  EXPECT_EQ(at(execution, "data/0/execFee"), "1.80003");
  EXPECT_EQ(at(execution, "data/0/category"), "linear");
  EXPECT_EQ(at(message_of(news, "position"), "data/0/curRealisedPnl"), "-11.700195");
  EXPECT_EQ(at(message_of(news, "wallet"), "data/0/coin/0/walletBalance"), "999988.299805");
  EXPECT_EQ(message_of(news, "order"), "") << "there was none";
  EXPECT_EQ(message_of(news, "execution.fast"), "") << "that is of trades";
}

// What was told once is not told again, and a trade in the turn of the funding is told beside it.
TEST_F(BybitRiskStreams, EachFundingIsToldOnce) {
  place(Side::buy, 600'010, 300, Exchange::kAlice);
  subscribe("execution");
  end_turn();
  for (int i = 0; i < 2; ++i) {
    exchange.now = exchange.now + seconds(8 * 3'600);
    place(Side::sell, 599'990, 100, Exchange::kAlice);
    const std::string execution = message_of(end_turn(), "execution");
    ASSERT_EQ(size_of_list(execution, "data"), 2u) << i;
    EXPECT_EQ(at(execution, "data/0/execType"), "Funding");
    EXPECT_EQ(at(execution, "data/1/execType"), "Trade");
  }
}

// Isolated at 100: liquidated below 59699.49, taken over at 59433.70 (codec_risk_test.cpp has the
// numbers).
TEST_F(BybitRiskStreams, ALiquidationIsToldToItsOwner) {
  isolate_at(100);
  place(Side::buy, 600'010, 300, Exchange::kAlice);
  place(Side::buy, 590'000, 10, Exchange::kAlice);
  subscribe_to_all();
  end_turn();
  fall_to(595'990, 596'010);
  const Messages news = end_turn();
  const std::string execution = message_of(news, "execution");
  ASSERT_EQ(size_of_list(execution, "data"), 1u);
  EXPECT_EQ(at(execution, "data/0/execType"), "BustTrade");
  EXPECT_EQ(at(execution, "data/0/execPrice"), "59433.70");
  EXPECT_EQ(at(execution, "data/0/execPnl"), "-170.19");
  const std::string orders = message_of(news, "order");
  ASSERT_EQ(size_of_list(orders, "data"), 2u);
  EXPECT_EQ(at(orders, "data/0/cancelType"), "CancelAllBeforeLiq");
  EXPECT_EQ(at(orders, "data/1/createType"), "CreateByTakeOver_PassThrough");
  EXPECT_EQ(at(orders, "data/1/orderStatus"), "Filled");
  EXPECT_EQ(at(message_of(news, "position"), "data/0/size"), "0");
  EXPECT_EQ(at(message_of(news, "wallet"), "data/0/coin/0/totalPositionIM"), "0");
}

TEST_F(BybitRiskStreams, ALiquidationIsToldToThePublicAndIsNoTrade) {
  isolate_at(100);
  place(Side::buy, 600'010, 300, Exchange::kAlice);
  streams.close(socket);
  open("/v5/public/linear");
  subscribe("allLiquidation.BTCUSDT");
  subscribe("publicTrade.BTCUSDT");
  fall_to(595'990, 596'010);
  const Messages news = end_turn();
  const std::string liquidation = message_of(news, "allLiquidation.BTCUSDT");
  EXPECT_EQ(at(liquidation, "type"), "snapshot");
  EXPECT_EQ(at(liquidation, "data"),
            R"([{"T":1700000000000,"s":"BTCUSDT","S":"Buy","v":"0.300","p":"59433.70"}])");
  const std::string trades = message_of(news, "publicTrade.BTCUSDT");
  ASSERT_EQ(size_of_list(trades, "data"), 1u) << "what the fund sold in the book";
  EXPECT_EQ(at(trades, "data/0/p"), "59599.00");
  EXPECT_EQ(end_turn(), Messages{});
}

TEST_F(BybitRiskStreams, ModesAndMarginAreTold) {
  subscribe("position");
  subscribe("wallet");
  end_turn();
  desk.execute(SetPositionMode{Exchange::kAlice, btc, std::nullopt, PositionMode::hedge});
  const Messages hedged = end_turn();
  ASSERT_EQ(size_of_list(message_of(hedged, "position"), "data"), 2u) << "both sides";
  EXPECT_EQ(at(message_of(hedged, "position"), "data/0/positionIdx"), "1");
  EXPECT_EQ(at(message_of(hedged, "position"), "data/1/positionIdx"), "2");
  desk.execute(SetPositionMode{Exchange::kAlice, btc, std::nullopt, PositionMode::one_way});
  end_turn();

  isolate_at(10);
  const Messages isolated = end_turn();
  EXPECT_EQ(at(message_of(isolated, "position"), "data/0/tradeMode"), "1");
  EXPECT_EQ(at(message_of(isolated, "wallet"), "data/0/accountMMRate"), "");
  place(Side::buy, 600'010, 10, Exchange::kAlice);
  end_turn();
  desk.execute(ChangeMargin{Exchange::kAlice, btc, PositionSide::both, 100 * power_of_ten(14)});
  const Messages margin = end_turn();
  EXPECT_EQ(at(message_of(margin, "position"), "data/0/positionBalance"), "160.001");
  EXPECT_EQ(at(message_of(margin, "wallet"), "data/0/coin/0/totalPositionIM"), "160.001");
}

TEST_F(BybitRiskStreams, TransfersAreToldToBothSides) {
  subscribe("wallet");
  end_turn();
  desk.execute(TransferMoney{Exchange::kBob, Exchange::kAlice, {5 * power_of_ten(14), AssetId{0}}});
  EXPECT_EQ(at(message_of(end_turn(), "wallet"), "data/0/coin/0/walletBalance"), "1000005");
  desk.execute(TransferMoney{Exchange::kAlice, Exchange::kBob, {5 * power_of_ten(14), AssetId{0}}});
  EXPECT_EQ(at(message_of(end_turn(), "wallet"), "data/0/coin/0/walletBalance"), "1000000");
}

TEST_F(BybitRiskStreams, InverseMarketsHaveStreamsOfTheirOwn) {
  const InstrumentId inverse =
      exchange.view().find_instrument("BTCUSD", InstrumentKindOf::inverse_perpetual)->id;
  const auto place_inverse = [&](Side side, AccountId account) {
    PlaceOrder order;
    order.account = account;
    order.instrument = inverse;
    order.side = side;
    order.price = Ticks{600'000};
    order.quantity = Lots{6'000};
    order.value = {0, exchange.view().find_asset("USD")->id};
    desk.execute(order);
  };
  subscribe("order.inverse");
  subscribe("order.linear");
  place_inverse(Side::sell, Exchange::kMarket);
  place_inverse(Side::buy, Exchange::kAlice);
  const Messages news = end_turn();
  ASSERT_EQ(news.size(), 1u);
  EXPECT_EQ(at(news[0], "topic"), "order.inverse");
  EXPECT_EQ(at(news[0], "data/0/category"), "inverse");
  EXPECT_EQ(at(news[0], "data/0/cumExecValue"), "0.1") << "6000 USD at 60000";
  streams.close(socket);
  open("/v5/public/inverse");
  for (const char* topic : {"orderbook.50.BTCUSD", "publicTrade.BTCUSD", "tickers.BTCUSD",
                            "kline.1.BTCUSD", "allLiquidation.BTCUSD"}) {
    EXPECT_EQ(at(subscribe(topic), "success"), "true") << topic;
  }
  EXPECT_EQ(at(message_of(end_turn(), "tickers.BTCUSD"), "data/turnover24h"), "0.1");
}

}  // namespace
}  // namespace venuebox::venues::bybit
