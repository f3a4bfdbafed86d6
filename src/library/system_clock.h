// The machine's clock, for doors and for bots: the only place where anything looks at the wall.
#pragma once

#include "base/time.h"

namespace venuebox::library {

class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
};

}  // namespace venuebox::library
