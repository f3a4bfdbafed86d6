// The formats beside Binance's: golden files, small files written here, and the packings around
// them.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <zlib.h>

#include "market/inspection.h"

namespace venuebox::market {
namespace {
using Kind = RecordedMessage::Kind;
using Levels = std::vector<RecordedLevel>;

const std::string kGolden = std::string(VENUEBOX_SOURCE_DIR) + "/src/market/golden/";
const std::string kBybit = kGolden + "bybit-linear-xrpusdt-ob500.data.zip";
const std::string kMinute =
    std::string(VENUEBOX_SOURCE_DIR) + "/examples/data/binance-usdm-btcusdt-20240808-minute.raw.gz";
constexpr std::int64_t kOne = 100'000'000;

std::string bytes_in(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::unique_ptr<Recording> recording_of(const std::string& text) {
  auto recording = read_recording(bytes_of(text), "text");
  VENUEBOX_ASSERT(bool(recording));
  return std::move(*recording);
}

std::vector<RecordedMessage> messages_of(Recording& recording) {
  std::vector<RecordedMessage> all;
  RecordedMessage message;
  while (recording.next(message))
    all.push_back(message);
  return all;
}

class FormatsTest : public testing::Test {
 protected:
  FormatsTest() {
    folder_ = (std::filesystem::temp_directory_path() / "venuebox-formats-XXXXXX").string();
    VENUEBOX_ASSERT(::mkdtemp(folder_.data()) != nullptr);
  }
  ~FormatsTest() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& bytes) const {
    std::ofstream(folder_ + "/data", std::ios::binary) << bytes;
    return folder_ + "/data";
  }
  std::string gzip(const std::string& bytes) const {
    gzFile out = gzopen((folder_ + "/data.gz").c_str(), "wb");
    VENUEBOX_ASSERT(gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size())) ==
                    static_cast<int>(bytes.size()));
    gzclose(out);
    return folder_ + "/data.gz";
  }
  std::string folder_;
};

TEST(Formats, ABybitArchive) {
  const auto recording = *open_recording(kBybit);
  EXPECT_EQ(recording->format(), "Bybit order-book archive");
  EXPECT_EQ(recording->symbol(), "XRPUSDT");
  const auto messages = messages_of(*recording);
  ASSERT_EQ(messages.size(), 20u);
  EXPECT_EQ(messages[0].kind, Kind::snapshot);
  EXPECT_EQ(messages[0].time, timestamp_from_ms(1'733'011'200'691));
  ASSERT_EQ(messages[0].bids.size(), 500u);
  EXPECT_EQ(messages[0].bids[0], (RecordedLevel{1'9531'0000, 6'203 * kOne}));
  EXPECT_EQ(messages[1].kind, Kind::depth);
  EXPECT_EQ(messages[1].bids.size(), 13u);
  EXPECT_EQ(recording->report().gaps.count, 0u);
}

TEST(Formats, BybitMessagesThatAreMissingOrWrongAreCounted) {
  const auto line = [](const char* type, int ms, int update, const char* bids) {
    return fmt::format(R"({{"topic":"orderbook.500.XRPUSDT","type":"{}","ts":{},"data":)"
                       R"({{"s":"XRPUSDT","b":{},"a":[],"u":{},"seq":1}},"cts":1}})"
                       "\n",
                       type, ms, bids, update);
  };
  const auto recording = recording_of(
      line("delta", 1, 4, R"([["1.5","9"]])") + line("snapshot", 2, 5, R"([["1.5","1"]])") +
      line("delta", 3, 6, R"([["1.5","2"]])") + line("delta", 4, 8, R"([["1.5","3"]])") +
      line("delta", 3, 9, R"([["1.5","4"]])") + line("delta", 5, 10, R"([["1.5",7]])") +
      line("other", 5, 10, "[]") + "{\"topic\":\n" + line("snapshot", 6, 1, R"([["1.4","1"]])") +
      line("delta", 7, 2, R"([["1.4","0"]])"));
  std::vector<std::int64_t> quantities;
  for (const RecordedMessage& message : messages_of(*recording))
    quantities.push_back(message.bids[0].quantity / kOne);
  EXPECT_EQ(quantities, (std::vector<std::int64_t>{1, 2, 3, 4, 1, 0}));
  const RecordingReport& report = recording->report();
  EXPECT_EQ(report.early, 1u);
  EXPECT_EQ(report.gaps.count, 1u);
  EXPECT_EQ(report.gaps.first_line, 4u);
  EXPECT_EQ(report.backwards.count, 1u);
  EXPECT_EQ(report.backwards.first_line, 5u);
  EXPECT_EQ(report.unreadable.count, 3u);
  EXPECT_EQ(report.unreadable.first_line, 6u);
  EXPECT_EQ(report.snapshots, 2u);
}

TEST(Formats, ATardisBookSnapshotIsToldAsChanges) {
  const auto recording =
      *open_recording(kGolden + "tardis-binance-futures-book_snapshot_25-BTCUSDT.csv");
  EXPECT_EQ(recording->format(), "Tardis book_snapshot_25");
  EXPECT_EQ(recording->exchange(), "binance-futures");
  const auto messages = messages_of(*recording);
  ASSERT_EQ(messages.size(), 10u);
  EXPECT_EQ(messages[0].kind, Kind::snapshot);
  EXPECT_EQ(messages[0].time.ns, 1'598'918'403'810'979'000);
  EXPECT_EQ(messages[0].asks.size(), 25u);
  EXPECT_EQ(messages[0].asks[0], (RecordedLevel{11'657'08000000, 1'71400000}));
  EXPECT_EQ(messages[1].kind, Kind::depth);
  // 11658.63 came in, so 11659.34 is no longer among the 25.
  EXPECT_EQ(messages[1].asks, (Levels{{11'658'63000000, 5'21900000}, {11'659'34000000, 0}}));
}

TEST(Formats, TardisUpdatesOfOneTimeAreOneMessage) {
  const auto golden =
      *open_recording(kGolden + "tardis-deribit-incremental_book_L2-BTC-PERPETUAL.csv");
  EXPECT_EQ(golden->format(), "Tardis incremental_book_L2");
  const auto book = messages_of(*golden);
  ASSERT_EQ(book.size(), 1u);
  EXPECT_EQ(book[0].asks.size(), 15u);

  const auto recording = recording_of(
      "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\r\n"
      "x,BTCUSDT,0,9,false,bid,100,7\r\n"
      "x,BTCUSDT,0,10,true,bid,100,1\r\n"
      "x,BTCUSDT,0,10,true,ask,101,2\r\n"
      "x,BTCUSDT,0,12,false,bid,100,4\r\n"
      "x,BTCUSDT,0,12,false,bid,100,0\r\n"
      "x,BTCUSDT,0,12,false,bid,1e-05,0.5\r\n"
      "x,BTCUSDT,0,12,maybe,bid,98,3\r\n"
      "x,ETHUSDT,0,12,false,bid,98,3\r\n"
      "x,BTCUSDT,0,12\r\n"
      "x,BTCUSDT,0,11,false,ask,101,5\r\n"
      "x,BTCUSDT,0,13,true,ask,102,4\r\n");
  const auto messages = messages_of(*recording);
  ASSERT_EQ(messages.size(), 4u);
  EXPECT_EQ(messages[0].kind, Kind::snapshot);
  EXPECT_EQ(messages[0].bids, (Levels{{100 * kOne, kOne}}));
  EXPECT_EQ(messages[0].asks, (Levels{{101 * kOne, 2 * kOne}}));
  EXPECT_EQ(messages[1].bids, (Levels{{1'000, kOne / 2}, {100 * kOne, 0}})) << "the last of two";
  EXPECT_EQ(messages[2].time, messages[1].time) << "times never go back";
  EXPECT_EQ(messages[3].kind, Kind::snapshot) << "after a lost connection";
  const RecordingReport& report = recording->report();
  EXPECT_EQ(report.early, 1u);
  EXPECT_EQ(report.unreadable.count, 3u);
  EXPECT_EQ(report.unreadable.first_line, 8u);
  EXPECT_EQ(report.backwards.count, 1u);
  EXPECT_EQ(report.backwards.first_line, 11u);
}

TEST(Formats, TardisTradesHaveNoBook) {
  const auto recording = *open_recording(kGolden + "tardis-bitmex-trades-XBTUSD.csv");
  EXPECT_EQ(recording->format(), "Tardis trades");
  EXPECT_FALSE(recording->has_book());
  EXPECT_TRUE(recording->has_trades());
  const auto messages = messages_of(*recording);
  ASSERT_EQ(messages.size(), 10u);
  EXPECT_EQ(messages[0].kind, Kind::trade);
  EXPECT_EQ(messages[0].trade, (RecordedLevel{8'531'50000000, 2'152 * kOne}));
  EXPECT_EQ(messages[0].taker_side, Side::sell);
}

TEST(Formats, TardisQuotesAreABookOfOneLevel) {
  const auto recording = recording_of(
      "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\n"
      "x,BTCUSDT,0,10,2,101,100,1\n"
      "x,BTCUSDT,0,11,2,101,100,1\n"  // nothing new
      "x,BTCUSDT,0,12,3,102,101,1\n"  // a bid where the ask was
      "x,BTCUSDT,0,13,3,101,101,1\n"  // crossed
      "x,BTCUSDT,0,14,3,102,,\n");    // no bid at all
  EXPECT_EQ(recording->format(), "Tardis quotes");
  const auto messages = messages_of(*recording);
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[0].kind, Kind::snapshot);
  EXPECT_EQ(messages[1].bids, (Levels{{100 * kOne, 0}, {101 * kOne, kOne}}));
  EXPECT_EQ(messages[1].asks, (Levels{{101 * kOne, 0}, {102 * kOne, 3 * kOne}}));
  EXPECT_EQ(messages[2].bids, (Levels{{101 * kOne, 0}}));
  EXPECT_EQ(messages[2].asks, Levels{});
  EXPECT_EQ(recording->report().unreadable.first_line, 5u);
}

TEST(Formats, RewindingGivesTheSameMessages) {
  for (const char* name : {"bybit-linear-xrpusdt-ob500.data.zip", "tardis-bitmex-trades-XBTUSD.csv",
                           "tardis-binance-futures-book_snapshot_25-BTCUSDT.csv",
                           "tardis-deribit-incremental_book_L2-BTC-PERPETUAL.csv"}) {
    const auto recording = *open_recording(kGolden + name);
    const auto first = messages_of(*recording);
    recording->rewind();
    const auto second = messages_of(*recording);
    ASSERT_EQ(first.size(), second.size()) << name;
    for (std::size_t i = 0; i < first.size(); ++i) {
      EXPECT_EQ(first[i].time, second[i].time) << name;
      EXPECT_EQ(first[i].bids, second[i].bids) << name;
    }
  }
}

TEST(Formats, OtherTardisFilesAreRefused) {
  const auto other = read_recording(
      bytes_of("exchange,symbol,timestamp,local_timestamp,open_interest\nx,BTC,1,1,1\n"), "file");
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().text().find("another kind"), std::string::npos) << other.error().text();
}

TEST_F(FormatsTest, ThePackingIsToldByTheBytes) {
  const std::string zip = bytes_in(kBybit);
  const std::string csv = bytes_in(kGolden + "tardis-bitmex-trades-XBTUSD.csv");
  EXPECT_EQ(inspect(gzip(zip))->report.messages, 20u) << "gzip around zip";
  EXPECT_EQ(inspect(file(zip))->report.messages, 20u) << "a zip without its name";
  EXPECT_EQ(inspect(gzip(csv))->report.messages, 10u) << "gzip around CSV";
}

TEST_F(FormatsTest, DamageIsRefusedWithLineAndCause) {
  const std::string zip = bytes_in(kBybit);
  const std::string gz = bytes_in(kMinute);
  const auto error_of = [&](const std::string& bytes) {
    const auto seen = inspect(file(bytes));
    return seen ? std::string("none") : seen.error().text();
  };
  const auto cut_gzip = error_of(gz.substr(0, gz.size() / 2));
  EXPECT_NE(cut_gzip.find("line "), std::string::npos) << cut_gzip;
  EXPECT_NE(cut_gzip.find("gzip ends early"), std::string::npos) << cut_gzip;
  EXPECT_EQ(cut_gzip.find("line 1:"), std::string::npos) << "the lines before are read";
  const auto cut_zip = error_of(zip.substr(0, zip.size() / 2));
  EXPECT_NE(cut_zip.find("zip ends early"), std::string::npos) << cut_zip;
  EXPECT_EQ(cut_zip.find("line 1:"), std::string::npos) << cut_zip;

  std::string flipped = gz;
  flipped[flipped.size() - 6] ^= 1;  // in the checksum
  EXPECT_NE(error_of(flipped).find("incorrect data check"), std::string::npos) << error_of(flipped);
  flipped = zip;
  flipped[14] ^= 1;  // in the checksum of the local header
  EXPECT_NE(error_of(flipped).find("zip ends early or is damaged"), std::string::npos)
      << error_of(flipped);
  EXPECT_NE(error_of(zip.substr(0, 20)).find("zip"), std::string::npos);
  EXPECT_NE(error_of("").find("is empty"), std::string::npos);
  EXPECT_NE(inspect(gzip("")).error().text().find("is empty once it is unpacked"),
            std::string::npos);
}

TEST(Inspection, CountsPricesOffTheTickAndCrossedBooks) {
  const auto bybit = inspect(kBybit, Step{5, 4});
  ASSERT_TRUE(bybit) << bybit.error().text();
  EXPECT_GT(bybit->off_tick.count, 100u);
  EXPECT_EQ(bybit->off_tick.first_line, 1u);
  EXPECT_NE(bybit->off_tick.first_cause.find("1.9531"), std::string::npos);
  EXPECT_EQ(inspect(kBybit, Step{1, 4})->off_tick.count, 0u);
  EXPECT_EQ(inspect(kBybit)->crossed.count, 0u);
  EXPECT_TRUE(inspect(kBybit)->notes().empty());
  EXPECT_EQ(bybit->notes().size(), 1u);
}

}  // namespace
}  // namespace venuebox::market
