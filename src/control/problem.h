// Errors of the control API: application/problem+json, naming the field and the mend.
#pragma once

#include "base/result.h"
#include "net/message.h"

namespace venuebox::control {

void write_problem(net::Response& response, int status, std::string_view field,
                   std::string_view detail);
// The status follows from the kind of the error.
void write_problem(net::Response& response, const Error& error);

}  // namespace venuebox::control
