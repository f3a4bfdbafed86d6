// What the journal of a box is made of: everything that came from outside, with its box time. The
// market is not in it; it is regenerated from the configuration. docs/journal.md has the format.
#pragma once

#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "box/interventions.h"
#include "faults/strike.h"
#include "gateway/venue.h"
#include "market/pinned.h"
#include "model/command.h"

namespace venuebox::box {

// Raised whenever the layout of entries, batches or snapshots changes.
inline constexpr int kFormatVersion = 13;

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

// A fault struck a request or a frame; what it did to the trading stands beside it as commands.
struct FaultStruck {
  std::uint8_t exchange = 0;
  faults::Strike strike;
  // Whom and what it struck, as far as it was known.
  std::string account, symbol, operation, channel;
  std::uint64_t occasion = 0;  // several may strike one

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.exchange, s.strike, s.account, s.symbol, s.operation, s.channel, s.occasion);
  }
};

// An operator changed the plan of faults, or brought a file of them.
struct ChangeFaults {
  enum class What : std::uint8_t {
    put,       // `text`: a list of faults, JSON
    put_file,  // likewise; what an earlier file brought goes, unless it is in this one
    remove,    // `text`: a name
    set_rate,  // `text`: a name; empty: all that have a base_failure_rate
    reset,     // running numbers, lifetimes, statistics and timeline begin anew
    recount,   // `text`: Plan::save(), what no strike has told
  };
  What what = What::put;
  std::string text;
  std::int64_t rate = 0;             // of set_rate, parts per billion
  std::vector<std::string> of_file;  // of put: which of them a file had brought

  template <class Self>
  static auto fields(Self& s) {
    return std::tie(s.what, s.text, s.rate, s.of_file);
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
                               FaultStruck, Intervene, AddInstrument, ChangeFaults>;

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
