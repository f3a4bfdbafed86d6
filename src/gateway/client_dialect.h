// The client's side of a venue: what a unified call is on its wire, and what the answer means. Pure
// functions on plain values, without sockets, clocks or state; the client library brings those. One
// folder serves both ends: the server decodes what this encodes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/unified.h"
#include "net/message.h"

namespace venuebox::gateway {

enum class Network : std::uint8_t { mainnet, testnet };

// What a client signs with, by the venue's own names ("apiKey", "secret").
struct ClientKeys {
  std::string key;
  std::string secret;
  Network network = Network::mainnet;         // some venues have it signed; of a box, testnet
  std::string token = {};                     // where the venue gives out some; see ask_token
  std::shared_ptr<const void> prepared = {};  // what ClientDialect::prepare made of them
};

// What a venue takes instead of a signature for a while.
struct ClientToken {
  std::string text;
  Timestamp renew_at;  // by the client's clock: it is good for a little longer
};

// A request that waits to be signed and sent.
struct ClientRequest {
  net::Method method = net::Method::get;
  std::string path;   // "/v5/order/create"
  std::string query;  // as on the wire, without the question mark
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool is_private = false;  // to be signed
};

// What became of a call that the venue has answered.
enum class Verdict : std::uint8_t {
  ok,
  refused,             // the venue said no; asking again gives the same answer
  insufficient_funds,  // refused for want of money
  bad_price,           // refused for its price alone
  unknown_order,
  duplicate_client_order_id,  // an order of this name is there already
  rate_limited,               // ask again later; see retry_after
  unavailable,                // overloaded; nothing was done, and it may work in a moment
  maintenance,                // venue or market is closed for a while; nothing was done
  uncertain,                  // it cannot be told whether something was done
  not_authorised,             // key, signature or permission
  stale_clock,                // the client's clock is off
  garbled,                    // not an answer of this venue
};

struct VenueAnswer {
  Verdict verdict = Verdict::ok;
  int code = 0;             // the venue's own
  std::string words;        // the venue's own
  Nanoseconds retry_after;  // 0: it did not say
};

struct ClientResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct ClientStreams;  // client_streams.h

struct ClientDialect {
  std::string_view name;      // as the server side
  std::string_view base_url;  // "https://api.bybit.com"
  std::string_view testnet_url;
  // Names of environment variables, in the order of ClientKeys: "BYBIT_API_KEY" …
  std::array<std::string_view, 2> key_variables;
  // Query parameters and body members that sign() writes: a recording leaves them out, as it does
  // headers, so that equal calls are equal and no proof is kept.
  std::span<const std::string_view> unrecorded = {};

  // What is dear to work out of the keys and needed with each signature. Fails when they are none
  // that this venue knows; the words never hold them. Null: nothing is.
  Result<std::shared_ptr<const void>> (*prepare)(const ClientKeys&) = nullptr;
  // Of venues that give out tokens: the call for one, which sign() signs by the keys alone, and
  // what its answer gives. Null: the keys prove each call.
  ClientRequest (*ask_token)() = nullptr;
  Result<ClientToken> (*read_token)(const ClientResponse&, Timestamp asked) = nullptr;

  // Adds what proves who sends it, at this time by the client's clock, in place of an earlier
  // proof. Fails when the keys are none that this venue knows; the words never hold them.
  Result<void> (*sign)(ClientRequest&, const ClientKeys&, Timestamp now) = nullptr;
  // What the answer says of the call, before anything of it is read. A server that broke down
  // leaves an order uncertain where a query has merely to be asked again, hence the request.
  VenueAnswer (*judge)(const ClientRequest& asked, const ClientResponse&) = nullptr;
  // The request for what an answer left out; none: it was whole. A list is the rows of all its
  // pages together, and how many of them to ask for is for the caller to bound. Null: answers are
  // whole.
  std::optional<ClientRequest> (*next_page)(const ClientRequest& asked,
                                            const ClientResponse&) = nullptr;

  // Building a call and reading its answer, in pairs. Building fails where the venue has no words
  // for what is wanted, rather than ask for something else. Reading is of an answer that was judged
  // ok, and fails where it does not hold what it must. Markets are those that load_markets gave.
  // Trades, candles and executions are oldest first; other lists stand as the venue has them.
  using Markets = std::span<const unified::Market>;
  std::vector<ClientRequest> (*fetch_markets)() = nullptr;  // all of them, in order
  Result<std::vector<unified::Market>> (*read_markets)(std::span<const ClientResponse>) = nullptr;
  ClientRequest (*fetch_time)() = nullptr;
  Result<Timestamp> (*read_time)(const ClientResponse&) = nullptr;
  ClientRequest (*fetch_ticker)(const unified::Market&) = nullptr;
  Result<unified::Ticker> (*read_ticker)(const ClientResponse&, const unified::Market&) = nullptr;
  std::vector<ClientRequest> (*fetch_tickers)() = nullptr;  // all of them, in any order
  // Of the markets that are known, and no others.
  Result<std::vector<unified::Ticker>> (*read_tickers)(const ClientResponse&, Markets) = nullptr;
  ClientRequest (*fetch_order_book)(const unified::Market&, int levels) = nullptr;
  Result<unified::OrderBook> (*read_order_book)(const ClientResponse&,
                                                const unified::Market&) = nullptr;
  ClientRequest (*fetch_trades)(const unified::Market&, int limit) = nullptr;
  Result<std::vector<unified::PublicTrade>> (*read_trades)(const ClientResponse&,
                                                           const unified::Market&) = nullptr;
  // Up to now; some venues are told a span of time.
  ClientRequest (*fetch_ohlcv)(const unified::Market&, int minutes, int limit,
                               Timestamp now) = nullptr;
  Result<std::vector<unified::Candle>> (*read_ohlcv)(const ClientResponse&,
                                                     const unified::Market&) = nullptr;
  ClientRequest (*fetch_balance)() = nullptr;
  Result<std::vector<unified::AssetBalance>> (*read_balance)(const ClientResponse&) = nullptr;
  ClientRequest (*fetch_positions)() = nullptr;
  Result<std::vector<unified::PositionRow>> (*read_positions)(const ClientResponse&,
                                                              Markets) = nullptr;
  // Answered well, too, where it is the leverage already.
  Result<ClientRequest> (*set_leverage)(const unified::Market&, const Decimal& leverage) = nullptr;
  Result<ClientRequest> (*create_order)(const unified::NewOrder&, const unified::Market&) = nullptr;
  Result<std::string> (*read_created_order)(const ClientResponse&) = nullptr;  // its id
  // `changed` is the order as it should be: its id or, where that is empty, its client order id
  // says which; its price, trigger price and quantity count.
  Result<ClientRequest> (*edit_order)(const unified::Market&,
                                      const unified::OrderRow& changed) = nullptr;
  Result<ClientRequest> (*cancel_order)(const unified::Market&,
                                        const unified::OrderName&) = nullptr;
  // All of them are sent: some venues cancel what waits for a trigger by a call of its own.
  std::vector<ClientRequest> (*cancel_all_orders)(const unified::Market&) = nullptr;
  Result<ClientRequest> (*fetch_order)(const unified::Market&, const unified::OrderName&) = nullptr;
  ClientRequest (*fetch_open_orders)(const unified::Market&) = nullptr;
  // Up to `limit` of those that have ended, newest first.
  ClientRequest (*fetch_closed_orders)(const unified::Market&, int limit) = nullptr;
  Result<std::vector<unified::OrderRow>> (*read_orders)(const ClientResponse&, Markets) = nullptr;
  ClientRequest (*fetch_my_trades)(const unified::Market&, int limit) = nullptr;
  Result<std::vector<unified::FillRow>> (*read_my_trades)(const ClientResponse&, Markets) = nullptr;

  const ClientStreams* streams = nullptr;  // null: none are known
};

}  // namespace venuebox::gateway
