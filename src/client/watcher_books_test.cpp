// Books and tickers: what is believed, what is stale, and how a book is come by again.
#include "client/test_watcher.h"

namespace venuebox::client {
namespace {
using Kind = StreamEvent::Kind;
using unified::Origin;

struct WatcherBooks : WatcherTest {
  WatcherBooks() { make(); }
  // A book that is believed, of update 5.
  void believe() {
    watch_book();
    open();
    streams.say("book book.BTC whole 5 10 20");
    books.clear();
    events.clear();
  }
};

TEST_F(WatcherBooks, TellsABookAndItsChanges) {
  EXPECT_EQ(watcher->order_book("BTC"), nullptr);
  watch_book();
  EXPECT_EQ(watcher->order_book("BTC")->origin, Origin::unavailable);
  open();
  streams.say("book book.BTC whole 5 10 20");
  streams.say("book book.BTC change 6 11 0");
  streams.say("book book.BTC change 6 11 0");
  EXPECT_EQ(books, (Texts{"live 10 / 20", "live 11 10 / 20"})) << "and a repetition not at all";
  EXPECT_EQ(text_of(*watcher->order_book("BTC")), "live 11 10 / 20");
}

TEST_F(WatcherBooks, ABoxsBooksSaySo) {
  settings.origin = Origin::simulated;
  make();
  watch_book();
  open();
  streams.say("book book.BTC whole 5 10 20");
  streams.close();
  EXPECT_EQ(books, (Texts{"simulated 10 / 20", "stale 10 / 20"}));
}

TEST_F(WatcherBooks, IsStaleWhileDisconnected) {
  believe();
  streams.close();
  EXPECT_EQ(books, Texts{"stale 10 / 20"});
  wait_for_attempt();
  open();
  EXPECT_EQ(text_of(*watcher->order_book("BTC")), "stale 10 / 20") << "until it comes whole";
  streams.say("book book.BTC whole 1 11 21");
  EXPECT_EQ(books, (Texts{"stale 10 / 20", "live 11 / 21"}));
  EXPECT_EQ(watcher->counts().resyncs, 0u);
}

TEST_F(WatcherBooks, AGapLeadsToAResync) {
  believe();
  streams.say("book book.BTC change 7 11 0");
  EXPECT_EQ(books, Texts{"stale 10 / 20"});
  EXPECT_EQ(streams.take_sent(), (Texts{"unsub 2 book.BTC", "sub 3 book.BTC"}));
  const auto resyncs = take_events(Kind::resync);
  ASSERT_EQ(resyncs.size(), 1u);
  EXPECT_EQ(resyncs[0].channel, "book.BTC");
  EXPECT_EQ(resyncs[0].text, "change 7 does not follow 5");
  streams.say("book book.BTC change 8 12 0");
  EXPECT_EQ(watcher->counts().resyncs, 1u) << "on its way before";
  streams.say("ok 2");
  streams.say("ok 3");
  streams.say("book book.BTC change 9 12 0");
  EXPECT_EQ(books.size(), 1u);
  streams.say("book book.BTC whole 10 12 22");
  EXPECT_EQ(books.back(), "live 12 / 22");
  EXPECT_EQ(watcher->counts().resyncs, 1u);
  scheduler.run_for(seconds(30));
  EXPECT_EQ(streams.lines.size(), 1u) << "all is well";
}

TEST_F(WatcherBooks, WrongBooksAreResynced) {
  for (const auto& [message, why] :
       {std::pair{"book book.BTC change 6 20 0", "its best bid is not below its best offer"},
        {"book book.BTC change 6 11 0 99", "its checksum is another"},
        {"book book.BTC whole 6 30 20", "its best bid is not below its best offer"}}) {
    make();
    believe();
    streams.say(message);
    const auto resyncs = take_events(Kind::resync);
    ASSERT_EQ(resyncs.size(), 1u) << message;
    EXPECT_EQ(resyncs[0].text, why);
    EXPECT_EQ(books, Texts{"stale  /"}) << "without levels";
  }
}

TEST_F(WatcherBooks, AChangeBeforeTheWholeBookIsResynced) {
  watch_book();
  open();
  streams.say("book book.BTC change 7 11 0");
  EXPECT_EQ(streams.take_sent(), (Texts{"unsub 2 book.BTC", "sub 3 book.BTC"}));
  EXPECT_EQ(books, Texts{}) << "there is none to be stale";
}

TEST_F(WatcherBooks, ChangesBeforeTheAnswerAreOfASubscriptionBefore) {
  watch_book();
  turn();
  streams.accept();
  streams.take_sent();
  streams.say("book book.BTC change 7 11 0");
  EXPECT_EQ(streams.take_sent(), Texts{});
  streams.say("book book.BTC whole 8 10 20");
  EXPECT_EQ(books, Texts{"live 10 / 20"}) << "a whole one is welcome at any time";
}

TEST_F(WatcherBooks, AResyncWithoutAWholeBookReconnects) {
  believe();
  streams.say("book book.BTC change 7 11 0");
  accept_all();
  scheduler.run_for(seconds(5));
  const auto lost = take_events(Kind::disconnected);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].text, "the whole book did not come in time");
  wait_for_attempt();
  open();
  streams.say("book book.BTC whole 1 11 21");
  EXPECT_EQ(books, (Texts{"stale 10 / 20", "live 11 / 21"}));
}

TEST_F(WatcherBooks, AWholeBookThatNeverComesIsAskedForAnew) {
  watch_book();
  open();
  scheduler.run_for(seconds(5));
  EXPECT_EQ(watcher->counts().resyncs, 1u);
  accept_all();
  scheduler.run_for(seconds(5));
  EXPECT_EQ(take_events(Kind::disconnected).size(), 1u);
}

TEST_F(WatcherBooks, ABookThatKeepsBreakingMakesNoStorm) {
  believe();
  for (const std::int64_t base : {0, 1'000, 2'000, 4'000, 8'000}) {
    streams.say("book book.BTC change 99 11 0");
    const Timestamp broken = scheduler.now();
    while (streams.last().sent.empty())
      scheduler.run_for(milliseconds(1));
    const std::int64_t waited = (scheduler.now() - broken).raw / 1'000'000;
    EXPECT_GE(waited, base);
    EXPECT_LE(waited, base + base / 4 + 1);
    accept_all();
    streams.say("book book.BTC whole 5 10 20");
  }
  streams.take_sent();
  stay_alive_for(seconds(60));
  streams.take_sent();
  streams.say("book book.BTC change 99 11 0");
  EXPECT_FALSE(streams.take_sent().empty()) << "at once after a while of health";
}

TEST_F(WatcherBooks, ManyBooksBreakingAtOnceAreEachResynced) {
  watch_book("BTC");
  watch_book("ETH");
  open();
  for (const char* message : {"book book.BTC whole 5 10 20", "book book.ETH whole 5 1 2",
                              "book book.BTC change 7 1 0", "book book.ETH change 7 1 0"}) {
    streams.say(message);
  }
  EXPECT_EQ(watcher->counts().resyncs, 2u);
  EXPECT_EQ(text_of(*watcher->order_book("ETH")), "stale 1 / 2");
}

// ---- tickers ------------------------------------------------------------------------------------

struct WatcherTickers : WatcherTest {
  WatcherTickers() {
    make();
    const auto id = watcher->watch_ticker("BTC", [this](const unified::Ticker& ticker) {
      told.push_back(std::to_string(static_cast<int>(ticker.origin)) + " " +
                     trimmed_text(ticker.last->units, 0) + " " +
                     trimmed_text(ticker.volume->units, 0));
    });
    EXPECT_TRUE(id);
    open();
  }
};

TEST_F(WatcherTickers, AreMergedFromWhatChanged) {
  streams.say("last last.BTC change 4");
  EXPECT_EQ(told, Texts{}) << "of nothing";
  streams.say("last last.BTC whole 5");
  streams.say("last last.BTC change 6");
  EXPECT_EQ(told, (Texts{"0 5 7", "0 6 7"})) << "the volume is as before";
  EXPECT_EQ(watcher->ticker("BTC")->symbol, "BTC");
  EXPECT_EQ(watcher->ticker("BTC")->time, timestamp_from_ms(6));
  EXPECT_EQ(watcher->ticker("ETH"), nullptr);
}

TEST_F(WatcherTickers, AreStaleWhileDisconnected) {
  streams.say("last last.BTC whole 5");
  streams.close();
  EXPECT_EQ(told, (Texts{"0 5 7", "1 5 7"}));
  wait_for_attempt();
  open();
  streams.say("last last.BTC change 6");
  EXPECT_EQ(told.size(), 2u) << "what changed of what was before is not known";
  streams.say("last last.BTC whole 8");
  EXPECT_EQ(told.back(), "0 8 7");
}

}  // namespace
}  // namespace venuebox::client
