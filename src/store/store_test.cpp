// The contract of store.h, held against every backend, and what only the file-backed one can do:
// come back after kill -9, and say clearly why a file cannot be used.
#include "store/store.h"

#include <filesystem>
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace venuebox::store {
namespace {
namespace fs = std::filesystem;

// A folder of its own for one test, gone with it.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "venuebox-store-XXXXXX").string();
    VENUEBOX_ASSERT(::mkdtemp(name.data()) != nullptr);
    path_ = name;
    fs::permissions(path_, fs::perms(0755));
  }
  ~Folder() { fs::remove_all(path_); }
  std::string operator/(const char* name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

using Batches = std::vector<std::pair<std::uint64_t, std::string>>;

Batches batches_of(Store& store) {
  Batches found;
  const auto visited = store.each_batch([&](std::uint64_t number, std::string_view batch) {
    found.emplace_back(number, batch);
    return true;
  });
  EXPECT_TRUE(visited);
  return found;
}

std::unique_ptr<Store> open_file(const std::string& path,
                                 Durability durability = Durability::process,
                                 bool read_only = false) {
  auto opened = open_sqlite_store({path, durability, read_only});
  EXPECT_TRUE(opened) << (opened ? "" : opened.error().text());
  return opened ? std::move(*opened) : nullptr;
}

Error refusal(const SqliteOptions& options) {
  auto opened = open_sqlite_store(options);
  EXPECT_FALSE(opened);
  return opened ? Error{} : opened.error();
}

struct Backend {
  const char* name;
  std::unique_ptr<Store> (*make)(const Folder&);
};

class StoreContract : public testing::TestWithParam<Backend> {
 protected:
  Folder folder;
  std::unique_ptr<Store> store = GetParam().make(folder);
};

INSTANTIATE_TEST_SUITE_P(
    All, StoreContract,
    testing::Values(Backend{"memory", [](const Folder&) { return make_memory_store(); }},
                    Backend{"sqlite", [](const Folder& f) { return open_file(f / "a.db"); }},
                    Backend{
                        "sqlite_power",
                        [](const Folder& f) { return open_file(f / "a.db", Durability::power); }}),
    [](const auto& test) { return test.param.name; });

TEST_P(StoreContract, IsNewUntilItHasAMaker) {
  EXPECT_EQ(*store->maker(), std::nullopt);
  EXPECT_FALSE(store->load_snapshot()->has_value());
  EXPECT_TRUE(batches_of(*store).empty());

  ASSERT_TRUE(store->set_maker({3, 7, R"({"seed":"1"})"}));
  const auto maker = store->maker();
  ASSERT_TRUE(maker && *maker);
  EXPECT_EQ((*maker)->format_version, 3);
  EXPECT_EQ((*maker)->engine_version, 7);
  EXPECT_EQ((*maker)->configuration, R"({"seed":"1"})");
}

TEST_P(StoreContract, NumbersBatchesFromOneAndKeepsTheirBytes) {
  ASSERT_TRUE(store->set_maker({}));
  const std::string all_bytes("\0\xff nul and more \0", 17);
  EXPECT_EQ(*store->append("one"), 1u);
  EXPECT_EQ(*store->append(all_bytes), 2u);
  EXPECT_EQ(*store->append(""), 3u);
  EXPECT_EQ(*store->append(std::string(100'000, 'x')), 4u);
  const Batches expected{{1, "one"}, {2, all_bytes}, {3, ""}, {4, std::string(100'000, 'x')}};
  EXPECT_EQ(batches_of(*store), expected);
}

TEST_P(StoreContract, TheVisitorMayStopEarly) {
  for (const char* batch : {"a", "b", "c"})
    ASSERT_TRUE(store->append(batch));
  int seen = 0;
  ASSERT_TRUE(store->each_batch([&](std::uint64_t, std::string_view) { return ++seen < 2; }));
  EXPECT_EQ(seen, 2);
}

TEST_P(StoreContract, ASnapshotReplacesTheBatchesItContains) {
  for (const char* batch : {"a", "b", "c", "d"})
    ASSERT_TRUE(store->append(batch));
  ASSERT_TRUE(store->save_snapshot({3, "state after c"}));
  const auto first = store->load_snapshot();
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->batch, 3u);
  EXPECT_EQ((*first)->bytes, "state after c");
  EXPECT_EQ(batches_of(*store), (Batches{{4, "d"}}));
  EXPECT_EQ(*store->append("e"), 5u);

  ASSERT_TRUE(store->save_snapshot({5, "state after e"}));
  EXPECT_EQ((*store->load_snapshot())->bytes, "state after e");
  EXPECT_TRUE(batches_of(*store).empty());
  EXPECT_EQ(*store->append("f"), 6u);
}

// How a journal is copied from one store into another.
TEST_P(StoreContract, ASnapshotMayBeAheadOfAnEmptyStore) {
  ASSERT_TRUE(store->save_snapshot({41, "state"}));
  EXPECT_EQ(*store->append("next"), 42u);
  EXPECT_EQ(batches_of(*store), (Batches{{42, "next"}}));
}

TEST_P(StoreContract, ANewMakerEmptiesIt) {
  ASSERT_TRUE(store->set_maker({1, 1, "old"}));
  ASSERT_TRUE(store->append("a"));
  ASSERT_TRUE(store->save_snapshot({1, "state"}));
  ASSERT_TRUE(store->append("b"));
  ASSERT_TRUE(store->set_maker({1, 2, "new"}));
  EXPECT_EQ((*store->maker())->configuration, "new");
  EXPECT_FALSE(store->load_snapshot()->has_value());
  EXPECT_TRUE(batches_of(*store).empty());
  EXPECT_EQ(*store->append("c"), 1u);
}

class SqliteFile : public testing::Test {
 protected:
  Folder folder;
  std::string path = folder / "box.db";
};

TEST_F(SqliteFile, GoesOnWhereItEnded) {
  {
    auto store = open_file(path);
    ASSERT_TRUE(store->set_maker({1, 2, "box"}));
    for (const char* batch : {"a", "b", "c"})
      ASSERT_TRUE(store->append(batch));
    ASSERT_TRUE(store->save_snapshot({2, "state"}));
  }
  {
    auto store = open_file(path);
    EXPECT_EQ((*store->maker())->configuration, "box");
    EXPECT_EQ((*store->load_snapshot())->batch, 2u);
    EXPECT_EQ(batches_of(*store), (Batches{{3, "c"}}));
    EXPECT_EQ(*store->append("d"), 4u);
    ASSERT_TRUE(store->save_snapshot({4, "later"}));
  }
  // All batches are in the snapshot; the count must not begin anew.
  EXPECT_EQ(*open_file(path)->append("e"), 5u);
}

TEST_F(SqliteFile, MakesTheFoldersOnTheWay) {
  const std::string deep = folder / "state/of/mine.db";
  EXPECT_TRUE(open_file(deep)->set_maker({}));
  EXPECT_TRUE(fs::exists(deep));
}

TEST_F(SqliteFile, ReadOnlyChangesNothing) {
  {
    auto store = open_file(path);
    ASSERT_TRUE(store->set_maker({1, 2, "box"}));
    ASSERT_TRUE(store->append("a"));
  }
  const auto before = fs::last_write_time(path);
  const auto store = open_file(path, Durability::process, true);
  EXPECT_EQ((*store->maker())->configuration, "box");
  EXPECT_EQ(batches_of(*store), (Batches{{1, "a"}}));
  EXPECT_EQ(fs::last_write_time(path), before);
}

// The child appends and reports each acknowledged number through a pipe until it is killed in the
// middle of it.
TEST_F(SqliteFile, EveryAcknowledgedBatchSurvivesKill9) {
  for (const int acknowledged_min : {1, 40, 700}) {
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe_ends[0]);
      auto store = open_sqlite_store({path});
      if (!store || !(*store)->set_maker({1, 1, "killed"})) ::_exit(1);
      while (true) {
        const auto number = (*store)->append("batch " + std::string(300, 'b'));
        if (!number || ::write(pipe_ends[1], &*number, sizeof *number) < 0) ::_exit(1);
        if (*number == 500 && !(*store)->save_snapshot({450, "state"})) ::_exit(1);
      }
    }
    ::close(pipe_ends[1]);
    std::uint64_t acknowledged = 0, number = 0;
    const auto read_one = [&] {
      if (::read(pipe_ends[0], &number, sizeof number) != sizeof number) return false;
      acknowledged = number;
      return true;
    };
    while (acknowledged < static_cast<std::uint64_t>(acknowledged_min) && read_one()) {
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (read_one()) {
    }
    ::close(pipe_ends[0]);
    ASSERT_GE(acknowledged, static_cast<std::uint64_t>(acknowledged_min));

    // Looking at it first, as `venuebox replay` would, must find the same.
    const Batches seen = batches_of(*open_file(path, Durability::process, true));
    const auto store = open_file(path);
    EXPECT_EQ((*store->maker())->configuration, "killed");
    const Batches found = batches_of(*store);
    EXPECT_EQ(found, seen);
    const auto snapshot = store->load_snapshot();
    const std::uint64_t first = *snapshot ? (*snapshot)->batch + 1 : 1;
    ASSERT_FALSE(found.empty());
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_EQ(found[i].first, first + i);
    // One more may have been committed whose number was not told any more.
    EXPECT_GE(found.back().first, acknowledged);
    EXPECT_LE(found.back().first, acknowledged + 1);
    EXPECT_EQ(*store->append("goes on"), found.back().first + 1);
  }
}

TEST_F(SqliteFile, ASecondServerIsRefused) {
  const auto first = open_file(path);
  const Error error = refusal({path});
  EXPECT_EQ(error.kind, ErrorKind::conflict);
  EXPECT_EQ(error.where, path);
  EXPECT_NE(error.detail.find("in use by another process"), std::string::npos) << error.detail;
  // Nor may it be read while it changes.
  EXPECT_EQ(refusal({path, Durability::process, true}).kind, ErrorKind::conflict);
  EXPECT_TRUE(first->append("unharmed"));
}

TEST_F(SqliteFile, RefusesWhatIsNoStoreOfOurs) {
  EXPECT_EQ(refusal({""}).kind, ErrorKind::invalid);

  const Error directory = refusal({folder / ""});
  EXPECT_NE(directory.detail.find("is a directory"), std::string::npos) << directory.detail;

  const Error missing = refusal({path, Durability::process, true});
  EXPECT_EQ(missing.kind, ErrorKind::not_found);
  EXPECT_EQ(missing.where, path);
  EXPECT_FALSE(fs::exists(path)) << "looking must not create it";

  std::ofstream(path) << std::string(5000, 'x');
  const Error text = refusal({path});
  EXPECT_NE(text.detail.find("is not an SQLite database"), std::string::npos) << text.detail;

  const std::string foreign = folder / "foreign.db";
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(foreign.c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, "CREATE TABLE wallet(id)", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  const Error other = refusal({foreign});
  EXPECT_NE(other.detail.find("of another program"), std::string::npos) << other.detail;

  const Error file_as_folder = refusal({path + "/box.db"});
  EXPECT_EQ(file_as_folder.kind, ErrorKind::io);
  EXPECT_NE(file_as_folder.detail.find("folder cannot be made"), std::string::npos)
      << file_as_folder.detail;
}

TEST_F(SqliteFile, RefusesTablesOfAnotherVersion) {
  open_file(path).reset();
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, "PRAGMA user_version = 99", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  const Error error = refusal({path});
  EXPECT_EQ(error.kind, ErrorKind::conflict);
  EXPECT_NE(error.detail.find("version 99"), std::string::npos) << error.detail;
}

TEST_F(SqliteFile, ADamagedFileIsAnErrorAndNotACrash) {
  {
    auto store = open_file(path);
    for (int i = 0; i < 200; ++i)
      ASSERT_TRUE(store->append(std::string(2000, 'b')));
  }
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    const std::string noise(8 * 4096, '\xa5');
    file.write(noise.data(), static_cast<std::streamsize>(noise.size()));
  }
  const Error error = refusal({path});
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_NE(error.detail.find("is damaged"), std::string::npos) << error.detail;
}

// As a user without rights, whoever runs the tests.
TEST_F(SqliteFile, SaysWhenItMayNotWrite) {
  open_file(path).reset();
  fs::permissions(path, fs::perms(0444));
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(1);
    for (const std::string& file : {path, folder / "new.db"}) {
      auto opened = open_sqlite_store({file});
      const std::string said = (opened ? "opened" : opened.error().text()) + "\n";
      if (::write(pipe_ends[1], said.data(), said.size()) < 0) ::_exit(1);
      if (::geteuid() != 65534) break;  // The owner of the folder may write into it.
    }
    ::_exit(0);
  }
  ::close(pipe_ends[1]);
  std::string said(4096, '\0');
  std::size_t size = 0;
  for (ssize_t n = 1; n > 0; size += static_cast<std::size_t>(n)) {
    n = ::read(pipe_ends[0], said.data() + size, said.size() - size);
    ASSERT_GE(n, 0);
  }
  said.resize(size);
  ::close(pipe_ends[0]);
  ::waitpid(child, nullptr, 0);
  EXPECT_NE(said.find(path + ": cannot be opened for writing (Permission denied)"),
            std::string::npos)
      << said;
  EXPECT_EQ(said.find("opened\n"), std::string::npos) << said;
}

}  // namespace
}  // namespace venuebox::store
