// A desk that says no to what faults have it refuse, without asking the engine, and shows what they
// let be seen. The refusal is told as any of the engine's: each venue encodes it in its own words,
// entry by entry in a batch.
#pragma once

#include <optional>
#include <vector>

#include "box/bent_view.h"
#include "model/desk.h"

namespace venuebox::box {

enum class Refuses : std::uint8_t {
  nothing,
  everything,
  new_terms,  // placing and amending, as during a cancel-only phase
  takers,     // placing what is not post-only, and amending
};

struct Bent {
  Blinds blinds = {};
  Refuses refuses = Refuses::nothing;
  RejectReason reason = RejectReason::overloaded;
};

class BentDesk final : public Desk {
 public:
  BentDesk(Desk& desk, const Bent& bent)
      : desk_(desk), view_(desk.view(), bent.blinds), bent_(bent) {}

  std::span<const Event> execute(const CommandBody& body) override;
  const View& view() const override { return view_; }

 private:
  bool refuses(const CommandBody& body) const;
  std::span<const Event> execute_batch(const PlaceBatch& batch);
  Event rejected(AccountId account) const { return Rejected{account, bent_.reason}; }

  Desk& desk_;
  BentView view_;
  Bent bent_;
  std::vector<Event> events_;  // of the last command, if it was not the engine's alone
};

}  // namespace venuebox::box
