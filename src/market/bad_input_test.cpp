// What is wrong with files of recordings, in each format: a report that names line and cause, and
// either a skip that is counted or a refusal.
#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "engine/test_desk.h"
#include "market/factory.h"

namespace venuebox::market {
namespace {
using engine::TestDesk;

struct Row {
  std::int64_t second = 1;
  int number = 1;  // in the sequence, where the format has one
  const char* price = "60000.0";
};

// How each recorder writes a bid of one coin, and the book before it.
struct Recorder {
  const char* name;
  bool has_sequence;
  std::uint64_t first_row;  // its line
  const char* no_json;      // the cause of a line that is none
  std::string (*head)(const char* price);
  std::string (*row)(const Row&);
};

std::string binance_head(const char* price) {
  return fmt::format(
      R"(900000000 {{"stream":"btcusdt@bookTicker","data":{{"e":"bookTicker","s":"BTCUSDT"}}}})"
      "\n"
      R"(1000000000 {{"lastUpdateId":1,"E":1,"T":1,"bids":[["{}","1"]],"asks":[["60001.0","1"]]}})"
      "\n",
      price);
}
std::string binance_row(const Row& row) {
  return fmt::format(
      R"({} {{"stream":"btcusdt@depth@0ms","data":{{"e":"depthUpdate","s":"BTCUSDT",)"
      R"("U":{},"u":{},"pu":{},"b":[["{}","1"]],"a":[]}}}})"
      "\n",
      row.second * 1'000'000'000, row.number + 1, row.number + 1, row.number, row.price);
}
std::string bybit_line(const char* type, std::int64_t ms, int number, const char* bid,
                       const char* asks) {
  return fmt::format(R"({{"topic":"orderbook.500.BTCUSDT","type":"{}","ts":{},"data":)"
                     R"({{"s":"BTCUSDT","b":[["{}","1"]],"a":{},"u":{},"seq":1}},"cts":1}})"
                     "\n",
                     type, ms, bid, asks, number);
}
std::string bybit_head(const char* price) {
  return bybit_line("snapshot", 1'000, 1, price, R"([["60001.0","1"]])");
}
std::string bybit_row(const Row& row) {
  return bybit_line("delta", row.second * 1'000, row.number + 1, row.price, "[]");
}
std::string tardis_head(const char* price) {
  return fmt::format(
      "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n"
      "x,BTCUSDT,0,1000000,true,bid,{},1\n"
      "x,BTCUSDT,0,1000000,true,ask,60001.0,1\n",
      price);
}
std::string tardis_row(const Row& row) {
  return fmt::format("x,BTCUSDT,0,{},false,bid,{},1\n", row.second * 1'000'000, row.price);
}

const Recorder kRecorders[] = {
    {"binance", true, 3, "no receive time at its start", binance_head, binance_row},
    {"bybit", true, 2, "no JSON object", bybit_head, bybit_row},
    {"tardis", false, 4, "its cell 1 does not parse, or is of another market", tardis_head, tardis_row},
};

// Bids that do not compress well, so that half of a packed file holds some of its lines.
std::string day_of(const Recorder& recorder) {
  std::string text = recorder.head("60000.0");
  std::uint32_t state = 1;
  for (int i = 1; i <= 5'000; ++i) {
    state = state * 1'664'525 + 1'013'904'223;
    const std::string price = fmt::format("{}.{}", 30'000 + state % 29'000, state / 7 % 10);
    text += recorder.row({.second = i + 1, .number = i, .price = price.c_str()});
  }
  return text;
}

class BadInput : public testing::TestWithParam<Recorder> {
 protected:
  BadInput() {
    folder_ = (std::filesystem::temp_directory_path() / "venuebox-bad-XXXXXX").string();
    VENUEBOX_ASSERT(::mkdtemp(folder_.data()) != nullptr);
    path_ = folder_ + "/data";
    desk_.check_laws = false;
  }
  ~BadInput() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }
  std::string head() const { return GetParam().head("60000.0"); }
  static std::string row(const Row& row) { return GetParam().row(row); }

  std::string gzip(const std::string& text) const {
    const std::string name = folder_ + "/packed.gz";
    gzFile out = gzopen(name.c_str(), "wb");
    VENUEBOX_ASSERT(gzwrite(out, text.data(), static_cast<unsigned>(text.size())) > 0);
    gzclose(out);
    return bytes_in(name);
  }
  std::string zip(const std::string& text) const {
    const std::string name = folder_ + "/packed.zip";
    archive* out = archive_write_new();
    archive_write_set_format_zip(out);
    VENUEBOX_ASSERT(archive_write_open_filename(out, name.c_str()) == ARCHIVE_OK);
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, "data");
    archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    VENUEBOX_ASSERT(archive_write_header(out, entry) == ARCHIVE_OK);
    VENUEBOX_ASSERT(archive_write_data(out, text.data(), text.size()) > 0);
    archive_entry_free(entry);
    archive_write_free(out);
    return bytes_in(name);
  }
  static std::string bytes_in(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // Both what a check says and what a start would.
  std::string refusal() const {
    const auto seen = inspect(path_);
    const auto spec = MarketSpec::from_text("replay:" + path_);
    EXPECT_FALSE(seen);
    EXPECT_FALSE(spec);
    if (seen || spec) return "none";
    EXPECT_EQ(seen.error().text(), spec.error().text());
    return seen.error().text();
  }
  // One note of a file that is played nevertheless.
  std::string note() const {
    const auto seen = inspect(path_);
    EXPECT_TRUE(seen) << seen.error().text();
    const auto spec = MarketSpec::from_text("replay:" + path_);
    EXPECT_TRUE(spec) << spec.error().text();
    if (!seen || !spec || seen->notes().size() != 1) return "not one note";
    EXPECT_EQ(spec->notes(), std::vector<std::string>{path_ + ": " + seen->notes()[0]});
    const auto market = make_market(*spec, 1, "bybit", desk_.view(), desk_.clock);
    EXPECT_TRUE(market) << market.error().text();
    return seen->notes()[0];
  }

  std::string folder_;
  std::string path_;
  TestDesk desk_;
};

// "… line N: cause", with a line in the middle.
void expect_damage(const std::string& refusal, const std::string& path, const char* cause) {
  EXPECT_TRUE(refusal.starts_with(path + ": line ")) << refusal;
  EXPECT_GT(std::stoul("0" + refusal.substr(path.size() + 7)), 100u) << refusal;
  EXPECT_TRUE(refusal.contains(cause)) << refusal;
  EXPECT_TRUE(refusal.contains("get the file again, or cut it before that line")) << refusal;
}

TEST_P(BadInput, ATruncatedGzipIsRefused) {
  const std::string packed = gzip(day_of(GetParam()));
  write(packed.substr(0, packed.size() / 2));
  expect_damage(refusal(), path_, "the gzip ends early or is damaged");
  write(packed.substr(0, packed.size() - 4));  // all lines are there, what proves it is not
  expect_damage(refusal(), path_, "the gzip ends early or is damaged");
}

TEST_P(BadInput, ATruncatedZipIsRefused) {
  const std::string packed = zip(day_of(GetParam()));
  write(packed.substr(0, packed.size() / 2));
  expect_damage(refusal(), path_, "the zip ends early or is damaged");
}

TEST_P(BadInput, ALineThatIsNoJsonIsSkippedAndCounted) {
  write(head() + row({.number = 1}) + "what is this\n" + "\n" + row({.second = 2, .number = 2}) +
        "\xff\xfe\x00\n");
  EXPECT_EQ(note(), fmt::format("2 unreadable lines skipped, first line {}: {}",
                                GetParam().first_row + 1, GetParam().no_json));
}

TEST_P(BadInput, AFileThatEndsWithinALineIsOneLineShort) {
  const std::string last = row({.second = 2, .number = 2});
  write(head() + row({.number = 1}) + last.substr(0, 12));
  EXPECT_TRUE(note().starts_with(
      fmt::format("1 unreadable lines skipped, first line {}: ", GetParam().first_row + 1)))
      << note();
}

TEST_P(BadInput, ASequenceGapIsCounted) {
  if (!GetParam().has_sequence) {  // then it cannot be seen, as docs/recordings.md says
    write(head() + row({.number = 1}) + row({.second = 2, .number = 5}));
    EXPECT_TRUE(inspect(path_)->notes().empty());
    return;
  }
  write(head() + row({.number = 1}) + row({.second = 2, .number = 5}) +
        row({.second = 3, .number = 6}) + row({.second = 4, .number = 9}));
  EXPECT_TRUE(
      note().starts_with(fmt::format("2 sequence gaps, first line {}: ", GetParam().first_row + 1)))
      << note();
}

TEST_P(BadInput, TimesThatGoBackAreCountedAndPlayedWithoutThat) {
  write(head() + row({.second = 5, .number = 1}) + row({.second = 3, .number = 2}) +
        row({.second = 6, .number = 3}));
  EXPECT_EQ(note(), fmt::format("1 times that go back, first line {}: its time is before that of "
                                "the message before",
                                GetParam().first_row + 1));
  const auto seen = inspect(path_);
  EXPECT_EQ((seen->ends - seen->begins), seconds(5));
}

TEST_P(BadInput, PricesOfAnotherScaleAreRefusedWithTheirLine) {
  for (const char* price : {"6.00001", "6000000000"}) {
    write(GetParam().head(price) + row({.number = 1}));
    const auto spec = MarketSpec::from_text("replay:" + path_);
    ASSERT_TRUE(spec) << spec.error().text();
    const auto market = make_market(*spec, 1, "bybit", desk_.view(), desk_.clock);
    ASSERT_FALSE(market) << price;
    EXPECT_EQ(market.error().where, path_);
    // Of a whole book in several lines, the last of them.
    EXPECT_TRUE(market.error().detail.starts_with(
        fmt::format("line {}: its price {} does not fit", GetParam().first_row - 1, price)))
        << market.error().detail;
  }
}

TEST_P(BadInput, ALaterPriceOffTheTickIsCountedWhereTheTickIsGiven) {
  write(head() + row({.number = 1}) + row({.second = 2, .number = 2, .price = "6.00001"}));
  const auto seen = inspect(path_, Step{1, 1});
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->notes(),
            std::vector<std::string>{fmt::format(
                "1 prices off the tick, first line {}: its price 6.00001 is no multiple of 0.1",
                GetParam().first_row + 1)});
}

TEST_P(BadInput, AnEmptyFileIsRefused) {
  write("");
  EXPECT_EQ(refusal(), path_ + ": is empty");
  write("\n\n\n");
  EXPECT_TRUE(refusal().starts_with(path_ + ": ")) << refusal();
  write(head().substr(0, head().find('\n') + 1));
  if (GetParam().first_row == 2) return;  // one line is a whole recording
  EXPECT_TRUE(refusal().contains("holds no snapshot of a book to begin with")) << refusal();
}

TEST_P(BadInput, QuantitiesOfAnotherScaleAreRefusedOrBounded) {
  std::string first = head(), later = row({.number = 1});
  const auto enlarge = [](std::string& line) {
    const std::string one = GetParam().has_sequence ? "\"60000.0\",\"1" : "60000.0,1";
    line.insert(line.find(one) + one.size(), "0000000000");
  };
  enlarge(first);
  write(first + later);
  const auto refused =
      make_market(*MarketSpec::from_text("replay:" + path_), 1, "bybit", desk_.view(), desk_.clock);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().detail.contains("its quantity 10000000000 does not fit BTCUSDT"))
      << refused.error().detail;

  enlarge(later);
  write(head() + later);
  const auto market = make_market(*MarketSpec::from_text("replay:" + path_ + ":loop=off"), 1,
                                  "bybit", desk_.view(), desk_.clock);
  ASSERT_TRUE(market) << market.error().text();
  while ((*market)->next_due() <= TestDesk::kStart + seconds(2)) {
    desk_.clock = (*market)->next_due();
    (*market)->step(desk_);
  }
  std::size_t orders = 0;
  desk_.view().level_orders(TestDesk::kPerpetual, Side::buy, Ticks{600'000},
                            [&](const RestingOrder&) { return ++orders > 0; });
  EXPECT_GT(orders, 1u);
  EXPECT_LE(orders, 1'001u) << "a thousand beside the one that was there";
}

TEST_P(BadInput, WhatIsNoTextIsNotPrinted) {
  write(std::string("\x89PNG\x1b[31m\n", 10) + head());
  EXPECT_TRUE(inspect(path_)) << "lines of no recording may stand before the first";
  write("\x89PNG\x1b[31m\n");
  EXPECT_TRUE(refusal().contains("line 1: '?PNG?[31m' begins no recording")) << refusal();
}

TEST_P(BadInput, APipeIsRefused) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_TRUE(refusal().contains("is a pipe or a device")) << refusal();
}

TEST_P(BadInput, AFolderIsRefused) {
  std::filesystem::create_directory(path_);
  EXPECT_EQ(refusal(), path_ + ": is a folder; give the path of a recording in it");
}

INSTANTIATE_TEST_SUITE_P(Formats, BadInput, testing::ValuesIn(kRecorders),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace venuebox::market
