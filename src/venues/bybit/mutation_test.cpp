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

TEST(Mutation, EveryRequestIsAnsweredWithAnEnvelope) {
  RandomStream draws(20240808, "bybit mutations");
  Exchange exchange;
  exchange.quote("linear", 359'000, 370'000, 1'000'000);
  exchange.quote("spot", 359'000, 370'000, 80'000'000);
  for (const Captured& captured : captured_requests()) {
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
