// What carries a stream of messages to a venue and back: the network, or a script in tests. As
// Transport is for calls.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "client/transport.h"

namespace venuebox::client {

// How a stream ended, or why it never began.
struct StreamEnd {
  std::uint16_t code = 0;   // the server's goodbye; 0: it said none
  int status = 0;           // of an upgrade that was refused; 0: it was not
  bool is_guarded = false;  // this library would not have it, now or later
  std::string text;         // for people; no secret in it
};

// Of a server that closed the stream; 0: without a code.
StreamEnd goodbye(std::uint16_t code, std::string_view reason);

// Each of its functions is called in a turn of its own, never from within open() or send(), and may
// destroy the stream.
class MessageStreamHandler {
 public:
  virtual ~MessageStreamHandler() = default;
  virtual void opened() = 0;
  virtual void received(std::string_view message, bool is_text) = 0;
  // Once, and the last that is heard; opened() or not.
  virtual void closed(const StreamEnd& end) = 0;
};

// One connection. Its end is the connection's, and the handler hears nothing more.
class MessageStream {
 public:
  virtual ~MessageStream() = default;
  // False when it is not sent: not open, or too much waits already.
  virtual bool send(std::string_view message) = 0;
};

class StreamTransport {
 public:
  virtual ~StreamTransport() = default;
  // Begins to connect. The handler outlives the stream, and the transport does.
  virtual std::unique_ptr<MessageStream> open(std::string_view path,
                                              MessageStreamHandler& handler) = 0;
};

}  // namespace venuebox::client
