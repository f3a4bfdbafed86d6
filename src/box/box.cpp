#include "box/box.h"

#include <fmt/core.h>

#include "venues/all.h"

namespace venuebox::box {
namespace {
constexpr std::uint64_t kStepsPerTurn = 2'000;
constexpr Nanoseconds kAsleep = seconds(60);

// What happens to streams' subscribers within so long of box time is told together.
constexpr Nanoseconds kToldTogether = seconds(1);
constexpr Nanoseconds kMinute = seconds(60);
// How often a clock that is moved far shows what it passes: each minute of a day.
constexpr std::int64_t kLooksMax = 1'440;

// A journal that is replayed in a moment is kept as it is when the box ends, so that it can still
// be looked at; a longer one ends in a snapshot, so that the next start is quick.
constexpr std::uint64_t kQuickBatches = 1'000;
constexpr Nanoseconds kQuickTime = seconds(60);

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ",") + name;
  return text;
}

// "paradex.heartbeat_hz=1"; of files their names.
std::string options_text(const BoxConfig& config) {
  std::string text;
  for (const auto& [venue, options] : config.venue_options) {
    for (const auto& [key, value] : options) {
      const auto files = gateway::files_from_text(value);
      text += fmt::format("{}{}.{}={}", text.empty() ? "" : ",", venue, key,
                          files ? fmt::format("{} files", files->size()) : value);
    }
  }
  return text.empty() ? "none" : text;
}

// "market: stored synthetic, asked for pinned; seed: …"
std::string difference(const std::string& stored_text, const BoxConfig& asked) {
  const auto stored = BoxConfig::from_text(stored_text);
  if (!stored) return "its configuration does not hold here: " + stored.error().text();
  std::string text;
  const auto compare = [&](std::string_view what, const std::string& a, const std::string& b) {
    if (a == b) return;
    text += fmt::format("{}{}: stored {}, asked for {}", text.empty() ? "" : "; ", what, a, b);
  };
  compare("name", stored->name, asked.name);
  compare("seed", std::to_string(stored->seed), std::to_string(asked.seed));
  compare("venues", joined(stored->venues), joined(asked.venues));
  compare("symbols", joined(stored->symbols), joined(asked.symbols));
  compare("market", stored->market.text(), asked.market.text());
  compare("venue options", options_text(*stored), options_text(asked));
  return text;
}

// Of venues that the box has, and such as these know.
Result<void> check_options(const BoxConfig& config) {
  for (const auto& [venue, options] : config.venue_options) {
    if (std::ranges::find(config.venues, venue) == config.venues.end()) {
      return invalid("venue options", fmt::format("'{}' is not a venue of this box", venue));
    }
    if (auto checked = gateway::check_options(options, venues::find(venue)->options); !checked) {
      return invalid(fmt::format("{}.{}", venue, checked.error().where), checked.error().detail);
    }
  }
  return {};
}

const std::string* first_repeated(const std::vector<std::string>& names) {
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (std::find(names.begin(), name, *name) != name) return &*name;
  }
  return nullptr;
}

Error in(std::string_view where, const Error& error) {
  return {error.kind, std::string(where), error.text()};
}

// Venues and symbols that exist, each once, and at least one of them.
Result<void> check(const BoxConfig& config) {
  if (config.venues.empty()) return invalid("venues", "name at least one");
  if (config.symbols.empty()) return invalid("symbols", "name at least one base asset");
  if (const auto* name = first_repeated(config.venues)) {
    return invalid("venues", fmt::format("'{}' is named twice", *name));
  }
  if (const auto* name = first_repeated(config.symbols)) {
    return invalid("symbols", fmt::format("'{}' is named twice", *name));
  }
  for (const std::string& name : config.venues) {
    if (!venues::find(name)) {
      return invalid("venues", fmt::format("'{}' is not a venue of this program", name));
    }
  }
  if (auto checked = check_options(config); !checked) return checked;
  for (const std::string& symbol : config.symbols) {
    const std::vector<std::string> alone{symbol};
    bool is_listed = false;
    for (const std::string& name : config.venues) {
      const auto listed = venues::find(name)->listings(alone, config.options_of(name));
      if (!listed) return in(name, listed.error());
      is_listed = is_listed || !listed->empty();
    }
    if (!is_listed) {
      return invalid(
          "symbols",
          fmt::format("no venue here lists '{}'; give base assets, such as BTC", symbol));
    }
  }
  return {};
}
}  // namespace

Box::Box(const BoxConfig& config, const BoxSettings& settings, const Clock& door,
         std::unique_ptr<store::Store> store)
    : config_(config),
      settings_(settings),
      door_(door),
      store_(std::move(store)),
      clock_(door, settings.clock),
      plan_(config.seed) {}

Result<std::unique_ptr<Box>> Box::open(const BoxConfig& config, const BoxSettings& settings,
                                       const Clock& door, std::unique_ptr<store::Store> store) {
  if (auto checked = check(config); !checked) return checked.error();
  std::unique_ptr<Box> box(new Box(config, settings, door, std::move(store)));
  const auto maker = box->store_->maker();
  if (!maker) return maker.error();
  if (!*maker || settings.fresh) {
    box->start_ = box->clock_.now();
    if (auto built = box->build(); !built) return built.error();
    if (auto begun = box->begin(); !begun) return begun.error();
    return box;
  }
  const auto refuse = [](const std::string& what) {
    return Error{ErrorKind::conflict, "store",
                 what +
                     "; choose another --store to keep it, or start with --fresh, which deletes "
                     "what is stored"};
  };
  const store::Maker& found = **maker;
  if (found.format_version != kFormatVersion || found.engine_version != engine::kEngineVersion) {
    return refuse(fmt::format(
        "it was written by format {} and engine {}, this is format {} and "
        "engine {}",
        found.format_version, found.engine_version, kFormatVersion, engine::kEngineVersion));
  }
  if (found.configuration != config.text()) {
    return refuse("it belongs to another box (" + difference(found.configuration, config) + ")");
  }
  if (auto recovered = box->recover(); !recovered) return recovered.error();
  return box;
}

// What was built becomes what the store is about, from start_ on.
Result<void> Box::begin() {
  const store::Maker maker{kFormatVersion, engine::kEngineVersion, config_.text()};
  if (auto set = store_->set_maker(maker); !set) return set;
  clock_.restart(start_);
  turn_time_ = advanced_ = snapshot_time_ = start_;
  advance_to(start_);
  note(Passed{});
  return commit();
}

// Makes the exchanges what they are at the start: assets, instruments, the market's accounts and
// the demo accounts. A function of the configuration and start_ alone, so it is not journaled.
Result<void> Box::build() {
  exchanges_.clear();
  accounts_.clear();
  for (const std::string& name : config_.venues) {
    const gateway::Venue* venue = venues::find(name);
    VENUEBOX_ASSERT(venue != nullptr);  // check() has seen it.
    const auto verify = settings_.verify_signatures.find(name);
    const gateway::DoorSettings door{
        .verify_signatures = verify == settings_.verify_signatures.end() || verify->second,
        .rate_limits = settings_.rate_limits,
        .options = config_.options_of(name)};
    const auto index = static_cast<std::uint8_t>(exchanges_.size());
    Exchange& exchange = *exchanges_.emplace_back(std::make_unique<Exchange>(index, *venue, door));
    exchange.door().set_onboarding([this, index](const gateway::Credential& credential) {
      return onboard(index, credential);
    });
    exchange.on_events([this, index](std::span<const Event> events) { tell_plan(index, events); });
    exchange.advance_to(start_);
    Desk& desk = exchange.own_desk();

    const auto listings = venue->listings(config_.symbols, door.options);
    if (!listings) return in(name, listings.error());
    for (const gateway::Listing& listing : *listings) {
      if (auto listed = list(exchange, listing); !listed) return in(name, listed.error());
    }
    if (desk.view().instruments().empty()) {
      return invalid("symbols", fmt::format("{} lists none of these base assets", name));
    }
    for (const char* account : {"market-bids", "market-asks", "market-takers"}) {
      const AccountId id{desk.view().account_count()};
      desk.execute(OpenAccount{id, AccountKindOf::market, account, kNoAccount});
    }
    desk.execute(
        OpenAccount{market::kInsurance, AccountKindOf::insurance, "insurance-fund", kNoAccount});
    for (const Asset& asset : desk.view().assets()) {
      const Money fund = insurance_balance(exchange, asset);
      if (fund.units > 0) desk.execute(Deposit{market::kInsurance, fund});
    }
    auto market = market::make_market(config_.market, config_.seed, name, desk.view(), start_);
    if (!market) return in("market", market.error());
    exchange.set_market(std::move(*market));
    exchange.set_past(market::make_past(config_.market, config_.seed, name, desk.view(), start_));
  }
  for (const char* name : kDemoAccounts) {
    if (auto made = apply(AddAccount{name}); !made) return made;
    for (const auto& exchange : exchanges_) {
      Desk& desk = exchange->own_desk();
      const AccountId account{desk.view().account_count()};
      desk.execute(OpenAccount{account, AccountKindOf::user, name, kNoAccount});
      for (const Money& balance : demo_balances(*exchange))
        desk.execute(Deposit{account, balance});
      gateway::Credential credential = exchange->door().venue().demo_credential(name);
      credential.account = account;
      VENUEBOX_ASSERT(exchange->door().add_credential(credential, name));
      if (accounts_.size() == 1) exchange->door().set_anonymous(account);
    }
  }
  return {};
}

// 100 BTC, 1,000 ETH, 1,000,000 of any other asset; none of what only prices are told in, such as
// the quote of a coin-margined contract.
Money Box::demo_balance(const Exchange& exchange, const Asset& asset) const {
  std::int64_t whole = asset.name == "BTC" ? 100 : asset.name == "ETH" ? 1'000 : 1'000'000;
  const auto can_be_owned = [&](const Instrument& instrument) {
    if (instrument.settle == asset.id) return true;
    return instrument.is_spot() && (instrument.base == asset.id || instrument.quote == asset.id);
  };
  if (std::ranges::none_of(exchange.engine().instruments(), can_be_owned)) whole = 0;
  return {multiply(whole, power_of_ten(asset.scale)), asset.id};
}

std::vector<Money> Box::demo_balances(const Exchange& exchange) const {
  std::vector<Money> all;
  for (const Asset& asset : exchange.engine().assets()) {
    const Money balance = demo_balance(exchange, asset);
    if (balance.units > 0) all.push_back(balance);
  }
  return all;
}

Timestamp Box::now() {
  if (!turn_time_) turn_time_ = clock_.now();
  return *turn_time_;
}

void Box::advance_to(Timestamp time) {
  for (const auto& exchange : exchanges_)
    exchange->advance_to(time);
  advanced_ = std::max(advanced_, time);
}

// A box that cannot keep up falls behind the clock that drives it, instead of keeping everybody
// waiting: a turn runs at most kStepsPerTurn steps of the market, and the box's time then is that
// of the last one. A box on the wall that was asleep, or whose machine was, does not catch up.
void Box::advance() {
  const Timestamp target = now();
  if (clock_.mode() == ClockMode::wall && target - advanced_ > kAsleep) {
    pause_until(target);
    note(Resumed{});
    advance_to(target);
  }
  if (clock_.mode() != ClockMode::manual) {
    const Timestamp reached = run(target, kStepsPerTurn);
    if (reached < target) {
      clock_.restart(reached);
      turn_time_ = reached;
    }
  }
  advance_to(now());
}

// Runs what is due up to `to`, in order of time; returns how far that was, which is `to` unless it
// took steps_max. Over a longer time streams are told on the way of what happens to users when it
// does, and of all else as each minute ends: so a clock that moves by hours shows what one that
// runs shows, in the same order and with the same times.
Timestamp Box::run(Timestamp to, std::uint64_t steps_max) {
  const Nanoseconds span = to - advanced_;
  const bool tells = span > kToldTogether;
  if (tells) tell(advanced_);  // what the turn has brought so far
  const std::int64_t minutes = span.raw / kMinute.raw / kLooksMax + 1;
  const Nanoseconds pause = nanoseconds(minutes * kMinute.raw);
  const auto after = [&](Timestamp time) {
    return tells ? Timestamp{(time.ns / pause.raw + 1) * pause.raw} : kNever;
  };
  Timestamp look = after(advanced_);
  for (std::uint64_t steps = 0;;) {
    Exchange& first = **std::ranges::min_element(
        exchanges_, {}, [](const auto& exchange) { return exchange->next_due(); });
    const Timestamp in_exchange = first.next_due();
    const Timestamp due = std::min(in_exchange, transit_.next_due());
    for (; look < std::min(due, to); look = after(look))
      tell(look);
    if (due > to) return to;
    if (due < in_exchange) {
      end_next_leg();
      ++steps;
      if (tells) tell(due);
    } else {
      steps += first.run_due();
      if (tells && first.take_user_news())
        first.streams().tell(first.engine(), moment_at(due), is_paced());
    }
    if (steps >= steps_max) return std::max(due, advanced_);
  }
}

void Box::pause_until(Timestamp time) {
  for (const auto& exchange : exchanges_) {
    if (exchange->market()) exchange->market()->resume_at(time);
  }
}

void Box::handle(std::size_t index, const net::Request& request, net::Response& response) {
  advance();
  const bool is_stream = offer_stream(index, request, response);
  if (!is_stream && is_hindered()) {
    serve(index, request, response, std::nullopt, nullptr);
    return;
  }
  if (!is_stream) {
    Exchange& exchange = *exchanges_[index];
    exchange.door().handle(request, response, exchange.desk(), moment());
    take_noted(exchange);
  }
  requests_.add(request, response);
}

gateway::Moment Box::moment() { return moment_at(now()); }

gateway::Moment Box::moment_at(Timestamp time) const {
  return {time, settings_.auth_by_box_clock ? time : door_.now(), config_.seed};
}

void Box::take_noted(Exchange& exchange) {
  for (Entry& entry : exchange.noted())
    batch_.entries.push_back(std::move(entry));
  exchange.noted().clear();
}

void Box::note(EntryBody body) { batch_.entries.push_back({now(), std::move(body)}); }

Result<void> Box::commit() {
  const std::optional<Timestamp> time = turn_time_;
  if (auto journaled = journal(); !journaled) return journaled;
  turn_time_ = time;
  if (time) publish();
  if (!arrived_.empty()) answer_arrived();
  turn_time_.reset();
  return {};
}

Result<void> Box::journal() {
  bool touched = false;
  for (const auto& exchange : exchanges_)
    touched |= exchange->take_user_touched();
  // What the market did to a user may be seen from now on, so it must not be undone by a crash.
  if (touched && batch_.entries.empty()) note(Passed{});
  if (batch_.entries.empty()) return {};
  // What was on its way came before the end of the turn, of which the hash is.
  if (batch_.entries.back().time < now()) note(Passed{});
  batch_.event_hash = event_hash();
  std::string bytes = bytes_of(batch_);
  ByteWriter(bytes).put(hash_of(bytes));
  const auto number = store_->append(bytes);
  if (!number) return number.error();
  batches_ = *number;
  batch_.entries.clear();
  const bool many = batches_ - snapshot_batch_ >= settings_.snapshot_every_batches;
  const bool old = turn_time_ && *turn_time_ - snapshot_time_ >= settings_.snapshot_every;
  if (many || (old && clock_.mode() != ClockMode::manual)) return save_snapshot();
  return {};
}

Result<void> Box::end() {
  if (auto committed = commit(); !committed) return committed;
  const bool quick_to_replay =
      batches_ - snapshot_batch_ < kQuickBatches && now() - snapshot_time_ < kQuickTime;
  turn_time_.reset();
  if (quick_to_replay) return {};
  return save_snapshot();
}

Nanoseconds Box::longest_advance() const {
  switch (config_.market.kind) {
    case market::MarketSpec::Kind::pinned: return nanoseconds(INT64_MAX);
    case market::MarketSpec::Kind::synthetic: return seconds(86'400);
    case market::MarketSpec::Kind::replay: return seconds(3'600);
  }
  return {};
}

// The new world is built before the old one goes: when that fails, nothing has changed.
Result<void> Box::reset() {
  const auto& chosen = settings_.clock;
  const Timestamp fallback = chosen.mode == ClockMode::manual ? kManualStart : door_.now();
  const Timestamp start = chosen.start.value_or(fallback);
  const Timestamp old_start = std::exchange(start_, start);
  auto old_exchanges = std::exchange(exchanges_, {});
  auto old_accounts = std::exchange(accounts_, {});
  if (auto built = build(); !built) {
    start_ = old_start;
    exchanges_ = std::move(old_exchanges);
    accounts_ = std::move(old_accounts);
    return built;
  }
  for (const auto& exchange : old_exchanges)
    exchange->streams().close_all(net::close_code::kServiceRestart, "the box was reset");
  batch_.entries.clear();
  batches_ = snapshot_batch_ = recovered_batches_ = 0;
  requests_.clear();
  answers_.clear();
  stream_faults_.clear();
  transit_.clear();
  arrived_.clear();
  delayed_ = occasions_ = 0;
  plan_.reset(start);
  clock_.set_mode(chosen.mode, chosen.scale);
  return begin();
}

Result<void> Box::advance_clock(Timestamp to) {
  if (to < now()) return invalid("", "a box's clock never goes back; reset the box instead");
  if (to > kLatest) return invalid("", "is beyond the year 2200");
  if (to - now() > longest_advance()) {
    return invalid("", fmt::format("with this market one call moves the clock by at most {} ms, "
                                   "since nothing is answered meanwhile; call it several times",
                                   longest_advance().raw / 1'000'000));
  }
  run(to, UINT64_MAX);
  clock_.advance_to(to);
  turn_time_ = to;
  advance_to(to);
  note(Passed{});
  return {};
}

Result<AccountId> Box::create_account(
    const std::string& name, const std::optional<std::map<std::string, std::string>>& balances,
    const std::map<std::string, std::string>& credentials, std::string_view parent) {
  // Decide: everything is checked before anything is made.
  if (auto checked = check_new_account(name); !checked) return checked.error();
  AccountId owner = kNoAccount;
  if (!parent.empty()) {
    const auto found = find_account(parent);
    if (!found) return in("parent", found.error());
    owner = *found;
  }
  std::vector<AccountPlan> plans;
  std::map<std::string, bool> asset_known;
  for (const auto& exchange : exchanges_) {
    AccountPlan& plan = plans.emplace_back();
    const gateway::Venue& venue = exchange->door().venue();
    if (!balances && parent.empty()) plan.deposits = demo_balances(*exchange);
    for (const Asset& asset : exchange->engine().assets()) {
      if (!balances) break;
      const auto wanted = balances->find(asset.name);
      if (wanted == balances->end()) continue;
      asset_known[asset.name] = true;
      const auto units = units_from_text(wanted->second, asset.scale);
      const auto* amount = std::get_if<Int128>(&units);
      if (!amount || *amount < 0 || *amount > kInt128Max / kRateOne) {
        return invalid("balances." + asset.name, "must be a decimal number >= 0, as text");
      }
      if (*amount > 0) plan.deposits.push_back({*amount, asset.id});
    }
    const auto given = credentials.find(std::string(venue.name));
    JsonObject fields;
    if (auto parsed = fields.parse(given == credentials.end() ? "{}" : given->second); !parsed) {
      return in("credentials." + std::string(venue.name), parsed.error());
    }
    auto credential = venue.credential_from(name, fields);
    if (!credential) return in("credentials." + std::string(venue.name), credential.error());
    plan.credential = std::move(*credential);
    if (exchange->door().find(plan.credential.key)) {
      return Error{ErrorKind::conflict, "credentials." + std::string(venue.name),
                   "another account has this key"};
    }
  }
  if (balances) {
    for (const auto& [asset, amount] : *balances) {
      if (!asset_known.contains(asset)) {
        return Error{ErrorKind::not_found, "balances." + asset, "no venue of this box has it"};
      }
    }
  }
  for (const auto& [venue, fields] : credentials) {
    if (!find_exchange(venue)) {
      return Error{ErrorKind::not_found, "credentials." + venue, "this box has no such venue"};
    }
  }

  advance();
  return open_account(name, owner, plans);
}

// Who comes in by a venue's own call has the account at all venues, named by its key.
Result<AccountId> Box::onboard(std::size_t index, const gateway::Credential& credential) {
  if (auto checked = check_new_account(credential.key); !checked) return checked.error();
  std::vector<AccountPlan> plans;
  for (std::size_t i = 0; i < exchanges_.size(); ++i) {
    const gateway::Door& door = exchanges_[i]->door();
    auto made = i == index ? Result<gateway::Credential>(credential)
                           : door.venue().credential_from(credential.key, JsonObject());
    if (!made) return made.error();
    if (door.find(made->key)) {
      return Error{ErrorKind::conflict, "key", "another account has this key"};
    }
    plans.push_back({demo_balances(*exchanges_[i]), std::move(*made)});
  }
  return open_account(credential.key, kNoAccount, plans);
}

Result<void> Box::check_new_account(const std::string& name) const {
  if (find_account(name)) {
    return Error{ErrorKind::conflict, "name", fmt::format("'{}' exists already", name)};
  }
  if (accounts_.size() >= 10'000) return invalid("name", "a box holds at most 10,000 accounts");
  constexpr std::string_view kNameCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  if (name.empty() || name.size() > 66 ||
      name.find_first_not_of(kNameCharacters) != std::string::npos) {
    return invalid("name", "must have 1 to 66 characters of A-Z, a-z, 0-9, '.', '_' and '-'");
  }
  return {};
}

// Cannot fail: what it does was checked.
AccountId Box::open_account(const std::string& name, AccountId owner,
                            const std::vector<AccountPlan>& plans) {
  const auto do_now = [&](EntryBody body) {
    note(body);
    VENUEBOX_ASSERT(apply({now(), std::move(body)}));
  };
  do_now(AddAccount{name});
  const AccountId id = accounts_.back().id;
  const auto count = static_cast<std::uint8_t>(plans.size());  // one per venue of the program
  for (std::uint8_t i = 0; i < count; ++i) {
    do_now(VenueCommand{i, OpenAccount{id, AccountKindOf::user, name, owner}});
    for (const Money& amount : plans[i].deposits)
      do_now(VenueCommand{i, Deposit{id, amount}});
    const gateway::Credential& credential = plans[i].credential;
    do_now(AddCredential{i, id, credential.key, credential.secret, credential.public_key});
  }
  return id;
}

Result<void> Box::deposit(std::string_view account, std::string_view venue, std::string_view asset,
                          std::string_view amount) {
  const auto owner = find_account(account);
  if (!owner) return owner.error();
  const auto index = find_exchange(venue);
  if (!index) return Error{ErrorKind::not_found, "venue", "this box has no such venue"};
  const Asset* found = exchanges_[*index]->engine().find_asset(asset);
  if (!found) return Error{ErrorKind::not_found, "asset", "this venue does not have it"};
  const auto units = units_from_text(amount, found->scale);
  const auto* value = std::get_if<Int128>(&units);
  if (!value || *value <= 0 || *value > kInt128Max / kRateOne) {
    return invalid("amount", "must be a decimal number > 0, as text");
  }
  advance();
  const VenueCommand command{static_cast<std::uint8_t>(*index),
                             Deposit{*owner, {*value, found->id}}};
  note(command);
  return apply(command);
}

Result<void> Box::transfer(std::string_view from, std::string_view to, std::string_view venue,
                           std::string_view asset, std::string_view amount) {
  const auto giver = find_account(from);
  if (!giver) return giver.error();
  const auto taker = find_account(to);
  if (!taker) return in("to", taker.error());
  const auto index = find_exchange(venue);
  if (!index) return Error{ErrorKind::not_found, "venue", "this box has no such venue"};
  const auto& engine = exchanges_[*index]->engine();
  const Asset* found = engine.find_asset(asset);
  if (!found) return Error{ErrorKind::not_found, "asset", "this venue does not have it"};
  if (*giver == *taker) return invalid("to", "is the account itself");
  const auto units = units_from_text(amount, found->scale);
  const auto* value = std::get_if<Int128>(&units);
  if (!value || *value <= 0) return invalid("amount", "must be a decimal number > 0, as text");
  advance();
  const Int128 free = engine.balance(*giver, found->id).free().units;
  const Int128 available = engine.margin(*giver, found->id).available().units;
  if (*value > std::min(free, available)) {
    return Error{
        ErrorKind::conflict, "amount",
        fmt::format("'{}' can spend {} of it; the rest is held or backs positions", from,
                    trimmed_text(std::max(Int128{0}, std::min(free, available)), found->scale))};
  }
  const VenueCommand command{static_cast<std::uint8_t>(*index),
                             TransferMoney{*giver, *taker, {*value, found->id}}};
  note(command);
  return apply(command);
}

Result<AccountId> Box::find_account(std::string_view name) const {
  const auto found = std::ranges::find(accounts_, name, &AccountInfo::name);
  if (found != accounts_.end()) return found->id;
  return Error{ErrorKind::not_found, "account", fmt::format("there is no '{}'", name)};
}

Result<void> Box::set_fee_rates(std::string_view account, std::string_view venue,
                                InstrumentKindOf kind, FeeRates rates) {
  const auto owner = find_account(account);
  if (!owner) return owner.error();
  const auto index = find_exchange(venue);
  if (!index) return Error{ErrorKind::not_found, "venue", "this box has no such venue"};
  advance();
  const VenueCommand command{static_cast<std::uint8_t>(*index), SetFeeRates{*owner, kind, rates}};
  note(command);
  return apply(command);
}

Result<void> Box::set_quote(std::size_t exchange, InstrumentId instrument,
                            const market::Quote& quote) {
  advance();
  const SetQuote entry{static_cast<std::uint8_t>(exchange), instrument, quote};
  if (auto applied = apply(entry); !applied) return applied;
  note(entry);
  return {};
}

Result<void> Box::apply(const Entry& entry) {
  return std::visit([this](const auto& body) { return apply(body); }, entry.body);
}

Result<void> Box::apply(const VenueCommand& command) {
  if (command.exchange >= exchanges_.size()) return invalid("entry", "names an unknown venue");
  exchanges_[command.exchange]->own_desk().execute(command.body);
  return {};
}

Result<void> Box::apply(const Intervene& intervene) {
  if (intervene.exchange >= exchanges_.size()) return invalid("entry", "names an unknown venue");
  exchanges_[intervene.exchange]->intervene_again(intervene.what);
  return {};
}

Result<void> Box::apply(const AddAccount& added) {
  const auto next = market::kAccounts + static_cast<std::uint32_t>(accounts_.size());
  accounts_.push_back({added.name, AccountId{next}});
  return {};
}

Result<void> Box::apply(const AddCredential& added) {
  if (added.exchange >= exchanges_.size() || accounts_.empty()) {
    return invalid("entry", "names an unknown venue or account");
  }
  const std::size_t index = added.account.raw - market::kAccounts;
  if (index >= accounts_.size()) return invalid("entry", "names an unknown account");
  exchanges_[added.exchange]->door().add_credential(
      {added.account, added.key, added.secret, added.public_key}, accounts_[index].name);
  return {};
}

Result<void> Box::apply(const SetQuote& set) {
  if (set.exchange >= exchanges_.size()) return invalid("entry", "names an unknown venue");
  Exchange& exchange = *exchanges_[set.exchange];
  auto* pinned = dynamic_cast<market::Pinned*>(exchange.market());
  if (!pinned) {
    return Error{
        ErrorKind::conflict, "market",
        "quotes can be set only where the market is pinned; this one is " + config_.market.text()};
  }
  return pinned->set_quote(exchange.market_desk(), set.instrument, set.quote);
}

Result<void> Box::apply(const Resumed&) {
  pause_until(now());
  return {};
}

std::optional<std::size_t> Box::find_exchange(std::string_view venue) const {
  for (std::size_t i = 0; i < config_.venues.size(); ++i) {
    if (config_.venues[i] == venue) return i;
  }
  return std::nullopt;
}

std::uint64_t Box::state_hash() const {
  Hasher hasher;
  for (const auto& exchange : exchanges_)
    hasher.add(exchange->engine().state_hash());
  return hasher.value();
}

std::uint64_t Box::event_hash() const {
  Hasher hasher;
  for (const auto& exchange : exchanges_)
    hasher.add(exchange->event_hash().value());
  return hasher.value();
}

}  // namespace venuebox::box
