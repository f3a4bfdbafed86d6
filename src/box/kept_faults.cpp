// The plan of faults as the store keeps it: what operators change is journaled, what strikes is
// booked again when the journal is read, and a snapshot holds all of it.
#include <algorithm>

#include "box/box.h"
#include "faults/parse.h"
#include "faults/write.h"

namespace venuebox::box {
namespace {
using What = ChangeFaults::What;

std::vector<std::string> names_of(std::span<const faults::Fault> faults) {
  std::vector<std::string> names;
  for (const faults::Fault& fault : faults)
    names.push_back(fault.name);
  return names;
}
}  // namespace

// What the plan refuses has changed nothing, and is not noted.
Result<void> Box::change_faults(ChangeFaults change) {
  advance();
  if (auto changed = apply(change); !changed) return changed;
  note(std::move(change));
  return {};
}

Result<void> Box::put_faults(const std::vector<faults::Fault>& faults) {
  if (faults.empty()) return {};
  return change_faults({What::put, faults::json_of(faults), 0, {}});
}

Result<void> Box::put_file_faults(const std::vector<faults::Fault>& faults) {
  std::vector<faults::Fault> there;
  for (const std::string& name : faults_of_file_) {
    if (const faults::Fault* known = plan_.find(name)) there.push_back(*known);
  }
  if (there == faults) return {};
  return change_faults({What::put_file, faults::json_of(faults), 0, {}});
}

Result<void> Box::remove_fault(std::string_view name) {
  return change_faults({What::remove, std::string(name), 0, {}});
}

Result<void> Box::set_failure_rate(std::string_view name, faults::Ratio rate) {
  return change_faults({What::set_rate, std::string(name), rate.raw, {}});
}

void Box::reset_faults() { VENUEBOX_ASSERT(change_faults({What::reset, {}, 0, {}})); }

void Box::keep_draws(std::size_t count) {
  draws_.keep(count);
  if (count == 0) return plan_.on_look(nullptr);
  plan_.on_look([this](const faults::Look& look) { draws_.add(look); });
}

Result<void> Box::apply(const ChangeFaults& change) {
  switch (change.what) {
    case What::put:
    case What::put_file: {
      const auto faults = faults::faults_from_json(change.text);
      if (!faults) return faults.error();
      const std::vector<std::string> names = names_of(*faults);
      std::vector<std::string> gone;
      if (change.what == What::put_file) {
        std::ranges::copy_if(faults_of_file_, std::back_inserter(gone), [&](const auto& name) {
          return std::ranges::find(names, name) == names.end();
        });
      }
      if (auto put = plan_.exchange_all(gone, *faults, now()); !put) return put;
      if (change.what == What::put_file) {
        faults_of_file_ = names;
      } else {
        std::erase_if(faults_of_file_, [&](const std::string& name) {
          return std::ranges::find(names, name) != names.end();
        });
        faults_of_file_.insert(faults_of_file_.end(), change.of_file.begin(), change.of_file.end());
      }
      return {};
    }
    case What::remove:
      if (auto removed = plan_.remove(change.text); !removed) return removed;
      std::erase(faults_of_file_, change.text);
      return {};
    case What::set_rate:
      if (!change.text.empty()) return plan_.set_failure_rate(change.text, {change.rate});
      plan_.set_base_failure_rate({change.rate});
      return {};
    case What::reset: plan_.reset(now()); return {};
    case What::recount: return plan_.load(change.text, now());
  }
  return invalid("entry", "changes faults in no way that is known");
}

// What was struck before a restart counts as it did.
Result<void> Box::apply(const FaultStruck& struck) {
  if (struck.exchange >= exchanges_.size()) return invalid("entry", "names an unknown venue");
  const bool is_http = struck.channel.empty() && struck.operation != faults::kStreamOperation;
  plan_.recall(struck.strike,
               {.venue = exchanges_[struck.exchange]->door().venue().name,
                .account = struck.account,
                .symbol = struck.symbol,
                .operation = struck.operation,
                .channel = struck.channel,
                .transport = is_http ? faults::Transport::http : faults::Transport::ws,
                .request = struck.occasion},
               now());
  occasions_ = std::max(occasions_, struck.occasion);
  return {};
}

void Box::note_struck(std::size_t index, const faults::Tag& tag,
                      std::span<const faults::Strike> strikes) {
  for (const faults::Strike& strike : strikes) {
    note(FaultStruck{static_cast<std::uint8_t>(index), strike, std::string(tag.account),
                     std::string(tag.symbol), std::string(tag.operation), std::string(tag.channel),
                     tag.request});
  }
}

// In a journal that begins.
void Box::note_faults() {
  if (plan_.size() == 0) return;
  note(ChangeFaults{What::put, plan_.faults_json(), 0, faults_of_file_});
}

void Box::save_faults(ByteWriter& out) const {
  out.put(ChangeFaults{What::put, plan_.faults_json(), 0, faults_of_file_});
  out.put(plan_.save());
  out.put(plan_.save_timeline());
  out.put(occasions_);
}

Result<void> Box::load_faults(ByteReader& in, Timestamp time) {
  ChangeFaults all;
  std::string counts, timeline;
  in.get(all);
  in.get(counts);
  in.get(timeline);
  in.get(occasions_);
  if (!in.ok()) return {};  // The caller says so.
  turn_time_ = time;
  if (auto put = apply(all); !put) return put;
  if (auto loaded = plan_.load(counts, time); !loaded) return loaded;
  return plan_.load_timeline(timeline);
}

}  // namespace venuebox::box
