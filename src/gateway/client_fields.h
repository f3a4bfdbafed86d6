// Reads what a venue answered, member by member, and believes nothing: what is not there, or is not
// what it must be, is an error that says where. Numbers may come as text or as JSON numbers, since
// they are read as text either way.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/json_reader.h"
#include "base/time.h"
#include "gateway/client_dialect.h"
#include "model/unified.h"

namespace venuebox::gateway {

// The members of one object. The first that is wrong is remembered and the others read on, so that
// a reader takes all it needs and asks once.
class Fields {
 public:
  // `where` names the object in errors ("result/list/0"); the JSON must outlive this.
  Fields(const JsonObject& json, std::string where) : json_(json), where_(std::move(where)) {}

  std::string text(std::string_view name);           // there, and not empty
  std::string text_or_empty(std::string_view name);  // absent, null and "" are the same
  bool flag(std::string_view name);
  std::string_view raw(std::string_view name, JsonKind kind);  // of an object or a list

  Decimal number(std::string_view name);           // any sign
  Decimal positive(std::string_view name);         // above 0
  Decimal not_negative(std::string_view name);     // 0 or above
  std::int64_t whole(std::string_view name);       // 0 or above
  std::int64_t whole_or_0(std::string_view name);  // 0: absent, null or ""
  Timestamp milliseconds(std::string_view name);   // since 1970, after it
  // None: absent, null or "".
  std::optional<Decimal> number_if(std::string_view name);
  std::optional<Decimal> not_negative_if(std::string_view name);
  // Some venues write 0 for a price, leverage or quantity that there is not.
  std::optional<Decimal> positive_if(std::string_view name);

  // The member is there, whatever it holds: without it, this is another message.
  void expect(std::string_view name);

  std::string path_of(std::string_view name) const;
  // Remembers that a member is not what it must be.
  void refuse(std::string_view name, std::string_view detail);
  void refuse(const Error& error);
  const std::optional<Error>& wrong() const { return wrong_; }

 private:
  // None: absent, null or "".
  const JsonValue* find(std::string_view name) const;
  std::optional<std::string_view> number_text(std::string_view name);
  Decimal decimal(std::string_view name, std::string_view text);

  const JsonObject& json_;
  std::string where_;
  std::optional<Error> wrong_;
};

std::optional<Decimal> decimal_if(std::string_view text);

// The objects of a list that is a member, one after the other, each as Fields. The first error ends
// it, that of the list itself included.
template <class Read>
std::optional<Error> each_row(Fields& fields, std::string_view name, Read read) {
  const std::string_view list = fields.raw(name, JsonKind::list);
  if (fields.wrong()) return fields.wrong();
  std::deque<std::string> storage;
  const auto values = json_list(list, storage);
  if (!values) return values.error();
  for (std::size_t i = 0; i < values->size(); ++i) {
    const std::string where = fields.path_of(name) + "/" + std::to_string(i);
    const JsonValue& value = (*values)[i];
    if (value.kind != JsonKind::object) return invalid(where, "is no object");
    JsonObject json;
    if (auto parsed = json.parse(value.text); !parsed) return invalid(where, parsed.error().detail);
    Fields row(json, where);
    read(row);
    if (row.wrong()) return row.wrong();
  }
  return std::nullopt;
}

// The elements of a list of texts and numbers, such as ["37000.10","12.345"].
std::optional<std::vector<std::string>> texts_of(const JsonValue& list);

// Whether the low is the lowest and the high the highest, and all of it can be.
bool is_candle(const unified::Candle& candle);
// Of [start in ms, open, high, low, close, volume, ...].
std::optional<unified::Candle> candle_from(const JsonValue& row);

}  // namespace venuebox::gateway
