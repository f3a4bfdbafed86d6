// What the files of Bybit's streams share: routes, topics and the words of answers.
#pragma once

#include "gateway/stream.h"
#include "venues/bybit/wire.h"

namespace venuebox::venues::bybit {

using gateway::Channel;
using gateway::ChannelKind;
using gateway::Publication;
using gateway::StreamCall;

// StreamRoute::market.
enum StreamMarket : int {
  kSpotStream,
  kLinearStream,
  kInverseStream,
  kOptionStream,
  kPrivateStream,
  kTradeStream
};

// Channel::form of candles is their interval's place in intervals(); of private topics: whose rows
// they carry.
enum TopicForm : int {
  kEverything = 0,
  kSpotOnly = 1,
  kLinearOnly = 2,
  kInverseOnly = 3,
  kNothing = 4,  // options, of which none exists
  kFast = 8,     // added: execution.fast
};

// The channel that a topic names on a route; none: there is no such topic.
std::optional<Channel> channel_from(std::string_view topic, StreamMarket market, const View& view);

// "order.create" and the like, on the trade stream.
void answer_order_entry(StreamCall& call, std::string_view op, std::string_view request_id);

// The same, when what it asked for has been carried out only now.
void answer_late_entry(StreamCall& call, std::string_view op, std::string_view request_id,
                       const gateway::Response& response);

void publish_public(Publication& publication);
void publish_private(Publication& publication);

std::string connection_id(const StreamCall& call);
// A member's text, or a number as it is written; empty when it is neither.
std::string_view text_or_number(const JsonValue* value);

}  // namespace venuebox::venues::bybit
