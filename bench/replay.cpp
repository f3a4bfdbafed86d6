// The whole recording through market, engine and event hash, in manual time: what a researcher
// waits for. The reference of the same run is reading alone: inflate and parse, without a book.
#include <chrono>
#include <cstdio>

#include <fmt/core.h>

#include "box/box.h"
#include "market/recording.h"

namespace {
using namespace venuebox;

std::int64_t now_us() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}
}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: replay RECORDING.raw.gz\n");
    return 2;
  }
  const std::string path = argv[1];
  std::vector<std::int64_t> read_us, box_us;
  std::uint64_t lines = 0, changes = 0, hash = 0, events = 0;
  for (int round = 0; round < 5; ++round) {
    std::int64_t begin = now_us();
    auto recording = market::open_recording(path);
    if (!recording) {
      fmt::print(stderr, "replay: {}\n", recording.error().text());
      return 1;
    }
    market::RecordedMessage message;
    Timestamp first, last;
    changes = 0;
    while ((*recording)->next(message)) {
      const bool is_trade = message.kind == market::RecordedMessage::Kind::trade;
      changes += is_trade ? 1 : message.bids.size() + message.asks.size();
      if (first.ns == 0) first = message.time;
      last = message.time;
    }
    lines = (*recording)->report().lines;
    read_us.push_back(now_us() - begin);

    box::BoxConfig config;
    config.venues = {"bybit"};
    config.symbols = {"BTC"};
    config.market = *market::MarketSpec::from_text("replay:" + path + ":loop=off");
    box::BoxSettings settings;
    settings.clock.mode = box::ClockMode::manual;
    const ManualClock door;
    begin = now_us();
    auto box = box::Box::open(config, settings, door, store::make_memory_store());
    if (!box || !(*box)->advance_clock((*box)->now() + (last - first)) || !(*box)->commit()) {
      return 1;
    }
    box_us.push_back(now_us() - begin);
    hash = (*box)->event_hash();
    events = (*box)->exchanges()[0]->event_count();
  }
  std::sort(read_us.begin(), read_us.end());
  std::sort(box_us.begin(), box_us.end());
  fmt::print(
      "{{\"bench\":\"replay\",\"lines\":{},\"changes\":{},\"events\":{},\"seconds\":{:.3f},"
      "\"mchanges_per_s\":{:.3f},\"read_only_seconds\":{:.3f},\"ratio\":{:.2f},\"event_hash\":\"{:"
      "016x}\"}}\n",
      lines, changes, events, static_cast<double>(box_us[2]) / 1e6,
      static_cast<double>(changes) / static_cast<double>(box_us[2]),
      static_cast<double>(read_us[2]) / 1e6,
      static_cast<double>(box_us[2]) / static_cast<double>(read_us[2]), hash);
}
