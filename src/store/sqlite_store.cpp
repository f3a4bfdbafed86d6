// The default store: one SQLite file in WAL mode, owned by one process at a time. A batch is one
// row, so what a commit costs is per turn of the loop and not per order.
//
// What survives what. A commit in WAL mode is a write() of its pages to the end of the -wal file;
// after that they are the kernel's, and the end of this process, kill -9 included, cannot take them
// back. SQLite finds them when the file is next opened. So Durability::process needs no fsync, and
// runs with synchronous=OFF. Only a crash of the machine can then lose what the kernel had not
// written yet, and may leave the file damaged; Durability::power has every commit synced (FULL).
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include <unistd.h>

#include <fmt/core.h>
#include <sqlite3.h>

#include "store/store.h"

namespace venuebox::store {
namespace {

constexpr int kApplicationId = 0x766e6278;  // "vnbx", in the header of the file
constexpr int kSchemaVersion = 1;
constexpr int kLockWaitMs = 300;  // a predecessor that is just closing the file
constexpr const char* kSchema = R"(
BEGIN;
CREATE TABLE maker(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  format_version INTEGER NOT NULL,
  engine_version INTEGER NOT NULL,
  configuration TEXT NOT NULL);
CREATE TABLE snapshot(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  batch INTEGER NOT NULL,
  bytes BLOB NOT NULL);
CREATE TABLE batches(number INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
PRAGMA application_id = {};
PRAGMA user_version = {};
COMMIT;
)";

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(SqliteOptions options) : options_(std::move(options)) {}
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;
  ~SqliteStore() override {
    for (sqlite3_stmt* statement : {insert_, put_snapshot_, forget_})
      sqlite3_finalize(statement);
    sqlite3_close(db_);
  }

  Result<void> open();

  Result<std::optional<Maker>> maker() override;
  Result<void> set_maker(const Maker& maker) override;
  Result<std::uint64_t> append(std::string_view batch) override;
  Result<void> save_snapshot(const Snapshot& snapshot) override;
  Result<std::optional<Snapshot>> load_snapshot() override;
  Result<void> each_batch(FunctionRef<bool(std::uint64_t, std::string_view)> visit) override;

 private:
  // A statement that is used once and then given back.
  class Query {
   public:
    Query(sqlite3* db, const char* sql) { sqlite3_prepare_v2(db, sql, -1, &statement_, nullptr); }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query() { sqlite3_finalize(statement_); }

    // An error in preparing it comes out of the first step.
    int step() { return statement_ ? sqlite3_step(statement_) : SQLITE_ERROR; }
    std::int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }
    std::string_view bytes(int column) const {
      const void* data = sqlite3_column_blob(statement_, column);
      const int size = sqlite3_column_bytes(statement_, column);
      return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
    }
    sqlite3_stmt* get() const { return statement_; }

   private:
    sqlite3_stmt* statement_ = nullptr;
  };

  Result<void> prepare_file() const;
  Result<void> open_connection();
  Result<void> claim();
  Result<void> check_schema();
  Result<void> prepare_statements();
  Result<void> execute(const char* sql);
  void roll_back();
  Result<std::int64_t> number_from(const char* sql);
  Result<void> write_snapshot(const Snapshot& snapshot);
  Error failure() const;
  Error error(ErrorKind kind, std::string detail) const {
    return {kind, options_.path, std::move(detail)};
  }

  SqliteOptions options_;
  sqlite3* db_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  sqlite3_stmt* put_snapshot_ = nullptr;
  sqlite3_stmt* forget_ = nullptr;
  std::uint64_t last_ = 0;
};

// What SQLite said, with the mend.
Error SqliteStore::failure() const {
  switch (sqlite3_errcode(db_)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return error(ErrorKind::conflict,
                   "is in use by another process, most likely another server; stop that one, or "
                   "choose another file with --store sqlite:PATH");
    case SQLITE_NOTADB:
      return error(ErrorKind::conflict,
                   "is not an SQLite database; choose another file with --store sqlite:PATH, or "
                   "move this one away");
    case SQLITE_CORRUPT:
      return error(ErrorKind::invalid, fmt::format("is damaged ({}); move it away and start anew",
                                                   sqlite3_errmsg(db_)));
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY: {
      const int cause = sqlite3_system_errno(db_);
      return error(ErrorKind::io,
                   fmt::format("cannot be opened{} ({}); make the file and its folder {} by this "
                               "user, or choose another with --store sqlite:PATH",
                               options_.read_only ? "" : " for writing",
                               cause != 0 ? std::strerror(cause) : sqlite3_errmsg(db_),
                               options_.read_only ? "readable" : "writable"));
    }
    case SQLITE_FULL: return error(ErrorKind::io, "the disk is full; make room");
    default: return error(ErrorKind::io, sqlite3_errmsg(db_));
  }
}

// SQLite ends a log silently at the first frame that does not fit its checksum, which is right for
// a commit that was cut off, but loses every commit behind a frame that was damaged later. A commit
// of the same log behind the end that SQLite sees tells the two apart, and so does a frame of
// nothing: what a log is written over are frames of its earlier life.
Result<void> check_log(const std::string& path) {
  std::ifstream file(path + "-wal", std::ios::binary);
  std::array<unsigned char, 32> head{};
  if (!file.read(reinterpret_cast<char*>(head.data()), head.size())) return {};
  const auto big = [](const unsigned char* at) {
    return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
           at[3];
  };
  // Checksums are over words in the byte order that the lowest bit of the magic number names.
  const bool is_big = (big(head.data()) & 1) != 0;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  const auto add = [&](const unsigned char* at, std::size_t size) {
    for (std::size_t i = 0; i < size; i += 8) {
      std::uint32_t words[2];
      std::memcpy(words, at + i, 8);
      if (is_big) words[0] = big(at + i), words[1] = big(at + i + 4);
      a += words[0] + b;
      b += words[1] + a;
    }
  };
  const auto damaged = [&] {
    return Error{ErrorKind::invalid, path + "-wal",
                 "is damaged, and commits behind the damage would be lost; move it and the file "
                 "beside it away, or choose another file with --store sqlite:PATH"};
  };
  const std::uint32_t page = big(head.data() + 8);
  if ((big(head.data()) & ~1U) != 0x377f0682 || page < 512 || page > 65'536) return damaged();
  add(head.data(), 24);
  if (a != big(head.data() + 24) || b != big(head.data() + 28)) return damaged();
  std::vector<unsigned char> frame(24 + page);
  bool broken = false;
  while (file.read(reinterpret_cast<char*>(frame.data()),
                   static_cast<std::streamsize>(frame.size()))) {
    const bool is_ours = std::memcmp(frame.data() + 8, head.data() + 16, 8) == 0;
    const bool is_commit = big(frame.data() + 4) != 0;
    const bool is_blank =
        std::all_of(frame.data(), frame.data() + 24, [](unsigned char byte) { return byte == 0; });
    if (is_blank || (broken && is_ours && is_commit)) return damaged();
    if (broken) continue;
    add(frame.data(), 8);
    add(frame.data() + 24, page);
    broken = !is_ours || a != big(frame.data() + 16) || b != big(frame.data() + 20);
  }
  return {};
}

Result<void> SqliteStore::open() {
  if (auto ready = prepare_file(); !ready) return ready;
  auto log = check_log(options_.path);
  if (auto opened = open_connection(); !opened) return opened;
  if (!options_.read_only) {
    if (auto claimed = claim(); !claimed) return claimed;
  } else if (const auto tables = number_from("SELECT count(*) FROM sqlite_master"); !tables) {
    return tables.error();
  }
  // Only now: what another process is just writing may look damaged. The log stays as it is.
  if (!log) {
    sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return log;
  }
  if (auto checked = check_schema(); !checked) return checked;
  const auto newest = number_from(
      "SELECT max(coalesce((SELECT max(number) FROM batches), 0),"
      "           coalesce((SELECT batch FROM snapshot), 0))");
  if (!newest) return newest.error();
  last_ = static_cast<std::uint64_t>(*newest);
  return options_.read_only ? Result<void>() : prepare_statements();
}

Result<void> SqliteStore::prepare_file() const {
  namespace fs = std::filesystem;
  if (options_.path.empty()) return invalid("sqlite", "needs the path of a file");
  const fs::path path(options_.path);
  std::error_code code;
  if (fs::is_directory(path, code)) {
    return error(ErrorKind::invalid, "is a directory; name a file in it");
  }
  if (options_.read_only) {
    if (fs::exists(path, code)) return {};
    return error(ErrorKind::not_found, "there is no such file; check the path");
  }
  const fs::path folder = path.parent_path();
  if (!folder.empty() && !fs::is_directory(folder, code)) {
    fs::create_directories(folder, code);
    if (code) {
      return error(ErrorKind::io,
                   fmt::format("its folder cannot be made ({}); make it by hand, or choose another "
                               "file with --store sqlite:PATH",
                               code.message()));
    }
  }
  // SQLite would open such a file for reading only and complain at the first commit.
  if (fs::exists(path, code) && ::access(path.c_str(), R_OK | W_OK) != 0) {
    return error(ErrorKind::io,
                 fmt::format("cannot be opened for writing ({}); make the file and its folder "
                             "writable by this user, or choose another with --store sqlite:PATH",
                             std::strerror(errno)));
  }
  return {};
}

Result<void> SqliteStore::open_connection() {
  const int flags =
      (options_.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
      SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(options_.path.c_str(), &db_, flags, nullptr) != SQLITE_OK) return failure();
  sqlite3_busy_timeout(db_, kLockWaitMs);
  return {};
}

// Takes the file for this process alone and keeps it until the end: two servers writing one journal
// would both be wrong. Said before the first read, it also spares the shared memory beside the
// file.
Result<void> SqliteStore::claim() {
  const bool power = options_.durability == Durability::power;
  const char* sync = power ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF";
  for (const char* pragma : {"PRAGMA locking_mode = EXCLUSIVE", sync}) {
    if (auto set = execute(pragma); !set) return set;
  }
  {
    Query journal(db_, "PRAGMA journal_mode = WAL");
    if (journal.step() != SQLITE_ROW) return failure();
    if (journal.bytes(0) != "wal") {
      return error(ErrorKind::unsupported,
                   "its file system cannot keep a write-ahead log; choose "
                   "a file on a local disk with --store sqlite:PATH");
    }
  }
  return execute("BEGIN EXCLUSIVE; COMMIT");
}

Result<void> SqliteStore::check_schema() {
  const auto tables = number_from("SELECT count(*) FROM sqlite_master");
  if (!tables) return tables.error();
  if (*tables == 0) {
    if (options_.read_only) {
      return error(ErrorKind::invalid, "holds no journal: it is empty; check the path");
    }
    return execute(fmt::format(fmt::runtime(kSchema), kApplicationId, kSchemaVersion).c_str());
  }
  const auto application = number_from("PRAGMA application_id");
  if (!application) return application.error();
  if (*application != kApplicationId) {
    return error(ErrorKind::conflict,
                 "is an SQLite database of another program; choose another file with --store "
                 "sqlite:PATH, or move this one away");
  }
  const auto version = number_from("PRAGMA user_version");
  if (!version) return version.error();
  if (*version != kSchemaVersion) {
    return error(ErrorKind::conflict,
                 fmt::format("has tables of version {}, and this program knows version {}; use the "
                             "program that wrote it, or move it away and start anew",
                             *version, kSchemaVersion));
  }
  return {};
}

Result<void> SqliteStore::prepare_statements() {
  const std::pair<sqlite3_stmt**, const char*> statements[] = {
      {&insert_, "INSERT INTO batches(number, bytes) VALUES (?, ?)"},
      {&put_snapshot_, "INSERT OR REPLACE INTO snapshot(id, batch, bytes) VALUES (1, ?, ?)"},
      {&forget_, "DELETE FROM batches WHERE number <= ?"},
  };
  for (const auto& [statement, sql] : statements) {
    const int code =
        sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, nullptr);
    if (code != SQLITE_OK) return failure();
  }
  return {};
}

Result<void> SqliteStore::execute(const char* sql) {
  if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  const Error cause = failure();
  roll_back();
  return cause;
}

void SqliteStore::roll_back() {
  if (sqlite3_get_autocommit(db_) == 0) sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<std::int64_t> SqliteStore::number_from(const char* sql) {
  Query query(db_, sql);
  if (query.step() != SQLITE_ROW) return failure();
  return query.number(0);
}

Result<std::optional<Maker>> SqliteStore::maker() {
  Query query(db_, "SELECT format_version, engine_version, configuration FROM maker");
  const int code = query.step();
  if (code == SQLITE_DONE) return std::optional<Maker>();  // Made, but never given to a box.
  if (code != SQLITE_ROW) return failure();
  return std::optional(Maker{static_cast<int>(query.number(0)), static_cast<int>(query.number(1)),
                             std::string(query.bytes(2))});
}

Result<void> SqliteStore::set_maker(const Maker& maker) {
  VENUEBOX_ASSERT(!options_.read_only);
  if (auto begun = execute("BEGIN; DELETE FROM batches; DELETE FROM snapshot; DELETE FROM maker");
      !begun) {
    return begun;
  }
  Query insert(db_, "INSERT INTO maker VALUES (1, ?, ?, ?)");
  sqlite3_bind_int(insert.get(), 1, maker.format_version);
  sqlite3_bind_int(insert.get(), 2, maker.engine_version);
  sqlite3_bind_text(insert.get(), 3, maker.configuration.data(),
                    static_cast<int>(maker.configuration.size()), SQLITE_STATIC);
  if (insert.step() != SQLITE_DONE) {
    const Error cause = failure();
    roll_back();
    return cause;
  }
  if (auto committed = execute("COMMIT"); !committed) return committed;
  last_ = 0;
  return {};
}

Result<std::uint64_t> SqliteStore::append(std::string_view batch) {
  VENUEBOX_ASSERT(!options_.read_only);
  sqlite3_bind_int64(insert_, 1, static_cast<std::int64_t>(last_ + 1));
  sqlite3_bind_blob64(insert_, 2, batch.data(), batch.size(), SQLITE_STATIC);
  const int code = sqlite3_step(insert_);
  if (code != SQLITE_DONE) {
    const Error cause = failure();
    sqlite3_reset(insert_);
    return cause;
  }
  sqlite3_reset(insert_);
  return ++last_;
}

Result<void> SqliteStore::save_snapshot(const Snapshot& snapshot) {
  VENUEBOX_ASSERT(!options_.read_only);
  if (auto begun = execute("BEGIN"); !begun) return begun;
  if (auto written = write_snapshot(snapshot); !written) {
    roll_back();
    return written;
  }
  if (auto committed = execute("COMMIT"); !committed) return committed;
  last_ = std::max(last_, snapshot.batch);
  return {};
}

Result<void> SqliteStore::write_snapshot(const Snapshot& snapshot) {
  const auto batch = static_cast<std::int64_t>(snapshot.batch);
  sqlite3_bind_int64(put_snapshot_, 1, batch);
  sqlite3_bind_blob64(put_snapshot_, 2, snapshot.bytes.data(), snapshot.bytes.size(),
                      SQLITE_STATIC);
  sqlite3_bind_int64(forget_, 1, batch);
  for (sqlite3_stmt* statement : {put_snapshot_, forget_}) {
    const int code = sqlite3_step(statement);
    if (code != SQLITE_DONE) {
      const Error cause = failure();
      sqlite3_reset(statement);
      return cause;
    }
    sqlite3_reset(statement);
  }
  return {};
}

Result<std::optional<Snapshot>> SqliteStore::load_snapshot() {
  Query query(db_, "SELECT batch, bytes FROM snapshot");
  const int code = query.step();
  if (code == SQLITE_DONE) return std::optional<Snapshot>();
  if (code != SQLITE_ROW) return failure();
  return std::optional(
      Snapshot{static_cast<std::uint64_t>(query.number(0)), std::string(query.bytes(1))});
}

Result<void> SqliteStore::each_batch(FunctionRef<bool(std::uint64_t, std::string_view)> visit) {
  Query query(db_, "SELECT number, bytes FROM batches ORDER BY number");
  while (true) {
    const int code = query.step();
    if (code == SQLITE_DONE) return {};
    if (code != SQLITE_ROW) return failure();
    if (!visit(static_cast<std::uint64_t>(query.number(0)), query.bytes(1))) return {};
  }
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options) {
  auto store = std::make_unique<SqliteStore>(options);
  if (auto opened = store->open(); !opened) return opened.error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace venuebox::store
