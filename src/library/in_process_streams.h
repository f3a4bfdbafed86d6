// Streams straight into a box of this process, without a socket: to the box each is a WebSocket as
// of any server, and time passes in the box for as long as one is open.
#pragma once

#include <set>

#include "box/box.h"
#include "client/message_stream.h"
#include "net/web_socket.h"

namespace venuebox::library {

class InProcessStream;

// Belongs to the thread of the box and the scheduler, which outlive it and its streams. The box may
// have other users on that thread.
class InProcessStreams final : public client::StreamTransport {
 public:
  //   exchange  the venue's place in the box, as Box::find_exchange tells it
  InProcessStreams(box::Box& box, std::size_t exchange, client::Scheduler& scheduler)
      : box_(box), exchange_(exchange), scheduler_(scheduler) {}
  ~InProcessStreams() override { *alive_ = false; }
  InProcessStreams(const InProcessStreams&) = delete;
  InProcessStreams& operator=(const InProcessStreams&) = delete;

  std::unique_ptr<client::MessageStream> open(std::string_view path,
                                              client::MessageStreamHandler& handler) override;

 private:
  friend InProcessStream;
  // What the box answers the handshake with; null: no stream of that path.
  net::SocketHandler* shake_hands(net::WebSocket& box_end, std::string_view path);
  // Ends a turn. When the box cannot keep it, nothing of it is told and all streams end.
  void commit();
  void let_time_pass();

  box::Box& box_;
  std::size_t exchange_;
  client::Scheduler& scheduler_;
  std::set<InProcessStream*> streams_;
  bool is_ticking_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace venuebox::library
