// A JSON text with the line of each of its values, so that a file that people write can be refused
// with the place of what is wrong in it. For files of a few kilobytes; requests are read by
// JsonObject.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace venuebox::venues::paradex {

struct JsonPlace {
  int line = 1;
  std::string_view raw;  // as it stands in the text; of a text with its quotes
};

class JsonLines {
 public:
  // Views point into `text`. Fails with where = the line ("12") of the first thing that is no JSON.
  static Result<JsonLines> read(std::string_view text);

  // By its path, "results/0/symbol"; the whole is "". Null: it is not there.
  const JsonPlace* find(std::string_view path) const {
    const auto at = places_.find(path);
    return at == places_.end() ? nullptr : &at->second;
  }

 private:
  friend class JsonLinesReader;
  std::map<std::string, JsonPlace, std::less<>> places_;
};

}  // namespace venuebox::venues::paradex
