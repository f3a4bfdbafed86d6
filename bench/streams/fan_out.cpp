// Serves Bybit's public stream from an engine whose books change, to so many clients, as fast as
// all of them take it: the server's part of fan_out.py, with the arguments of the bare epoll server
// it is compared with. Every client is subscribed as it connects.
//
//   fan_out PORT CLIENTS SECONDS [BOOKS]
//
// Each turn changes two levels of so many books: a frame of about 200 bytes for each, for every
// client. Ends when a client leaves.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/engine.h"
#include "gateway/streams.h"
#include "model/desk.h"
#include "net/http_server.h"
#include "venues/bybit/bybit.h"

namespace {

using namespace venuebox;
using SteadyClock = std::chrono::steady_clock;

constexpr AccountId kMaker{0};
constexpr int kLevels = 50;
const std::vector<std::string> kBases{"BTC", "ETH",  "SOL",  "XRP", "DOGE", "ADA",
                                      "LTC", "LINK", "AVAX", "BNB", "DOT",  "SUI"};

// An exchange with Bybit's perpetuals and fifty levels on each side of their books.
class Books final : public Desk {
 public:
  Books() {
    execute(AddAsset{{AssetId{0}, "USDT", 14}});
    for (const std::string& base : kBases)
      execute(AddAsset{{AssetId{static_cast<std::uint16_t>(engine_.assets().size())}, base, 14}});
    for (const gateway::Listing& listing : venues::bybit::venue.listings(kBases)) {
      if (listing.terms.is_spot()) continue;
      Instrument terms = listing.terms;
      terms.id = InstrumentId{static_cast<std::uint32_t>(engine_.instruments().size())};
      terms.base = engine_.find_asset(listing.base)->id;
      terms.quote = terms.settle = terms.notional_min.asset = AssetId{0};
      execute(ListInstrument{
          *checked_listing(terms, *engine_.find_asset(listing.base), engine_.assets().front())});
    }
    execute(OpenAccount{kMaker, AccountKindOf::market, "maker", kNoAccount});
    for (const Instrument& instrument : engine_.instruments()) {
      for (int level = 0; level < kLevels; ++level) {
        place(instrument.id, Side::buy, 10'000 - 2 * level);
        place(instrument.id, Side::sell, 10'001 + 2 * level);
      }
      moving_.push_back(place(instrument.id, Side::buy, 9'999));
    }
  }

  std::span<const Event> execute(const CommandBody& body) override {
    return engine_.execute({engine_.sequence() + 1, now, body});
  }
  const View& view() const override { return engine_; }

  // One level goes and another comes.
  std::span<const Event> change(std::size_t book) {
    const InstrumentId instrument{static_cast<std::uint32_t>(book)};
    execute(CancelOrder{.account = kMaker, .instrument = instrument, .order = moving_[book]});
    moving_[book] = place(instrument, Side::buy, 9'979 + 2 * (++changes_ % 10));
    return {};
  }

  Timestamp now = timestamp_from_ms(1'763'640'000'000);

 private:
  OrderId place(InstrumentId instrument, Side side, std::int64_t price) {
    PlaceOrder order;
    order.account = kMaker;
    order.instrument = instrument;
    order.side = side;
    order.price = Ticks{price};
    order.quantity = Lots{1'000};
    order.value = {0, AssetId{0}};
    return std::get<OrderAccepted>(execute(order).front()).order.id;
  }

  engine::Engine engine_;
  std::vector<OrderId> moving_;
  std::int64_t changes_ = 0;
};

class Publisher final : public net::HttpHandler, public net::SocketHandler {
 public:
  Publisher(net::Loop& loop, std::size_t clients, double seconds, std::size_t books)
      : loop_(loop), clients_(clients), seconds_(seconds) {
    for (std::size_t i = 0; i < books; ++i) {
      const std::size_t book = i % kBases.size();
      topics_.push_back(
          fmt::format("\"orderbook.{}.{}USDT\"", i < kBases.size() ? 50 : 200, kBases[book]));
    }
  }

  void handle(const net::Request&, net::Response& response) override { response.upgrade = this; }
  void opened(net::WebSocket& socket, const net::Request&) override {
    sockets_.push_back(&socket);
    streams_.open(socket, *streams_.find_route("/v5/public/linear"), "");
    // The client understands frames of more than 125 bytes alone, so the answer to this is long.
    const std::string request =
        fmt::format(R"({{"op":"subscribe","req_id":"{:0100}","args":[{}]}})", sockets_.size(),
                    fmt::join(topics_, ","));
    streams_.receive(socket, request, true, books_, moment(), log_);
    // The answers leave with this turn. The next one begins the race, whatever else comes.
    if (sockets_.size() == clients_) loop_.after(milliseconds(1), [] {});
  }
  void received(net::WebSocket&, std::string_view, bool) override {}
  void closed(net::WebSocket& socket) override {
    streams_.close(socket);
    sockets_.clear();
    loop_.stop();
  }

  // At the end of a turn, before the flush.
  void publish() {
    if (sockets_.size() < clients_ || is_any_behind() || is_over()) return;
    for (std::size_t book = 0; book < std::min(topics_.size(), kBases.size()); ++book)
      books_.change(book);
    streams_.publish(books_.view(), moment(), false);
    loop_.post([] {});  // The next turn comes even if no client says anything.
  }

 private:
  gateway::Moment moment() const { return {books_.now, books_.now, 1}; }
  bool is_any_behind() const {
    return std::ranges::any_of(sockets_,
                               [](const net::WebSocket* socket) { return socket->unsent() > 0; });
  }
  bool is_over() {
    const auto now = SteadyClock::now();
    if (begin_ == SteadyClock::time_point{}) begin_ = now;
    return std::chrono::duration<double>(now - begin_).count() > seconds_;
  }

  net::Loop& loop_;
  std::size_t clients_;
  double seconds_;
  std::vector<std::string> topics_;
  Books books_;
  gateway::Door door_{venues::bybit::venue, {}};
  gateway::RequestLog log_;
  gateway::Streams streams_{venues::bybit::venue, door_};
  std::vector<net::WebSocket*> sockets_;
  SteadyClock::time_point begin_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4 || argc > 5) {
    fmt::print(stderr, "usage: fan_out PORT CLIENTS SECONDS [BOOKS]\n");
    return 2;
  }
  const auto clients = static_cast<std::size_t>(std::atoi(argv[2]));
  net::raise_open_files_limit();
  net::Loop loop;
  const ManualClock clock;
  const auto books = static_cast<std::size_t>(argc > 4 ? std::atoi(argv[4]) : 1);
  Publisher publisher(loop, clients, std::atof(argv[3]), books);
  net::HttpServer server(loop, clock, publisher, {.connections_max = clients});
  const auto listening = server.listen("127.0.0.1", static_cast<std::uint16_t>(std::atoi(argv[1])));
  if (!listening) {
    fmt::print(stderr, "fan_out: {}: {}\n", listening.error().where, listening.error().detail);
    return 1;
  }
  loop.at_end_of_turn([&] { publisher.publish(); });
  loop.at_end_of_turn([&] { server.flush(); });
  loop.run();
  return 0;
}
