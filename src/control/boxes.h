// The boxes of one server thread, by name. The first, "default", is made by the server and stays;
// others come and go through the control API and keep their journal in memory.
#pragma once

#include <map>
#include <memory>

#include "box/box.h"

namespace venuebox::control {

inline constexpr std::size_t kBoxesMax = 1'000;
inline constexpr std::string_view kDefaultBox = "default";

class Boxes {
 public:
  Boxes(const Clock& door, box::BoxSettings settings)
      : door_(door), settings_(std::move(settings)) {}

  // The name must be free and well formed; see check_name.
  Result<box::Box*> create(const box::BoxConfig& config, const box::ClockSettings& clock,
                           std::unique_ptr<store::Store> store);
  box::Box* find(std::string_view name) const;
  Result<void> erase(std::string_view name);
  const std::map<std::string, std::unique_ptr<box::Box>, std::less<>>& all() const {
    return boxes_;
  }

  // Lets every box whose clock runs by itself catch up.
  void advance();
  // How long by the door's clock until one of them wants advance() for what is on its way to it or
  // from it; none: nothing is.
  std::optional<Nanoseconds> next_arrival() const;
  // End of a turn: makes durable what the turn did, in every box.
  Result<void> commit();
  Result<void> end();

  const box::BoxSettings& settings() const { return settings_; }
  const Clock& door() const { return door_; }

 private:
  const Clock& door_;
  box::BoxSettings settings_;
  std::map<std::string, std::unique_ptr<box::Box>, std::less<>> boxes_;
};

// 1 to 32 of [a-z0-9], and no word that a client reads meaning from in a URL.
Result<void> check_box_name(std::string_view name);

}  // namespace venuebox::control
