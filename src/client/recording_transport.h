// Transports that write a session down, and that answer from one. client/recording.h has the file.
#pragma once

#include <deque>
#include <fstream>
#include <map>
#include <memory>

#include "client/recording.h"

namespace venuebox::client {

// Carries every call, and appends it with its answer to a file. Belongs to the thread of the
// transport within.
class RecordingTransport final : public Transport {
 public:
  // Goes on with a recording of the same venue and prefix, or begins one. The file is its owner's
  // alone (0600): what an account holds stands in it.
  static Result<std::unique_ptr<RecordingTransport>> open(const std::string& path,
                                                          const RecordingHead& head,
                                                          Redaction redaction,
                                                          std::unique_ptr<Transport> inner);

  void send(const gateway::ClientRequest& request, Nanoseconds deadline,
            std::function<void(TransportResult)> done) override;

  // An answer is not held back because it could not be written: this says that one was not.
  bool is_complete() const { return file_->good(); }

 private:
  RecordingTransport(std::shared_ptr<std::ofstream> file, Redaction redaction,
                     std::unique_ptr<Transport> inner)
      : file_(std::move(file)), redaction_(std::move(redaction)), inner_(std::move(inner)) {}

  std::shared_ptr<std::ofstream> file_;
  Redaction redaction_;
  std::unique_ptr<Transport> inner_;
};

// Answers from a recording: equal calls in the order of their answers. A call that was not
// recorded, or not so often, is TransportError::Kind::missing, which nobody tries again.
class RecordedTransport final : public Transport {
 public:
  RecordedTransport(Recording recording, Redaction redaction, Scheduler& scheduler);

  void send(const gateway::ClientRequest& request, Nanoseconds deadline,
            std::function<void(TransportResult)> done) override;

 private:
  TransportResult answer(const RecordedCall& call);
  TransportError missing(const RecordedCall& call) const;

  Redaction redaction_;
  Scheduler& scheduler_;
  std::map<RecordedCall, std::deque<TransportResult>> answers_;
};

}  // namespace venuebox::client
