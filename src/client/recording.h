// A session with a venue as a file of JSON lines, to be answered from later without the venue:
//
//   {"venuebox_recording":1,"venue":"bybit","order_id_prefix":"bot-1"}
//   {"method":"GET","path":"/v5/market/time","query":"","body":"","status":200,
//    "headers":["Content-Type","application/json"],"answer":"{…}"}
//   {"method":"POST",…,"error":"timeout","may_have_arrived":true,"text":"…"}
//
// one line for each call that was answered or failed, in the order of that. What proves who sent a
// call is not in it, so that equal calls are equal, and no secret is kept.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "client/transport.h"

namespace venuebox::client {

struct RecordingHead {
  std::string venue;
  std::string order_id_prefix;  // of client order ids, which stand in bodies
};

// What has no place in a recording.
struct Redaction {
  // Names of query parameters and body members, as the venue's dialect declares them.
  std::span<const std::string_view> unrecorded = {};
  std::vector<std::string> secrets = {};  // are made "***" wherever they stand
};

// A call without what differs each time it is signed. Equal calls have equal values.
struct RecordedCall {
  std::string method;
  std::string path;
  std::string query;
  std::string body;

  friend auto operator<=>(const RecordedCall&, const RecordedCall&) = default;
};
RecordedCall recorded_call(const gateway::ClientRequest& request, const Redaction& redaction);

std::string head_line(const RecordingHead& head);
// Of headers only those that tell a client when to ask again and what it reads.
std::string call_line(const gateway::ClientRequest& request, const TransportResult& result,
                      const Redaction& redaction);

struct Recording {
  RecordingHead head;
  std::vector<std::pair<RecordedCall, TransportResult>> calls;
};
// Fails on a file that cannot be read, that is cut off, or that is no recording of this venue, with
// line and cause.
Result<Recording> read_recording(const std::string& path, std::string_view venue);

}  // namespace venuebox::client
