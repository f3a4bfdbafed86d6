// Captured requests with a few bytes changed: whatever comes, the answer is a row, a page or
// Paradex's error, and the exchange's books still balance.
#include "base/random.h"
#include "venues/paradex/test_exchange.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::Method;

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

// What no captured request shows; {} stands for the id of an order that is open.
struct Further {
  Method method;
  std::string_view target;
  std::string_view body = {};
};
constexpr Further kFurther[] = {
    {Method::post, "/v1/orders",
     R"({"market":"BTC-USD-PERP","side":"SELL","type":"TAKE_PROFIT_LIMIT","size":"0.02",)"
     R"("price":"70000","trigger_price":"70000","client_id":"a","stp":"EXPIRE_BOTH",)"
     R"("recv_window":5000,"signature_timestamp":1750000000000,"flags":["REDUCE_ONLY"]})"},
    {Method::post, "/v1/orders",
     R"({"market":"BTC-USD-PERP","side":"BUY","order_type":"STOP_MARKET","size":0.01,)"
     R"("trigger_price":66000,"flags":["STOP_CONDITION_ABOVE_TRIGGER","INTERACTIVE"]})"},
    {Method::put, "/v1/orders/{}",
     R"({"market":"BTC-USD-PERP","side":"BUY","type":"LIMIT","size":"0.02","price":"64001"})"},
    {Method::del, "/v1/orders/batch", R"({"order_ids":["{}","2"],"client_order_ids":["a"]})"},
    {Method::del, "/v1/orders?market=BTC-USD-PERP"},
    {Method::get,
     "/v1/orders-history?client_id=a&side=BUY&status=OPEN&type=LIMIT&page_size=2&cursor=3"},
    {Method::get, "/v1/fills?start_at=1&end_at=1750000000000&page_size=2&cursor=7"},
    {Method::get, "/v1/funding/payments?start_at=1&end_at=2&cursor=1"},
    {Method::get, "/v1/liquidations?from=1&to=2"},
    {Method::get, "/v1/positions?status=OPEN"},
};

std::vector<Captured> all_requests(const std::string& open_order) {
  std::vector<Captured> requests = captured_requests();
  for (const Further& further : kFurther) {
    const auto named = [&](std::string_view with_place) {
      std::string text(with_place);
      const std::size_t place = text.find("{}");
      return place == std::string::npos ? text : text.replace(place, 2, open_order);
    };
    Captured request;
    request.method = further.method;
    request.target = named(further.target);
    request.body = named(further.body);
    requests.push_back(request);
  }
  return requests;
}

TEST(ParadexMutations, EveryRequestIsAnswered) {
  RandomStream draws(20240808, "paradex mutations");
  Exchange exchange;
  exchange.quote(649'990, 650'010, 10'000'000);
  exchange.quote(249'990, 250'010, 10'000'000, "ETH-USD-PERP");
  const std::string order = exchange.post(
      "/v1/orders",
      R"({"market":"BTC-USD-PERP","side":"BUY","type":"LIMIT","size":"0.01","price":"64000"})");
  for (const Captured& captured : all_requests(at(order, "id"))) {
    for (int i = 0; i < kMutationsPerRequest; ++i) {
      std::string target = captured.target;
      std::string body = captured.body;
      const std::size_t query = target.find('?');
      if (!body.empty()) {
        body = mutated(body, draws);
      } else if (query != std::string::npos) {
        target = target.substr(0, query + 1) + mutated(target.substr(query + 1), draws);
      }
      const std::string answer = exchange.send(captured.method, target, body, Exchange::kAlice);
      const int status = exchange.response.status;
      JsonObject object;
      if (status == 204) {
        ASSERT_EQ(answer, "");
        continue;
      }
      ASSERT_TRUE(object.parse(answer)) << target << "\n" << body << "\n" << answer;
      const bool is_error = object.find("error") && object.find("message") && object.find("data");
      ASSERT_EQ(is_error, status >= 400) << target << "\n" << body << "\n" << answer;
      ASSERT_NE(status, 500) << target << "\n" << body << "\n" << answer;
    }
  }
}

}  // namespace
}  // namespace venuebox::venues::paradex
