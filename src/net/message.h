// HTTP requests and responses as plain values: what everything above the sockets sees of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace venuebox::net {

enum class Method : std::uint8_t { get, post, put, del, patch, head, options, other };
std::string_view method_name(Method method);  // "DELETE"; "OTHER" of one that has no name here

class SocketHandler;

struct Header {
  std::string_view name;
  std::string_view value;
};

// Views live until the request has been answered.
struct Request {
  Method method = Method::get;
  std::string_view target;  // as on the wire: path and query
  std::string_view path;    // what is left of the path after routing: a venue sees its own
  std::string_view query;   // raw, without the question mark
  std::span<const Header> headers;
  std::string_view body;
  Timestamp arrived;           // door's clock, when the last byte was read
  std::uint64_t number = 0;    // counts the server's requests, for logs and tags
  std::string_view peer = {};  // the client's address, without its port; empty: not known
  std::uint32_t session = 0;   // of whose orders it is one, as the application counts; 0: of none
  int listener = 0;            // which call of HttpServer::listen it came through, counted from 0

  // Names are compared without regard to case. A header that is there more than once gives its
  // first value; header_count tells.
  std::optional<std::string_view> header(std::string_view name) const;
  std::size_t header_count(std::string_view name) const;
};

// What a response is, for the request log and for faults that choose by it.
struct Tag {
  std::string_view venue;      // a name with static life, or empty
  std::string_view operation;  // "place_order"; a name with static life, or empty
  std::string account;
  std::string symbol;
};

struct Response;

// The answer to one request, which is owed and comes later, or never.
class HeldAnswer {
 public:
  // Unsent: the client is not answered, and its connection is closed.
  virtual ~HeldAnswer() = default;
  // Once. Leaves as if the request had been handled just now; goes nowhere when the client has
  // gone. It cannot be an upgrade.
  virtual void send(Response& response) = 0;
  // False when the client has gone, and nothing is owed any more.
  virtual bool is_awaited() const = 0;
};

// Who serves a connection, for the request that is being handled.
class AnswerHolder {
 public:
  virtual std::unique_ptr<HeldAnswer> hold() = 0;

 protected:
  ~AnswerHolder() = default;
};

// How an answer's bytes leave where they do not leave whole and at once. Times are by the loop's
// own timer.
struct Delivery {
  // What becomes of the connection when all that is to leave has left.
  enum class After : std::uint8_t {
    kept,
    half_closed,  // our side ends; what the client still sends is read and forgotten
    reset,        // by RST, which may overtake what a slow client has not taken yet
    silent,       // nothing more comes until the client gives up, or HttpOptions::silence_timeout
  };
  static constexpr std::size_t kWhole = SIZE_MAX;

  Nanoseconds wait = {};                // before anything leaves
  std::size_t bytes_max = kWhole;       // so many leave, of head and body together,
  std::size_t body_bytes_max = kWhole;  // and so many behind the head
  Nanoseconds rest_after = {};          // the rest leaves so long after them; zero: never
  std::size_t piece_bytes = kWhole;     // so many leave together,
  Nanoseconds piece_every = {};         // and the next so long after them
  std::optional<std::size_t> content_length = {};  // is told in place of the body's size
  After after = After::kept;
};

struct Response {
  int status = 200;
  std::string_view content_type = "application/json";  // with static life
  std::string headers;                                 // further header lines, each ended with CRLF
  std::string body;
  Tag tag;
  bool close = false;  // the connection ends after this response
  // Makes the connection a WebSocket (web_socket.h) and answers with 101 and the header lines
  // above, or says what the request lacks for that. Status and body do not matter then.
  SocketHandler* upgrade = nullptr;
  AnswerHolder* holder = nullptr;         // set by who serves the request; null: it cannot wait
  bool held = false;                      // the answer comes later, and the rest does not matter
  std::optional<Delivery> delivery = {};  // none: it leaves whole and at once

  // Puts the answer off; at most once, and only where there is a holder. Views into the request
  // end nevertheless when it has been handled.
  std::unique_ptr<HeldAnswer> hold();
  // Line ends inside a value, which would split the response, become spaces.
  void add_header(std::string_view name, std::string_view value);
  void reset();  // back to the defaults, keeping the strings' memory and the holder
};

// Names of headers, and tokens in their values, are the same whatever their case.
bool same_name(std::string_view a, std::string_view b);

// The phrase that belongs to a status code; "Status" for one that has none.
std::string_view reason_phrase(int status);

// Splits a target at its first question mark. The scheme and host of an absolute target are left
// out of the path.
void split_target(Request& request);

// Whether a path is of this pattern, "orders/{}/fills"; fills `arguments` with what stands at each
// {}, which is never empty.
bool path_matches(std::string_view pattern, std::string_view path,
                  std::vector<std::string_view>& arguments);

// The value of one query parameter, still percent-encoded; none when it is absent.
std::optional<std::string_view> query_value(std::string_view query, std::string_view name);

// Undoes percent-encoding ('+' is a space); invalid escapes make an error.
Result<std::string> percent_decoded(std::string_view text);

}  // namespace venuebox::net
