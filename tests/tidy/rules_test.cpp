// Each rule fires on what it forbids and keeps silent on what stands near by.
#include "rules.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace venuebox::tidy {
namespace {

// The lines a rule complains about.
template <class Rule>
std::vector<int> lines(Rule rule, std::string_view path, std::string_view text) {
  std::vector<int> numbers;
  for (const Finding& finding : rule(path, text))
    numbers.push_back(finding.line);
  return numbers;
}

using Lines = std::vector<int>;

TEST(CodeOnly, BlanksCommentsAndLiterals) {
  EXPECT_EQ(code_only("a /* b\nc */ d // e\nf"), "a     \n     d     \nf");
  EXPECT_EQ(code_only(R"(x("q\"r", 's', '\'') y)"), "x(      ,    ,     ) y");
  EXPECT_EQ(code_only("f(R\"-(a \" b\n)\" c)-\") g"), "f(R        \n       ) g");
}

TEST(CodeOnly, TakesADigitSeparatorForWhatItIs) {
  EXPECT_EQ(code_only("1'000'000 + x; 'a' y"), "1'000'000 + x;     y");
  EXPECT_EQ(code_only("0x1'ff, u8'a' b"), "0x1'ff, u8    b");
}

TEST(CodeOnly, SurvivesWhatDoesNotEnd) {
  EXPECT_EQ(code_only("a /* b"), "a     ");
  EXPECT_EQ(code_only("a \"b\\"), "a    ");
  EXPECT_EQ(code_only("a R\"x(b"), "a R    ");
  EXPECT_EQ(code_only("a R\"b"), "a R  ");
}

TEST(Includes, MayPointDown) {
  EXPECT_EQ(lines(check_includes, "src/engine/engine.cpp",
                  "#include \"engine/engine.h\"\n#include <vector>\n#include \"model/order.h\"\n"
                  "#include \"engine/book/level_book.h\"\n"),
            Lines{});
  EXPECT_EQ(lines(check_includes, "src/venues/acme/acme.cpp",
                  "#include \"venues/acme/codec.h\"\n#include \"gateway/venue.h\"\n"
                  "#include \"gateway/dialect/decimal.h\"\n#include \"crypto/hmac.h\"\n"),
            Lines{});
  EXPECT_EQ(lines(check_includes, "src/app/main.cpp", "#include \"venues/acme/acme.h\"\n"),
            Lines{});
  EXPECT_EQ(lines(check_includes, "src/box/box.cpp", "#include \"venues/all.h\"\n"), Lines{});
}

TEST(Includes, MayNotPointUpOrSideways) {
  EXPECT_EQ(lines(check_includes, "src/base/a.h", "\n#include \"model/order.h\"\n"), Lines{2});
  EXPECT_EQ(lines(check_includes, "src/engine/a.cpp", "#include \"net/socket.h\"\n"), Lines{1});
  EXPECT_EQ(lines(check_includes, "src/engine/book/a.cpp", "  # include \"store/a.h\"\n"),
            Lines{1});
  EXPECT_EQ(lines(check_includes, "src/venues/acme/a.cpp",
                  "#include \"venues/other/codec.h\"\n#include \"gateway/router.h\"\n"
                  "#include \"engine/engine.h\"\n#include \"venues/all.h\"\n"),
            (Lines{1, 2, 3, 4}));
  EXPECT_EQ(lines(check_includes, "src/box/box.cpp", "#include \"venues/acme/acme.h\"\n"),
            Lines{1});
}

TEST(Includes, StartAtTheSourceRoot) {
  EXPECT_EQ(lines(check_includes, "src/model/order.cpp",
                  "#include \"order.h\"\n#include \"../base/result.h\"\n"),
            (Lines{1, 2}));
  // A name that merely begins like an allowed folder is another folder.
  EXPECT_EQ(lines(check_includes, "src/model/order.cpp", "#include \"base64/a.h\"\n"), Lines{1});
}

TEST(Includes, OfATestMayReachTheEngine) {
  EXPECT_EQ(lines(check_includes, "src/store/a_test.cpp", "#include \"engine/engine.h\"\n"),
            Lines{});
  EXPECT_EQ(lines(check_includes, "src/store/a.cpp", "#include \"engine/engine.h\"\n"), Lines{1});
  EXPECT_EQ(lines(check_includes, "src/store/a_test.cpp", "#include \"net/socket.h\"\n"), Lines{1});
}

TEST(Includes, OfAVenuesTestMayReachItsDoor) {
  for (const char* path : {"src/venues/acme/a_test.cpp", "src/venues/acme/test_exchange.h"}) {
    EXPECT_EQ(lines(check_includes, path, "#include \"gateway/door.h\"\n"), Lines{}) << path;
  }
  EXPECT_EQ(lines(check_includes, "src/venues/acme/a.h", "#include \"gateway/door.h\"\n"),
            Lines{1});
}

TEST(Includes, NeedARowForEveryFolder) {
  EXPECT_EQ(lines(check_includes, "src/elsewhere/a.h", ""), Lines{0});
  EXPECT_EQ(lines(check_includes, "src/a.h", ""), Lines{0});
}

TEST(Arrows, PointToEarlierRows) {
  std::vector<std::string_view> earlier;
  for (const Arrows& row : allowed_arrows()) {
    for (std::string_view place : row.may_include) {
      const std::string_view folder = place.substr(0, place.find('/'));
      EXPECT_TRUE(std::ranges::count(earlier, folder) == 1) << row.folder << " -> " << place;
    }
    earlier.push_back(row.folder);
  }
}

TEST(FloatingPoint, IsFoundInEngineAndModelOnly) {
  constexpr std::string_view kText = "int doubled;\ndouble x;\nauto y = float(1);\n// double\n";
  EXPECT_EQ(lines(check_floating_point, "src/engine/a.cpp", kText), (Lines{2, 3}));
  EXPECT_EQ(lines(check_floating_point, "src/model/a.h", kText), (Lines{2, 3}));
  EXPECT_EQ(lines(check_floating_point, "src/market/a.cpp", kText), Lines{});
}

TEST(ClockAndRandom, AreFoundOutsideTheSystemsOwn) {
  constexpr std::string_view kText =
      "auto a = std::chrono::system_clock::now();\n"
      "using Clock = std::chrono::steady_clock;\n"
      "gettimeofday(&t, nullptr);\n"
      "clock_gettime(CLOCK_REALTIME, &t);\n"
      "auto b = time(nullptr);\n"
      "auto c = std::time( NULL );\n"
      "std::random_device device;\n"
      "int d = rand() % 6;\n"
      "std::mt19937 engine;\n"
      "RAND_bytes(key, 32);\n";
  EXPECT_EQ(lines(check_clock_and_random, "src/engine/a.cpp", kText),
            (Lines{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(lines(check_clock_and_random, "src/net/a_test.cpp", kText).size(), 10u);
  EXPECT_EQ(lines(check_clock_and_random, "src/library/system_clock.cpp", kText), Lines{});
  EXPECT_EQ(lines(check_clock_and_random, "src/library/system_random.cpp", kText), Lines{});
}

TEST(ClockAndRandom, LeavesOtherWordsAlone) {
  EXPECT_EQ(lines(check_clock_and_random, "src/engine/a.cpp",
                  "auto t = command.time;\nauto u = time(command);\nstrand(x);\n"
                  "// system_clock\nauto s = \"rand()\";\nauto my_system_clock = 1;\n"),
            Lines{});
}

TEST(Whitespace, IsPlain) {
  EXPECT_EQ(lines(check_whitespace, "src/a.h", "a \nb\n\tc\nd\r\n"), (Lines{1, 3, 4}));
  EXPECT_EQ(lines(check_whitespace, "src/a.h", "a"), Lines{0});
  EXPECT_EQ(lines(check_whitespace, "src/a.h", "a\n\n  b c\n"), Lines{});
  EXPECT_EQ(lines(check_whitespace, "src/a.h", ""), Lines{});
}

TEST(Words, UnwantedOnesAreFoundAnywhere) {
  EXPECT_EQ(lines(check_words, "script/a",
                  "# TO"
                  "DO later\nb\nc = \"FIX"
                  "ME\"\n"),
            (Lines{1, 3}));
  EXPECT_EQ(lines(check_words, "src/a.h",
                  "// XX"
                  "X\n// HA"
                  "CK\n"),
            (Lines{1, 2}));
  EXPECT_EQ(lines(check_words, "src/a.h", "mkdtemp(\"a.XXXXXX\");\nauto todo = kTODOs;\n"),
            Lines{});
}

TEST(Words, OfOurOwnAreSpeltOurWay) {
  EXPECT_EQ(lines(check_words, "src/a.h",
                  "bool canceled;\nOrderCanceled e;\nOrderCancelled f;\nauto s = \"Canceled\";\n"),
            (Lines{1, 2}));
  EXPECT_EQ(lines(check_words, "src/a_test.cpp", "TEST(A, DISABLED_b) {}\n"), Lines{1});
}

TEST(Compiled, EveryFileIsNamed) {
  Tree tree{
      {"src/a/CMakeLists.txt", "venuebox_library(a SOURCES one.cpp deep/two.cpp)"},
      {"src/a/one.cpp", ""},
      {"src/a/deep/two.cpp", ""},
      {"src/a/header.h", ""},
      {"bench/elsewhere.cpp", ""},
  };
  EXPECT_EQ(check_compiled(tree), Findings{});
  tree["src/a/deep/one.cpp"];
  tree["src/b/three.cpp"];
  tree["src/a/ne.cpp"];
  EXPECT_EQ(check_compiled(tree), (Findings{{"src/a/deep/one.cpp", 0, "no CMakeLists.txt names it"},
                                            {"src/a/ne.cpp", 0, "no CMakeLists.txt names it"},
                                            {"src/b/three.cpp", 0, "no CMakeLists.txt names it"}}));
}

}  // namespace
}  // namespace venuebox::tidy
