// Answers that come later: meanwhile their request stays where it was read, and what the client
// sends behind it waits.
#include "net/server_impl.h"

namespace venuebox::net {
namespace {

class ServerAnswer final : public HeldAnswer {
 public:
  ServerAnswer(std::weak_ptr<HttpServer::Impl> server, const ConnectionPtr& connection)
      : server_(std::move(server)), connection_(connection) {}
  ~ServerAnswer() override {
    const auto server = server_.lock();
    const auto connection = connection_.lock();
    if (server && connection && !connection->closed) server->abandon_held(*connection);
  }

  void send(Response& response) override {
    const auto server = server_.lock();
    const auto connection = std::exchange(connection_, {}).lock();
    if (server && connection && !connection->closed) server->answer_held(*connection, response);
  }

  bool is_awaited() const override {
    const auto connection = connection_.lock();
    return connection && !connection->closed;
  }

 private:
  std::weak_ptr<HttpServer::Impl> server_;
  std::weak_ptr<Connection> connection_;  // of nobody once it is answered
};

}  // namespace

std::unique_ptr<HeldAnswer> HttpServer::Impl::hold() {
  enter(*handling, Phase::held);
  return std::make_unique<ServerAnswer>(weak_from_this(), connections[handling->index]);
}

void HttpServer::Impl::answer_held(Connection& c, const Response& answer) {
  VENUEBOX_ASSERT(c.phase == Phase::held && answer.upgrade == nullptr);
  if (answer.delivery) return deliver(c, answer, clock.now());
  append_answer(c, answer, clock.now(), output_of(c));
  end_request(c);
  start(c);  // with what came behind it
}

// What was sent before still leaves.
void HttpServer::Impl::abandon_held(Connection& c) {
  c.ending = true;
  end_request(c);
  if (c.unsent() == 0) close(c);
}

}  // namespace venuebox::net
