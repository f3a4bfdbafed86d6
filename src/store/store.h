// Where a box keeps what must survive it: a journal of batches and the newest snapshot. The bytes
// of both are the box's business; a store keeps them whole, in order, and says what made them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/function_ref.h"
#include "base/result.h"

namespace venuebox::store {

// Who wrote a store. A box refuses to start on one that does not fit.
struct Maker {
  int format_version = 0;     // of batches and snapshots
  int engine_version = 0;     // raised whenever equal commands may give other events
  std::string configuration;  // JSON; its text is the fingerprint
};

struct Snapshot {
  std::uint64_t batch = 0;  // the last batch it contains
  std::string bytes;
};

enum class Durability : std::uint8_t {
  process,  // what was committed survives the end of the process, kill -9 included
  power,    // and the loss of power
};

class Store {
 public:
  virtual ~Store() = default;

  // None: the store is new. set_maker() empties it and makes it new for this maker.
  virtual Result<std::optional<Maker>> maker() = 0;
  virtual Result<void> set_maker(const Maker& maker) = 0;

  // Appends and commits one batch; numbers rise by one from 1. When it returns, the batch is
  // durable in the sense of the store's Durability.
  virtual Result<std::uint64_t> append(std::string_view batch) = 0;
  // Replaces the snapshot by one that contains all batches up to `snapshot.batch`, and forgets
  // those batches, in one commit.
  virtual Result<void> save_snapshot(const Snapshot& snapshot) = 0;

  virtual Result<std::optional<Snapshot>> load_snapshot() = 0;
  // Visits the batches that came after the snapshot, oldest first, until the visitor returns false.
  virtual Result<void> each_batch(
      FunctionRef<bool(std::uint64_t number, std::string_view batch)> visit) = 0;
};

std::unique_ptr<Store> make_memory_store();

// One file, SQLite in WAL mode. `read_only` opens what is there and never writes.
struct SqliteOptions {
  std::string path;
  Durability durability = Durability::process;
  bool read_only = false;
};
Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options);

}  // namespace venuebox::store
