// Runs every file of scenarios/ and the examples of its README, each as a test of its own; and
// shows that a scenario fails, and how, when things are not as it says.
#include "scenario.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "model/reject_reason.h"

namespace venuebox::scenarios {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = VENUEBOX_SOURCE_DIR;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Paths from the root of the project, sorted.
std::vector<std::string> scenario_files() {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "scenarios")) {
    if (entry.path().extension() == ".txt")
      paths.push_back(entry.path().lexically_relative(kRoot).string());
  }
  std::ranges::sort(paths);
  return paths;
}

// "scenarios/orders/post_only.txt" -> "orders_post_only"
std::string test_name(const testing::TestParamInfo<std::string>& info) {
  const fs::path path(info.param);
  std::string name = path.lexically_relative("scenarios").replace_extension().string();
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

class Scenarios : public testing::TestWithParam<std::string> {};

TEST_P(Scenarios, Run) {
  const std::string failure = run_scenario(GetParam(), content_of(kRoot / GetParam()));
  if (!failure.empty()) FAIL() << failure;
}

INSTANTIATE_TEST_SUITE_P(Files, Scenarios, testing::ValuesIn(scenario_files()), test_name);

// The doors in front of the engine say the reasons behind these.
TEST(Refusals, EachReasonHasAScenario) {
  for (int i = 0; i < static_cast<int>(RejectReason::rate_limited); ++i) {
    const std::string name(name_of(static_cast<RejectReason>(i)));
    const std::string text = content_of(kRoot / "scenarios/refusals" / (name + ".txt"));
    EXPECT_NE(text.find("-> rejected " + name), std::string::npos) << name;
  }
}

TEST(Readme, ExamplesRun) {
  std::ifstream readme(kRoot / "scenarios/README.md");
  std::string line, example;
  int number = 0, begin = 0, examples = 0;
  while (std::getline(readme, line)) {
    ++number;
    if (line == "```scenario") {
      begin = number;
      example.clear();
    } else if (line == "```" && begin != 0) {
      const std::string failure = run_scenario("scenarios/README.md, example", example);
      if (!failure.empty()) ADD_FAILURE() << "line " << begin << ": " << failure;
      begin = 0;
      ++examples;
    } else {
      example += line + "\n";
    }
  }
  EXPECT_GE(examples, 3);
}

// What a scenario of these lines comes to. Its first line is the title.
std::string run(std::string_view lines) {
  return run_scenario("x.txt", std::string("# A title\n").append(lines));
}

TEST(Runner, SaysNothingWhenAllIsAsExpected) {
  EXPECT_EQ(run("alice buy 0.005 at 60000 as a\n"
                "-> accepted a\n"
                "-> rested a 0.005\n"),
            "");
}

TEST(Runner, ShowsAnEventThatIsOtherwise) {
  EXPECT_EQ(run("market sell 0.003 at 60000\n"
                "alice buy 0.005 at 60000.0 as a\n"
                "-> accepted a\n"
                "-> fill a with market 0.0030 at 60000.1\n"
                "-> rested a 0.002\n"),
            "x.txt:3: alice buy 0.005 at 60000.0 as a\n"
            "    accepted a\n"
            "  - fill a with market 0.003 at 60000.1\n"
            "  + fill a with market 0.003 at 60000\n"
            "    rested a 0.002\n");
}

TEST(Runner, ShowsADetailThatIsOtherwise) {
  EXPECT_EQ(run("market sell 0.003 at 60000\n"
                "alice buy 0.003 at 60000 as a\n"
                "-> accepted a quantity 0.003\n"
                "-> fill a with market 0.003 at 60000 fee 0.1 remaining 0\n"),
            "x.txt:3: alice buy 0.003 at 60000 as a\n"
            "    accepted a quantity 0.003\n"
            "  - fill a with market 0.003 at 60000 fee 0.1 remaining 0\n"
            "  + fill a with market 0.003 at 60000 fee 0.099 remaining 0\n");
}

TEST(Runner, ShowsAnEventThatWasNotExpected) {
  EXPECT_EQ(run("alice buy 0.005 at 60000 as a\n"
                "-> accepted a\n"),
            "x.txt:2: alice buy 0.005 at 60000 as a\n"
            "    accepted a\n"
            "  + rested a 0.005\n");
  EXPECT_EQ(run("+10s\n"
                "-> cancelled a expired 0.005\n"),
            "x.txt:2: +10s\n"
            "  - cancelled a expired 0.005\n");
  EXPECT_EQ(run("alice deposit 5 USDT\n"
                "-> nothing\n"),
            "x.txt:2: alice deposit 5 USDT\n"
            "  + deposited alice 5 USDT\n");
}

TEST(Runner, ARefusalIsToBeExpected) {
  EXPECT_EQ(run("alice buy 0 at 60000\n"),
            "x.txt:2: alice buy 0 at 60000\n"
            "  this was refused\n"
            "  + rejected quantity_not_positive\n");
  EXPECT_EQ(run("alice buy 0 at 60000\n-> rejected quantity_not_positive account alice\n"), "");
}

TEST(Runner, ShowsABalanceThatIsOtherwise) {
  EXPECT_EQ(run("alice buy 0.005 at 60000 on spot\n"
                "expect alice USDT 1000000 held 299 free 999700.0\n"),
            "x.txt:3: expect alice USDT 1000000 held 299 free 999700.0\n"
            "  - held 299\n"
            "  + held 300\n");
}

TEST(Runner, ShowsABookThatIsOtherwise) {
  EXPECT_EQ(run("book perp\n"
                "    bids | price   | asks\n"
                "         | 60000   | alice 0.002 as a, bob 0.003\n"
                "   0.010 | 59999.9 |\n"
                "expect book perp\n"
                "   bids  | price   | asks\n"
                "         | 60000   | 0.005\n"
                "   0.010 | 59999.9 |\n"
                "expect book perp\n"
                "         | 60001   | 0.001\n"
                "         | 60000   | bob 0.003, a 0.002\n"),
            "x.txt:10: expect book perp\n"
            "  -             |   60001 | 0.001\n"
            "  -             |   60000 | bob 0.003, a 0.002\n"
            "  +             |   60000 | a 0.002, bob 0.003\n"
            "  + market 0.01 | 59999.9 |\n");
}

TEST(Runner, ShowsAnOrderThatIsOtherwise) {
  EXPECT_EQ(run("alice buy 0.005 at 60000 as a\n"
                "expect order a filled price 60000 remaining 0 reduce-only\n"),
            "x.txt:3: expect order a filled price 60000 remaining 0 reduce-only\n"
            "  - filled\n"
            "  + open\n"
            "  - remaining 0\n"
            "  + remaining 0.005\n"
            "  - reduce-only\n"
            "  + not reduce-only\n");
}

struct Mistake {
  std::string_view text;
  std::string_view failure;
};

// The line, and what cannot be understood in it.
TEST(Runner, SaysWhereItDoesNotUnderstand) {
  const Mistake kMistakes[] = {
      {"alice bye 0.005 at 60000", "unknown word: bye"},
      {"alise buy 0.005 at 60000", "unknown word: alise"},
      {"alice buy 0.005 at 60000 soon", "unknown word: soon"},
      {"alice buy 0.005", "a price is missing: at PRICE (or: market)"},
      {"alice buy at 60000", "a quantity is missing (or: value, close)"},
      {"alice buy 0.005 at", "a number is missing"},
      {"alice buy 0.0005 at 60000", "0.0005 is not a multiple of the step; raw: lots N"},
      {"alice buy 0.005 at 6OOOO", "6OOOO is not a number; raw: ticks N, max, min"},
      {"alice buy 0.005 at 60000 gtd soon", "soon is not a length of time such as 10s, 1ms, 2h"},
      {"alice cancel a", "no order is called a"},
      {"alice deposit 5 DOGE", "no asset is called DOGE"},
      {"alice buy 0.005 at 60000 on mars", "no instrument is called mars"},
      {"alice buy 0.005 at 60000 as bob", "bob is an account"},
      {"phase perp closed", "closed is none of open, post_only, cancel_only, halted, delisted"},
      {"set perp colour red", "unknown word: colour"},
      {"expect alice USDT worth 5",
       "unknown word: worth (known here: cash, held, free, isolated, equity, maintenance, "
       "unrealised, position-initial, "
       "order-initial, available)"},
      {"expect order a open", "no order is called a"},
      {"+10", "+10 is not a length of time such as 10s, 1ms, 2h"},
      {"alice buy \"0.005", "a quote is not closed"},
      {"0 times alice buy 0.001 at 60000", "how many times?"},
  };
  for (const Mistake& mistake : kMistakes) {
    const std::string line(mistake.text), failure(mistake.failure);
    EXPECT_EQ(run(line), "x.txt:2: " + line + "\n  " + failure + "\n");
  }
}

TEST(Runner, NamesTheLineOfARowOrEntry) {
  EXPECT_EQ(run("book perp\n  bids | price | asks\n 0.01 | 60000\n"),
            "x.txt:4: 0.01 | 60000\n  a row of a book is: bids | price | asks\n");
  EXPECT_EQ(run("book perp\n | 60000 | 0.01\n | 60001 | 0.01\n"),
            "x.txt:4: | 60001 | 0.01\n  the highest price comes first\n");
  EXPECT_EQ(run("alice batch place\n  buy 0.001 at 60000\n  buy 0.001 near 60000\n"),
            "x.txt:4: buy 0.001 near 60000\n  unknown word: near\n");
  EXPECT_EQ(run("alice batch cancel\n  buy 0.001 at 60000\n"),
            "x.txt:2: alice batch cancel\n  a batch of another kind of entry than cancel\n");
}

TEST(Runner, ADrawnBookIsOnlyDrawn) {
  EXPECT_EQ(run("book perp\n | 60000 | 0.01\nbook perp\n alice 0.005 as a | 60001 |\n"),
            "x.txt:5: alice 0.005 as a | 60001 |\n"
            "  this does more than come to rest\n"
            "  + accepted a\n"
            "  + fill a with market 0.005 at 60000\n");
  EXPECT_EQ(run("book perp\n 0.001 as a | 60001 |\n 0.001 as a | 60000 |\n"),
            "x.txt:4: 0.001 as a | 60000 |\n  two orders are called a\n");
}

TEST(Runner, KnowsTheWordsOfEvents) {
  EXPECT_EQ(run("alice buy 0.001 at 60000 as a\n-> acepted a\n-> rested a 0.001\n"),
            "x.txt:3: -> acepted a\n  unknown event: acepted\n");
  EXPECT_EQ(run("+1s\nalice leverage 10\n-> rejected leverage_unchanged order a\n"),
            "x.txt:4: -> rejected leverage_unchanged order a\n"
            "  unknown word: order (known here: account)\n");
  EXPECT_EQ(run("alice buy 0.001 at 60000 id \"a 1\" as a\n"
                "-> accepted a id \"a 1\"\n"
                "-> rested a 0.001\n"
                "expect order a open id \"a 1\"\n"),
            "");
}

TEST(Runner, WantsEverythingInItsPlace) {
  EXPECT_EQ(run_scenario("x.txt", "alice buy 1 at 1\n"),
            "x.txt:1: alice buy 1 at 1\n  the first line is the title: # What this shows\n");
  EXPECT_EQ(run("-> nothing\n"), "x.txt:2: -> nothing\n  this belongs below an action\n");
  EXPECT_EQ(run("+1s\nset perp tick 1\n"),
            "x.txt:3: set perp tick 1\n  terms are fixed once something has happened\n");
  EXPECT_EQ(run("expect perp last none\n-> nothing\n"),
            "x.txt:3: -> nothing\n  no command, so no events\n");
  EXPECT_EQ(run("+1s silently\n-> nothing\n"), "x.txt:3: -> nothing\n  no command, so no events\n");
  EXPECT_EQ(run("+1s\n  buy 1 at 1\n"), "x.txt:3: buy 1 at 1\n  nothing belongs below this\n");
  EXPECT_EQ(run("alice buy 0.001 at 60000 as a\nbob buy 0.001 at 60000 as a\n"),
            "x.txt:3: bob buy 0.001 at 60000 as a\n  there is an order called a\n");
  EXPECT_EQ(run(""), "x.txt: nothing happens in it\n");
}

}  // namespace
}  // namespace venuebox::scenarios
