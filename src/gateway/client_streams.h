// The client's side of a venue's streams: which sockets there are, what is said on them, and what
// is heard, in unified words. Pure functions on plain values, as in client_dialect.h: sockets,
// clocks and what came before are the client library's.
#pragma once

#include "gateway/client_dialect.h"

namespace venuebox::gateway {

enum class StreamTopic : std::uint8_t {
  order_book,
  trades,
  ticker,
  candles,
  // Of the account that has logged in:
  orders,
  fills,
  positions,
  balances,
};
constexpr bool is_private(StreamTopic topic) { return topic >= StreamTopic::orders; }

// What somebody wants to be told of.
struct StreamWish {
  StreamTopic topic = StreamTopic::order_book;
  const unified::Market* market = nullptr;  // of public topics
  int levels = 0;                           // of a book, on each side, at least; 0: the venue's own
  int minutes = 0;                          // of candles
};

struct ClientSocket {
  std::string_view path;       // "/v5/private"
  bool is_private = false;     // a login comes first
  std::size_t topics_max = 1;  // that one message may ask for
};

// A wish in the venue's words.
struct ClientChannel {
  std::size_t socket = 0;  // its place in ClientStreams::sockets
  std::string name;        // "orderbook.50.BTCUSDT"
};

// ---- what is heard ------------------------------------------------------------------------------

struct LoginAnswer {
  bool is_accepted = false;
  bool may_retry = false;  // refused for something that passes, unlike a key
  std::string words;       // the venue's own
};

struct SubscriptionAnswer {
  std::uint64_t request = 0;  // that it answers; 0: it does not say
  bool is_accepted = false;
  std::string words;
};

struct Pong {};

// A whole book, or what changed of one: levels with what stands there now, 0 for nothing any more.
struct BookUpdate {
  bool is_whole = false;
  std::uint64_t update = 0;                   // what tells whether a change follows the one before
  unified::OrderBook book;                    // of a change: the levels that changed, in no order
  std::optional<std::int64_t> checksum = {};  // of the book as it is then
};

// The members of a ticker that were told; all others are as before.
struct TickerUpdate {
  using Member = std::optional<Decimal> unified::Ticker::*;
  bool is_whole = false;  // those that were not told are none
  Timestamp time;
  std::vector<std::pair<Member, std::optional<Decimal>>> members;
};

// A position of quantity 0 is none any more.
using StreamBody =
    std::variant<LoginAnswer, SubscriptionAnswer, Pong, BookUpdate, TickerUpdate,
                 std::vector<unified::PublicTrade>, std::vector<unified::Candle>,
                 std::vector<unified::OrderRow>, std::vector<unified::FillRow>,
                 std::vector<unified::PositionRow>, std::vector<unified::AssetBalance>>;

struct StreamNews {
  std::string channel;  // its name; empty: an answer
  StreamBody body;
};

// What a change means to the book that is there.
enum class BookStep : std::uint8_t {
  follows,
  repeats,  // it has been told before
  breaks,   // something between is missing
};

// ---- the table ----------------------------------------------------------------------------------

struct ClientStreams {
  std::string_view base_url;  // "wss://stream.bybit.com"
  std::string_view testnet_url;
  std::span<const ClientSocket> sockets;
  Nanoseconds ping_interval;
  // Codes by which the server says that coming back is of no use.
  std::span<const std::uint16_t> final_close_codes;

  // Fails where the venue has no such channel.
  Result<ClientChannel> (*channel)(const StreamWish&) = nullptr;
  // The first message on a private socket. Fails when the keys are none that this venue knows; the
  // words never hold them.
  Result<std::string> (*login)(const ClientKeys&, Timestamp now) = nullptr;
  // One message each; `request` is what the answer is known by. At most topics_max names.
  std::string (*subscribe)(std::span<const std::string> names, std::uint64_t request) = nullptr;
  std::string (*unsubscribe)(std::span<const std::string> names, std::uint64_t request) = nullptr;
  std::string (*ping)(std::uint64_t request) = nullptr;
  // Fails on what is no message of this venue, or does not hold what it must.
  Result<StreamNews> (*read)(std::size_t socket, std::string_view message,
                             ClientDialect::Markets) = nullptr;
  //   known  `update` of the news before
  BookStep (*book_step)(std::uint64_t known, const BookUpdate& change) = nullptr;
  // Null: the venue has none.
  std::int64_t (*checksum)(const unified::OrderBook&, const unified::Market&) = nullptr;
};

}  // namespace venuebox::gateway
