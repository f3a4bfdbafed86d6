// TOML to JSON.
#include <fmt/core.h>
#include <toml++/toml.h>

#include "base/json_writer.h"
#include "faults/file_text.h"

namespace venuebox::faults {
namespace {
constexpr int kDepthMax = 16;

class TomlWriter {
 public:
  explicit TomlWriter(std::string& out) : json_(out) {}

  Result<void> write(const toml::node& node, int depth) {
    if (depth > kDepthMax) return refuse(node, "is nested more than 16 deep");
    if (const auto* table = node.as_table()) return write_table(*table, depth);
    if (const auto* list = node.as_array()) return write_list(*list, depth);
    if (const auto text = node.value_exact<std::string>()) return json_.text(*text), done();
    if (const auto whole = node.value_exact<std::int64_t>()) return json_.number(*whole), done();
    if (const auto truth = node.value_exact<bool>()) return json_.boolean(*truth), done();
    if (const auto* number = node.as_floating_point()) return write_number(*number);
    if (const auto* moment = node.as_date_time()) return write_moment(*moment);
    if (const auto* time = node.as_time()) return write_time_of_day(*time);
    return refuse(node, "is of a kind that no fault has; put it in quotes");
  }

 private:
  static Result<void> done() { return {}; }
  static Error refuse(const toml::node& node, std::string_view why) {
    const toml::source_position at = node.source().begin;
    return invalid(fmt::format("{}:{}", at.line, at.column), std::string(why));
  }

  Result<void> write_table(const toml::table& table, int depth) {
    json_.open();
    for (const auto& entry : table) {
      // Keys may be anything in TOML; JsonWriter escapes values only.
      std::string key;
      JsonWriter(key).text(entry.first.str());
      json_.key(std::string_view(key).substr(1, key.size() - 2));
      if (auto written = write(entry.second, depth + 1); !written) return written;
    }
    json_.close();
    return {};
  }
  Result<void> write_list(const toml::array& list, int depth) {
    json_.open_list();
    for (const toml::node& node : list) {
      if (auto written = write(node, depth + 1); !written) return written;
    }
    json_.close_list();
    return {};
  }
  // The shortest text that reads back as the same number, which is what was written.
  Result<void> write_number(const toml::value<double>& number) {
    const std::string text = fmt::format("{}", number.get());
    if (text.find_first_not_of("0123456789+-.e") != std::string::npos) {
      return refuse(number, "is not a finite number");
    }
    json_.raw(text);
    return {};
  }
  Result<void> write_moment(const toml::value<toml::date_time>& value) {
    const toml::date_time& moment = value.get();
    if (moment.offset && moment.offset->minutes != 0)
      return refuse(value, "must be in UTC: end it with Z");
    json_.text(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", moment.date.year,
                           moment.date.month, moment.date.day, moment.time.hour, moment.time.minute,
                           moment.time.second, moment.time.nanosecond));
    return {};
  }
  Result<void> write_time_of_day(const toml::value<toml::time>& value) {
    const toml::time& time = value.get();
    if (time.second != 0 || time.nanosecond != 0) return refuse(value, "must be a whole minute");
    json_.text(fmt::format("{:02}:{:02}", time.hour, time.minute));
    return {};
  }

  JsonWriter json_;
};
}  // namespace

Result<std::string> json_from_toml(std::string_view text) {
  toml::table table;
  try {
    table = toml::parse(text);
  } catch (const toml::parse_error& failure) {
    const toml::source_position at = failure.source().begin;
    return invalid(fmt::format("{}:{}", at.line, at.column), std::string(failure.description()));
  }
  std::string json;
  if (auto written = TomlWriter(json).write(table, 0); !written) return written.error();
  return json;
}

}  // namespace venuebox::faults
