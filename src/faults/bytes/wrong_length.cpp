#include <algorithm>

#include "faults/bytes/body.h"

namespace venuebox::faults {

void falsify_length(Answer& answer, std::int64_t by) {
  answer.length = std::max<std::int64_t>(0, std::ssize(answer.body) + by);
}

}  // namespace venuebox::faults
