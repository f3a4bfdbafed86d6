// Reads one JSON object member by member and strictly: what is missing, of the wrong kind, out of
// range or unknown is an error that names the member's path. The first error stays; what is read
// after it is a default value, so that a reader looks once, at its end.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_reader.h"
#include "faults/action.h"

namespace venuebox::faults {

class Failure {
 public:
  void set(std::string where, std::string detail) {
    if (!first_) first_ = invalid(std::move(where), std::move(detail));
  }
  bool is_set() const { return first_.has_value(); }
  const Error& error() const { return *first_; }

 private:
  std::optional<Error> first_;
};

// "a, b, c"
std::string listed(std::span<const std::string_view> names);

// One value whose path is known.
std::string text_of(const JsonValue& value, const std::string& path, Failure& failure);
std::int64_t whole_of(const JsonValue& value, std::int64_t least, std::int64_t most,
                      const std::string& path, Failure& failure);
// In parts per billion, bounds included.
std::int64_t ratio_of(const JsonValue& value, std::int64_t least, std::int64_t most,
                      const std::string& path, Failure& failure);
bool flag_of(const JsonValue& value, const std::string& path, Failure& failure);

class Fields {
 public:
  // `path` of the object itself; empty at the root.
  Fields(std::string_view json, std::string path, Failure& failure);

  std::string path_of(std::string_view key) const;
  const std::vector<JsonObject::Member>& members() const { return object_.members(); }

  // Null when absent; the key counts as known from then on.
  const JsonValue* find(std::string_view key);
  bool has(std::string_view key) const { return object_.find(key) != nullptr; }

  std::optional<std::string> text(std::string_view key);
  std::optional<std::int64_t> whole(std::string_view key, std::int64_t least, std::int64_t most);
  std::optional<Ratio> probability(std::string_view key);
  // The member as an object, and an error when it is none; nothing when it is absent.
  std::optional<Fields> object(std::string_view key);

  void refuse(std::string_view key, std::string detail) {
    failure_->set(path_of(key), std::move(detail));
  }
  // Whatever nobody has asked for.
  void refuse_unknown();
  Failure& failure() { return *failure_; }

 private:
  JsonObject object_;
  std::string path_;
  Failure* failure_;
  std::vector<std::string_view> known_;  // literals
};

}  // namespace venuebox::faults
