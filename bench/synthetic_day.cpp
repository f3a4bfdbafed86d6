// A simulated day of ten symbols through market, engine and event hash, in manual time; and what
// the same market costs of a core when its time is the wall's.
#include <chrono>
#include <cstdio>
#include <ctime>

#include <fmt/core.h>

#include "box/box.h"

namespace {
using namespace venuebox;

double wall_seconds() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}
double processor_seconds() {
  return static_cast<double>(std::clock()) / static_cast<double>(CLOCKS_PER_SEC);
}
}  // namespace

int main(int argc, char** argv) {
  const int hours = argc > 1 ? std::atoi(argv[1]) : 24;
  if (argc > 2 || hours < 1) {
    fmt::print(stderr, "usage: synthetic_day [HOURS]\n");
    return 2;
  }
  box::BoxConfig config;
  config.venues = {"bybit"};
  config.symbols = {"BTC", "ETH", "SOL", "XRP", "DOGE", "BNB", "ADA", "LTC", "LINK", "AVAX"};
  box::BoxSettings settings;
  settings.clock.mode = box::ClockMode::manual;
  const ManualClock door;
  auto box = box::Box::open(config, settings, door, store::make_memory_store());
  if (!box) {
    fmt::print(stderr, "synthetic_day: {}\n", box.error().text());
    return 1;
  }
  const box::Exchange& exchange = *(*box)->exchanges()[0];
  const double wall = wall_seconds();
  const double processor = processor_seconds();
  for (int hour = 0; hour < hours; ++hour) {
    if (!(*box)->advance_clock((*box)->now() + seconds(3'600)) || !(*box)->commit()) return 1;
  }
  const double took = wall_seconds() - wall;
  const double used = processor_seconds() - processor;
  fmt::print(
      "{{\"bench\":\"synthetic_day\",\"symbols\":{},\"instruments\":{},\"hours\":{},"
      "\"seconds\":{:.2f},\"processor_seconds\":{:.2f},\"commands\":{},\"events\":{},"
      "\"event_hash\":\"{:016x}\"}}\n",
      config.symbols.size(), exchange.engine().instruments().size(), hours, took, used,
      exchange.engine().sequence(), exchange.event_count(), (*box)->event_hash());
}
