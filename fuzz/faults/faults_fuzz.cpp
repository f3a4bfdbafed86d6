// The readers of faults under bytes: whatever is not refused is written and read back as equal, is
// judged without an assertion, and repeats itself from a snapshot. The first byte says the format.
// Built by clang with libFuzzer (preset `fuzz`), and by any compiler as a test that runs the
// corpus.
#include <string>

#include "../pieces.h"
#include "faults/file_text.h"
#include "faults/parse.h"
#include "faults/plan.h"

namespace {
using namespace venuebox;
using namespace venuebox::faults;

constexpr Timestamp kStart = timestamp_from_ms(1'700'000'000'000);

std::string struck(Plan& plan, int first) {
  std::vector<Strike> strikes;
  const std::string_view operations[] = {"place_order", "fetch_ticker", "stream", ""};
  for (int i = first; i < first + 40; ++i) {
    const auto number = static_cast<std::uint64_t>(i);
    const Tag tag{.venue = "bybit",
                  .account = "alice",
                  .symbol = "BTCUSDT",
                  .operation = operations[number % 4],
                  .channel = number % 4 == 2 ? "orders" : "",
                  .transport = number % 4 == 2 ? Transport::ws : Transport::http,
                  .request = number + 1};
    plan.strike(tag, kStart + seconds(7 * i), kAllLayers, strikes);
    if (i % 5 == 0) plan.observe(static_cast<Happening>(number % kHappenings), tag);
  }
  std::string text;
  for (const Strike& strike : strikes)
    text +=
        strike.fault + " " + std::to_string(strike.n) + " " + std::to_string(strike.drawn) + "\n";
  return text;
}

void exercise(const std::vector<Fault>& faults) {
  Plan plan(1);
  if (!plan.put_all(faults, kStart)) return;
  struck(plan, 0);
  Plan restored(1);
  require(static_cast<bool>(restored.put_all(faults, kStart)), "refused what was taken");
  require(static_cast<bool>(restored.load(plan.save(), kStart)), "its own snapshot is refused");
  require(struck(plan, 40) == struck(restored, 40), "other strikes after a snapshot");
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const char* const names[] = {"f.json", "f.toml", "f.yaml"};
  const auto json = json_from_file_text(names[data[0] % 3], text);
  if (!json) return 0;
  const auto faults = faults_from_json(*json);
  if (!faults) {
    require(!faults.error().detail.empty(), "refused without a word");
    return 0;
  }
  const auto again = faults_from_json(json_of(*faults));
  require(again && *again == *faults, "read back as others");
  exercise(*faults);
  return 0;
}
