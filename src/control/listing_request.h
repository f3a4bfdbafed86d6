// What POST instruments asks for: a listing, made from its members and from one that it is like.
#pragma once

#include "base/json_reader.h"
#include "box/box.h"

namespace venuebox::control {

struct ListingRequest {
  std::size_t exchange = 0;
  gateway::Listing listing;
  Ticks price;  // 0: none is asked for
};

// Venue and symbol must be there. All else is taken from `like`, a symbol of the venue, or without
// one from the first instrument of the kind; steps and limits only where the price lies within ten
// times the other's, else they are scaled to it.
Result<ListingRequest> listing_from(const JsonObject& body, const box::Box& box);

}  // namespace venuebox::control
