// Captured requests with a few bytes changed: whatever comes, the answer is Bybit's envelope, and
// the exchange's books still balance.
#include "base/random.h"
#include "venues/bybit/test_exchange.h"

namespace venuebox::venues::bybit {
namespace {

constexpr int kMutationsPerRequest = 60;

// Changes, drops, doubles or cuts; digits and quotes more often, since those change meanings.
std::string mutated(std::string text, RandomStream& draws) {
  static constexpr std::string_view kBytes = "00991.-e\"\"{}[],:&=%\\x\xff\x00 ";
  const std::uint64_t changes = 1 + draws.below(4);
  for (std::uint64_t i = 0; i < changes && !text.empty(); ++i) {
    const std::size_t place = draws.below(text.size());
    switch (draws.below(4)) {
      case 0: text[place] = kBytes[draws.below(kBytes.size())]; break;
      case 1: text.erase(place, 1 + draws.below(3)); break;
      case 2: text.insert(place, text.substr(place, 1 + draws.below(30))); break;
      default: text.insert(place, 1, kBytes[draws.below(kBytes.size())]); break;
    }
  }
  return text;
}

// What no captured request shows.
constexpr std::pair<std::string_view, std::string_view> kBodies[] = {
    {"/v5/order/amend",
     R"({"category":"linear","symbol":"BTCUSDT","orderLinkId":"a","price":"36100","qty":"0.02",)"
     R"("takeProfit":"39000","stopLoss":"0","triggerPrice":"38000","tpTriggerBy":"MarkPrice"})"},
    {"/v5/order/amend-batch",
     R"({"category":"linear","request":[{"symbol":"BTCUSDT","orderLinkId":"a","qty":"0.02"},)"
     R"({"symbol":"BTCUSDT","orderLinkId":"b","price":"36000"}]})"},
    {"/v5/order/create",
     R"({"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Market","qty":"0.01",)"
     R"("takeProfit":"39000","stopLoss":"35000","tpslMode":"Partial","tpOrderType":"Limit",)"
     R"("tpLimitPrice":"39000","orderLinkId":"a","smpType":"CancelBoth"})"},
    {"/v5/order/create",
     R"({"category":"spot","symbol":"BTCUSDT","side":"Sell","orderType":"Market","qty":"0.01",)"
     R"("triggerPrice":"36000","orderFilter":"tpslOrder","marketUnit":"baseCoin"})"},
    {"/v5/order/create",
     R"({"category":"linear","symbol":"BTCUSDT","side":"Sell","orderType":"Market","qty":"0.01",)"
     R"("slippageToleranceType":"Percent","slippageTolerance":"0.05"})"},
    {"/v5/order/cancel-all", R"({"category":"spot","symbol":"BTCUSDT","orderFilter":"tpslOrder"})"},
    {"/v5/position/trading-stop",
     R"({"category":"linear","symbol":"BTCUSDT","tpslMode":"Full","takeProfit":"39000",)"
     R"("stopLoss":"35000","trailingStop":"100","activePrice":"37500","positionIdx":0})"},
    {"/v5/position/trading-stop",
     R"({"category":"linear","symbol":"BTCUSDT","tpslMode":"Partial","takeProfit":"39000",)"
     R"("tpSize":"0.001","tpOrderType":"Limit","tpLimitPrice":"39000"})"},
    {"/v5/account/demo-apply-money",
     R"({"adjustType":0,"utaDemoApplyMoney":[{"coin":"USDT","amountStr":"1000"}]})"},
    {"/v5/position/switch-mode", R"({"category":"linear","symbol":"ETHUSDT","mode":3})"},
    {"/v5/position/switch-mode", R"({"category":"linear","coin":"USDT","mode":0})"},
    {"/v5/account/set-margin-mode", R"({"setMarginMode":"ISOLATED_MARGIN"})"},
    {"/v5/position/add-margin",
     R"({"category":"linear","symbol":"BTCUSDT","margin":"-10.5","positionIdx":0})"},
    {"/v5/position/set-risk-limit", R"({"category":"inverse","symbol":"BTCUSD","riskId":2})"},
    {"/v5/position/set-auto-add-margin",
     R"({"category":"linear","symbol":"BTCUSDT","autoAddMargin":0})"},
    {"/v5/order/create",
     R"({"category":"inverse","symbol":"BTCUSD","side":"Sell","orderType":"Market","qty":"100",)"
     R"("positionIdx":1,"triggerPrice":"50000","triggerDirection":2})"},
};

std::vector<Captured> all_requests() {
  std::vector<Captured> requests = captured_requests();
  for (const auto& [path, body] : kBodies) {
    Captured request;
    request.method = gateway::Method::post;
    request.target = path;
    request.body = body;
    requests.push_back(request);
  }
  for (const char* target :
       {"/v5/market/kline?category=linear&symbol=BTCUSDT&interval=M&start=0&end=1800000000000",
        "/v5/position/closed-pnl?category=linear&symbol=BTCUSDT&startTime=1699999999999&limit=2",
        "/v5/market/price-limit?symbol=BTCUSDT", "/v5/market/risk-limit?category=inverse",
        "/v5/market/insurance?coin=BTC",
        "/v5/market/funding/history?category=inverse&symbol=BTCUSD&startTime=1&endTime=2&limit=3",
        "/v5/position/list?category=inverse&settleCoin=BTC&limit=2",
        "/v5/execution/list?category=linear&execType=Funding&size=100",
        "/v5/asset/transfer/query-account-coins-balance?accountType=UNIFIED&coin=USDT"}) {
    Captured request;
    request.method = gateway::Method::get;
    request.target = target;
    requests.push_back(request);
  }
  return requests;
}

TEST(Mutation, EveryRequestIsAnsweredWithAnEnvelope) {
  RandomStream draws(20240808, "bybit mutations");
  Exchange exchange;
  exchange.quote("linear", 359'000, 370'000, 1'000'000);
  exchange.quote("spot", 359'000, 370'000, 80'000'000);
  for (const Captured& captured : all_requests()) {
    for (int i = 0; i < kMutationsPerRequest; ++i) {
      std::string target = captured.target;
      std::string body = captured.body;
      const std::size_t query = target.find('?');
      if (captured.method == gateway::Method::post) {
        body = mutated(body, draws);
      } else if (query != std::string::npos) {
        target = target.substr(0, query + 1) + mutated(target.substr(query + 1), draws);
      }
      const std::string answer = exchange.send(captured.method, target, body, Exchange::kAlice);
      JsonObject envelope;
      ASSERT_TRUE(envelope.parse(answer)) << target << "\n" << body << "\n" << answer;
      ASSERT_TRUE(envelope.find("retCode") && envelope.find("retMsg") && envelope.find("result") &&
                  envelope.find("retExtInfo") && envelope.find("time"))
          << answer;
    }
  }
}

}  // namespace
}  // namespace venuebox::venues::bybit
