// The control API of a running server, as commands ask it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/message.h"

namespace venuebox::app {

// Which box of which server.
struct ControlFlags {
  std::string url = "http://127.0.0.1:8000";
  std::string box = "default";
  std::string token;  // of --control-token
};

// The body of the answer.
//   path   below boxes/{box}/
//   fails  when nobody answers, or with the server's own refusal: its field and detail
Result<std::string> ask_control(const ControlFlags& flags, net::Method method,
                                std::string_view path, std::string body = {});

// A file's bytes; "-" is standard input. `flag` is named in the error.
Result<std::string> read_input(const std::string& path, std::string_view flag);

}  // namespace venuebox::app
