// One request and its answer, on a connection that is there.
#include <array>
#include <utility>

#include <boost/asio/error.hpp>

#include "net/http_client_impl.h"
#include "net/response_parser.h"

namespace venuebox::net {
namespace {

constexpr std::size_t kReadBytes = 16 * 1024;

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// Where an answer points to, as far as that can be said without repeating what may be secret.
std::string redirect_place(const HttpClientResponse& response) {
  const std::string* location = response.header("Location");
  if (location == nullptr) return "an unnamed place";
  if (location->starts_with('/') && !location->starts_with("//")) return "another path of its own";
  const auto url =
      base_url_from(std::string_view(*location).substr(0, location->find_first_of("?#")));
  return url ? url->authority() : "a place that is no URL";
}

}  // namespace

ClientError call_error(const ClientCall& call, ClientErrorKind kind, std::string_view what) {
  std::string text = call.request.url.authority() + ": ";
  text += what;
  if (call.is_sent && !call.is_idempotent())
    text += "; what became of the request is unknown, so ask before you send it again";
  return {kind, call.is_sent, std::move(text)};
}

asio::awaitable<HttpClient::Impl::Answer, Executor> HttpClient::Impl::exchange(ClientCall& call) {
  const bool was_sent = std::exchange(call.is_sent, true);  // The deadline may pass meanwhile.
  const auto [error, count] = co_await call.stream->write(call.wire);
  if (error) {
    // TLS counts whole records, and of a piece of one the other side can make nothing.
    call.is_sent = was_sent || count > 0;
    co_return call_error(
        call, ClientErrorKind::closed,
        "the connection broke while the request was sent (" + error.message() + ")");
  }
  Answer answer = co_await read_answer(call);
  co_return answer;
}

asio::awaitable<HttpClient::Impl::Answer, Executor> HttpClient::Impl::read_answer(
    ClientCall& call) {
  using State = ResponseParser::State;
  const bool heads_only = call.request.method == Method::head;
  ResponseParser parser(
      heads_only ? ResponseParser::Asked::head_only : ResponseParser::Asked::ordinary,
      options.head_bytes_max, options.body_bytes_max);
  std::array<char, kReadBytes> space;
  State state = State::head;
  bool is_reusable = false;
  while (state == State::head || state == State::body) {
    const auto [error, count] = co_await call.stream->read(space);
    if (count > 0) {
      call.is_answered = true;
      state = parser.parse(std::span(space).first(count));
      is_reusable = parser.keep_alive() && parser.consumed() == count;
    } else {
      // The end without TLS's goodbye may be a stranger's doing: it completes nothing.
      const bool proper = error == asio::error::eof;
      if (!proper || parser.finish() != State::complete) {
        co_return call_error(call, ClientErrorKind::closed,
                             call.is_answered ? "the connection ended in the middle of the answer"
                                              : "the connection ended before any answer");
      }
      state = State::complete;
    }
  }
  if (state == State::failed)
    co_return call_error(call, parser.kind(), "the answer " + std::string(parser.reason()));
  if (!is_reusable) call.stream->close();
  Answer answer = judge(call, parser.take());
  co_return answer;
}

HttpClient::Impl::Answer HttpClient::Impl::judge(const ClientCall& call,
                                                 HttpClientResponse response) const {
  if (!is_redirect(response.status)) return response;
  return call_error(call, ClientErrorKind::redirect,
                    "it redirects to " + redirect_place(response) +
                        ", which is not followed; check the base URL");
}

}  // namespace venuebox::net
