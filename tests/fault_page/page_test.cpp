#include "page.h"

#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace venuebox::fault_page {
namespace {

std::string text_of(std::string_view path) {
  std::ifstream file(fmt::format("{}/{}", VENUEBOX_SOURCE_DIR, path));
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(FaultPage, IsUpToDate) {
  const std::string written = text_of("docs/faults.md");
  EXPECT_EQ(written, page(text_of("tests/conformance/faults.json")))
      << "run script/fault-page and commit docs/faults.md";
}

}  // namespace
}  // namespace venuebox::fault_page
