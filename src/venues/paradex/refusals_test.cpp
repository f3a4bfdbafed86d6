// What orders are refused for, each with its status, its code and the field that it names.
#include "venues/paradex/test_exchange.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::Method;

constexpr auto kOrders = "/v1/orders";
constexpr auto kOrder =
    R"({"market":"BTC-USD-PERP","side":"BUY","type":"LIMIT","size":"0.01","price":"64000"})";
constexpr auto kStop =
    R"({"market":"BTC-USD-PERP","side":"BUY","type":"STOP_LIMIT","size":"0.01","price":"66000","trigger_price":"66000"})";

std::string with(std::string body, std::string_view from, std::string_view to) {
  const std::size_t place = body.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return body.replace(place, from.size(), to);
}
std::string and_with(std::string_view more, std::string body = kOrder) {
  return with(std::move(body), "}", "," + std::string(more) + "}");
}

struct Market : Exchange {
  explicit Market(bool verifies = false)
      : Exchange({.verify_signatures = verifies, .rate_limits = gateway::RateLimits::off}) {
    quote(649'990, 650'010, 1'000'000);
  }

  void enter(TradingPhase phase) { execute(SetInstrumentPhase{InstrumentId{0}, phase}); }
  // "400 VALIDATION_ERROR price: is required", of an order that must not be taken.
  std::string refusal(const std::string& body) { return said(post(kOrders, body)); }
  std::string said(const std::string& answer) const {
    EXPECT_EQ(answer.find(R"("data":null)"), answer.size() - 12) << answer;
    return std::to_string(response.status) + " " + at(answer, "error") + " " +
           at(answer, "message");
  }
};

struct Case {
  std::string body;
  std::string refusal;
};

// ---- what the exchange says no to ---------------------------------------------------------------

TEST(ParadexRefusals, AMarketThatTakesNoOrders) {
  Market market;
  EXPECT_EQ(market.refusal(with(kOrder, "BTC", "NO")), "404 MARKET_NOT_FOUND market not found");
  market.enter(TradingPhase::halted);
  EXPECT_EQ(market.refusal(kOrder), "400 MARKET_NOT_OPEN market is not open");
  market.enter(TradingPhase::cancel_only);
  EXPECT_EQ(market.refusal(kOrder), "400 SYSTEM_STATUS_CANCEL_ONLY system is in cancel-only mode");
  market.enter(TradingPhase::post_only);
  EXPECT_EQ(market.refusal(kOrder), "400 SYSTEM_STATUS_POST_ONLY system is in post-only mode");
  market.enter(TradingPhase::delisted);
  EXPECT_EQ(market.refusal(kOrder), "400 MARKET_NOT_OPEN market is not open");
}

TEST(ParadexRefusals, NumbersBeyondTheMarketsTerms) {
  Market market;
  for (const auto& [body, refusal] : std::vector<Case>{
           {with(kOrder, "0.01", "100.00001"), "size: above the max_order_size"},
           {with(with(kOrder, "LIMIT", "MARKET"), "0.01", "101"), "size: above the max_order_size"},
           {with(kOrder, "0.01", "0.0001"), "size: notional below min_notional"},
           {with(kOrder, "64000", "68300"),
            "price: outside of price_bands_width around the mark price"},
       }) {
    EXPECT_EQ(market.refusal(body), "400 VALIDATION_ERROR " + refusal) << body;
  }
  // Far below the mark a buy can do no harm.
  market.post(kOrders, with(kOrder, "64000", "30000"));
  EXPECT_EQ(market.response.status, 201);
}

TEST(ParadexRefusals, AClientIdIsTakenWhileItsOrderIsOpen) {
  Market market;
  const std::string order = and_with(R"("client_id":"c")");
  market.post(kOrders, order);
  EXPECT_EQ(market.refusal(order), "400 DUPLICATED_CLIENT_ID client order id is duplicated");
  market.del("/v1/orders/by_client_id/c");
  market.post(kOrders, order);
  EXPECT_EQ(market.response.status, 201);
}

TEST(ParadexRefusals, TooManyOrders) {
  Market market;
  for (int i = 0; i < 150; ++i) {
    market.post(kOrders, kOrder);
    market.post(kOrders, kStop);
  }
  EXPECT_EQ(market.response.status, 201);
  EXPECT_EQ(market.refusal(kOrder), "400 MAX_OPEN_ORDERS_EXCEEDED too many open orders");
  EXPECT_EQ(market.refusal(kStop), "400 MAX_OPEN_ORDERS_EXCEEDED too many untriggered orders");
}

TEST(ParadexRefusals, ModificationsThatTheExchangeRefuses) {
  Market market;
  const auto refusal = [&](const std::string& id, const std::string& body) {
    return market.said(market.put("/v1/orders/" + id, body));
  };
  const std::string stop = at(market.post(kOrders, kStop), "id");
  EXPECT_EQ(refusal(stop, with(kStop, R"("66000"})", R"("64000"})")),
            "400 VALIDATION_ERROR trigger_price: already reached");
  const std::string order = at(market.post(kOrders, with(kOrder, "64000", "65000")), "id");
  market.post(kOrders, with(with(with(kOrder, "BUY", "SELL"), "0.01", "0.004"), "64000", "65000"),
              Exchange::kBob);
  EXPECT_EQ(refusal(order, with(with(kOrder, "64000", "65000"), "0.01", "0.004")),
            "400 INVALID_ORDER_SIZE size: not above what is filled");
  market.enter(TradingPhase::halted);
  EXPECT_EQ(refusal(order, with(kOrder, "64000", "64900")),
            "400 MARKET_NOT_OPEN market is not open");
  EXPECT_EQ(market.said(market.del("/v1/orders/" + order)),
            "400 MARKET_NOT_OPEN market is not open");
  EXPECT_EQ(market.said(market.del("/v1/orders/batch", R"({"order_ids":[")" + order + R"("]})")),
            "400 MARKET_NOT_OPEN market is not open");
}

// ---- what cannot be read ------------------------------------------------------------------------

TEST(ParadexRefusals, FieldsThatAreMissingOrBad) {
  Market market;
  const std::string trigger = R"(,"trigger_price":"66000")";
  for (const auto& [body, refusal] : std::vector<Case>{
           {"{}", "market: is required"},
           {with(kOrder, "BUY", "buy"), "side: must be BUY or SELL"},
           {with(kOrder, R"("side":"BUY",)", ""), "side: must be BUY or SELL"},
           {with(kOrder, R"("type":"LIMIT",)", ""), "type: is required"},
           {with(kOrder, "LIMIT", "LIMITED"), "type: unknown"},
           {with(kOrder, R"("0.01")", "null"), "size: is required"},
           {with(kOrder, "0.01", "0"), "size: must be above zero"},
           {with(kOrder, "0.01", "-1"), "size: must not be below zero"},
           {with(kOrder, "0.01", "1,5"), "size: is no decimal number"},
           {with(kOrder, "0.01", "NaN"), "size: is no decimal number"},
           {with(kOrder, "0.01", "0.000001"), "size: must be a multiple of 0.00001"},
           {with(kOrder, "0.01", "99999999999999999999"), "size: is too large"},
           {with(kOrder, R"("64000")", R"("")"), "price: is required"},
           {with(kOrder, "64000", "0"), "price: must be above zero"},
           {with(kOrder, "64000", "-64000"), "price: must be above zero"},
           {with(kOrder, "64000", "64000.05"), "price: must be a multiple of 0.1"},
           {with(kOrder, "64000", "1e400"), "price: is too large"},
           {with(kOrder, "64000", "2000000"), "price: is too large"},
           {with(kStop, trigger, ""), "trigger_price: is required"},
           {with(kStop, trigger, R"(,"trigger_price":"x")"), "trigger_price: is no decimal number"},
           {and_with(R"("instruction":"FOK")"), "instruction: must be GTC, IOC, POST_ONLY or RPI"},
           {with(and_with(R"("instruction":"POST_ONLY")"), "LIMIT", "MARKET"),
            "instruction: POST_ONLY is for orders with a price"},
           {and_with(R"("stp":"NONE")"), "stp: must be EXPIRE_TAKER, EXPIRE_MAKER or EXPIRE_BOTH"},
           {and_with(R"("flags":["HIDDEN"])"), "flags: unknown flag"},
           {and_with(R"("flags":[1])"), "flags: must be a list of texts"},
           {and_with(R"("flags":["STOP_CONDITION_ABOVE_TRIGGER","STOP_CONDITION_BELOW_TRIGGER"])"),
            "flags: a trigger has one STOP_CONDITION"},
           {and_with(R"("client_id":")" + std::string(65, 'x') + "\""),
            "client_id: is longer than 64 characters"},
           {and_with(R"("signature_timestamp":-1)"),
            "signature_timestamp: must be a time in milliseconds"},
           {and_with(R"("signature_timestamp":99999999999999999999)"),
            "signature_timestamp: must be a time in milliseconds"},
           {and_with(R"("recv_window":9)"), "recv_window: must be 10 milliseconds or more"},
           {and_with(R"("recv_window":10,"signature_timestamp":1749999999989)"),
            "recv_window: the order came later than this after signature_timestamp"},
       }) {
    EXPECT_EQ(market.refusal(body), "400 VALIDATION_ERROR " + refusal) << body;
  }
  EXPECT_TRUE(market.commands.empty());
}

TEST(ParadexRefusals, BodiesThatAreNoOrder) {
  Market market;
  for (const auto& [body, refusal] : std::vector<Case>{
           {with(kOrder, R"("BUY")", "1"), "side: wrong type"},
           {with(kOrder, R"("BTC-USD-PERP")", "{}"), "market: wrong type"},
           {with(kOrder, R"("0.01")", "true"), "size: wrong type"},
           {with(kOrder, R"("64000")", "[64000]"), "price: wrong type"},
           {and_with(R"("flags":"REDUCE_ONLY")"), "flags: wrong type"},
           {and_with(R"("client_id":7)"), "client_id: wrong type"},
           {and_with(R"("signature":["1","2"])"), "signature: wrong type"},
       }) {
    EXPECT_EQ(market.refusal(body), "400 BINDING_ERROR " + refusal) << body;
  }
  for (const std::string& body :
       {std::string(), std::string("["), std::string("[]"), std::string("7"), with(kOrder, "}", ""),
        with(kOrder, "}", "}}"), with(kOrder, "BUY", "B\xffY"), and_with(R"("side":"SELL")")}) {
    EXPECT_EQ(at(market.post(kOrders, body), "error"), "BINDING_ERROR") << body;
  }
  EXPECT_TRUE(market.commands.empty());
}

TEST(ParadexRefusals, WhatTheBoxHasNotGot) {
  Market market;
  EXPECT_EQ(market.refusal(and_with(R"("instruction":"RPI")")),
            "403 RPI_ACCOUNT_NOT_WHITELISTED account is not whitelisted for RPI orders");
  for (const char* more : {R"("vwap_price":"1")", R"("flags":["TARGET_STRATEGY_VWAP"])",
                           R"("on_behalf_of_account":"0x1")"}) {
    EXPECT_EQ(market.refusal(and_with(more)).substr(0, 17), "501 NOT_SUPPORTED") << more;
  }
}

// Clients send nulls and empty texts for what they mean to leave out, and fields of later versions.
TEST(ParadexRefusals, WhatIsAbsentOrUnknownIsNoFault) {
  Market market;
  market.post(kOrders,
              and_with(R"("recv_window":null,"stp":null,"client_id":"","trigger_price":null,)"
                       R"("flags":null,"instruction":"","vwap_price":"","dime_discount":null,)"
                       R"("on_behalf_of_account":null,"a_field_of_tomorrow":{"x":[1]})"));
  EXPECT_EQ(market.response.status, 201) << market.response.body;
}

// ---- signatures ---------------------------------------------------------------------------------

// The key pair with which ccxt's requests were captured.
constexpr auto kAddress = "0x289e469f65e0d35332d5a27c7033881c3dfc62f9a736b8dbe8d11cb2e83de03";
constexpr auto kPublicKey = "0x6ebbeb94ce3dcabbfdc5960acfe220f3c6651697ef496d0c504be5f3efb7453";
constexpr AccountId kCcxt{3};

struct SignedMarket : Market {
  SignedMarket() : Market(true) {
    quote(249'990, 250'010, 1'000'000, "ETH-USD-PERP");
    execute(OpenAccount{kCcxt, AccountKindOf::user, "ccxt", kNoAccount});
    execute(Deposit{kCcxt, {1'000'000 * power_of_ten(14), AssetId{0}}});
    EXPECT_TRUE(door.add_credential({kCcxt, kAddress, "", kPublicKey}, "ccxt"));
  }
};

TEST(ParadexOrderSignatures, EveryCapturedOrderIsSigned) {
  SignedMarket market;
  int orders = 0;
  for (const Captured& captured : captured_requests()) {
    if (captured.method != Method::post || !captured.target.starts_with(kOrders)) continue;
    market.send(captured.method, captured.target, captured.body, kCcxt);
    EXPECT_EQ(market.response.status, 201) << captured.note << market.response.body;
    ++orders;
    // What is signed is what is said.
    if (captured.body.find(R"("size":"0.0)") == std::string::npos) continue;
    const std::string other = with(captured.body, R"("size":"0.0)", R"("size":"0.1)");
    const std::string answer = market.send(captured.method, captured.target, other, kCcxt);
    EXPECT_EQ(at(answer, "error"), "INVALID_ORDER_SIGNATURE") << captured.note;
  }
  EXPECT_EQ(orders, 15);
}

TEST(ParadexOrderSignatures, AnOrderWithoutOneIsRefused) {
  SignedMarket market;
  EXPECT_EQ(market.refusal(kOrder), "400 VALIDATION_ERROR signature_timestamp: is required");
  const std::string dated = and_with(R"("signature_timestamp":1750000000000)");
  EXPECT_EQ(market.refusal(dated), "400 VALIDATION_ERROR signature: is required");
  EXPECT_EQ(at(market.post(kOrders, and_with(R"("signature":"x")", dated)), "error"),
            "INVALID_STARKNET_SIGNATURE");
  EXPECT_EQ(at(market.post(kOrders, and_with(R"("signature":"[\"1\",\"2\"]")", dated)), "error"),
            "INVALID_ORDER_SIGNATURE");
  // Nor is a number taken for a decimal text, as it is where signatures do not count.
  EXPECT_EQ(market.refusal(with(kOrder, R"("0.01")", "0.01")),
            "400 BINDING_ERROR size: wrong type");
  EXPECT_TRUE(market.commands.empty());
}

}  // namespace
}  // namespace venuebox::venues::paradex
