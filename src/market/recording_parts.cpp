#include "market/recording_parts.h"

#include "market/whole_book.h"

namespace venuebox::market {
namespace {
using Kind = RecordedMessage::Kind;

class Part final : public Recording {
 public:
  Part(std::unique_ptr<Recording> whole, Timestamp from, Timestamp to)
      : whole_(std::move(whole)), from_(from), to_(to) {}

  bool next(RecordedMessage& message) override {
    if (!has_begun_) return begin(message);
    if (has_held_) {
      has_held_ = false;
      std::swap(message, held_);
      return message.time <= to_;
    }
    return whole_->next(message) && message.time <= to_;
  }
  void rewind() override {
    whole_->rewind();
    has_begun_ = has_held_ = false;
  }

  std::string_view format() const override { return whole_->format(); }
  const std::string& symbol() const override { return whole_->symbol(); }
  std::string_view exchange() const override { return whole_->exchange(); }
  bool has_book() const override { return whole_->has_book(); }
  bool has_trades() const override { return whole_->has_trades(); }
  const RecordingReport& report() const override { return whole_->report(); }

 private:
  bool begin(RecordedMessage& message) {
    has_begun_ = true;
    WholeBook book;
    bool has_book = false;
    while ((has_held_ = whole_->next(held_)) && held_.time < from_) {
      book.update(held_);
      has_book = has_book || held_.kind == Kind::snapshot;
    }
    if (!has_book) return next(message);
    message.kind = Kind::snapshot;
    message.time = from_;
    message.line = whole_->report().lines;
    book.copy_to(message.bids, message.asks);
    return true;
  }

  std::unique_ptr<Recording> whole_;
  Timestamp from_;
  Timestamp to_;
  bool has_begun_ = false;
  RecordedMessage held_;  // the first message that is not before from_
  bool has_held_ = false;
};

class Joined final : public Recording {
 public:
  Joined(std::unique_ptr<Recording> book, std::unique_ptr<Recording> trades)
      : book_{std::move(book), {}, false}, trades_{std::move(trades), {}, false} {}

  bool next(RecordedMessage& message) override {
    if (!has_begun_) {
      // Trades from before the book cannot be placed.
      has_begun_ = true;
      book_.read();
      do {
        trades_.read();
      } while (trades_.has_message && book_.has_message &&
               trades_.message.time < book_.message.time);
      return take(book_, message);
    }
    if (!trades_.has_message) return take(book_, message);
    if (!book_.has_message) return take(trades_, message);
    return take(trades_.message.time <= book_.message.time ? trades_ : book_, message);
  }
  void rewind() override {
    book_.recording->rewind();
    trades_.recording->rewind();
    has_begun_ = false;
  }

  std::string_view format() const override { return book_.recording->format(); }
  const std::string& symbol() const override { return book_.recording->symbol(); }
  std::string_view exchange() const override { return book_.recording->exchange(); }
  bool has_trades() const override { return true; }
  const RecordingReport& report() const override { return book_.recording->report(); }

 private:
  struct Ahead {
    std::unique_ptr<Recording> recording;
    RecordedMessage message;
    bool has_message = false;

    void read() { has_message = recording->next(message); }
  };
  static bool take(Ahead& from, RecordedMessage& message) {
    if (!from.has_message) return false;
    std::swap(message, from.message);
    from.read();
    return true;
  }

  Ahead book_;
  Ahead trades_;
  bool has_begun_ = false;
};
}  // namespace

std::unique_ptr<Recording> part_of(std::unique_ptr<Recording> whole, Timestamp from, Timestamp to) {
  return std::make_unique<Part>(std::move(whole), from, to);
}

std::unique_ptr<Recording> joined(std::unique_ptr<Recording> book,
                                  std::unique_ptr<Recording> trades) {
  return std::make_unique<Joined>(std::move(book), std::move(trades));
}

}  // namespace venuebox::market
