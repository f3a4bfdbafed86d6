// That TOML, YAML and JSON of one meaning give equal faults, and that errors say where.
#include "faults/file_text.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include "faults/parse.h"
#include "faults/plan.h"

namespace venuebox::faults {
namespace {

constexpr std::string_view kJson = R"({"faults":[
  {"name":"night","where":{"venue":"bybit"},
   "when":{"daily":{"start":"02:00","minutes":30},"hourly_rate":{"2":0.05,"default":1e-3},
           "window":{"from":"2025-01-01T00:00:00Z"},"nth":[1,2]},
   "action":{"type":"maintenance","message":"no"},"times":5},
  {"name":"502","action":{"type":"html_error_page","status":502}},
  {"name":"old","action":{"type":"stale_data","time_frozen":false}}]})";

constexpr std::string_view kToml = R"(
[[faults]]
name = "night"
where.venue = "bybit"
times = 5
action = { type = "maintenance", message = "no" }
[faults.when]
daily = { start = 02:00:00, minutes = 30 }
hourly_rate = { 2 = 0.05, default = 1e-3 }
window.from = 2025-01-01T00:00:00Z
nth = [1, 2]

[[faults]]
name = "502"
action = { type = "html_error_page", status = 502 }

[[faults]]
name = "old"
action = { type = "stale_data", time_frozen = false }
)";

constexpr std::string_view kYaml = R"(
# At night.
faults:
  - name: night
    where: {venue: bybit}
    when:
      daily: {start: 02:00, minutes: 30}
      hourly_rate:
        2: .05
        default: 1e-3
      window: {from: 2025-01-01T00:00:00Z}
      nth: [1, 2]
    action: {type: maintenance, message: no}
    times: 5
  - name: "502"
    action: {type: html_error_page, status: 502}
  - name: old
    action: {type: stale_data, time_frozen: false}
)";

std::vector<Fault> faults_of(std::string_view file_name, std::string_view text) {
  const auto json = json_from_file_text(file_name, text);
  EXPECT_TRUE(json) << (json ? "" : json.error().text());
  if (!json) return {};
  const auto faults = faults_from_json(*json);
  EXPECT_TRUE(faults) << (faults ? "" : faults.error().text()) << "\n" << *json;
  return faults ? *faults : std::vector<Fault>{};
}

TEST(FileText, SaysTheSameInAllThree) {
  const auto json = faults_of("plan.json", kJson);
  ASSERT_EQ(json.size(), 3u);
  EXPECT_EQ(faults_of("plan.toml", kToml), json);
  EXPECT_EQ(faults_of("plan.yaml", kYaml), json);
  EXPECT_EQ(faults_of("plan.yml", kYaml), json);
}

TEST(FileText, TakesAListAtTheTopOfYaml) {
  EXPECT_EQ(faults_of("plan.yaml", "- name: a\n  action: {type: drop}\n").size(), 1u);
}

TEST(FileText, SaysWhatIsWrongAndWhere) {
  const std::tuple<std::string_view, std::string_view, std::string_view, std::string_view> rows[] =
      {
          {"plan.toml", "name = \"a\"\nname = \"b\"\n", "2:", ""},
          {"plan.toml", "name = \n", "1:", ""},
          {"plan.toml", "x = nan\n", "1:5", "is not a finite number"},
          {"plan.toml", "x = 2025-01-01T00:00:00+02:00\n", "1:5", "must be in UTC"},
          {"plan.toml", "x = 02:00:30\n", "1:5", "must be a whole minute"},
          {"plan.toml", "x = 2025-01-01\n", "1:5", "put it in quotes"},
          {"plan.yaml", "faults: [\n", "2:1", ""},
          {"plan.yaml", "a: 1\n---\nb: 2\n", "1:1", "must be one document, and there are 2"},
          {"plan.yaml", "", "1:1", "must be one document, and there are 0"},
          {"plan.yaml", "? [a]\n: 1\n", "1:3", "must be a plain name"},
          {"plan.ini", "", "plan.ini", "must end in .json, .toml, .yaml or .yml"},
      };
  for (const auto& [name, text, where, detail] : rows) {
    const auto json = json_from_file_text(name, text);
    ASSERT_FALSE(json) << text;
    EXPECT_TRUE(json.error().where.starts_with(where)) << json.error().text();
    EXPECT_NE(json.error().detail.find(detail), std::string::npos) << json.error().text();
  }
}

TEST(FileText, BoundsWhatAFileCanGrowTo) {
  EXPECT_FALSE(json_from_file_text("plan.yaml", std::string(kFaultFileBytesMax + 1, ' ')));
  // Each line has ten of the line before.
  std::string bomb = "l0: &l0 [a, a, a, a, a, a, a, a, a, a]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*l" + std::to_string(i - 1);
    bomb += "l" + std::to_string(i) + ": &l" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j)
      bomb += before + (j < 9 ? ", " : "]\n");
  }
  const auto grown = json_from_yaml(bomb);
  ASSERT_FALSE(grown);
  EXPECT_EQ(grown.error().detail, "has too much in it; split the file");
  std::string deep(200, '[');
  EXPECT_FALSE(json_from_yaml(deep + std::string(200, ']')));
  EXPECT_FALSE(json_from_toml("x = " + deep + std::string(200, ']')));
}

TEST(FileText, KeepsKeysThatNeedEscapesApart) {
  const auto json = json_from_yaml("{'a\"b\\': 1}");
  ASSERT_TRUE(json);
  EXPECT_EQ(*json, R"({"a\"b\\":1})");
}

// The bad days that come with the project: each says in its first line what it is.
TEST(FaultFiles, ScenariosAreFaultsThatCanBeLoaded) {
  namespace fs = std::filesystem;
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator("scenarios/faults"))
    files.insert(entry.path());
  EXPECT_GE(files.size(), 15u);
  for (const fs::path& path : files) {
    std::ifstream in(path);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    EXPECT_TRUE(text.starts_with("# ")) << path;
    const auto json = json_from_file_text(path.filename().string(), text);
    ASSERT_TRUE(json) << path << json.error().text();
    const auto faults = faults_from_json(*json);
    ASSERT_TRUE(faults) << path << faults.error().text();
    Plan plan(1);
    const auto put = plan.put_all(*faults, {});
    EXPECT_TRUE(put) << path << (put ? "" : put.error().text());
  }
}

}  // namespace
}  // namespace venuebox::faults
