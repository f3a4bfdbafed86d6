#include "market/composite.h"

#include <algorithm>

namespace venuebox::market {

Timestamp Composite::next_due() const {
  Timestamp due = kNever;
  for (const auto& child : children_)
    due = std::min(due, child->next_due());
  return due;
}

void Composite::step(Desk& desk) {
  const Timestamp due = next_due();
  for (const auto& child : children_) {
    if (child->next_due() == due) return child->step(desk);
  }
}

void Composite::resume_at(Timestamp time) {
  const Timestamp due = next_due();
  if (due >= time) return;
  for (const auto& child : children_) {
    if (child->next_due() != kNever) child->resume_at(time + (child->next_due() - due));
  }
}

void Composite::show_again(Desk& desk, InstrumentId instrument) {
  for (const auto& child : children_)
    child->show_again(desk, instrument);
}

void Composite::add(const View& view, InstrumentId instrument, std::optional<double> price) {
  for (const auto& child : children_)
    child->add(view, instrument, price);
}

void Composite::open(Desk& desk, InstrumentId instrument) {
  for (const auto& child : children_)
    child->open(desk, instrument);
}

std::optional<double> Composite::fair_price(std::string_view base) const {
  for (const auto& child : children_) {
    if (const auto price = child->fair_price(base)) return price;
  }
  return std::nullopt;
}

void Composite::save(ByteWriter& out) const {
  for (const auto& child : children_)
    child->save(out);
}

void Composite::load(ByteReader& in) {
  for (const auto& child : children_)
    child->load(in);
}

}  // namespace venuebox::market
