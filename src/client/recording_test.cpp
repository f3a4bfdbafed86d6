// Sessions written down and answered from: equal calls get equal answers, nothing else gets one,
// and the file holds nothing that could be signed with.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "base/test_canaries.h"
#include "client/recording_transport.h"
#include "client/test_transport.h"

namespace venuebox::client {
namespace {
using gateway::ClientRequest;
using gateway::ClientResponse;
using Kind = TransportError::Kind;

constexpr std::string_view kUnrecorded[] = {"signature", "timestamp"};
constexpr const char* kKey = kCanaryKey;
constexpr const char* kSecret = kCanarySecret;
constexpr const char* kSignature = kCanaryProof;

ClientRequest get(std::string path, std::string query = "") {
  ClientRequest request;
  request.path = std::move(path);
  request.query = std::move(query);
  return request;
}
ClientRequest post(std::string path, std::string body) {
  ClientRequest request;
  request.method = net::Method::post;
  request.path = std::move(path);
  request.body = std::move(body);
  return request;
}
TransportResult says(std::string body, int status = 200) {
  return ClientResponse{.status = status, .headers = {}, .body = std::move(body)};
}

struct RecordingTest : testing::Test {
  RecordingTest() {
    folder = (std::filesystem::temp_directory_path() / "venuebox-recording-XXXXXX").string();
    VENUEBOX_ASSERT(::mkdtemp(folder.data()) != nullptr);
    path = folder + "/session.jsonl";
  }
  ~RecordingTest() override { std::filesystem::remove_all(folder); }

  static Redaction redaction() { return {.unrecorded = kUnrecorded, .secrets = {kKey, kSecret}}; }
  Result<std::unique_ptr<RecordingTransport>> open(const std::string& venue = "acme",
                                                   const std::string& prefix = "bot") {
    auto inner = std::make_unique<ScriptedTransport>(scheduler);
    script = inner.get();
    return RecordingTransport::open(path, {venue, prefix}, redaction(), std::move(inner));
  }
  // Records one call after the other, in one session.
  void record(const std::vector<std::pair<ClientRequest, TransportResult>>& calls) {
    auto recording = open();
    ASSERT_TRUE(recording) << recording.error().text();
    for (const auto& [request, result] : calls) {
      script->answers.push_back(result);
      EXPECT_TRUE(ask(**recording, request));
    }
    EXPECT_TRUE((*recording)->is_complete());
  }
  std::unique_ptr<RecordedTransport> recorded() {
    auto recording = read_recording(path, "acme");
    EXPECT_TRUE(recording) << recording.error().text();
    return std::make_unique<RecordedTransport>(std::move(*recording),
                                               Redaction{.unrecorded = kUnrecorded}, scheduler);
  }
  std::optional<TransportResult> ask(Transport& transport, const ClientRequest& request) {
    std::optional<TransportResult> answer;
    transport.send(request, seconds(1), [&](TransportResult result) { answer = result; });
    EXPECT_FALSE(answer) << "never from within send()";
    scheduler.run_for({});
    return answer;
  }
  std::string body(Transport& transport, const ClientRequest& request) {
    const auto answer = ask(transport, request);
    const auto* response = std::get_if<ClientResponse>(&*answer);
    return response ? response->body : std::get<TransportError>(*answer).text;
  }
  std::string file() const {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(std::string_view text) const { std::ofstream(path, std::ios::binary) << text; }
  std::string refusal() const {
    const auto read = read_recording(path, "acme");
    return read ? "" : read.error().text().substr(folder.size() + 1);
  }

  std::string folder, path;
  TestScheduler scheduler;
  ScriptedTransport* script = nullptr;
};

TEST_F(RecordingTest, AnswersAsItWasAnswered) {
  ClientResponse limited{.status = 429,
                         .headers = {{"X-Limit-Reset", "1700000000250"}, {"Retry-After", "2"}},
                         .body = "line\nof \"quotes\" and \x01"};
  const TransportError lost{Kind::timeout, true, "acme: no answer in 10 s"};
  record({{get("/a", "x=1"), limited}, {post("/b", R"({"n":1})"), lost}});
  const auto transport = recorded();
  const auto first = std::get<ClientResponse>(*ask(*transport, get("/a", "x=1")));
  EXPECT_EQ(first.status, 429);
  EXPECT_EQ(first.headers, limited.headers);
  EXPECT_EQ(first.body, limited.body);
  const auto second = std::get<TransportError>(*ask(*transport, post("/b", R"({"n":1})")));
  EXPECT_EQ(second.kind, lost.kind);
  EXPECT_TRUE(second.may_have_arrived);
  EXPECT_EQ(second.text, lost.text);
}

TEST_F(RecordingTest, EqualCallsAreAnsweredInTheirOrder) {
  record({{get("/time"), says("1")}, {get("/other"), says("x")}, {get("/time"), says("2")}});
  const auto transport = recorded();
  EXPECT_EQ(body(*transport, get("/time")), "1");
  EXPECT_EQ(body(*transport, get("/time")), "2");
  EXPECT_EQ(body(*transport, get("/other")), "x");
}

TEST_F(RecordingTest, HowACallWasSignedDoesNotMatter) {
  ClientRequest query = get("/a", "symbol=BTC&timestamp=1&signature=aa");
  query.headers = {{"Key", kKey}};
  record({{query, says("query")},
          {post("/b", R"({"qty":"1","timestamp":1,"side":"buy","signature":"aa"})"), says("json")},
          {post("/c", "qty=1&timestamp=1&signature=aa"), says("form")}});
  const auto transport = recorded();
  EXPECT_EQ(body(*transport, get("/a", "symbol=BTC&timestamp=22&signature=bb")), "query");
  EXPECT_EQ(
      body(*transport, post("/b", R"({"qty":"1","timestamp":22,"side":"buy","signature":"bb"})")),
      "json");
  EXPECT_EQ(body(*transport, post("/c", "qty=1&timestamp=22&signature=bb")), "form");
}

TEST_F(RecordingTest, WhatWasNotRecordedIsMissingAloud) {
  record({{get("/v5/order/realtime", "symbol=BTC"), says("1")},
          {post("/v5/order/create", R"({"qty":"1"})"), says("2")}});
  const auto transport = recorded();
  const auto missing = [&](const ClientRequest& request) {
    const auto error = std::get<TransportError>(*ask(*transport, request));
    EXPECT_EQ(error.kind, Kind::missing);
    EXPECT_FALSE(error.may_have_arrived);
    return error.text;
  };
  EXPECT_EQ(missing(get("/v5/order/realtime", "symbol=ETH")),
            "GET /v5/order/realtime?symbol=ETH was not recorded; the nearest is GET "
            "/v5/order/realtime?symbol=BTC; record the session again");
  EXPECT_EQ(missing(post("/v5/order/create", R"({"qty":"2"})")),
            "POST /v5/order/create was not recorded; the nearest is POST /v5/order/create with "
            "another body; record the session again");
  EXPECT_EQ(missing(post("/v5/order/cancel", "")),
            "POST /v5/order/cancel was not recorded; the nearest is POST /v5/order/create; record "
            "the session again");
  EXPECT_EQ(body(*transport, get("/v5/order/realtime", "symbol=BTC")), "1");
  EXPECT_EQ(missing(get("/v5/order/realtime", "symbol=BTC")),
            "GET /v5/order/realtime?symbol=BTC is asked more often than it was recorded; record "
            "the session again");
}

TEST_F(RecordingTest, NoSecretReachesTheFile) {
  ClientRequest request = get("/a", std::string("timestamp=1700000000123&signature=") + kSignature);
  request.headers = {{"Key", kKey},
                     {"Time", "1700000000123"},
                     {"Sign", kSignature},
                     {"Authorization", std::string("Bearer canaryToken") + kSecret},
                     {"Cookie", "session=canaryCookie"}};
  const ClientResponse told{
      .status = 401,
      .headers = {{"Set-Cookie", "session=canaryCookie"}, {"Content-Type", "text/plain"}},
      .body = std::string("wrong signature ") + kSignature + " of " + kKey + " at 1700000000123"};
  ClientRequest form = post("/b", std::string("apiKey=") + kKey + "&signature=" + kSignature);
  const TransportError failed{Kind::garbled, true, std::string("what about ") + kSecret};
  record({{request, told}, {form, failed}});
  EXPECT_FALSE(file().contains("canary")) << file();
  EXPECT_FALSE(file().contains("Cookie")) << file();
  EXPECT_TRUE(file().contains("wrong signature *** of *** at 1700000000123")) << file();
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(RecordingTest, GoesOnWithARecordingOfTheSameSession) {
  record({{get("/time"), says("1")}});
  record({{get("/time"), says("2")}});
  const auto transport = recorded();
  EXPECT_EQ(body(*transport, get("/time")), "1");
  EXPECT_EQ(body(*transport, get("/time")), "2");
  EXPECT_EQ(open("other").error().kind, ErrorKind::conflict);
  EXPECT_TRUE(open("acme", "bot-2")
                  .error()
                  .text()
                  .ends_with("names its orders bot-1, this session bot-2-1; set order_id_prefix, "
                             "or record to another "
                             "file"));
}

TEST_F(RecordingTest, CutOffAnywhereItIsRefused) {
  record({{get("/a", "x=1"), says("answer")}, {post("/b", "{}"), says("")}});
  const std::string whole = file();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write(whole.substr(0, size));
    const bool ends_with_a_line = size > 0 && whole[size - 1] == '\n';
    EXPECT_EQ(refusal().empty(), ends_with_a_line) << size << refusal();
  }
  write(whole.substr(0, whole.size() - 3));
  EXPECT_EQ(refusal(),
            "session.jsonl, line 3: the file ends within this line; record it again, or cut the "
            "line off");
}

TEST_F(RecordingTest, WhatIsNoRecordingIsRefused) {
  const std::string head = head_line({"acme", "bot"});
  for (const auto& [text, words] : std::vector<std::pair<std::string, std::string>>{
           {"", "line 1: this is no recording of a venue; record one to this file"},
           {"{\"some\":\"json\"}\n",
            "line 1: this is no recording of a venue; record one to this "
            "file"},
           {"{\"venuebox_recording\":9}\n",
            "line 1: was written by version 9, this reads 1; record it again"},
           {head_line({"other", "bot"}), "line 1: is a recording of other, not of acme"},
           {head + "\n", "line 2: is no call of a recording; record it again"},
           {head + "{\"method\":\"GET\",\"path\":\"/\",\"query\":\"\",\"body\":\"\"}\n",
            "line 2: is no call of a recording; record it again"},
           {head + R"({"method":"GET","path":"/","query":"","body":"","status":"x","headers":[],)"
                   R"("answer":""})"
                   "\n",
            "line 2: is no call of a recording; record it again"}}) {
    write(text);
    EXPECT_EQ(refusal(), "session.jsonl, " + words);
  }
  EXPECT_EQ(read_recording(folder + "/none", "acme").error().kind, ErrorKind::io);
  EXPECT_EQ(RecordingTransport::open("/no/such/folder/file", {}, {}, nullptr).error().kind,
            ErrorKind::io);
}

}  // namespace
}  // namespace venuebox::client
