#include "client/recording_transport.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace venuebox::client {
namespace {
// Nobody else may read it from the moment it is there.
Result<void> create(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd >= 0) return ::close(fd), Result<void>();
  return Error{ErrorKind::io, path, fmt::format("cannot be written: {}", std::strerror(errno))};
}

std::string text_of(const RecordedCall& call) {
  return call.method + " " + call.path + (call.query.empty() ? "" : "?" + call.query);
}

// How much of the call is told by the other: its place first, then as much of the rest as agrees.
std::size_t likeness(const RecordedCall& a, const RecordedCall& b) {
  const auto same = [](std::string_view x, std::string_view y) {
    return static_cast<std::size_t>(std::ranges::mismatch(x, y).in1 - x.begin());
  };
  const std::size_t place = a.path == b.path ? 1'000'000 + (a.method == b.method ? 1'000'000 : 0)
                                             : same(a.path, b.path) * 1'000;
  return place + std::min<std::size_t>(same(a.query, b.query) + same(a.body, b.body), 999);
}
}  // namespace

Result<std::unique_ptr<RecordingTransport>> RecordingTransport::open(
    const std::string& path, const RecordingHead& head, Redaction redaction,
    std::unique_ptr<Transport> inner) {
  if (auto created = create(path); !created) return created.error();
  std::error_code failure;
  const bool is_new = std::filesystem::file_size(path, failure) == 0;
  if (!is_new) {
    const auto there = read_recording(path, head.venue);
    if (!there) return there.error();
    if (there->head.order_id_prefix != head.order_id_prefix) {
      return Error{ErrorKind::conflict, path,
                   fmt::format("names its orders {}-1, this session {}-1; set order_id_prefix, or "
                               "record to another file",
                               there->head.order_id_prefix, head.order_id_prefix)};
    }
  }
  auto file = std::make_shared<std::ofstream>(path, std::ios::binary | std::ios::app);
  if (is_new) *file << head_line(head) << std::flush;
  if (!*file) return Error{ErrorKind::io, path, "cannot be written"};
  return std::unique_ptr<RecordingTransport>(
      new RecordingTransport(std::move(file), std::move(redaction), std::move(inner)));
}

// The answer may end whoever asked, and this with it, so the line is written first and with what
// the call itself holds.
void RecordingTransport::send(const gateway::ClientRequest& request, Nanoseconds deadline,
                              std::function<void(TransportResult)> done) {
  inner_->send(request, deadline,
               [file = file_, redaction = redaction_, request,
                done = std::move(done)](TransportResult result) {
                 *file << call_line(request, result, redaction) << std::flush;
                 done(std::move(result));
               });
}

RecordedTransport::RecordedTransport(Recording recording, Redaction redaction, Scheduler& scheduler)
    : redaction_(std::move(redaction)), scheduler_(scheduler) {
  for (auto& [call, result] : recording.calls)
    answers_[std::move(call)].push_back(std::move(result));
}

void RecordedTransport::send(const gateway::ClientRequest& request, Nanoseconds,
                             std::function<void(TransportResult)> done) {
  scheduler_.after(
      {}, [done = std::move(done), result = answer(recorded_call(request, redaction_))]() mutable {
        done(std::move(result));
      });
}

TransportResult RecordedTransport::answer(const RecordedCall& call) {
  const auto at = answers_.find(call);
  if (at == answers_.end()) return missing(call);
  if (at->second.empty()) {
    return TransportError{TransportError::Kind::missing, false,
                          fmt::format("{} is asked more often than it was recorded; record the "
                                      "session again",
                                      text_of(call))};
  }
  TransportResult result = std::move(at->second.front());
  at->second.pop_front();
  return result;
}

TransportError RecordedTransport::missing(const RecordedCall& call) const {
  std::string nearest = "it holds no call at all";
  const auto best = std::ranges::max_element(
      answers_, {}, [&](const auto& entry) { return likeness(call, entry.first); });
  if (best != answers_.end()) {
    const bool differs_in_body = text_of(best->first) == text_of(call);
    nearest = fmt::format("the nearest is {}{}", text_of(best->first),
                          differs_in_body ? " with another body" : "");
  }
  return {TransportError::Kind::missing, false,
          fmt::format("{} was not recorded; {}; record the session again", text_of(call), nearest)};
}

}  // namespace venuebox::client
