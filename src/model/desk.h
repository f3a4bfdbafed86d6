// The door to an exchange: commands in, events out. What enters here gets its time and sequence;
// faults wrap this interface, and so do tests.
#pragma once

#include <span>

#include "model/event.h"
#include "model/view.h"

namespace venuebox {

class Desk {
 public:
  virtual ~Desk() = default;

  // Runs one command to completion. The events stay valid until the next call.
  virtual std::span<const Event> execute(const CommandBody& body) = 0;
  virtual const View& view() const = 0;
};

}  // namespace venuebox
