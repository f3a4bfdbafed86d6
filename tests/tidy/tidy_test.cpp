// Holds the rules against the tree this was built from.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include "rules.h"

namespace venuebox::tidy {
namespace {

namespace fs = std::filesystem;

bool is_source(const std::string& path) { return path.ends_with(".h") || path.ends_with(".cpp"); }

// Sources, build files and scripts; captures and documents keep the bytes they have.
bool is_ours(const fs::path& path) {
  static const std::set<std::string> kEndings{".h", ".cpp", ".cmake", ".js", ".mjs", ".cjs", ".sh"};
  if (path.filename() == "CMakeLists.txt" || kEndings.contains(path.extension().string()))
    return true;
  // Scripts have no ending.
  return path.extension().empty() &&
         (path.parent_path().filename() == "script" || path.filename() == "run");
}

Tree read_tree() {
  const fs::path root = VENUEBOX_SOURCE_DIR;
  Tree tree;
  for (const char* top : {"src", "tests", "bench", "script", "cmake", "examples"}) {
    if (!fs::exists(root / top)) continue;
    for (auto entry = fs::recursive_directory_iterator(root / top);
         entry != fs::recursive_directory_iterator(); ++entry) {
      if (entry->path().filename() == "node_modules") entry.disable_recursion_pending();
      if (!entry->is_regular_file() || !is_ours(entry->path())) continue;
      std::ifstream file(entry->path(), std::ios::binary);
      tree[entry->path().lexically_relative(root).string()] =
          std::string(std::istreambuf_iterator<char>(file), {});
    }
  }
  return tree;
}

const Tree& tree() {
  static const Tree kTree = read_tree();
  return kTree;
}

// Fails with one line per finding, in the form an editor can jump to.
void expect_none(const Findings& findings) {
  for (const Finding& finding : findings)
    ADD_FAILURE() << finding.path << ":" << finding.line << ": " << finding.what;
}

template <class Rule>
void expect_kept_by_sources(Rule rule) {
  for (const auto& [path, text] : tree())
    if (path.starts_with("src/") && is_source(path)) expect_none(rule(path, text));
}

template <class Rule>
void expect_kept_by_all(Rule rule) {
  for (const auto& [path, text] : tree())
    expect_none(rule(path, text));
}

// Every rule below would be kept by an empty tree as well.
TEST(Tidy, ReadsTheTree) {
  EXPECT_TRUE(tree().contains("src/venues/all.h"));
  EXPECT_TRUE(tree().contains("script/test"));
  EXPECT_TRUE(tree().contains("tests/tidy/rules.cpp"));
}

TEST(Tidy, IncludesPointDown) { expect_kept_by_sources(check_includes); }
TEST(Tidy, NoFloatingPointInEngineAndModel) { expect_kept_by_sources(check_floating_point); }
TEST(Tidy, ClocksAndRandomNumbersAreHandedIn) { expect_kept_by_sources(check_clock_and_random); }
TEST(Tidy, WhitespaceIsPlain) { expect_kept_by_all(check_whitespace); }
TEST(Tidy, NoUnwantedWords) { expect_kept_by_all(check_words); }
TEST(Tidy, EveryFileIsCompiled) { expect_none(check_compiled(tree())); }

}  // namespace
}  // namespace venuebox::tidy
