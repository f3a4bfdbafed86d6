// What the client library costs beside what cannot be saved, in one run:
//   call   building, signing and reading one Bybit order, against one HMAC-SHA256 of 200 bytes
//   order  an order's round trip in process (client, box, engine, journal in memory), against the
//          same order given to an equal engine directly
// Each round measures both sides of each pair; the ratio of a pair is the median of the rounds'.
//   client_calls [ORDERS] [ROUNDS]
#include <algorithm>
#include <cstdlib>
#include <ctime>

#include <fmt/core.h>

#include "box/box.h"
#include "client/blocking.h"
#include "client/network_transport.h"
#include "crypto/hmac.h"
#include "library/in_process_transport.h"
#include "library/system_clock.h"
#include "venues/all.h"

namespace venuebox::bench {
namespace {
// Of this thread on its core: nothing here waits, and who else runs does not count.
double cpu_ns() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

// CPU nanoseconds of one of `count` runs.
template <class Run>
double each_ns(int count, const Run& run) {
  const double begin = cpu_ns();
  for (int i = 0; i < count; ++i)
    run(i);
  return (cpu_ns() - begin) / count;
}

void check(bool holds, std::string_view what) {
  if (holds) return;
  fmt::print(stderr, "client_calls: {}\n", what);
  std::exit(1);
}

const library::SystemClock kClock;

// A box with a quote that every order here crosses, so that each fills at once.
struct World {
  World() {
    box::BoxConfig config;
    config.venues = {"bybit"};
    config.symbols = {"BTC"};
    config.market = *market::MarketSpec::from_text("pinned");
    box::BoxSettings settings;
    settings.rate_limits = gateway::RateLimits::off;
    box = std::move(*box::Box::open(config, settings, kClock, store::make_memory_store()));
    const auto listed = engine().instruments();
    const auto found = std::ranges::find_if(listed, [](const Instrument& instrument) {
      return instrument.kind == InstrumentKindOf::linear_perpetual;
    });
    instrument = found->id;
    const market::Quote quote{.bid = Ticks{600'000},
                              .ask = Ticks{600'010},
                              .last = {},
                              .bid_size = Lots{1'190'000},
                              .ask_size = Lots{1'190'000}};
    check(bool(box->set_quote(0, instrument, quote)) && box->commit(), "no quote");
  }
  engine::Engine& engine() { return box->exchanges()[0]->mutable_engine(); }

  std::unique_ptr<box::Box> box;
  InstrumentId instrument;
};

struct Bot {
  Bot() {
    const gateway::Venue& venue = *venues::find("bybit");
    const auto credential = venue.demo_credential("alice");
    keys = {credential.key, credential.secret};
    client::ExchangeSettings settings;
    settings.caller.pacing = {.capacity = 1'000'000'000, .refill_per_second = 1'000'000};
    exchange.emplace(*venue.client, keys, transport, scheduler, settings);
    const auto markets = client::BlockingExchange(loop, *exchange).load_markets();
    check(bool(markets), markets.text);
    market = *std::ranges::find(*markets.value, "BTC/USDT:USDT", &unified::Market::symbol);
  }
  static unified::NewOrder order(int i) {
    return {.symbol = "BTC/USDT:USDT",
            .side = i % 2 == 0 ? Side::buy : Side::sell,
            .quantity = {1, 3},
            .price = Decimal{i % 2 == 0 ? 600'010 : 600'000, 1}};
  }

  World world;
  net::Loop loop;
  client::LoopScheduler scheduler{loop, kClock};
  library::InProcessTransport transport{*world.box, 0, scheduler};
  gateway::ClientKeys keys;
  std::optional<client::Exchange> exchange;
  unified::Market market;
};

double hmac_ns(int count) {
  const std::string key(36, 'k');
  std::string message(200, 'm');
  unsigned sum = 0;
  const double each = each_ns(count, [&](int i) {
    message[0] = static_cast<char>(i);
    sum += crypto::hmac_sha256(key, {message})[0];
  });
  check(sum > 0, "no digests");
  return each;
}

double call_ns(const Bot& bot, int count) {
  const gateway::ClientDialect& bybit = *venues::find("bybit")->client;
  const gateway::ClientResponse response{
      .status = 200,
      .headers = {{"Content-Type", "application/json"}},
      .body = R"({"retCode":0,"retMsg":"OK","result":{"orderId":"c2ea2ab1-42b4-4e23-8f2b-)"
              R"(1cd0c3fa2b12","orderLinkId":"venuebox-1"},"retExtInfo":{},"time":1700000000123})"};
  std::size_t read = 0;
  const double each = each_ns(count, [&](int i) {
    auto request = bybit.create_order(bot.order(i), bot.market);
    const auto is_signed = bybit.sign(*request, bot.keys, timestamp_from_ms(1'700'000'000'000 + i));
    const auto answer = bybit.judge(*request, response);
    const auto id = bybit.read_created_order(response);
    read += is_signed && answer.verdict == gateway::Verdict::ok ? id->size() : 0;
  });
  check(read == 36u * static_cast<std::size_t>(count), "an answer was not read");
  return each;
}

double round_trip_ns(Bot& bot, int count) {
  int placed = 0;
  const double each = each_ns(count, [&](int i) {
    const bool was = bool(client::blocking<client::PlacedOrder>(
        bot.loop, [&](auto then) { bot.exchange->create_order(bot.order(i), then); }));
    placed += was ? 1 : 0;
  });
  check(placed == count, "an order was not placed");
  return each;
}

double engine_ns(World& world, int count) {
  engine::Engine& engine = world.engine();
  Command command;
  command.body = PlaceOrder{};
  auto& order = std::get<PlaceOrder>(command.body);
  order.account = world.box->accounts()[0].id;
  order.instrument = world.instrument;
  order.quantity = Lots{1};
  std::size_t fills = 0;
  const double each = each_ns(count, [&](int i) {
    order.side = i % 2 == 0 ? Side::buy : Side::sell;
    order.price = Ticks{i % 2 == 0 ? 600'010 : 600'000};
    command.sequence = engine.sequence() + 1;
    command.time = engine.time() + microseconds(1);
    for (const Event& event : engine.execute(command))
      fills += std::holds_alternative<Fill>(event) ? 1 : 0;
  });
  check(fills == static_cast<std::size_t>(count), "an order was not filled");
  return each;
}

struct Pair {
  std::vector<double> ours, reference, ratios;
  void add(double a, double b) {
    ours.push_back(a);
    reference.push_back(b);
    ratios.push_back(a / b);
  }
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void print(std::string_view name, double goal, const Pair& pair) {
  fmt::print(R"({{"bench":"client","part":"{}","ratio":{:.2f},"goal":{},"ours_ns":{:.0f},)"
             R"("reference_ns":{:.0f}}})"
             "\n",
             name, median(pair.ratios), goal, median(pair.ours), median(pair.reference));
}
}  // namespace

void run(int orders, int rounds) {
  Bot bot;
  World bare;
  Pair calls, trips;
  round_trip_ns(bot, orders / 10);
  engine_ns(bare, orders / 10);
  for (int i = 0; i < rounds; ++i) {
    const double hmac = hmac_ns(orders * 10);
    calls.add(call_ns(bot, orders), hmac);
    const double engine = engine_ns(bare, orders);
    trips.add(round_trip_ns(bot, orders), engine);
  }
  print("call", 10, calls);
  print("order", 25, trips);
}

}  // namespace venuebox::bench

int main(int argc, char** argv) {
  venuebox::bench::run(argc > 1 ? std::atoi(argv[1]) : 20'000, argc > 2 ? std::atoi(argv[2]) : 5);
}
