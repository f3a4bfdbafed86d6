// What clients were answered before, for faults that tell them something old. Bounded; kept only
// while such a fault is loaded.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "gateway/venue.h"

namespace venuebox::box {

class AnswerMemory {
 public:
  static constexpr std::size_t kKeysMax = 256;
  static constexpr std::size_t kAnswersMax = 128;  // of one key; then every second is forgotten

  struct Answer {
    Timestamp time;  // box time
    std::string body;
  };

  // Equal requests of one account have one key.
  void remember(const net::Request& request, const net::Response& response, Timestamp now);
  // The newest that is at least `age` old, or else the oldest there is; null: none.
  const Answer* find(const net::Request& request, const net::Response& response, Timestamp now,
                     Nanoseconds age) const;
  void clear() { answers_.clear(); }

 private:
  static std::string key_of(const net::Request& request, const net::Response& response);

  std::map<std::string, std::vector<Answer>> answers_;  // oldest first
};

}  // namespace venuebox::box
