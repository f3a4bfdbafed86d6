#include "gateway/streams.h"

#include <algorithm>

namespace venuebox::gateway {
namespace {
constexpr std::size_t kRequestIdsKept = 1'000;

template <class T>
bool is_among(const std::vector<T*>& all, const T* one) {
  return std::ranges::find(all, one) != all.end();
}

bool is_listed(const Instrument& instrument) { return instrument.phase != TradingPhase::delisted; }
}  // namespace

// What one message of one connection does.
class Streams::Actions final : public StreamActions {
 public:
  // Of an answer that comes later only `session` is there, and only reply() is called.
  struct Context {
    std::string_view message;
    Desk* desk = nullptr;
    const Moment* moment = nullptr;
    RequestLog* log = nullptr;
    const Perform* perform = nullptr;
    bool answers_request = false;
  };
  Actions(Streams& streams, Session& session, const Context& context)
      : streams_(streams),
        session_(session),
        context_(context),
        answers_request_(context.answers_request) {}

  void reply(std::string_view message) override {
    if (!streams_.tap_) return session_.socket->send_text(message);
    if (!is_mute_) streams_.tap_->send(frame_of(message));
  }
  void log_in(AccountId account) override { session_.account = account; }
  bool subscribe(const Channel& channel) override {
    const View& view = context_.desk->view();
    if (!streams_.tap_) return streams_.subscribe(session_, channel, view);
    Frame wish = frame_of({});
    wish.channel = &channel;
    switch (streams_.tap_->subscribe(wish)) {
      case SubscriptionFate::granted: return streams_.subscribe(session_, channel, view);
      case SubscriptionFate::refused: return false;
      case SubscriptionFate::unanswered: is_mute_ = true; return true;
      case SubscriptionFate::pretended: return true;
    }
    return true;
  }
  bool is_subscribed(std::string_view topic) const override {
    return std::ranges::find(session_.topics, topic, &Channel::topic) != session_.topics.end();
  }
  bool unsubscribe(std::string_view topic) override {
    return streams_.unsubscribe(session_, topic);
  }
  bool perform(const StreamRequest& asked, Response& response) override {
    VENUEBOX_ASSERT(session_.account && context_.desk);
    answers_request_ = true;
    Request request;
    request.method = asked.method;
    request.target = asked.target;
    net::split_target(request);
    request.body = asked.body;
    if (streams_.table_->has_sessions) {
      request.session = streams_.orders_of(session_, context_.desk->view());
    }
    request.arrived = context_.moment->door_time;
    if (context_.perform) {
      const StreamAsker asker{session_.socket, session_.number, std::string(context_.message)};
      return (*context_.perform)(asker, *session_.account, request, response);
    }
    streams_.door_.handle_for(*session_.account, request, response, *context_.desk,
                              *context_.moment);
    context_.log->add(request, response);
    return true;
  }
  void cancel_on_disconnect(bool enabled) override { session_.ends_orders = enabled; }
  bool claim(std::string_view request_id) override {
    return session_.request_ids.claim(request_id);
  }

 private:
  Frame frame_of(std::string_view text) const {
    return {.socket = *session_.socket,
            .connection = session_.number,
            .account = session_.account,
            .answers_request = answers_request_,
            .text = text};
  }

  Streams& streams_;
  Session& session_;
  const Context context_;
  bool answers_request_;
  bool is_mute_ = false;
};

bool Streams::RequestIds::claim(std::string_view id) {
  const auto [at, is_new] = known.emplace(id);
  if (!is_new) return false;
  oldest_first.push_back(at);
  if (oldest_first.size() <= kRequestIdsKept) return true;
  known.erase(oldest_first.front());
  oldest_first.pop_front();
  return true;
}

Streams::Streams(const Venue& venue, Door& door) : table_(venue.streams), door_(door) {}

Streams::~Streams() { close_all(net::close_code::kGoingAway, "the box has ended"); }

void Streams::close_all(std::uint16_t code, std::string_view reason) {
  for (const auto& [address, session] : sessions_) {
    session->socket->forget_handler();
    session->socket->close(code, reason);
  }
  sessions_.clear();
  feeds_.clear();
  listened_.clear();
}

const StreamRoute* Streams::find_route(std::string_view path) const {
  if (!table_) return nullptr;
  auto at = std::ranges::find(table_->routes, path, &StreamRoute::path);
  const auto end = table_->routes.end();
  if (at == end) at = std::ranges::find(table_->routes, std::string_view(), &StreamRoute::path);
  return at == end ? nullptr : &*at;
}

void Streams::open(net::WebSocket& socket, const StreamRoute& route, std::string_view query) {
  auto session = std::make_unique<Session>();
  session->socket = &socket;
  session->route = &route;
  session->number = ++connections_made_;
  if (!door_.verifies()) session->account = door_.anonymous();
  socket.set_idle_timeout(table_->idle_timeout ? table_->idle_timeout(route, query)
                                               : table_->limits.idle_timeout);
  if (table_->limits.ping_every.raw > 0) {
    socket.set_heartbeat(table_->limits.ping_every, table_->limits.pong_within);
  }
  sessions_.emplace(&socket, std::move(session));
}

void Streams::receive(net::WebSocket& socket, std::string_view message, bool is_text, Desk& desk,
                      const Moment& moment, RequestLog& log, const Perform* perform) {
  const auto at = sessions_.find(&socket);
  if (at == sessions_.end()) return;
  Actions actions(*this, *at->second, {message, &desk, &moment, &log, perform});
  const auto find = [this](std::string_view key) { return door_.find(key); };
  StreamCall call = call_of(*at->second, message, desk.view(), moment, find, actions);
  table_->receive(call, is_text);
}

void Streams::answer(const StreamAsker& asker, const Response& response, const View& view,
                     const Moment& moment) {
  const auto at = sessions_.find(asker.socket);
  if (at == sessions_.end() || at->second->number != asker.connection) return;
  Actions actions(*this, *at->second, {.message = {}, .answers_request = true});
  const auto find = [this](std::string_view key) { return door_.find(key); };
  StreamCall call = call_of(*at->second, asker.message, view, moment, find, actions);
  table_->answer_performed(call, response);
}

StreamCall Streams::call_of(const Session& session, std::string_view message, const View& view,
                            const Moment& moment, const FindCredential& find,
                            StreamActions& actions) {
  return {.message = message,
          .route = *session.route,
          .connection = session.number,
          .account = session.account,
          .view = view,
          .now = moment.box_time + moment.clock_skew,
          .door_time = moment.door_time + moment.clock_skew,
          .box_key = moment.box_key,
          .verifies = door_.verifies(),
          .options = door_.options(),
          .find = find,
          .json = json_,
          .actions = actions};
}

net::WebSocket* Streams::find(const StreamAsker& asker) {
  const auto at = sessions_.find(asker.socket);
  if (at == sessions_.end() || at->second->number != asker.connection) return nullptr;
  return at->second->socket;
}

// Never the same again, even after a restart: the exchange has executed more by then than there
// were sessions.
std::uint32_t Streams::orders_of(Session& session, const View& view) {
  if (session.orders == 0) {
    const auto executed = static_cast<std::uint32_t>(view.sequence());
    session.orders = last_orders_ = std::max(last_orders_, executed) + 1;
  }
  return session.orders;
}

std::optional<EndSession> Streams::close(net::WebSocket& socket) {
  const auto at = sessions_.find(&socket);
  if (at == sessions_.end()) return std::nullopt;
  Session& session = *at->second;
  while (!session.feeds.empty())
    leave(session, *session.feeds.back());
  if (tap_) tap_->closed(session.number);
  std::optional<EndSession> ended;
  if (session.ends_orders && session.orders != 0) {
    ended = EndSession{session.account.value(), session.orders};
  }
  sessions_.erase(at);
  return ended;
}

// ---- subscriptions ------------------------------------------------------------------------------

Streams::Key Streams::key_of(const Session& session, const Channel& channel) const {
  const auto route = static_cast<std::size_t>(session.route - table_->routes.data());
  return {route, is_private(channel.kind) ? session.account.value() : kNoAccount, channel.topic,
          channel.instrument};
}

bool Streams::subscribe(Session& session, const Channel& channel, const View& view) {
  if (std::ranges::find(session.topics, channel.topic, &Channel::topic) != session.topics.end()) {
    return true;
  }
  if (session.topics.size() >= table_->limits.topics_max) return false;
  session.topics.push_back(channel);
  if (channel.all_markets) {
    subscribe_to_all(session, channel, view);
  } else {
    join(session, channel);
  }
  return true;
}

void Streams::subscribe_to_all(Session& session, const Channel& channel, const View& view) {
  for (const Instrument& instrument : view.instruments()) {
    if (!is_listed(instrument)) continue;
    Channel of_one = channel;
    of_one.instrument = instrument.id;
    join(session, of_one);
  }
}

// Markets that were listed after somebody had asked for all of them.
void Streams::subscribe_to_new_markets(const View& view) {
  const std::size_t count = view.instruments().size();
  if (std::exchange(markets_, count) == count) return;
  std::map<std::uint64_t, Session*> in_order;
  for (const auto& [address, session] : sessions_)
    in_order.emplace(session->number, session.get());
  for (const auto& [number, session] : in_order) {
    for (const Channel& channel : session->topics) {
      if (channel.all_markets) subscribe_to_all(*session, channel, view);
    }
  }
}

void Streams::join(Session& session, const Channel& channel) {
  const Key key = key_of(session, channel);
  const auto at = feeds_.try_emplace(key).first;
  Feed& feed = at->second;
  if (is_among(session.feeds, &feed)) return;
  feed.key = &at->first;
  feed.channel = channel;
  const auto traded = trades_.find(channel.instrument);
  if (begins_with_all(channel.kind)) {
    feed.newcomers.push_back(&session);
  } else if (channel.kind == ChannelKind::trades && traded != trades_.end()) {
    feed.late.emplace_back(&session, traded->second.count());
  } else {
    feed.subscribers.push_back(&session);
  }
  session.feeds.push_back(&feed);
  if (is_private(channel.kind)) ++listened_[key.account].subscriptions;
}

bool Streams::unsubscribe(Session& session, std::string_view topic) {
  const std::string of_topic(topic);  // it may be the name that is forgotten here
  if (std::erase_if(session.topics, [&](const Channel& c) { return c.topic == of_topic; }) == 0) {
    return false;
  }
  const auto of_it = std::ranges::partition(
      session.feeds, [&](const Feed* feed) { return feed->channel.topic != of_topic; });
  const std::vector<Feed*> left(of_it.begin(), of_it.end());
  for (Feed* feed : left)
    leave(session, *feed);
  return true;
}

void Streams::leave(Session& session, Feed& feed) {
  std::erase(feed.subscribers, &session);
  std::erase(feed.newcomers, &session);
  std::erase_if(feed.late, [&](const auto& one) { return one.first == &session; });
  std::erase(session.feeds, &feed);
  if (is_private(feed.channel.kind)) {
    const auto listened = listened_.find(feed.key->account);
    VENUEBOX_ASSERT(listened != listened_.end());
    if (--listened->second.subscriptions == 0) listened_.erase(listened);
  }
  if (feed.subscribers.empty() && feed.newcomers.empty() && feed.late.empty()) {
    feeds_.erase(Key(*feed.key));
  }
}

// ---- the end of a turn --------------------------------------------------------------------------

void Streams::tell(const View& view, const Moment& moment, bool is_paced) {
  if (feeds_.empty()) return;
  is_step_ = true;
  const bool is_crowded = this->is_crowded();
  for (auto& [key, feed] : feeds_) {
    if (!is_crowded || is_private(feed.channel.kind)) publish(key, feed, view, moment, is_paced);
  }
  forget_told(is_crowded);
}

void Streams::publish(const View& view, const Moment& moment, bool is_paced) {
  subscribe_to_new_markets(view);
  for (auto& [key, feed] : feeds_)
    publish(key, feed, view, moment, is_paced);
  forget_told(false);
  if (std::exchange(is_step_, false)) {
    for (const auto& [address, session] : sessions_)
      session->left_by_step = session->socket->unsent();
  }
  ++turn_;
}

void Streams::forget_told(bool keeps_markets) {
  if (!keeps_markets) {
    trades_.clear();
    liquidations_.clear();
  }
  for (auto& [account, listened] : listened_)
    listened.news = {};
}

// Nothing leaves before the turn ends.
bool Streams::is_crowded() const {
  return std::ranges::any_of(sessions_, [&](const auto& entry) {
    return entry.second->socket->unsent() > table_->limits.step_bytes_max;
  });
}

// Those who have just come get the whole, as of what the others have been told.
void Streams::publish(const Key& key, Feed& feed, const View& view, const Moment& moment,
                      bool is_paced) {
  const std::vector<Session*>* listeners = &feed.subscribers;
  const Publication* told = nullptr;
  const auto tell = [&](std::string_view message) {
    send(message, *told, *listeners);
    feed.told = moment.box_time;
  };
  Publication publication{.view = view,
                          .channel = feed.channel,
                          .account = key.account,
                          .credential = door_.credential_of(key.account),
                          .now = moment.box_time,
                          .box_key = moment.box_key,
                          .number = publications_,
                          .is_snapshot = false,
                          .is_repeat = is_quiet_for_long(feed, moment.box_time),
                          .book = {},
                          .trades = {},
                          .news = nullptr,
                          .memory = feed.memory,
                          .tell = tell};
  told = &publication;
  const bool is_due = !is_paced || moment.box_time - feed.told >= feed.channel.pace;
  if (has_news(feed, publication, is_due || !feed.newcomers.empty()) && !listeners->empty()) {
    table_->publish(publication);
  }
  for (const auto& [session, count] : std::exchange(feed.late, {})) {
    const std::vector<Session*> alone{session};
    listeners = &alone;
    publication.trades = trades_[feed.channel.instrument].after(count);
    if (!publication.trades.empty()) table_->publish(publication);
    feed.subscribers.push_back(session);
  }
  if (feed.newcomers.empty()) return;
  listeners = &feed.newcomers;
  publication.is_snapshot = true;
  publication.is_repeat = false;
  publication.trades = {};
  publication.news = nullptr;
  if (feed.channel.kind == ChannelKind::book) publication.book = feed.book.whole();
  table_->publish(publication);
  feed.subscribers.insert(feed.subscribers.end(), feed.newcomers.begin(), feed.newcomers.end());
  feed.newcomers.clear();
}

bool Streams::is_quiet_for_long(const Feed& feed, Timestamp now) {
  return feed.channel.repeat.raw > 0 && now - feed.told >= feed.channel.repeat;
}

// Whether there is something to tell, which then stands in the publication.
bool Streams::has_news(Feed& feed, Publication& publication, bool is_due) {
  const Channel& channel = feed.channel;
  switch (channel.kind) {
    case ChannelKind::book:
      if (is_due && feed.book.look(publication.view, channel)) {
        publication.book = channel.is_always_whole ? feed.book.whole() : feed.book.news();
        return true;
      }
      if (!publication.is_repeat) return false;
      publication.book = feed.book.whole();
      return true;
    case ChannelKind::trades:
    case ChannelKind::liquidations: {
      const auto& all = channel.kind == ChannelKind::trades ? trades_ : liquidations_;
      if (const auto known = all.find(channel.instrument); known != all.end()) {
        publication.trades = known->second.after(0);
      }
      return !publication.trades.empty();
    }
    case ChannelKind::ticker:
    case ChannelKind::candles: return is_due || publication.is_repeat;
    case ChannelKind::orders:
    case ChannelKind::executions:
    case ChannelKind::positions:
    case ChannelKind::balances:
      publication.news = news_of(publication.account);
      return publication.is_repeat || (publication.news && !publication.news->empty());
  }
  return false;
}

// Who is slow shows in what was left over from earlier turns; what this one brings had no chance to
// leave yet.
bool Streams::is_slow(Session& session) const {
  const std::size_t unsent = session.socket->unsent();
  if (unsent <= table_->limits.unsent_bytes_max) session.left_by_step = 0;
  return unsent > std::max(table_->limits.unsent_bytes_max, session.left_by_step);
}

bool Streams::is_too_slow(Session& session) {
  if (session.turn != turn_) {
    session.turn = turn_;
    if (!session.is_slow && is_slow(session)) {
      session.is_slow = true;
      session.socket->close(net::close_code::kPolicyViolation,
                            "too slow to read what it asked for");
    }
  }
  return session.is_slow;
}

void Streams::send(std::string_view message, const Publication& publication,
                   const std::vector<Session*>& listeners) {
  ++publications_;
  if (tap_) return send_by_tap(message, publication, listeners);
  frame_.clear();
  net::append_text_frame(frame_, message);
  for (Session* session : listeners) {
    if (!is_too_slow(*session)) session->socket->send(frame_);
  }
}

void Streams::send_by_tap(std::string_view message, const Publication& publication,
                          const std::vector<Session*>& listeners) {
  for (Session* session : listeners) {
    if (is_too_slow(*session)) continue;
    tap_->send({.socket = *session->socket,
                .connection = session->number,
                .account = session->account,
                .channel = &publication.channel,
                .is_snapshot = publication.is_snapshot,
                .text = message});
  }
}

void Streams::begin_again(const net::WebSocket& socket, std::string_view topic,
                          std::uint64_t number, bool with_snapshot) {
  const auto at = sessions_.find(&socket);
  if (at == sessions_.end()) return;
  for (Feed* feed : at->second->feeds) {
    if (feed->channel.topic != topic || !begins_with_all(feed->channel.kind)) continue;
    feed->book.count_from(number);
    if (!with_snapshot) continue;
    feed->newcomers.insert(feed->newcomers.end(), feed->subscribers.begin(),
                           feed->subscribers.end());
    feed->subscribers.clear();
  }
}

}  // namespace venuebox::gateway
