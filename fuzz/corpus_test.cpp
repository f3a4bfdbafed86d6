// Runs a fuzz target over its corpus, under any compiler: what the fuzzer once found stays found.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/core.h>
#include <gtest/gtest.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

TEST(Corpus, Passes) {
  const std::filesystem::path folder = VENUEBOX_SOURCE_DIR "/fuzz/" VENUEBOX_FUZZ_TARGET "/corpus";
  int inputs = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(file.path().filename().string());
    std::ifstream in(file.path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    const std::string input = bytes.str();
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    ++inputs;
  }
  EXPECT_GT(inputs, 0) << folder << " is empty";
}

}  // namespace
