#include "venues/bybit/client_streams.h"

#include <algorithm>

#include "base/json_writer.h"
#include "venues/bybit/candles.h"
#include "venues/bybit/client_requests.h"
#include "venues/bybit/client_signing.h"

namespace venuebox::venues::bybit {
namespace {
using gateway::BookStep;
using gateway::BookUpdate;
using gateway::ClientChannel;
using gateway::StreamTopic;
using gateway::StreamWish;

constexpr int kDepths[] = {1, 50, 200, 1'000};
constexpr int kDefaultDepth = 50;
constexpr Nanoseconds kLoginLife = seconds(10);  // as ccxt has it

// Spot takes ten topics at a time, the others 21,000 characters: 500 of the longest names.
constexpr std::size_t kSpotTopicsMax = 10;
constexpr std::size_t kTopicsMax = 200;
constexpr gateway::ClientSocket kSockets[] = {
    {"/v5/public/spot", false, kSpotTopicsMax},
    {"/v5/public/linear", false, kTopicsMax},
    {"/v5/private", true, kTopicsMax},
};

Error unsupported(std::string where, std::string detail) {
  return {ErrorKind::unsupported, std::move(where), std::move(detail)};
}

Result<std::string> public_name(const StreamWish& wish) {
  const std::string& id = wish.market->id;
  switch (wish.topic) {
    case StreamTopic::trades: return "publicTrade." + id;
    case StreamTopic::ticker: return "tickers." + id;
    case StreamTopic::candles: {
      const std::string interval = interval_of(wish.minutes);
      if (!find_interval(interval)) return unsupported("minutes", "Bybit has no such candles");
      return "kline." + interval + "." + id;
    }
    default: break;
  }
  const int wanted = wish.levels == 0 ? kDefaultDepth : wish.levels;
  const auto* depth = std::ranges::lower_bound(kDepths, wanted);
  if (wanted < 0 || depth == std::end(kDepths)) {
    return unsupported("levels", "Bybit's deepest book has 1000 levels on each side");
  }
  return "orderbook." + std::to_string(*depth) + "." + id;
}

Result<ClientChannel> channel(const StreamWish& wish) {
  switch (wish.topic) {
    case StreamTopic::orders: return ClientChannel{kPrivateSocket, "order"};
    case StreamTopic::fills: return ClientChannel{kPrivateSocket, "execution"};
    case StreamTopic::positions: return ClientChannel{kPrivateSocket, "position"};
    case StreamTopic::balances: return ClientChannel{kPrivateSocket, "wallet"};
    default: break;
  }
  auto name = public_name(wish);
  if (!name) return name.error();
  const bool is_spot = wish.market->kind == unified::MarketKind::spot;
  return ClientChannel{is_spot ? kSpotSocket : kLinearSocket, std::move(*name)};
}

Result<std::string> login(const gateway::ClientKeys& keys, Timestamp now) {
  const std::string expires = std::to_string((now + kLoginLife).ms());
  const auto signature = signature_of(keys.secret, "GET/realtime" + expires);
  if (!signature) return signature.error();
  std::string text;
  JsonWriter json(text);
  json.open().text("op", "auth").key("args").open_list();
  json.text(keys.key).text(expires).text(*signature).close_list().close();
  return text;
}

std::string operation(std::string_view op, std::span<const std::string> names,
                      std::uint64_t request) {
  std::string text;
  JsonWriter json(text);
  json.open().text("op", op).number("req_id", static_cast<std::int64_t>(request));
  if (!names.empty()) {
    json.key("args").open_list();
    for (const std::string& name : names)
      json.text(name);
    json.close_list();
  }
  json.close();
  return text;
}

std::string subscribe(std::span<const std::string> names, std::uint64_t request) {
  return operation("subscribe", names, request);
}

std::string unsubscribe(std::span<const std::string> names, std::uint64_t request) {
  return operation("unsubscribe", names, request);
}

std::string ping(std::uint64_t request) { return operation("ping", {}, request); }

// `u` counts the messages of one topic.
BookStep book_step(std::uint64_t known, const BookUpdate& change) {
  if (change.update == known) return BookStep::repeats;
  return change.update == known + 1 ? BookStep::follows : BookStep::breaks;
}
}  // namespace

constinit const gateway::ClientStreams client_streams{
    .base_url = "wss://stream.bybit.com",
    .testnet_url = "wss://stream-testnet.bybit.com",
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

}  // namespace venuebox::venues::bybit
