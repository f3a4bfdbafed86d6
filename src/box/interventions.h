// What faults do to one exchange's trading beyond single commands: what is kept from the market,
// and what happens later. Each is journaled when it begins; what it leads to is not, since it
// follows from the journal in every run alike. The engine sees nothing but ordinary commands.
#pragma once

#include <variant>
#include <vector>

#include "market/market.h"
#include "model/command.h"
#include "model/event.h"

namespace venuebox::box {

// As long as the order lives, the market does not trade with it.
struct Shield {
  OrderId order;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.order);
  }
};

enum class IndexBend : std::uint8_t {
  none,
  held,    // stands where it is
  scaled,  // a multiple of what the market says
};

// Until then the market's own commands for the instrument are kept back or changed.
struct Distortion {
  InstrumentId instrument = {};
  Timestamp until = {};    // box time
  bool is_frozen = false;  // no quote moves, and nobody of the market trades
  bool without_bids = false;
  bool without_asks = false;
  IndexBend index = IndexBend::none;
  Rate factor{kRateOne};  // of scaled
  MarkPrice wanted = {};  // the index as the market has it; 0: it has none

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.instrument, s.until.ns, s.is_frozen, s.without_bids, s.without_asks, s.index,
                    s.factor, s.wanted);
  }
};

// At its time the commands are executed, and all that is left of an order trades with the market,
// which it is shielded from no more.
struct Later {
  Timestamp due;  // box time
  InstrumentId instrument;
  std::vector<CommandBody> commands = {};
  OrderId filled = {};  // 0: none

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.due.ns, s.instrument, s.commands, s.filled);
  }
};

// The market puts right what it shows.
struct ShowAgain {
  InstrumentId instrument;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.instrument);
  }
};

using Intervention = std::variant<Shield, Distortion, Later, ShowAgain>;

class Interventions {
 public:
  bool empty() const { return shields_.empty() && distortions_.empty() && later_.empty(); }
  bool distorts(InstrumentId instrument) const;

  // Begins it, by commands of the exchange's own.
  //   own     neither journaled nor kept back
  //   market  what goes through allowed()
  struct Doors {
    Desk& own;
    Desk& market_side;
    market::Market* market = nullptr;
  };
  void begin(const Intervention& intervention, const Doors& doors);

  Timestamp next_due() const { return next_due_; }
  // What is due at next_due().
  void run_due(const Doors& doors);

  // What becomes of a command of the market: none is kept back.
  std::optional<CommandBody> allowed(const CommandBody& command);
  // Before the next command, with what the last one led to.
  void observe(std::span<const Event> events, const View& view);

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  // The order's terms as they are now.
  struct Shielded {
    OrderId order;
    InstrumentId instrument;
    Side side = Side::buy;
    Ticks price;

    template <class Self>
    static auto fields(Self& s) {
      return std::tie(s.order, s.instrument, s.side, s.price);
    }
  };

  void start(const Shield&, const Doors&);
  void start(const Distortion&, const Doors&);
  void start(const Later&, const Doors&);
  void start(const ShowAgain&, const Doors&);
  void end(const Distortion&, const Doors&);
  void run(const Later&, const Doors&);
  void find_next_due();
  std::optional<CommandBody> allowed_order(const PlaceOrder& order) const;
  std::optional<CommandBody> allowed_index(const SetIndexPrice& index);

  std::vector<Shielded> shields_;
  std::vector<Distortion> distortions_;
  std::vector<Later> later_;  // in the order in which they began
  Timestamp next_due_ = kNever;
};

}  // namespace venuebox::box
