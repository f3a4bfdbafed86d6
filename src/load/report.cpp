#include "load/report.h"

#include <fmt/core.h>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "faults/parse.h"

namespace venuebox::load {
namespace {
void write_latency(JsonWriter& json, const Count& count) {
  json.key("latency_ms").open();
  json.key("p50").raw(ms_text(percentile(count.latencies, 500)));
  json.key("p90").raw(ms_text(percentile(count.latencies, 900)));
  json.key("p99").raw(ms_text(percentile(count.latencies, 990)));
  json.key("max").raw(ms_text(percentile(count.latencies, 1'000)));
  json.close();
}

void write_count(JsonWriter& json, const Count& count) {
  json.number("attempted", static_cast<std::int64_t>(count.attempted))
      .number("successful", static_cast<std::int64_t>(count.successful))
      .number("failed", static_cast<std::int64_t>(count.failed()));
}

void write_settings(JsonWriter& json, const Settings& settings) {
  json.key("settings").open();
  json.text("venue", settings.venue)
      .number("seed", static_cast<std::int64_t>(settings.seed))
      .number("clients", settings.clients)
      .number("duration_s", settings.duration_s)
      .number("rate_per_minute", settings.rate)
      .number("orders_each", settings.orders_each)
      .number("rate_limit_per_minute", settings.rate_limit)
      .number("timeout_s", settings.timeout_s)
      .text("latency", settings.latency);
  json.key("modes").open_list();
  for (const Mode& mode : settings.modes) {
    json.open().text("mode", mode.name);
    if (mode.probability) json.key("probability").raw(trimmed_text(mode.probability->raw, 9));
    json.close();
  }
  json.close_list();
  // With everything that the above comes to, as POST faults would take it.
  if (const auto all = faults_of(settings)) json.key("faults").raw(faults::json_of(*all));
  json.close();
}

void write_timeline(JsonWriter& json, const Tally& tally) {
  json.number("slot_s", tally.slot_length().raw / seconds(1).raw);
  json.key("timeline").open_list();
  Timestamp begins = tally.start();
  for (const Tally::Slot& slot : tally.slots()) {
    json.open().text("start", iso_text(begins));
    write_count(json, slot.count);
    json.number("rate_limits_hit", static_cast<std::int64_t>(slot.rate_limited));
    json.key("p50_ms").raw(ms_text(percentile(slot.count.latencies, 500)));
    json.key("p99_ms").raw(ms_text(percentile(slot.count.latencies, 990)));
    json.close();
    begins = begins + tally.slot_length();
  }
  json.close_list();
}

// "rate_limited 12, timeout 3"
std::string failures_text(const Tally& tally) {
  std::string text;
  for (const auto& [type, count] : tally.failures())
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", type, count);
  return text.empty() ? "none" : text;
}

// "connection_reset 12, hang 3"
std::string strikes_text(const std::string& statistics) {
  JsonObject all, by_type;
  const JsonValue* types = all.parse(statistics) ? all.find("by_type") : nullptr;
  if (!types || !by_type.parse(types->text)) return "none";
  std::string text;
  for (const auto& member : by_type.members())
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", member.key, member.value.text);
  return text.empty() ? "none" : text;
}
}  // namespace

std::string rate_text(std::uint64_t part, std::uint64_t whole) {
  return fixed_text(whole == 0 ? 0 : static_cast<Int128>(part) * 10'000 / whole, 4);
}

std::string ms_text(Nanoseconds time) { return fixed_text(time.raw / 1'000, 3); }

std::string json_of(const Report& report) {
  const Tally& tally = report.tally;
  std::string out;
  JsonWriter json(out);
  json.open();
  write_settings(json, report.settings);
  json.text("start", iso_text(report.start)).text("end", iso_text(report.end));
  write_count(json, tally.total());
  json.key("success_rate").raw(rate_text(tally.total().successful, tally.total().attempted));
  json.key("retry_rate").raw(rate_text(tally.retried(), tally.total().attempted));
  json.number("requests", static_cast<std::int64_t>(tally.requests()))
      .number("retries", static_cast<std::int64_t>(tally.retries()))
      .number("rate_limits_hit", static_cast<std::int64_t>(tally.rate_limited()))
      .number("partial_fills", static_cast<std::int64_t>(tally.partial_fills()));
  write_latency(json, tally.total());
  json.key("failures").open();
  for (const auto& [type, count] : tally.failures())
    json.number(type, static_cast<std::int64_t>(count));
  json.close();
  json.key("operations").open();
  for (std::size_t i = 0; i < kOperations; ++i) {
    const auto operation = static_cast<Operation>(i);
    json.key(name_of(operation)).open();
    write_count(json, tally.of(operation));
    write_latency(json, tally.of(operation));
    json.close();
  }
  json.close();
  json.key("strikes").raw(report.faults);
  write_timeline(json, tally);
  json.text("state_hash", fmt::format("{:016x}", report.state_hash)).close();
  out.push_back('\n');
  return out;
}

std::string summary_of(const Report& report) {
  const Tally& tally = report.tally;
  const Count& total = tally.total();
  std::string text = fmt::format(
      "{} client{} against {}, {} s of virtual time from {}\n"
      "  attempted {}, successful {}, failed {}: success rate {}\n"
      "  failures: {}\n"
      "  requests {}, retries {}: of {} of the operations; rate limits hit {}, partial fills {}\n"
      "  latency p50 {} ms, p90 {} ms, p99 {} ms, max {} ms\n",
      report.settings.clients, report.settings.clients == 1 ? "" : "s", report.settings.venue,
      (report.end - report.start).raw / seconds(1).raw, iso_text(report.start), total.attempted,
      total.successful, total.failed(), rate_text(total.successful, total.attempted),
      failures_text(tally), tally.requests(), tally.retries(),
      rate_text(tally.retried(), total.attempted), tally.rate_limited(), tally.partial_fills(),
      ms_text(percentile(total.latencies, 500)), ms_text(percentile(total.latencies, 900)),
      ms_text(percentile(total.latencies, 990)), ms_text(percentile(total.latencies, 1'000)));
  text += fmt::format("  {:<18} {:>9} {:>10} {:>7} {:>12} {:>12}\n", "operation", "attempted",
                      "successful", "failed", "p50 ms", "p99 ms");
  for (std::size_t i = 0; i < kOperations; ++i) {
    const Count& count = tally.of(static_cast<Operation>(i));
    text += fmt::format("  {:<18} {:>9} {:>10} {:>7} {:>12} {:>12}\n",
                        name_of(static_cast<Operation>(i)), count.attempted, count.successful,
                        count.failed(), ms_text(percentile(count.latencies, 500)),
                        ms_text(percentile(count.latencies, 990)));
  }
  return text + fmt::format("  what struck: {}\n", strikes_text(report.faults));
}

}  // namespace venuebox::load
