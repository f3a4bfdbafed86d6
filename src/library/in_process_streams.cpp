#include "library/in_process_streams.h"

#include <array>
#include <deque>
#include <optional>

#include "net/frame.h"

namespace venuebox::library {
namespace {
constexpr Nanoseconds kMarketTick = milliseconds(10);  // as of `venuebox serve`

// Of a frame that append_text_frame() made: unmasked, and whole.
std::string_view payload_of(std::string_view frame) {
  const auto length = static_cast<std::uint8_t>(frame.at(1));
  const std::size_t head = length == net::kLengthIn64Bits   ? 10
                           : length == net::kLengthIn16Bits ? 4
                                                            : 2;
  return frame.substr(head);
}
}  // namespace

// The client's end; `box_end_` is what the box has of it.
class InProcessStream final : public client::MessageStream {
 public:
  InProcessStream(InProcessStreams& owner, std::string_view path,
                  client::MessageStreamHandler& handler)
      : owner_(owner), handler_(handler) {
    owner_.streams_.insert(this);
    later([this, path = std::string(path)] { open(path); });
  }
  ~InProcessStream() override {
    *alive_ = false;
    owner_.streams_.erase(this);
    if (box_) box_->closed(box_end_);
  }

  bool send(std::string_view message) override {
    if (!box_ || end_) return false;
    later([this, text = std::string(message)] {
      if (!box_ || end_) return;
      box_->received(box_end_, text, true);
      owner_.commit();
    });
    return true;
  }

  // The box has lost what it was to say.
  void break_off(std::string why) {
    to_client_.clear();
    unsent_ = 0;
    if (!end_) end_ = client::StreamEnd{.code = 0, .status = 0, .text = std::move(why)};
    deliver_later();
  }

 private:
  class BoxEnd final : public net::WebSocket {
   public:
    explicit BoxEnd(InProcessStream& stream) : stream_(stream) {}
    void send(std::string_view frame) override { stream_.push(payload_of(frame)); }
    void send_text(std::string_view text) override { stream_.push(text); }
    void close(std::uint16_t code, std::string_view reason) override {
      if (stream_.end_) return;
      stream_.end_ = client::goodbye(code, reason);
      stream_.deliver_later();
    }
    // A silent one goes on until the client gives up.
    void end_rudely(net::Delivery::After after) override {
      if (stream_.end_ || stream_.is_silent_) return;
      stream_.is_silent_ = true;
      if (after == net::Delivery::After::silent) return;
      stream_.end_ = {.code = 0, .status = 0, .text = "the connection ended without a goodbye"};
      stream_.deliver_later();
    }
    std::size_t unsent() const override { return stream_.unsent_; }
    // Nobody goes away unnoticed within one process.
    void set_idle_timeout(Nanoseconds) override {}
    void set_heartbeat(Nanoseconds, Nanoseconds) override {}
    void forget_handler() override { stream_.box_ = nullptr; }

   private:
    InProcessStream& stream_;
  };

  void open(const std::string& path) {
    box_ = owner_.shake_hands(box_end_, path);
    if (box_) return handler_.opened();
    handler_.closed({.code = 0, .status = 404, .text = "the box has no stream " + path});
  }

  void push(std::string_view text) {
    if (end_ || is_silent_) return;
    to_client_.emplace_back(text);
    unsent_ += text.size();
    deliver_later();
  }

  // One message each turn: whoever is told may end the stream.
  void deliver_later() {
    if (std::exchange(is_delivering_, true)) return;
    later([this] { deliver(); });
  }
  void deliver() {
    is_delivering_ = false;
    if (!to_client_.empty()) {
      const std::string text = std::move(to_client_.front());
      to_client_.pop_front();
      unsent_ -= text.size();
      if (!to_client_.empty() || end_) deliver_later();
      return handler_.received(text, true);
    }
    if (!end_) return;
    if (auto* box = std::exchange(box_, nullptr)) box->closed(box_end_);
    handler_.closed(*end_);
  }
  void later(std::function<void()> work) {
    owner_.scheduler_.after({}, [alive = alive_, work = std::move(work)] {
      if (*alive) work();
    });
  }

  InProcessStreams& owner_;
  client::MessageStreamHandler& handler_;
  BoxEnd box_end_{*this};
  net::SocketHandler* box_ = nullptr;  // null: not open, or not any more
  std::deque<std::string> to_client_;
  std::size_t unsent_ = 0;                // bytes of those
  std::optional<client::StreamEnd> end_;  // that follows them
  bool is_silent_ = false;                // the box tells nothing more
  bool is_delivering_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

std::unique_ptr<client::MessageStream> InProcessStreams::open(
    std::string_view path, client::MessageStreamHandler& handler) {
  auto stream = std::make_unique<InProcessStream>(*this, path, handler);
  if (!std::exchange(is_ticking_, true)) let_time_pass();
  return stream;
}

net::SocketHandler* InProcessStreams::shake_hands(net::WebSocket& box_end, std::string_view path) {
  const std::array headers{net::Header{"Upgrade", "websocket"}};
  net::Request request;
  request.target = path;
  request.path = path;
  request.headers = headers;
  request.arrived = scheduler_.now();
  net::Response response;
  box_.handle(exchange_, request, response);
  if (response.upgrade) response.upgrade->opened(box_end, request);
  commit();
  return response.upgrade;
}

void InProcessStreams::commit() {
  const auto committed = box_.commit();
  if (committed) return;
  for (InProcessStream* stream : streams_) {
    stream->break_off("the box of this process cannot keep its journal: " +
                      committed.error().text());
  }
}

void InProcessStreams::let_time_pass() {
  scheduler_.after(kMarketTick, [this, alive = alive_] {
    if (!*alive) return;
    is_ticking_ = !streams_.empty();
    if (!is_ticking_) return;
    if (box_.clock().mode() != box::ClockMode::manual) box_.advance();
    commit();
    let_time_pass();
  });
}

}  // namespace venuebox::library
