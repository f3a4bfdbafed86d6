// What the files of Paradex's streams share: channels by their names, and who tells what.
#pragma once

#include "gateway/stream.h"
#include "venues/paradex/json_rpc.h"
#include "venues/paradex/wire.h"

namespace venuebox::venues::paradex {

using gateway::Channel;
using gateway::ChannelKind;
using gateway::Publication;
using gateway::StreamCall;

// Channel::form: what is told. Several are of the same kind.
enum ChannelForm : int {
  kOrderBook,
  kShortOrderBook,  // "orderbook.{market}" of older mocks
  kBestOffer,
  kTrades,
  kSummary,
  kFunding,
  kOrders,
  kFills,
  kFundingPayments,
  kBalanceEvents,
  kPositions,
  kAccount,
  kQuiet,            // can be subscribed to, and has nothing to tell
  kOfOneMarket = 32  // added to private ones: of Channel::instrument alone
};
constexpr ChannelForm form_of(const Channel& channel) {
  return static_cast<ChannelForm>(channel.form & ~kOfOneMarket);
}

// None: there is no such channel.
std::optional<Channel> channel_from(std::string_view name, const View& view,
                                    const gateway::VenueOptions& options);

// {"jsonrpc":"2.0","method":"subscription","params":{"channel":…,"data":…}}; `data` is JSON.
void tell_data(Publication& publication, std::string_view data);
void publish_public(Publication& publication);
void publish_private(Publication& publication);

// "order.create" and the like. False: it is none of these.
bool answer_order_entry(StreamCall& call, const RpcRequest& request);
// The same, when what it asked for has been carried out only now.
void answer_late_entry(StreamCall& call, const RpcRequest& request,
                       const gateway::Response& response);

}  // namespace venuebox::venues::paradex
