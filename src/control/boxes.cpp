#include "control/boxes.h"

#include <fmt/core.h>

namespace venuebox::control {
namespace {
// ccxt and official clients look for these in a URL and change what they do.
constexpr std::string_view kWordsWithMeaning[] = {
    "spot", "sepolia", "fstream", "dstream", "test",  "testnet", "demo",  "sandbox",
    "prod", "linear",  "inverse", "option",  "trade", "private", "public"};
}  // namespace

Result<void> check_box_name(std::string_view name) {
  if (name.empty() || name.size() > 32 ||
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") != std::string_view::npos) {
    return invalid("name", "must have 1 to 32 characters of a-z and 0-9");
  }
  for (const std::string_view word : kWordsWithMeaning) {
    if (name.find(word) != std::string_view::npos) {
      return invalid("name", fmt::format("must not contain '{}': clients read a meaning from that "
                                         "word in a URL",
                                         word));
    }
  }
  return {};
}

Result<box::Box*> Boxes::create(const box::BoxConfig& config, const box::ClockSettings& clock,
                                std::unique_ptr<store::Store> store) {
  if (auto checked = check_box_name(config.name); !checked) return checked.error();
  if (boxes_.contains(config.name)) {
    return Error{ErrorKind::conflict, "name",
                 fmt::format("a box '{}' exists already; delete it first", config.name)};
  }
  if (boxes_.size() >= kBoxesMax) {
    return Error{ErrorKind::conflict, "name", "1,000 boxes exist; delete one first"};
  }
  box::BoxSettings settings = settings_;
  settings.clock = clock;
  auto opened = box::Box::open(config, settings, door_, std::move(store));
  if (!opened) return opened.error();
  return (boxes_[config.name] = std::move(*opened)).get();
}

box::Box* Boxes::find(std::string_view name) const {
  const auto at = boxes_.find(name);
  return at == boxes_.end() ? nullptr : at->second.get();
}

Result<void> Boxes::erase(std::string_view name) {
  if (name == kDefaultBox) return invalid("box", "the default box stays; reset it instead");
  const auto at = boxes_.find(name);
  if (at == boxes_.end()) {
    return Error{ErrorKind::not_found, "box", fmt::format("there is no box '{}'", name)};
  }
  boxes_.erase(at);
  return {};
}

void Boxes::advance() {
  for (const auto& [name, box] : boxes_) {
    if (box->clock().mode() != box::ClockMode::manual) box->advance();
  }
}

std::optional<Nanoseconds> Boxes::next_arrival() const {
  std::optional<Nanoseconds> first;
  for (const auto& [name, box] : boxes_) {
    const auto next = box->next_arrival();
    if (next && (!first || *next < *first)) first = next;
  }
  return first;
}

Result<void> Boxes::commit() {
  for (const auto& [name, box] : boxes_) {
    if (auto committed = box->commit(); !committed) {
      const Error& error = committed.error();
      return Error{error.kind, "box " + name, error.text()};
    }
  }
  return {};
}

Result<void> Boxes::end() {
  for (const auto& [name, box] : boxes_) {
    if (auto ended = box->end(); !ended) return ended;
  }
  return {};
}

}  // namespace venuebox::control
