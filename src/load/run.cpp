#include "load/run.h"

#include <fmt/core.h>

#include "box/box.h"
#include "library/in_process_transport.h"
#include "load/trader.h"
#include "load/virtual_time.h"
#include "venues/all.h"

namespace venuebox::load {
namespace {
// How often the market maker's quote is renewed and the box looks at its clock.
constexpr Nanoseconds kStep = seconds(1);
constexpr Lots kQuantity{100'000};  // of the quote, on either side: 100 BTC

// The box, its clients and the time that all of them share, in the order in which they stand on
// each other.
class World {
 public:
  World(const Settings& settings, Tally& tally)
      : settings_(settings), tally_(tally), time_(start_of(settings)) {}

  Result<void> open();
  Result<void> load_markets();
  Result<void> trade(const Progress& progress);

  box::Box& box() { return *box_; }
  Timestamp now() const { return time_.now(); }

 private:
  Result<void> open_box();
  // Renews what was taken from the market maker.
  Result<void> quote();
  // Lets time pass until then, and whatever comes due in it.
  Result<void> pass(Timestamp until);
  bool has_ended() const;

  const Settings& settings_;
  Tally& tally_;
  VirtualTime time_;
  std::unique_ptr<box::Box> box_;
  InstrumentId instrument_;
  Lots quoted_;
  std::unique_ptr<library::InProcessTransport> venue_;
  std::vector<std::unique_ptr<Trader>> traders_;
};

Result<void> World::open_box() {
  box::BoxConfig config;
  config.name = "load-test";
  config.seed = settings_.seed;
  config.venues = {settings_.venue};
  config.symbols = {"BTC"};
  config.market = *market::MarketSpec::from_text("pinned");
  box::BoxSettings settings;
  // The venue's own limits are those of the fault plan alone.
  settings.rate_limits = gateway::RateLimits::off;
  auto box = box::Box::open(config, settings, time_, store::make_memory_store());
  if (!box) return box.error();
  box_ = std::move(*box);
  return {};
}

Result<void> World::open() {
  if (auto opened = open_box(); !opened) return opened;
  const auto* perpetual =
      box_->exchanges()[0]->engine().find_instrument("BTCUSDT", InstrumentKindOf::linear_perpetual);
  if (!perpetual) return invalid("venue", settings_.venue + " lists no BTCUSDT perpetual");
  instrument_ = perpetual->id;
  if (auto quoted = quote(); !quoted) return quoted;
  venue_ = std::make_unique<library::InProcessTransport>(*box_, 0, time_);
  const gateway::Venue& venue = *venues::find(settings_.venue);
  for (int number = 0; number < settings_.clients; ++number) {
    const std::string account = fmt::format("client-{}", number + 1);
    if (auto made = box_->create_account(account, {}, {}); !made) return made.error();
    const gateway::Credential credential = venue.demo_credential(account);
    traders_.push_back(std::make_unique<Trader>(
        settings_, number, *venue.client, gateway::ClientKeys{credential.key, credential.secret},
        *venue_, time_, tally_));
  }
  return {};
}

Result<void> World::quote() {
  // What is quoted already is not quoted again, so the quantity goes up and down by a lot.
  quoted_ = Lots{quoted_ == kQuantity ? kQuantity.raw + 1 : kQuantity.raw};
  return box_->set_quote(0, instrument_, {Ticks{600'000}, Ticks{600'010}, {}, quoted_, quoted_});
}

Result<void> World::pass(Timestamp until) {
  time_.run_until(until);
  box_->advance();
  return box_->commit();
}

// Before there are faults: a client that knows no markets could call nothing.
Result<void> World::load_markets() {
  std::size_t left = traders_.size();
  std::string failure;
  for (const auto& trader : traders_) {
    trader->load_markets([&](const auto& reply) {
      --left;
      if (!reply) failure = reply.text;
    });
  }
  for (const Timestamp end = now() + seconds(600); left > 0 && now() < end;) {
    if (auto passed = pass(now() + kStep); !passed) return passed;
  }
  if (left > 0 || !failure.empty()) return Error{ErrorKind::io, "load_markets", failure};
  return {};
}

bool World::has_ended() const {
  return std::ranges::all_of(traders_, [](const auto& trader) { return trader->has_ended(); });
}

Result<void> World::trade(const Progress& progress) {
  auto faults = faults_of(settings_);
  if (!faults) return faults.error();
  if (auto put = box_->plan().put_all(std::move(*faults), now()); !put) return put;
  const Timestamp start = now();
  const Nanoseconds duration = seconds(settings_.duration_s);
  const bool has_end = settings_.orders_each == 0;
  for (const auto& trader : traders_)
    trader->start(has_end ? start + duration : kNever);
  while (!has_ended()) {
    if (auto quoted = quote(); !quoted) return quoted;
    if (auto passed = pass(now() + kStep); !passed) return passed;
    if (progress) progress(std::min(now() - start, duration), duration);
  }
  return {};
}
}  // namespace

Result<Report> run(const Settings& settings, const Progress& progress) {
  if (auto checked = check(settings); !checked) return checked.error();
  const Timestamp start = start_of(settings);
  Report report{.settings = settings,
                .start = start,
                .end = {},
                .tally = Tally(start, seconds(settings.duration_s)),
                .faults = {}};
  World world(report.settings, report.tally);
  if (auto opened = world.open(); !opened) return opened.error();
  if (auto loaded = world.load_markets(); !loaded) return loaded.error();
  if (auto traded = world.trade(progress); !traded) return traded.error();
  report.end = world.now();
  report.faults = world.box().plan().timeline().statistics_json();
  report.state_hash = world.box().state_hash();
  return report;
}

}  // namespace venuebox::load
