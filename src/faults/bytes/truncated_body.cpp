#include "base/wide.h"
#include "faults/bytes/body.h"

namespace venuebox::faults {

void truncate_body(Answer& answer, Ratio keep) {
  answer.length = std::ssize(answer.body);
  const auto kept = static_cast<Int128>(answer.body.size()) * keep.raw / kWhole.raw;
  answer.body.resize(static_cast<std::size_t>(kept));
  answer.breaks_off = true;
}

}  // namespace venuebox::faults
