// Values to bytes and back, for the journal, snapshots and hashes. A struct takes part by naming
// its members once, in `template <class Self> static auto fields(Self& s)`; the layout is little
// endian, without padding, and has no versions of its own: the store's format version covers it.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/count.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/wide.h"

namespace venuebox {

static_assert(std::endian::native == std::endian::little);

template <class T>
concept HasFields = requires(T& t) {
  T::fields(t);
};

template <class T>
concept Scalar = std::is_integral_v<T> || std::is_enum_v<T> || std::is_same_v<T, Int128>;

class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  template <Scalar T>
  void put(const T& value) {
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  template <class U>
  void put(const Count<U>& count) {
    put(count.raw);
  }
  template <class K, class R>
  void put(const Id<K, R>& id) {
    put(id.raw);
  }
  template <std::size_t N>
  void put(const FixedText<N>& text) {
    put(static_cast<std::uint8_t>(text.view().size()));
    out_.append(text.view());
  }
  void put(const std::string& text) {
    put(static_cast<std::uint32_t>(text.size()));
    out_.append(text);
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    put(static_cast<std::uint32_t>(values.size()));
    for (const T& value : values)
      put(value);
  }
  template <class K, class V>
  void put(const std::map<K, V>& values) {
    put(static_cast<std::uint32_t>(values.size()));
    for (const auto& [key, value] : values)
      put(key), put(value);
  }
  template <class... Ts>
  void put(const std::variant<Ts...>& value) {
    put(static_cast<std::uint8_t>(value.index()));
    std::visit([this](const auto& body) { put(body); }, value);
  }
  template <HasFields T>
  void put(const T& value) {
    std::apply([this](const auto&... members) { (put(members), ...); }, T::fields(value));
  }

 private:
  std::string& out_;
};

// Reads what ByteWriter wrote. A text that ends early or does not decode turns ok() false for good,
// and every later value is a default one: check once, at the end.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }

  template <Scalar T>
  void get(T& value) {
    if (!take(sizeof value)) return;
    std::memcpy(&value, bytes_.data() - sizeof value, sizeof value);
  }
  template <class U>
  void get(Count<U>& count) {
    get(count.raw);
  }
  template <class K, class R>
  void get(Id<K, R>& id) {
    get(id.raw);
  }
  template <std::size_t N>
  void get(FixedText<N>& text) {
    std::uint8_t size = 0;
    get(size);
    if (size > N || !take(size)) return fail();
    text = FixedText<N>(bytes_before(size));
  }
  void get(std::string& text) {
    std::uint32_t size = 0;
    get(size);
    if (!take(size)) return;
    text = bytes_before(size);
  }
  template <class T>
  void get(std::optional<T>& value) {
    bool present = false;
    get(present);
    value.reset();
    if (present && ok_) get(value.emplace());
  }
  template <class T>
  void get(std::vector<T>& values) {
    std::uint32_t size = 0;
    get(size);
    values.clear();
    for (std::uint32_t i = 0; i < size && ok_; ++i)
      get(values.emplace_back());
  }
  template <class K, class V>
  void get(std::map<K, V>& values) {
    std::uint32_t size = 0;
    get(size);
    values.clear();
    for (std::uint32_t i = 0; i < size && ok_; ++i) {
      K key{};
      get(key);
      get(values[key]);
    }
  }
  template <class... Ts>
  void get(std::variant<Ts...>& value) {
    std::uint8_t index = 0;
    get(index);
    if (index >= sizeof...(Ts)) return fail();
    get_alternative<0>(value, index);
  }
  template <HasFields T>
  void get(T& value) {
    std::apply([this](auto&... members) { (get(members), ...); }, T::fields(value));
  }

 private:
  template <std::size_t I, class... Ts>
  void get_alternative(std::variant<Ts...>& value, std::size_t index) {
    if (index == I) return get(value.template emplace<I>());
    if constexpr (I + 1 < sizeof...(Ts)) get_alternative<I + 1>(value, index);
  }
  void fail() { ok_ = false; }
  bool take(std::size_t size) {
    if (!ok_ || bytes_.size() < size) return ok_ = false;
    bytes_.remove_prefix(size);
    return true;
  }
  std::string_view bytes_before(std::size_t size) const { return {bytes_.data() - size, size}; }

  std::string_view bytes_;
  bool ok_ = true;
};

// Hashes the same fields that ByteWriter writes, without writing them.
class FieldHasher {
 public:
  explicit FieldHasher(Hasher& hasher) : hasher_(hasher) {}

  template <Scalar T>
  void put(const T& value) {
    if constexpr (sizeof value > 8) {
      hasher_.add(static_cast<std::uint64_t>(value));
      hasher_.add(static_cast<std::uint64_t>(value >> 64));
    } else {
      hasher_.add(static_cast<std::uint64_t>(value));
    }
  }
  template <class U>
  void put(const Count<U>& count) {
    put(count.raw);
  }
  template <class K, class R>
  void put(const Id<K, R>& id) {
    put(id.raw);
  }
  template <std::size_t N>
  void put(const FixedText<N>& text) {
    hasher_.add_bytes(text.view());
  }
  template <class T>
  void put(const std::optional<T>& value) {
    hasher_.add(value.has_value());
    if (value) put(*value);
  }
  template <class... Ts>
  void put(const std::variant<Ts...>& value) {
    hasher_.add(value.index());
    std::visit([this](const auto& body) { put(body); }, value);
  }
  template <HasFields T>
  void put(const T& value) {
    std::apply([this](const auto&... members) { (put(members), ...); }, T::fields(value));
  }

 private:
  Hasher& hasher_;
};

template <class T>
std::string bytes_of(const T& value) {
  std::string out;
  ByteWriter(out).put(value);
  return out;
}

}  // namespace venuebox
