#include "net/tls.h"

#include <array>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "net/client_test.h"
#include "net/frame.h"
#include "net/handshake.h"
#include "net/loop_impl.h"
#include "net/test_certificates.h"
#include "net/web_socket_client.h"

namespace venuebox::net {
namespace {

// Answers every read with the same bytes, over TLS.
class TlsServer {
 public:
  TlsServer(Loop& loop, const Identity& identity)
      : io_(loop.impl().io), acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {
    SSL_CTX* native = context.native_handle();
    EXPECT_EQ(SSL_CTX_use_certificate(native, identity.certificate.get()), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(native, identity.key.get()), 1);
    accept();
  }
  // The coroutines are over once the loop has taken a turn.
  void close() {
    acceptor_.close();
    for (const auto& stream : streams_)
      stream->next_layer().close();
  }

  std::uint16_t port() { return acceptor_.local_endpoint().port(); }

  asio::ssl::context context{asio::ssl::context::tls_server};
  std::string answer = response("over TLS");
  bool closes = false;  // without TLS's goodbye, after the answer
  std::string seen;
  std::vector<std::string> names;  // that clients asked for, by SNI
  int handshakes = 0;

 private:
  using Stream = asio::ssl::stream<Socket>;

  void accept();
  Task serve(std::shared_ptr<Stream> stream);

  asio::io_context& io_;
  Acceptor acceptor_;
  std::vector<std::shared_ptr<Stream>> streams_;
};

void TlsServer::accept() {
  acceptor_.async_accept([this](error_code error, Socket socket) {
    if (error) return;
    streams_.push_back(std::make_shared<Stream>(std::move(socket), context));
    asio::co_spawn(io_.get_executor(), serve(streams_.back()), rethrow);
    accept();
  });
}

Task TlsServer::serve(std::shared_ptr<Stream> stream) {
  const auto [refused] = co_await stream->async_handshake(Stream::server, kAwait);
  if (refused) co_return;
  ++handshakes;
  const char* name = SSL_get_servername(stream->native_handle(), TLSEXT_NAMETYPE_host_name);
  names.emplace_back(name == nullptr ? "" : name);
  std::array<char, 4'096> space;
  for (;;) {
    const auto [error, count] = co_await stream->async_read_some(asio::buffer(space), kAwait);
    if (error) co_return;
    seen.append(space.data(), count);
    const auto [failed, written] =
        co_await asio::async_write(*stream, asio::buffer(answer), kAwait);
    if (failed || written == 0) co_return;
    if (closes) co_return stream->next_layer().close();
  }
}

class TlsTest : public HttpClientTest {
 protected:
  TlsTest() : file_(std::filesystem::temp_directory_path() / name()) {
    std::ofstream(file_) << authority.pem();
    options.ca_file = file_;
  }
  ~TlsTest() override {
    client_.reset();
    if (tls) tls->close();
    while (loop.turn()) {
    }
    std::filesystem::remove(file_);
  }

  void serve(const CertificateTerms& terms, std::string_view host = "127.0.0.1") {
    serve(authority, terms, host);
  }
  void serve(const TestAuthority& issuer, const CertificateTerms& terms,
             std::string_view host = "127.0.0.1") {
    identity = issuer.issue(terms);
    tls.emplace(loop, identity);
    url = "https://" + std::string(host) + ":" + std::to_string(tls->port());
  }
  // Of an order that must not have left; checks that the error holds the words.
  void expect_untrusted(std::string_view words) {
    const auto call = post("{\"secret\":1}");
    EXPECT_EQ(wait(call), "tls");
    const std::string& text = call->answer->error().text;
    EXPECT_NE(text.find(words), std::string::npos) << text;
    EXPECT_EQ(tls->seen, "");
  }

  TestAuthority authority;
  Identity identity;
  std::optional<TlsServer> tls;

 private:
  static std::string name() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    return std::string("venuebox_") + test->name() + "_" + std::to_string(::getpid()) + ".pem";
  }
  std::filesystem::path file_;
};

TEST_F(TlsTest, TakesTheCertificateOfTheHostAndKeepsTheConnection) {
  serve({});
  EXPECT_EQ(wait(get("/1")), "200 over TLS");
  EXPECT_EQ(wait(post("{}")), "200 over TLS");
  EXPECT_EQ(tls->handshakes, 1);
  EXPECT_EQ(tls->seen.substr(0, 6), "GET /1");
}

TEST_F(TlsTest, AsksForTheHostByName) {
  serve({.names = "DNS:localhost"}, "localhost");
  EXPECT_EQ(wait(get()), "200 over TLS");
  EXPECT_EQ(tls->names, (std::vector<std::string>{"localhost"}));
}

TEST_F(TlsTest, RefusesTheCertificateOfAnotherHost) {
  serve({.names = "DNS:example.com, IP:127.0.0.2"});
  expect_untrusted("for another host");
  serve({.names = "DNS:*.localhost, DNS:local*"}, "localhost");
  expect_untrusted("for another host");
}

TEST_F(TlsTest, RefusesACertificateOutOfItsTime) {
  serve({.until = "20010101000000Z"});
  expect_untrusted("has expired");
  serve({.from = "99980101000000Z"});
  expect_untrusted("not valid yet");
}

TEST_F(TlsTest, RefusesAnotherAuthority) {
  const TestAuthority other;
  serve(other, {});
  expect_untrusted("is not trusted");
}

TEST_F(TlsTest, TrustsNoStrangerByTheSystemsStoreEither) {
  options.ca_file.clear();
  serve({});
  expect_untrusted("is not trusted");
}

TEST_F(TlsTest, RefusesOldVersions) {
  serve({});
  SSL_CTX_set_min_proto_version(tls->context.native_handle(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(tls->context.native_handle(), TLS1_1_VERSION);
  SSL_CTX_set_security_level(tls->context.native_handle(), 0);
  expect_untrusted("handshake failed");
  serve({});
  SSL_CTX_set_max_proto_version(tls->context.native_handle(), TLS1_2_VERSION);
  EXPECT_EQ(wait(get()), "200 over TLS");
}

TEST_F(TlsTest, SaysThatAPortDoesNotSpeakIt) {
  url = "https://127.0.0.1:" + std::to_string(server.port());
  const auto call = post("{}");
  Peer peer = server.accept();
  peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_EQ(wait(call), "tls");
}

TEST_F(TlsTest, SaysThatTheFileHoldsNoCertificates) {
  options.ca_file = "/nonexistent.pem";
  serve({});
  expect_untrusted("/nonexistent.pem");
}

TEST_F(TlsTest, AnEndWithoutGoodbyeCompletesNothing) {
  serve({});
  tls->answer = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf of";
  tls->closes = true;
  EXPECT_EQ(wait(post("{}")), "closed?");
}

TEST_F(TlsTest, AHandshakeThatStallsIsEndedByTheDeadline) {
  url = "https://127.0.0.1:" + std::to_string(server.port());
  HttpClientRequest order = request(Method::post);
  order.deadline = milliseconds(20);
  const auto call = send(order);
  Peer peer = server.accept();
  EXPECT_EQ(wait(call), "timeout_before_send");
  until([&] { return peer.ended(); });
}

// Keeps the messages.
class Listener final : public WebSocketClientHandler {
 public:
  void opened() override {}
  void received(std::string_view message, bool) override { messages.emplace_back(message); }
  void closed(const WebSocketEnd& given) override { end = given; }

  std::vector<std::string> messages;
  std::optional<WebSocketEnd> end;
};

TEST_F(TlsTest, CarriesWebSocketsToo) {
  constexpr Mask kBits = 0x11'11'11'11;
  std::array<unsigned char, 16> key;
  key.fill(0x11);
  serve({});
  tls->answer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: " +
      accept_key(handshake_key(key)) + "\r\n\r\n";
  append_frame(tls->answer, Opcode::text, "hello");
  Listener listener;
  url.replace(0, 5, "wss");
  WebSocketClient socket(loop, {.url = *base_url_from(url)}, listener, [] { return kBits; },
                         {.ca_file = options.ca_file});
  until([&] { return !listener.messages.empty(); });
  EXPECT_EQ(listener.messages, (std::vector<std::string>{"hello"}));
  EXPECT_FALSE(listener.end);
}

TEST_F(TlsTest, WebSocketsTrustNoOtherHostEither) {
  serve({.names = "DNS:example.com"});
  Listener listener;
  url.replace(0, 5, "wss");
  WebSocketClient socket(loop, {.url = *base_url_from(url)}, listener, [] { return Mask{}; },
                         {.ca_file = options.ca_file});
  until([&] { return listener.end.has_value(); });
  EXPECT_EQ(listener.end->error->kind, ClientErrorKind::tls);
}

}  // namespace
}  // namespace venuebox::net
