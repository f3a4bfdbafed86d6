// Asks a box of one venue for something while one fault strikes everything.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "net/message.h"

namespace venuebox::fault_page {

struct VenueRequest {
  std::string_view call;  // as tests/conformance/faults.json names it
  net::Method method = net::Method::get;
  std::string_view target;
  std::string_view body = {};
};

struct StruckVenue {
  std::string_view name;
  std::span<const VenueRequest> requests;
};

struct Told {
  int status = 0;
  std::string headers;
  std::string body;
};

std::span<const StruckVenue> struck_venues();
// At a time that is always the same, in a box that is new each time.
Told told_by(const StruckVenue& venue, std::string_view call, std::string_view action);

}  // namespace venuebox::fault_page
