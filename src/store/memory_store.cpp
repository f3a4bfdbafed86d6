// A store that lasts as long as its process: for tests, and for boxes that nobody wants to keep.
#include <deque>

#include "store/store.h"

namespace venuebox::store {
namespace {

class MemoryStore final : public Store {
 public:
  Result<std::optional<Maker>> maker() override { return maker_; }

  Result<void> set_maker(const Maker& maker) override {
    maker_ = maker;
    batches_.clear();
    snapshot_.reset();
    last_ = 0;
    return {};
  }

  Result<std::uint64_t> append(std::string_view batch) override {
    batches_.emplace_back(batch);
    return ++last_;
  }

  Result<void> save_snapshot(const Snapshot& snapshot) override {
    const std::uint64_t first = last_ - batches_.size() + 1;
    if (snapshot.batch >= first) {
      const std::uint64_t covered = snapshot.batch - first + 1;
      const auto count = std::min<std::uint64_t>(covered, batches_.size());
      batches_.erase(batches_.begin(), batches_.begin() + static_cast<std::ptrdiff_t>(count));
    }
    last_ = std::max(last_, snapshot.batch);
    snapshot_ = snapshot;
    return {};
  }

  Result<std::optional<Snapshot>> load_snapshot() override { return snapshot_; }

  Result<void> each_batch(FunctionRef<bool(std::uint64_t, std::string_view)> visit) override {
    std::uint64_t number = last_ - batches_.size();
    for (const std::string& batch : batches_) {
      if (!visit(++number, batch)) break;
    }
    return {};
  }

 private:
  std::optional<Maker> maker_;
  std::optional<Snapshot> snapshot_;
  std::deque<std::string> batches_;  // those after the snapshot, numbered up to last_
  std::uint64_t last_ = 0;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace venuebox::store
