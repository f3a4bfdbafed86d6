// venuebox faults run: a load test of the client library against a box of this process, in virtual
// time; writes its report, and a picture of it beside.
#include <charconv>
#include <fstream>

#include <unistd.h>

#include <fmt/core.h>

#include "app/commands.h"
#include "faults/file_text.h"
#include "faults/parse.h"
#include "load/report.h"

namespace venuebox::app {
namespace {
Error of_flag(const Error& error) { return {error.kind, "--" + error.where, error.detail}; }

Result<faults::Ratio> ratio_from(std::string_view flag, const std::string& text) {
  const auto units = units_from_text(text, 9);
  const auto* ratio = std::get_if<Int128>(&units);
  if (ratio && *ratio >= 0 && *ratio <= faults::kWhole.raw)
    return faults::Ratio{static_cast<std::int64_t>(*ratio)};
  return invalid(std::string(flag),
                 fmt::format("'{}' is no probability; choose 0 to 1, such as 0.1", text));
}

// RANDOM unless modes or a file of faults are named; NONE is no mode.
Result<std::vector<load::Mode>> modes_from(const FaultsRunFlags& flags) {
  if (!flags.mode.empty() && !flags.modes.empty())
    return Error{ErrorKind::conflict, "--mode",
                 "goes with --modes as little as with itself; "
                 "name all modes by --modes"};
  std::vector<std::string> names = flags.modes;
  if (!flags.mode.empty()) names = {flags.mode};
  if (names.empty() && flags.faults.empty()) names = {"RANDOM"};
  if (names == std::vector<std::string>{"NONE"}) names.clear();
  if (!flags.probabilities.empty() && flags.probabilities.size() != names.size()) {
    return invalid("--probabilities",
                   fmt::format("there are {} for {} modes; give each mode of --modes one",
                               flags.probabilities.size(), names.size()));
  }
  std::optional<faults::Ratio> all;
  if (!flags.probability.empty()) {
    if (!flags.probabilities.empty()) {
      return Error{ErrorKind::conflict, "--probability",
                   "holds for all modes, and --probabilities for each; give one of the two"};
    }
    const auto read = ratio_from("--probability", flags.probability);
    if (!read) return read.error();
    all = *read;
  }
  std::vector<load::Mode> modes;
  for (std::size_t i = 0; i < names.size(); ++i) {
    load::Mode& mode = modes.emplace_back(load::Mode{.name = names[i], .probability = all});
    if (flags.probabilities.empty()) continue;
    const auto read = ratio_from("--probabilities", flags.probabilities[i]);
    if (!read) return read.error();
    mode.probability = *read;
  }
  return modes;
}

// "02:00"
Result<int> minute_from(const std::string& text) {
  int hour = -1, minute = -1;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, hour);
  if (first.ec == std::errc{} && first.ptr + 3 == end && *first.ptr == ':')
    std::from_chars(first.ptr + 1, end, minute);
  if (hour >= 0 && hour < 24 && minute >= 0 && minute < 60) return hour * 60 + minute;
  return invalid("--maintenance-start",
                 fmt::format("'{}' is no time of day; choose 00:00 to 23:59 UTC", text));
}

Result<std::vector<faults::Fault>> faults_in(const std::string& path) {
  const auto text = read_input(path, "--faults");
  if (!text) return text.error();
  const auto json = faults::json_from_file_text(path, *text);
  if (!json) return invalid("--faults", path + ": " + json.error().text());
  auto read = faults::faults_from_json(*json);
  if (!read) return invalid("--faults", path + ": " + read.error().text());
  return read;
}

Result<load::Settings> settings_from(const FaultsRunFlags& flags) {
  load::Settings settings{.venue = flags.venue,
                          .seed = flags.seed,
                          .clients = flags.clients,
                          .duration_s = flags.duration_s,
                          .rate = flags.rate,
                          .orders_each = flags.orders_each,
                          .rate_limit = flags.rate_limit,
                          .timeout_s = flags.timeout_s,
                          .latency = flags.latency};
  auto modes = modes_from(flags);
  if (!modes) return modes.error();
  settings.modes = std::move(*modes);
  if (flags.maintenance) {
    const auto start = minute_from(flags.maintenance_start);
    if (!start) return start.error();
    settings.maintenance =
        faults::Daily{.start_minute = *start, .minutes = flags.maintenance_minutes};
  }
  if (!flags.faults.empty()) {
    auto read = faults_in(flags.faults);
    if (!read) return read.error();
    settings.faults = std::move(*read);
  }
  if (auto checked = load::check(settings); !checked) return of_flag(checked.error());
  return settings;
}

Result<void> write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return {};
  return Error{ErrorKind::io, "--output",
               fmt::format("{} cannot be written; choose a file in a folder that is there", path)};
}

// "exchange_test.svg" beside "exchange_test.json".
std::string picture_path(const std::string& output) {
  const std::string_view ending = ".json";
  const bool is_json = output.ends_with(ending);
  return output.substr(0, output.size() - (is_json ? ending.size() : 0)) + ".svg";
}

// A line that is overwritten, on a terminal only.
load::Progress progress_on_terminal() {
  if (isatty(STDERR_FILENO) == 0) return {};
  return [shown = std::int64_t{-1}](Nanoseconds passed, Nanoseconds of) mutable {
    const std::int64_t percent = passed.raw / std::max<std::int64_t>(of.raw / 100, 1);
    if (percent == shown) return;
    shown = percent;
    fmt::print(stderr, "\r{:>3} % of {} s{}", std::min<std::int64_t>(percent, 100),
               of.raw / seconds(1).raw, percent >= 100 ? "\n" : "");
  };
}
}  // namespace

int run_load_test(const FaultsRunFlags& flags) {
  const auto settings = settings_from(flags);
  if (!settings) return complain(2, "faults run: " + settings.error().text());
  // Nobody waits for a report that cannot be kept.
  if (auto written = write_file(flags.output, ""); !written)
    return complain(2, "faults run: " + written.error().text());
  const auto report = load::run(*settings, progress_on_terminal());
  if (!report) return complain(1, "faults run: " + report.error().text());
  const std::string json = load::json_of(*report);
  const std::string picture = picture_path(flags.output);
  for (const auto& [path, text] :
       {std::pair{flags.output, json}, std::pair{picture, load::plot_of(*report)}}) {
    if (auto written = write_file(path, text); !written)
      return complain(1, "faults run: " + written.error().text());
  }
  if (flags.json) {
    fmt::print("{}", json);
  } else {
    fmt::print("{}written: {} and {}\n", load::summary_of(*report), flags.output, picture);
  }
  return 0;
}

}  // namespace venuebox::app
