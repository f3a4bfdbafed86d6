#include "client/recording.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "base/json_reader.h"
#include "base/json_writer.h"

namespace venuebox::client {
namespace {
using gateway::ClientRequest;
using gateway::ClientResponse;
using Kind = TransportError::Kind;

constexpr std::string_view kVersion = "1";
constexpr std::size_t kSecretBytesMin = 8;  // what is shorter in a header is no secret

struct KindWord {
  Kind kind;
  std::string_view word;
};
constexpr KindWord kKinds[] = {{Kind::guarded, "guarded"}, {Kind::connect, "connect"},
                               {Kind::timeout, "timeout"}, {Kind::closed, "closed"},
                               {Kind::garbled, "garbled"}, {Kind::redirect, "redirect"},
                               {Kind::missing, "missing"}};

// ---- what is left out ---------------------------------------------------------------------------

bool is_unrecorded(std::string_view name, const Redaction& redaction) {
  return std::ranges::find(redaction.unrecorded, name) != redaction.unrecorded.end();
}

// Of a query, or of a body that is a form.
std::string without_parameters(std::string_view text, const Redaction& redaction) {
  std::string kept;
  while (!text.empty()) {
    const std::string_view parameter = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(parameter.size() + 1, text.size()));
    if (is_unrecorded(parameter.substr(0, parameter.find('=')), redaction)) continue;
    kept.append(kept.empty() ? "" : "&").append(parameter);
  }
  return kept;
}

std::string without_members(const JsonObject& body, const Redaction& redaction) {
  std::string kept;
  JsonWriter json(kept);
  json.open();
  for (const auto& [key, value] : body.members()) {
    if (is_unrecorded(key, redaction)) continue;
    // A key with something to escape is no member that a dialect writes.
    json.key(key);
    value.kind == JsonKind::text ? json.text(value.text) : json.raw(value.text);
  }
  json.close();
  return kept;
}

std::string recorded_body(const std::string& body, const Redaction& redaction) {
  if (redaction.unrecorded.empty() || body.empty()) return body;
  JsonObject json;
  if (json.parse(body)) return without_members(json, redaction);
  return without_parameters(body, redaction);
}

// Whatever was signed with, and whatever it made: a venue that refuses a signature may repeat it.
std::string masked_in(std::string text, std::span<const std::string> secrets) {
  for (const std::string& secret : secrets) {
    if (secret.empty()) continue;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
      text.replace(at, secret.size(), "***");
  }
  return text;
}

// Times stand in answers as well, and in numbers, which a mask would break.
bool may_be_secret(std::string_view value) {
  return value.size() >= kSecretBytesMin &&
         !std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> secrets_of(const ClientRequest& request, const Redaction& redaction) {
  std::vector<std::string> secrets = redaction.secrets;
  for (const auto& [name, value] : request.headers) {
    if (may_be_secret(value) && !net::same_name(name, "Content-Type")) secrets.push_back(value);
  }
  for (const std::string_view name : redaction.unrecorded) {
    const auto value = net::query_value(request.query, name);
    if (value && may_be_secret(*value)) secrets.emplace_back(*value);
  }
  return secrets;
}

bool is_recorded_header(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  });
  return lower == "content-type" || lower == "retry-after" || lower == "date" ||
         lower.contains("limit") || lower.contains("weight");
}

// ---- reading ------------------------------------------------------------------------------------

std::string text_in(const JsonObject& json, std::string_view key, bool& is_whole) {
  const JsonValue* value = json.find(key);
  if (value && value->kind == JsonKind::text) return std::string(value->text);
  is_whole = false;
  return {};
}

bool read_answer(const JsonObject& json, ClientResponse& response) {
  bool is_whole = true;
  response.body = text_in(json, "answer", is_whole);
  const JsonValue* status = json.find("status");
  const JsonValue* headers = json.find("headers");
  if (!is_whole || !status || !headers || headers->kind != JsonKind::list) return false;
  const std::string_view digits = status->text;
  const auto [end, failure] =
      std::from_chars(digits.data(), digits.data() + digits.size(), response.status);
  std::deque<std::string> storage;
  const auto list = json_list(headers->text, storage);
  if (failure != std::errc{} || end != digits.data() + digits.size()) return false;
  if (!list || list->size() % 2 != 0) return false;
  for (std::size_t i = 0; i < list->size(); i += 2)
    response.headers.emplace_back((*list)[i].text, (*list)[i + 1].text);
  return true;
}

bool read_error(const JsonObject& json, TransportError& error) {
  bool is_whole = true;
  const std::string word = text_in(json, "error", is_whole);
  error.text = text_in(json, "text", is_whole);
  const JsonValue* arrived = json.find("may_have_arrived");
  const auto known = std::ranges::find(kKinds, word, &KindWord::word);
  if (!is_whole || known == std::end(kKinds) || !arrived) return false;
  error.kind = known->kind;
  error.may_have_arrived = arrived->text == "true";
  return true;
}

bool read_call(const JsonObject& json, std::pair<RecordedCall, TransportResult>& read) {
  bool is_whole = true;
  read.first = {.method = text_in(json, "method", is_whole),
                .path = text_in(json, "path", is_whole),
                .query = text_in(json, "query", is_whole),
                .body = text_in(json, "body", is_whole)};
  if (!is_whole) return false;
  if (json.find("error")) return read_error(json, read.second.emplace<TransportError>());
  return read_answer(json, read.second.emplace<ClientResponse>());
}

Result<RecordingHead> read_head(std::string_view line, const std::string& where,
                                std::string_view venue) {
  JsonObject json;
  bool is_whole = true;
  const JsonValue* version = nullptr;
  if (json.parse(line)) version = json.find("venuebox_recording");
  if (!version) return invalid(where, "this is no recording of a venue; record one to this file");
  if (version->text != kVersion) {
    return invalid(where, fmt::format("was written by version {}, this reads {}; record it again",
                                      version->text, kVersion));
  }
  RecordingHead head{.venue = text_in(json, "venue", is_whole),
                     .order_id_prefix = text_in(json, "order_id_prefix", is_whole)};
  if (!is_whole) return invalid(where, "does not say of which venue it is; record it again");
  if (head.venue != venue) {
    return Error{ErrorKind::conflict, where,
                 fmt::format("is a recording of {}, not of {}", head.venue, venue)};
  }
  return head;
}
}  // namespace

RecordedCall recorded_call(const ClientRequest& request, const Redaction& redaction) {
  const auto secrets = secrets_of(request, redaction);
  return {.method = std::string(method_name(request.method)),
          .path = masked_in(request.path, secrets),
          .query = masked_in(without_parameters(request.query, redaction), secrets),
          .body = masked_in(recorded_body(request.body, redaction), secrets)};
}

std::string head_line(const RecordingHead& head) {
  std::string line;
  JsonWriter json(line);
  json.open().key("venuebox_recording").raw(kVersion).text("venue", head.venue);
  json.text("order_id_prefix", head.order_id_prefix).close();
  return line + "\n";
}

std::string call_line(const ClientRequest& request, const TransportResult& result,
                      const Redaction& redaction) {
  const RecordedCall call = recorded_call(request, redaction);
  const auto secrets = secrets_of(request, redaction);
  std::string line;
  JsonWriter json(line);
  json.open().text("method", call.method).text("path", call.path).text("query", call.query);
  json.text("body", call.body);
  if (const auto* error = std::get_if<TransportError>(&result)) {
    json.text("error", std::ranges::find(kKinds, error->kind, &KindWord::kind)->word);
    json.boolean("may_have_arrived", error->may_have_arrived);
    json.text("text", masked_in(error->text, secrets));
  } else {
    const auto& response = std::get<ClientResponse>(result);
    json.number("status", response.status).key("headers").open_list();
    for (const auto& [name, value] : response.headers) {
      if (is_recorded_header(name)) json.text(name).text(masked_in(value, secrets));
    }
    json.close_list().text("answer", masked_in(response.body, secrets));
  }
  json.close();
  return line + "\n";
}

Result<Recording> read_recording(const std::string& path, std::string_view venue) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorKind::io, path, "cannot be read"};
  const std::string text(std::istreambuf_iterator<char>(file), {});
  Recording recording;
  std::string_view rest = text;
  JsonObject json;
  for (int number = 1; number == 1 || !rest.empty(); ++number) {
    const std::string where = fmt::format("{}, line {}", path, number);
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    if (number == 1) {
      auto head = read_head(line, where, venue);
      if (!head) return head.error();
      recording.head = std::move(*head);
    }
    if (end == std::string_view::npos) {
      return invalid(where, "the file ends within this line; record it again, or cut the line off");
    }
    rest.remove_prefix(end + 1);
    if (number == 1) continue;
    const bool is_call = json.parse(line) && read_call(json, recording.calls.emplace_back());
    if (!is_call) return invalid(where, "is no call of a recording; record it again");
  }
  return recording;
}

}  // namespace venuebox::client
