#include "market/recording.h"

#include <filesystem>
#include <fstream>

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace venuebox::market {
namespace {

const std::string kMinute =
    std::string(VENUEBOX_SOURCE_DIR) + "/examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz";

constexpr const char* kSnapshot =
    R"(1000000000 {"lastUpdateId":10,"E":1,"T":1,"bids":[["100.10","1.5"]],"asks":[["100.20","2"]]})";
constexpr const char* kSymbol =
    R"(900000000 {"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","s":"BTCUSDT"}})";

std::string depth(std::int64_t ns, int first, int last, int previous, std::string_view bids) {
  return fmt::format(
      R"({} {{"stream":"btcusdt@depth@0ms","data":{{"e":"depthUpdate","s":"BTCUSDT",)"
      R"("U":{},"u":{},"pu":{},"b":{},"a":[]}}}})",
      ns, first, last, previous, bids);
}

class RecordingTest : public testing::Test {
 protected:
  RecordingTest() {
    path_ = (std::filesystem::temp_directory_path() / "venuebox-recording-XXXXXX").string();
    VENUEBOX_ASSERT(::mkdtemp(path_.data()) != nullptr);
  }
  ~RecordingTest() override { std::filesystem::remove_all(path_); }

  std::string file(const std::vector<std::string>& lines) {
    std::string name = path_ + "/recording";
    std::ofstream out(name, std::ios::binary);
    for (const std::string& line : lines)
      out << line << '\n';
    return name;
  }
  std::string path_;
};

TEST(Recording, ReadsAMinuteOfBinance) {
  const auto recording = open_recording(kMinute);
  ASSERT_TRUE(recording) << recording.error().text();
  EXPECT_EQ((*recording)->symbol(), "BTCUSDT");
  RecordedMessage message;
  std::map<RecordedMessage::Kind, int> kinds;
  ASSERT_TRUE((*recording)->next(message));
  EXPECT_EQ(message.kind, RecordedMessage::Kind::snapshot);
  EXPECT_EQ(message.bids.size(), 1'000u);
  EXPECT_EQ(message.bids[0].price, 61'800'20000000);
  EXPECT_EQ(message.bids[0].quantity, 2'90900000);
  while ((*recording)->next(message))
    ++kinds[message.kind];
  EXPECT_GT(kinds[RecordedMessage::Kind::depth], 500);
  EXPECT_GT(kinds[RecordedMessage::Kind::trade], 500);
  const RecordingReport& report = (*recording)->report();
  EXPECT_EQ(report.unreadable.count, 0u);
  EXPECT_EQ(report.gaps.count, 0u);
}

TEST(Recording, RewindsToTheSameMessages) {
  const auto recording = *open_recording(kMinute);
  RecordedMessage first, second;
  ASSERT_TRUE(recording->next(first));
  while (recording->next(second)) {
  }
  recording->rewind();
  ASSERT_TRUE(recording->next(second));
  EXPECT_EQ(first.time, second.time);
  EXPECT_EQ(first.bids.size(), second.bids.size());
}

TEST_F(RecordingTest, CountsWhatIsWrongAndNamesTheLine) {
  const auto recording = open_recording(file({
      kSymbol,
      kSnapshot,
      "not a line",
      R"(1000000001 {"broken":)",
      depth(1'000'000'002, 11, 12, 10, R"([["100.00","1"]])"),
      depth(1'000'000'003, 14, 15, 13, R"([["100.00","2"]])"),  // 13 is missing
      depth(1'000'000'001, 16, 17, 15, R"([["100.00","3"]])"),  // goes back in time
      depth(1'000'000'004, 18, 19, 17, R"([["100.00","1e3"]])"),
      depth(1'000'000'005, 18, 19, 17, R"([["100.00"]])"),
      depth(1'000'000'006, 18, 19, 17, R"([["100.123456789","1"]])"),
  }));
  ASSERT_TRUE(recording) << recording.error().text();
  RecordedMessage message;
  std::vector<std::int64_t> times;
  while ((*recording)->next(message))
    times.push_back(message.time.ns);
  EXPECT_EQ(times, (std::vector<std::int64_t>{1'000'000'000, 1'000'000'002, 1'000'000'003,
                                              1'000'000'003}));
  const RecordingReport& report = (*recording)->report();
  EXPECT_EQ(report.unreadable.count, 5u);
  EXPECT_EQ(report.unreadable.first_line, 3u);
  EXPECT_EQ(report.unreadable.first_cause, "no receive time at its start");
  EXPECT_EQ(report.gaps.count, 1u);
  EXPECT_EQ(report.gaps.first_line, 6u);
  EXPECT_EQ(report.backwards.count, 1u);
  EXPECT_EQ(report.backwards.first_line, 7u);
  EXPECT_EQ(report.damaged.count, 0u);
}

// A capture's snapshot is asked for while its stream runs, so it can arrive after later updates.
TEST_F(RecordingTest, UpdatesThatCameBeforeAnOlderSnapshotArePlayedAfterIt) {
  const auto recording = *open_recording(file({
      kSymbol,
      depth(1, 8, 9, 7, R"([["100.00","1"]])"),
      depth(2, 10, 11, 9, R"([["100.00","2"]])"),
      depth(3, 12, 13, 11, R"([["100.00","3"]])"),
      kSnapshot,  // up to 10
      depth(1'000'000'002, 14, 15, 13, R"([["100.00","4"]])"),
  }));
  RecordedMessage message;
  ASSERT_TRUE(recording->next(message));
  EXPECT_EQ(message.kind, RecordedMessage::Kind::snapshot);
  std::vector<std::int64_t> quantities, times;
  while (recording->next(message)) {
    quantities.push_back(message.bids[0].quantity / 100'000'000);
    times.push_back(message.time.ns);
  }
  EXPECT_EQ(quantities, (std::vector<std::int64_t>{2, 3, 4}));
  EXPECT_EQ(times, (std::vector<std::int64_t>{1'000'000'000, 1'000'000'000, 1'000'000'002}));
  EXPECT_EQ(recording->report().gaps.count, 0u);
}

TEST_F(RecordingTest, RefusesWhatIsNoRecording) {
  EXPECT_FALSE(open_recording(path_));
  EXPECT_FALSE(open_recording(path_ + "/none"));
  EXPECT_FALSE(open_recording(file({})));
  EXPECT_FALSE(open_recording(file({kSymbol})));
  EXPECT_FALSE(content_hash(path_ + "/none"));
  const auto error = open_recording(file({"a,b,c", "1,2,3"})).error().text();
  EXPECT_NE(error.find("line 1: 'a,b,c' begins no recording"), std::string::npos) << error;
  const auto no_book = open_recording(file({kSymbol, "what"})).error().text();
  EXPECT_NE(no_book.find("holds no snapshot of a book"), std::string::npos) << no_book;
  EXPECT_NE(no_book.find("line 2: no receive time"), std::string::npos) << no_book;
}

}  // namespace
}  // namespace venuebox::market
