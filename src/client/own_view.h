// What this client believes of its account: its orders, positions and balances. A value without
// calls and clocks. It is told what trading calls came to, and rows from wherever they come; a row
// that comes twice, late or out of order does no harm.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <span>

#include "client/caller.h"
#include "model/unified.h"

namespace venuebox::client {

bool has_ended(unified::OrderState state);

// By the client order id or, of an order that somebody else placed without one, by the venue's id.
std::string name_of(const unified::OrderRow& order);

struct OwnOrder {
  // How far `row` can be believed.
  enum class Standing : std::uint8_t {
    known,         // as the venue last said
    acknowledged,  // the venue has agreed to cancel it; how much was filled by then is to come
    unknown,       // nobody could tell what came of a call
    missing,       // the venue does not show it any more, and nobody has asked why
  };
  unified::OrderRow row;
  Standing standing = Standing::known;
  int calls = 0;                // that are under way for it
  Timestamp since;              // by the client's clock: placed, or first seen
  std::uint64_t touched = 0;    // the view's revision when it last changed
  std::set<std::string> fills;  // their ids
  Decimal filled_by_fills;      // what they add up to

  bool is_live() const { return !has_ended(row.state); }
};

struct OwnPosition {
  Decimal size;    // as last told; below 0: short
  Decimal traded;  // by own orders since then
  bool is_told = false;
  std::uint64_t touched = 0;
};

struct OwnBalance {
  unified::AssetBalance row;  // as last told
  bool has_moved = false;     // own orders have traded in it since then
  std::uint64_t touched = 0;
};

class OwnView {
 public:
  // ---- what this client does ----
  enum class Deed : std::uint8_t { place, change, cancel };
  void begin_placing(const unified::NewOrder& order, Timestamp now);
  // A change or a cancel of an order; one that is not known here is none of ours.
  void begin(const unified::OrderName& name);
  //   asked    what it should have come to; its id or client order id says which
  //   outcome  with the venue's verdict, and why not
  void end(Deed deed, const unified::OrderRow& asked, CallOutcome::Kind outcome,
           gateway::Verdict verdict, std::string_view why);

  // ---- what the venue tells, in any order ----
  // Whether it told something new. Orders of others are left alone: adopt() takes them in.
  bool take(const unified::OrderRow& row);
  bool take(const unified::FillRow& fill);
  void take(const unified::PositionRow& row);
  void take(const unified::AssetBalance& row);

  // ---- what is settled ----
  // The venue's side in place of ours, whatever ours was.
  void adopt(const unified::OrderRow& row, Timestamp now);
  void adopt_position(std::string_view symbol, Decimal size);
  void adopt_balance(const unified::AssetBalance& row) { take(row); }
  // The venue does not know it: it ended so.
  void settle(const std::string& name, unified::OrderState state, std::string reason);
  void mark_missing(const std::string& name);
  // From here on, what is in no list of positions or balances is zero.
  void know_positions() { knows_positions_ = true; }
  void know_balances() { knows_balances_ = true; }

  // ---- what is believed ----
  using Orders = std::map<std::string, OwnOrder, std::less<>>;  // by name_of
  const Orders& orders() const { return orders_; }
  const OwnOrder* find(const unified::OrderName& name) const;
  const std::map<std::string, OwnPosition, std::less<>>& positions() const { return positions_; }
  const std::map<std::string, OwnBalance, std::less<>>& balances() const { return balances_; }
  bool knows_positions() const { return knows_positions_; }
  bool knows_balances() const { return knows_balances_; }
  // Grows with every change.
  std::uint64_t revision() const { return revision_; }

 private:
  static constexpr std::size_t kEndedMax = 1'000;  // how many ended orders are remembered

  OwnOrder* find(std::string_view id, std::string_view client_order_id);
  void touch(OwnOrder& order) { order.touched = ++revision_; }
  // Takes over a row whose quantity filled is settled already.
  void replace(OwnOrder& order, const unified::OrderRow& row, Decimal filled);
  void note_traded(const OwnOrder& order, Decimal filled_before);
  void move(std::string_view asset);
  void forget_oldest(std::string name);

  Orders orders_;
  std::map<std::string, std::string, std::less<>> names_;  // by the venue's id
  std::deque<std::string> ended_;                          // names, oldest first
  std::map<std::string, OwnPosition, std::less<>> positions_;
  std::map<std::string, OwnBalance, std::less<>> balances_;
  bool knows_positions_ = false;
  bool knows_balances_ = false;
  std::uint64_t revision_ = 0;
};

}  // namespace venuebox::client
