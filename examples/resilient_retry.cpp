// What the library does when answers are lost: a question is asked again, an order is not. It is
// looked for by its client order id, so that it is never placed twice.
#include <fmt/core.h>
#include <venuebox/library/numbers.h>

#include "settings.h"

using namespace venuebox;

// Carries every call, and loses the answers that it is told to lose.
class LossyTransport final : public client::Transport {
 public:
  LossyTransport(std::unique_ptr<client::Transport> inner, int& losses)
      : inner_(std::move(inner)), losses_(losses) {}
  void send(const gateway::ClientRequest& request, Nanoseconds deadline,
            std::function<void(client::TransportResult)> done) override {
    fmt::print("  {}\n", request.path);
    inner_->send(request, deadline, [this, done](client::TransportResult result) {
      if (losses_ == 0) return done(std::move(result));
      --losses_;
      done(client::TransportError{client::TransportError::Kind::timeout, true,
                                  "the answer is lost"});
    });
  }

 private:
  std::unique_ptr<client::Transport> inner_;
  int& losses_;
};

int main(int argc, char** argv) {
  int losses = 0;
  auto settings = settings_from(argc, argv);
  settings.wrap = [&losses](auto inner, auto&) {
    return std::make_unique<LossyTransport>(std::move(inner), losses);
  };
  settings.caller.retry.backoff = milliseconds(100);  // doubles with each attempt
  const auto connection = library::connect(settings);
  if (!connection) {
    fmt::print(stderr, "{}\n", connection.error().text());
    return 2;
  }
  client::BlockingExchange& venue = (*connection)->blocking();
  fmt::print("markets, of which the first answer is lost:\n");
  losses = 1;
  if (const auto markets = venue.load_markets(); !markets) {
    fmt::print(stderr, "no markets: {}\n", markets.text);
    return 1;
  }
  fmt::print("an order whose answer is lost:\n");
  losses = 1;
  const auto placed = venue.create_order({.symbol = "BTC/USDT:USDT",
                                          .type = OrderType::market,
                                          .quantity = *library::decimal("0.01")});
  if (!placed) {
    fmt::print(stderr, "not placed: {}\n", placed.text);
    return 1;
  }
  fmt::print("found as {}\n", placed.value->id);
  const auto fills = venue.fetch_my_trades("BTC/USDT:USDT", 10);
  fmt::print("{}\n", fills && !fills.value->empty() ? "and filled, once" : fills.text);
  return fills ? 0 : 1;
}
