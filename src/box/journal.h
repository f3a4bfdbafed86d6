// What the journal of a box is made of: everything that came from outside, with its box time. The
// market is not in it; it is regenerated from the configuration. docs/journal.md has the format.
#pragma once

#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "box/interventions.h"
#include "gateway/venue.h"
#include "market/pinned.h"
#include "model/command.h"

namespace venuebox::box {

// Raised whenever the layout of entries, batches or snapshots changes.
inline constexpr int kFormatVersion = 11;

struct VenueCommand {
  std::uint8_t exchange = 0;  // position in the box's list of venues
  CommandBody body;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.exchange, s.body);
  }
};

struct AddAccount {
  std::string name;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.name);
  }
};

struct AddCredential {
  std::uint8_t exchange = 0;
  AccountId account;
  std::string key;
  std::string secret;
  std::string public_key;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.exchange, s.account, s.key, s.secret, s.public_key);
  }
};

struct SetQuote {
  std::uint8_t exchange = 0;
  InstrumentId instrument;
  market::Quote quote;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.exchange, s.instrument, s.quote);
  }
};

// Time went by and was seen: the clock was stepped, or the market touched a user.
struct Passed {
  template <class Self>
  static auto fields(Self&) {
    return std::tie();
  }
};

// The box was not running until now; the market goes on from here.
struct Resumed {
  template <class Self>
  static auto fields(Self&) {
    return std::tie();
  }
};

// A fault struck a request; what it did to the trading stands beside it as commands.
struct FaultStruck {
  std::uint8_t exchange = 0;
  std::string fault;
  std::uint64_t n = 0;  // the fault's running number of the occasion

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.exchange, s.fault, s.n);
  }
};

// A fault reaches into the trading of an exchange for some time; what follows from it is not in the
// journal.
struct Intervene {
  std::uint8_t exchange = 0;
  Intervention what;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.exchange, s.what);
  }
};

// An instrument that an exchange lists while it runs.
struct AddInstrument {
  std::uint8_t exchange = 0;
  gateway::Listing listing;
  Ticks price;  // at which its base asset begins; 0: where it is, or one that is drawn

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.exchange, s.listing, s.price);
  }
};

using EntryBody = std::variant<VenueCommand, AddAccount, AddCredential, SetQuote, Passed, Resumed,
                               FaultStruck, Intervene, AddInstrument>;

struct Entry {
  Timestamp time;  // box time
  EntryBody body;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.time.ns, s.body);
  }
};

// Entries that were executed in one turn of the loop, and the box's event hash after them.
struct Batch {
  std::uint64_t event_hash = 0;
  std::vector<Entry> entries;

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.event_hash, s.entries);
  }
};

}  // namespace venuebox::box
