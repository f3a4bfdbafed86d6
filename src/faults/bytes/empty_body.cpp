#include "faults/bytes/body.h"

namespace venuebox::faults {

void empty_body(Answer& answer, int status) {
  answer.status = status;
  answer.body.clear();
  answer.length = 0;
}

}  // namespace venuebox::faults
