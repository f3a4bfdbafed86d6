// The door's clock: the only place where the program looks at the wall.
#pragma once

#include "base/time.h"

namespace venuebox::app {

class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
};

}  // namespace venuebox::app
