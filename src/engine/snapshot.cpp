// The state as bytes, and its hash.
#include "engine/engine.h"

namespace venuebox::engine {

// Orders stand in the order in which they match, which is the only order of a book that means
// anything; those that wait for a trigger by age. Queues and indexes are made again from these.
void Engine::save(std::string& bytes) const {
  ByteWriter out(bytes);
  out.put(time_.ns);
  out.put(sequence_);
  out.put(orders_created_);
  out.put(fills_created_);
  ledger_.save(out);
  records_.save(out, client_ids_);
  out.put(dead_men_);
  for (const Market& market : markets_) {
    out.put(market.last);
    out.put(market.index);
    out.put(market.samples);
    out.put(market.next_funding.ns);
    out.put(market.last_funding);
    out.put(market.book.version());
    std::vector<Slot> slots;
    for (const Side side : {Side::buy, Side::sell}) {
      for (Slot slot = market.book.first(side); slot != kNoSlot;
           slot = market.book.next(orders_, slot)) {
        slots.push_back(slot);
      }
    }
    out.put(static_cast<std::uint32_t>(slots.size()));
    for (const Slot slot : slots) {
      out.put(described(slot));
    }
  }
  std::vector<Slot> waiting;
  for (Slot slot : account_orders_) {
    for (; slot != kNoSlot; slot = orders_.links(slot).next) {
      if (orders_.node(slot).status == OrderStatus::untriggered) waiting.push_back(slot);
    }
  }
  std::ranges::sort(waiting, {}, [this](Slot slot) { return orders_.resting(slot).id; });
  out.put(static_cast<std::uint32_t>(waiting.size()));
  for (const Slot slot : waiting) {
    out.put(described(slot));
  }
}

Result<void> Engine::load(std::string_view bytes) {
  const Past* past = past_;
  *this = Engine{book_kind_};
  past_ = past;
  ByteReader in(bytes);
  in.get(time_.ns);
  second_ = time_.ns / seconds(1).raw;
  in.get(sequence_);
  in.get(orders_created_);
  in.get(fills_created_);
  ledger_.load(in);
  records_.load(in, client_ids_, [this](InstrumentId id) {
    return ledger_.knows(id) && ledger_.instrument(id).remembers_client_ids;
  });
  in.get(dead_men_);
  std::vector<std::vector<Order>> books;
  for (std::size_t i = 0; i < ledger_.instruments().size() && in.ok(); ++i) {
    Market& market = markets_.emplace_back(book_kind_);
    std::uint64_t version = 0;
    in.get(market.last);
    in.get(market.index);
    in.get(market.samples);
    in.get(market.next_funding.ns);
    in.get(market.last_funding);
    in.get(version);
    in.get(books.emplace_back());
    market.book.set_version(version);
  }
  std::vector<Order> waiting;
  in.get(waiting);
  if (!in.ok() || !in.at_end() || dead_men_.size() != ledger_.account_count()) {
    return invalid("snapshot", "the engine's state does not decode");
  }
  account_orders_.assign(ledger_.account_count(), kNoSlot);
  std::vector<Slot> by_age;
  for (std::size_t i = 0; i < books.size(); ++i) {
    Book& book = markets_[i].book;
    const std::uint64_t version = book.version();
    for (const Order& order : books[i]) {
      by_age.push_back(restore(order));
      book.add(orders_, by_age.back());
    }
    book.set_version(version);
  }
  for (const Order& order : waiting) {
    by_age.push_back(restore(order));
    markets_[order.instrument.raw].stops.add(orders_, by_age.back());
  }
  std::ranges::sort(by_age, {}, [this](Slot slot) { return orders_.resting(slot).id; });
  for (const Slot slot : by_age)
    link_to_account(slot);
  for (std::uint32_t i = 0; i < ledger_.account_count(); ++i) {
    if (dead_men_[i].due != kNever) remember_due(dead_men_[i].due, account_timer(AccountId{i}));
  }
  for (const Instrument& instrument : ledger_.instruments()) {
    const Timestamp due = market(instrument.id).next_funding;
    if (due != kNever) remember_due(due, kFundingTimer | instrument.id.raw);
  }
  find_next_due();
  // Nobody lacks margin now; this finds the marks at which somebody may.
  examine_all();
  settle_aftermath();
  return {};
}

std::uint64_t Engine::state_hash() const {
  std::string bytes;
  save(bytes);
  return hash_of(std::string_view(bytes).substr(sizeof time_.ns + sizeof sequence_));
}

}  // namespace venuebox::engine
