#include "net/web_socket_client.h"

#include <array>
#include <cstring>
#include <utility>

#include <boost/asio/post.hpp>

#include "net/client_stream.h"
#include "net/frame_decoder.h"
#include "net/handshake.h"
#include "net/header_text.h"
#include "net/read_buffer.h"
#include "net/request_writer.h"
#include "net/response_parser.h"

namespace venuebox::net {
namespace {

// Of a refusal nothing but its status is wanted.
constexpr std::size_t kRefusalBytesMax = 64 * 1024;

bool accepts(const HttpClientResponse& response, std::string_view key) {
  const std::string* upgrade = response.header("Upgrade");
  const std::string* connection = response.header("Connection");
  const std::string* accept = response.header("Sec-WebSocket-Accept");
  return upgrade && same_name(*upgrade, "websocket") && connection &&
         list_has(*connection, "upgrade") && accept && *accept == accept_key(key) &&
         !response.header("Sec-WebSocket-Extensions");  // None was offered.
}

}  // namespace

struct WebSocketClient::Impl : std::enable_shared_from_this<Impl> {
  enum class Phase : std::uint8_t { opening, open, closing, over };

  Impl(Loop& loop, WebSocketTarget given, WebSocketClientHandler& given_handler, Draw given_draw,
       WebSocketClientOptions given_options);

  void start();
  static Task run(std::shared_ptr<Impl> self);
  asio::awaitable<bool, Executor> open();
  asio::awaitable<bool, Executor> upgrade(const std::string& key);
  asio::awaitable<bool, Executor> fill();
  void receive();
  void receive(FrameDecoder::Event event);
  bool can_send(std::size_t size) const;
  void send(Opcode opcode, std::string_view payload);
  static Task drain(std::shared_ptr<Impl> self);
  void say_goodbye(std::string_view payload);
  void give_up();
  void arm(Nanoseconds timeout);
  void expire();
  bool fail(ClientErrorKind kind, std::string_view what);
  void finish();

  WebSocketTarget target;
  WebSocketClientHandler& handler;
  Draw draw;
  WebSocketClientOptions options;
  Dialler dialler;
  asio::io_context& io;
  StreamPtr stream;
  Timer timer;  // until it is open, then until it is closed
  FrameDecoder decoder;
  ReadBuffer in;
  std::string out;        // frames of this turn
  std::string in_flight;  // frames of earlier turns
  WebSocketEnd end;
  Phase phase = Phase::opening;
  bool is_draining = false;
  bool has_sent = false;        // a message
  bool has_heard_last = false;  // nothing that still comes is decoded
  bool is_forgotten = false;    // the client is gone, and the handler may be
};

WebSocketClient::Impl::Impl(Loop& loop, WebSocketTarget given,
                            WebSocketClientHandler& given_handler, Draw given_draw,
                            WebSocketClientOptions given_options)
    : target(std::move(given)),
      handler(given_handler),
      draw(std::move(given_draw)),
      options(std::move(given_options)),
      dialler(loop, *options.guard, options.ca_file, options.connect_timeout, system_network(loop)),
      io(loop.impl().io),
      stream(std::make_shared<ClientStream>(io)),
      timer(io),
      decoder(FrameDecoder::End::client, options.message_bytes_max) {}

void WebSocketClient::Impl::start() {
  arm(options.open_timeout);
  // Not on the spot: the handler is not called from within the constructor.
  asio::post(io, [self = shared_from_this()] {
    if (self->phase == Phase::opening) asio::co_spawn(self->io.get_executor(), run(self), rethrow);
  });
}

Task WebSocketClient::Impl::run(std::shared_ptr<Impl> self) {
  bool is_alive = co_await self->open();
  if (is_alive && self->phase == Phase::opening) {
    self->timer.cancel();
    self->phase = Phase::open;
    self->handler.opened();
  }
  while (is_alive && self->phase != Phase::over) {
    self->receive();
    if (self->phase != Phase::over) is_alive = co_await self->fill();
  }
  if (self->phase != Phase::over) self->finish();
}

// False when that failed, and `end` says why.
asio::awaitable<bool, Executor> WebSocketClient::Impl::open() {
  std::array<unsigned char, 16> random;
  for (std::size_t i = 0; i < random.size(); i += sizeof(Mask)) {
    const Mask bits = draw();
    std::memcpy(random.data() + i, &bits, sizeof bits);
  }
  const std::string key = handshake_key(random);
  const auto request = upgrade_bytes(target.url, target.target, target.headers, key);
  if (!request) co_return fail(ClientErrorKind::invalid_request, request.error().text());
  end.error = co_await stream->dial(dialler, target.url);
  if (end.error) co_return false;
  const auto [error, count] = co_await stream->write(*request);
  if (error) co_return fail(ClientErrorKind::closed, "the connection broke during the upgrade");
  const bool is_upgraded = co_await upgrade(key);
  co_return is_upgraded;
}

asio::awaitable<bool, Executor> WebSocketClient::Impl::upgrade(const std::string& key) {
  using State = ResponseParser::State;
  ResponseParser parser(ResponseParser::Asked::upgrade, options.head_bytes_max, kRefusalBytesMax);
  State state = State::head;
  while (state == State::head) {
    const bool is_alive = co_await fill();
    if (!is_alive) co_return fail(ClientErrorKind::closed, "closed before it answered the upgrade");
    state = parser.parse(in.readable());
    in.consume(parser.consumed());
  }
  if (state == State::failed)
    co_return fail(parser.kind(), "the answer to the upgrade " + std::string(parser.reason()));
  const HttpClientResponse response = parser.take();
  if (response.status != 101) {
    end.status = response.status;
    co_return fail(ClientErrorKind::not_upgraded,
                   "answered the upgrade with " + std::to_string(response.status) + " " +
                       std::string(reason_phrase(response.status)) + "; check the URL");
  }
  if (!accepts(response, key)) {
    co_return fail(ClientErrorKind::garbled,
                   "its answer to the upgrade is not the one to this request; is a proxy between?");
  }
  co_return true;
}

// More bytes into `in`; false at the end of the connection.
asio::awaitable<bool, Executor> WebSocketClient::Impl::fill() {
  if (in.writable().empty()) in.shorten(decoder.squeeze(in.readable()));
  in.make_room();
  const auto [error, count] = co_await stream->read(in.writable());
  if (error) {
    if (phase == Phase::open)
      fail(ClientErrorKind::closed, "the connection ended without a goodbye");
    co_return false;
  }
  in.filled(count);
  co_return true;
}

void WebSocketClient::Impl::receive() {
  while (phase != Phase::over && !has_heard_last) {
    const auto event = decoder.decode(in.readable());
    if (event == FrameDecoder::Event::none) return;
    receive(event);
    in.consume(decoder.release());
  }
  if (has_heard_last) in.consume(in.readable().size());
}

void WebSocketClient::Impl::receive(FrameDecoder::Event event) {
  using Event = FrameDecoder::Event;
  if (event == Event::failed) {
    has_heard_last = true;
    const bool is_large = decoder.code() == close_code::kTooBig;
    fail(is_large ? ClientErrorKind::too_large : ClientErrorKind::garbled, decoder.reason());
    return say_goodbye(close_payload(decoder.code(), decoder.reason()));
  }
  if (event == Event::close) {
    has_heard_last = true;
    end = {.code = decoder.code(), .reason = std::string(decoder.payload())};
    // The server closes the connection, section 7.1.1; until then nothing more is read.
    return say_goodbye(end.code == 0 ? "" : close_payload(end.code, ""));
  }
  if (phase != Phase::open) return;
  // A pong is not owed for every ping, section 5.5.3.
  if (event == Event::ping && can_send(decoder.payload().size()))
    send(Opcode::pong, decoder.payload());
  if (event == Event::text || event == Event::binary)
    handler.received(decoder.payload(), event == Event::text);
}

bool WebSocketClient::Impl::can_send(std::size_t size) const {
  const std::size_t waiting = out.size() + in_flight.size() + kFrameHeadBytesMax;
  return phase == Phase::open && size <= options.unsent_bytes_max &&
         waiting <= options.unsent_bytes_max - size;
}

void WebSocketClient::Impl::send(Opcode opcode, std::string_view payload) {
  append_masked_frame(out, opcode, payload, draw());
  if (std::exchange(is_draining, true)) return;
  // Later, so that what is said in one go leaves in one write.
  asio::post(io, [self = shared_from_this()] {
    asio::co_spawn(self->io.get_executor(), drain(self), rethrow);
  });
}

Task WebSocketClient::Impl::drain(std::shared_ptr<Impl> self) {
  while (!self->out.empty() && self->phase != Phase::over) {
    self->in_flight = std::exchange(self->out, {});
    const auto [error, count] = co_await self->stream->write(self->in_flight);
    self->in_flight.clear();
    if (error) break;  // The reader hears of it too.
  }
  self->is_draining = false;
}

// Nothing is sent after it. Once, whoever is first.
void WebSocketClient::Impl::say_goodbye(std::string_view payload) {
  if (phase != Phase::open) return;
  send(Opcode::close, payload);
  phase = Phase::closing;
  arm(options.close_timeout);
}

void WebSocketClient::Impl::give_up() {
  phase = Phase::over;
  timer.cancel();
  stream->close();
  fail(ClientErrorKind::closed, "the attempt to connect was given up");
  asio::post(io, [self = shared_from_this(), given_up = end] {
    if (!self->is_forgotten) self->handler.closed(given_up);
  });
}

void WebSocketClient::Impl::arm(Nanoseconds timeout) {
  timer.expires_after(chrono_from(timeout));
  timer.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (!cancelled && self) self->expire();
  });
}

void WebSocketClient::Impl::expire() {
  // One that is on its way when the timer is cancelled or set anew finds that out here.
  if (phase == Phase::over || phase == Phase::open || timer.expiry() > MonotonicClock::now())
    return;
  if (phase == Phase::opening) {
    fail(ClientErrorKind::timeout, "the WebSocket was not open before the deadline");
  } else if (!has_heard_last) {
    fail(ClientErrorKind::timeout, "no goodbye before the deadline");
  }
  finish();
}

bool WebSocketClient::Impl::fail(ClientErrorKind kind, std::string_view what) {
  end.error = ClientError{kind, has_sent, target.url.authority() + ": " + std::string(what)};
  return false;
}

void WebSocketClient::Impl::finish() {
  // Our goodbye was not answered.
  if (phase == Phase::closing && !has_heard_last && !end.error)
    fail(ClientErrorKind::closed, "the connection ended without a goodbye");
  phase = Phase::over;
  timer.cancel();
  stream->close();
  handler.closed(end);
}

WebSocketClient::WebSocketClient(Loop& loop, WebSocketTarget target,
                                 WebSocketClientHandler& handler, Draw draw,
                                 WebSocketClientOptions options)
    : impl_(std::make_shared<Impl>(loop, std::move(target), handler, std::move(draw),
                                   std::move(options))) {
  impl_->start();
}

WebSocketClient::~WebSocketClient() {
  impl_->is_forgotten = true;
  impl_->phase = Impl::Phase::over;
  impl_->timer.cancel();
  impl_->stream->close();
}

bool WebSocketClient::send_text(std::string_view text) {
  if (!impl_->can_send(text.size())) return false;
  impl_->has_sent = true;
  impl_->send(Opcode::text, text);
  return true;
}

bool WebSocketClient::ping(std::string_view payload) {
  VENUEBOX_ASSERT(payload.size() <= kControlBytesMax);
  if (!impl_->can_send(payload.size())) return false;
  impl_->send(Opcode::ping, payload);
  return true;
}

void WebSocketClient::close(std::uint16_t code, std::string_view reason) {
  if (impl_->phase == Impl::Phase::opening) return impl_->give_up();
  impl_->say_goodbye(close_payload(code, reason));
}

std::size_t WebSocketClient::unsent() const { return impl_->out.size() + impl_->in_flight.size(); }

}  // namespace venuebox::net
