// A value or the reason why there is none. For what bytes, disks and peers do to us; what trading
// refuses is a RejectReason inside an event, and our own mistakes are VENUEBOX_ASSERT.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/assert.h"

namespace venuebox {

enum class ErrorKind : std::uint8_t {
  invalid,      // the bytes or the value are wrong and stay wrong
  not_found,    // what was named does not exist
  conflict,     // it exists already, or was made by something that does not fit
  unsupported,  // well formed, but not built here
  not_allowed,  // well formed, and refused until a setting allows it
  io,           // disk or peer misbehaved; the same call may succeed later
};

struct Error {
  ErrorKind kind = ErrorKind::invalid;
  std::string where;   // field path, file and line, or the name of the call
  std::string detail;  // cause and, where there is one, the mend

  std::string text() const { return where.empty() ? detail : where + ": " + detail; }
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(value()); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const T& value() const {
    VENUEBOX_ASSERT(state_.index() == 0);
    return *std::get_if<0>(&state_);
  }
  T& value() {
    VENUEBOX_ASSERT(state_.index() == 0);
    return *std::get_if<0>(&state_);
  }
  const Error& error() const {
    VENUEBOX_ASSERT(state_.index() == 1);
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

// For calls that answer with nothing but "it worked".
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  explicit operator bool() const { return !error_; }
  const Error& error() const {
    VENUEBOX_ASSERT(error_);
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

inline Error invalid(std::string where, std::string detail) {
  return {ErrorKind::invalid, std::move(where), std::move(detail)};
}

}  // namespace venuebox
