#include "market/line_recording.h"

namespace venuebox::market {

bool LineRecording::next_line(std::string_view& line) {
  while (lines_->next(line)) {
    ++report_.lines;
    if (!line.empty()) return true;
  }
  if (!lines_->failure().empty() && report_.damaged.count == 0) {
    report_.damaged.add(lines_->number() + 1, lines_->failure());
  }
  return false;
}

void LineRecording::begin_again() {
  lines_->rewind();
  last_time_ = {};
  report_ = {};
}

bool LineRecording::skip(std::string_view cause) {
  report_.unreadable.add(lines_->number(), cause);
  return false;
}

bool LineRecording::give_at(RecordedMessage& message, std::uint64_t line) {
  message.line = line;
  if (message.time < last_time_) {
    report_.backwards.add(message.line, "its time is before that of the message before");
    message.time = last_time_;
  }
  last_time_ = message.time;
  ++report_.messages;
  if (message.kind == RecordedMessage::Kind::snapshot) ++report_.snapshots;
  return true;
}

}  // namespace venuebox::market
