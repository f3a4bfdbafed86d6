#include "net/network_guard.h"

#include <utility>

#include <gtest/gtest.h>

#include "net/client_test.h"
#include "net/network.h"

namespace venuebox::net {
namespace {

using Texts = std::vector<std::string>;

TEST(NetworkGuard, WithoutTheNetworkOnlyLoopbackIsAllowed) {
  const NetworkGuard& guard = network_guard(false);
  for (const auto address : {"127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(guard.may_resolve(address)) << address;
    EXPECT_TRUE(guard.may_connect(address)) << address;
  }
  EXPECT_TRUE(guard.may_resolve("localhost"));
  EXPECT_FALSE(guard.may_connect("localhost"));
  for (const auto host : {"128.0.0.1", "0.0.0.0", "10.0.0.1", "::", "::ffff:8.8.8.8", "fe80::1",
                          "api.bybit.com", "localhost.evil.example", "127.1", "2130706433", ""}) {
    EXPECT_FALSE(guard.may_resolve(host)) << host;
    EXPECT_FALSE(guard.may_connect(host)) << host;
  }
}

TEST(NetworkGuard, WithTheNetworkEverythingIsAllowed) {
  EXPECT_TRUE(network_guard(true).may_resolve("api.bybit.com"));
  EXPECT_TRUE(network_guard(true).may_connect("8.8.8.8"));
}

// Notes what is asked of it, knows one name, and connects nobody.
class RecordingNetwork final : public Network {
 public:
  asio::awaitable<Resolved, Executor> resolve(const std::string& host) override {
    asked.push_back("resolve " + host);
    co_return resolved;
  }
  asio::awaitable<error_code, Executor> connect(Socket&, const Tcp::endpoint& endpoint) override {
    asked.push_back("connect " + endpoint.address().to_string());
    co_return asio::error::connection_refused;
  }

  Resolved resolved;
  Texts asked;
};

class GuardedClientTest : public HttpClientTest {
 protected:
  GuardedClientTest() { client_.emplace(loop, options, network); }

  std::string call(std::string_view to) {
    url = to;
    return wait(post("{}"));
  }
  void resolves_to(std::initializer_list<const char*> addresses) {
    for (const auto address : addresses)
      network->resolved.addresses.push_back(asio::ip::make_address(address));
  }

  std::shared_ptr<RecordingNetwork> network = std::make_shared<RecordingNetwork>();
};

TEST_F(GuardedClientTest, NeitherResolvesNorConnectsWhatIsElsewhere) {
  for (const auto to : {"https://api.bybit.com", "http://8.8.8.8", "http://[2001:db8::1]:80",
                        "http://localhost.example", "http://127.1", "http://0.0.0.0"})
    EXPECT_EQ(call(to), "refused_by_guard") << to;
  EXPECT_EQ(network->asked, Texts());
}

TEST_F(GuardedClientTest, AsksAgainOnceTheAddressesAreKnown) {
  resolves_to({"127.0.0.1", "192.0.2.1", "127.0.0.2"});
  EXPECT_EQ(call("http://localhost"), "refused_by_guard");
  EXPECT_EQ(network->asked, (Texts{"resolve localhost", "connect 127.0.0.1"}));
}

TEST_F(GuardedClientTest, TriesEveryAddressThatIsAllowed) {
  resolves_to({"::1", "127.0.0.1"});
  EXPECT_EQ(call("http://localhost"), "connect");
  EXPECT_EQ(network->asked, (Texts{"resolve localhost", "connect ::1", "connect 127.0.0.1"}));
}

TEST_F(GuardedClientTest, LooksNoNumericAddressUp) {
  EXPECT_EQ(call("http://[::1]:1"), "connect");
  EXPECT_EQ(network->asked, (Texts{"connect ::1"}));
}

TEST_F(GuardedClientTest, SaysThatANameHasNoAddress) {
  EXPECT_EQ(call("http://localhost"), "resolve");
  network->resolved.error = asio::error::host_not_found;
  EXPECT_EQ(call("http://localhost"), "resolve");
}

TEST_F(GuardedClientTest, WithTheNetworkAllowedTheSameDoorsAreUsed) {
  options.guard = &network_guard(true);
  client_.emplace(loop, options, network);
  resolves_to({"192.0.2.1"});
  EXPECT_EQ(call("http://api.bybit.com"), "connect");
  EXPECT_EQ(network->asked, (Texts{"resolve api.bybit.com", "connect 192.0.2.1"}));
}

TEST_F(HttpClientTest, ResolvesLocalhostForReal) {
  url = "http://localhost:" + std::to_string(server.port());
  const auto call = get();
  Peer peer = server.accept();
  peer.read_head();
  peer.send(response("x"));
  EXPECT_EQ(wait(call), "200 x");
}

}  // namespace
}  // namespace venuebox::net
