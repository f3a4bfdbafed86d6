// What users choose of a venue beyond what all venues have: --venue-option VENUE.KEY=VALUE. Each
// venue names the options that it knows; what they come to is part of what a box is.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace venuebox::gateway {

using VenueOptions = std::map<std::string, std::string, std::less<>>;
inline const VenueOptions kNoVenueOptions;

// An option that a venue knows.
struct VenueOption {
  enum class Kind : std::uint8_t {
    flag,   // true or false, or 1 or 0
    whole,  // a number from `lowest` to `highest`
    files,  // a folder, of whose files a box keeps the texts: see files_text
  };
  std::string_view name;
  Kind kind = Kind::flag;
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
};

// "heartbeat_hz, lenient_duplicates"; "none" where there are none.
std::string names_of(std::span<const VenueOption> known);

// Every key is known, and its value one that the option takes. Errors name the key.
Result<void> check_options(const VenueOptions& options, std::span<const VenueOption> known);

// Of options that are checked; absent ones are false and 0.
bool flag_option(const VenueOptions& options, std::string_view name);
std::int64_t whole_option(const VenueOptions& options, std::string_view name);

struct NamedText {
  std::string name;
  std::string text;
};
// Files as the value of an option, {"NAME":"TEXT",…}, and back. With their texts a journal can be
// replayed where the folder is not, and a store notices when they have changed.
std::string files_text(std::span<const NamedText> files);
Result<std::vector<NamedText>> files_from_text(std::string_view text);

}  // namespace venuebox::gateway
