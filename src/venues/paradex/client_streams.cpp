#include "venues/paradex/client_streams.h"

#include "base/json_writer.h"

namespace venuebox::venues::paradex {
namespace {
using gateway::BookStep;
using gateway::BookUpdate;
using gateway::ClientChannel;
using gateway::StreamTopic;
using gateway::StreamWish;

constexpr int kLevels = 15;  // of every book that is told
constexpr gateway::ClientSocket kSockets[] = {{"/v1", false, 1}, {"/v1", true, 1}};

Error unsupported(std::string where, std::string detail) {
  return {ErrorKind::unsupported, std::move(where), std::move(detail)};
}

Result<ClientChannel> channel(const StreamWish& wish) {
  switch (wish.topic) {
    case StreamTopic::orders: return ClientChannel{kPrivateSocket, "orders.ALL"};
    case StreamTopic::fills: return ClientChannel{kPrivateSocket, "fills.ALL"};
    case StreamTopic::positions: return ClientChannel{kPrivateSocket, "positions"};
    case StreamTopic::balances: return ClientChannel{kPrivateSocket, "account"};
    case StreamTopic::candles: return unsupported("candles", "Paradex streams none; fetch them");
    default: break;
  }
  const std::string& id = wish.market->id;
  if (wish.topic == StreamTopic::trades) return ClientChannel{kPublicSocket, "trades." + id};
  if (wish.topic == StreamTopic::ticker)
    return ClientChannel{kPublicSocket, "markets_summary." + id};
  if (wish.levels < 0 || wish.levels > kLevels)
    return unsupported("levels", "Paradex streams 15 levels on each side");
  return ClientChannel{kPublicSocket, "order_book." + id + ".deltas@15@50ms"};
}

// `write` adds the members of params, `id` the request's own.
template <class Params, class Id>
std::string request(std::string_view method, const Params& write, const Id& id) {
  std::string text;
  JsonWriter json(text);
  json.open().text("jsonrpc", "2.0").text("method", method).key("params").open();
  write(json);
  json.close();
  id(json.key("id"));
  json.close();
  return text;
}

Result<std::string> login(const gateway::ClientKeys& keys, Timestamp) {
  if (keys.token.empty()) return invalid("token", "is to be asked for first");
  return request(
      "auth", [&](JsonWriter& json) { json.text("bearer", keys.token); },
      [](JsonWriter& json) { json.text(kLoginId); });
}

std::string subscription(std::string_view method, std::span<const std::string> names,
                         std::uint64_t id) {
  return request(
      method, [&](JsonWriter& json) { json.text("channel", names.front()); },
      [&](JsonWriter& json) { json.number(static_cast<std::int64_t>(id)); });
}

std::string subscribe(std::span<const std::string> names, std::uint64_t id) {
  return subscription("subscribe", names, id);
}

std::string unsubscribe(std::span<const std::string> names, std::uint64_t id) {
  return subscription("unsubscribe", names, id);
}

// The protocol has no ping; a method that there is not is answered by its id, and changes nothing.
std::string ping(std::uint64_t) {
  return request(
      "ping", [](JsonWriter&) {}, [](JsonWriter& json) { json.text(kPingId); });
}

// A delta is numbered one behind the message before.
BookStep book_step(std::uint64_t known, const BookUpdate& change) {
  if (change.update <= known) return BookStep::repeats;
  return change.update == known + 1 ? BookStep::follows : BookStep::breaks;
}
}  // namespace

constinit const gateway::ClientStreams client_streams{
    .base_url = "wss://ws.api.prod.paradex.trade",
    .testnet_url = "wss://ws.api.testnet.paradex.trade",
    .sockets = kSockets,
    .ping_interval = seconds(20),
    .final_close_codes = {},  // none are documented
    .channel = channel,
    .login = login,
    .subscribe = subscribe,
    .unsubscribe = unsubscribe,
    .ping = ping,
    .read = read_stream,
    .book_step = book_step,
};

}  // namespace venuebox::venues::paradex
