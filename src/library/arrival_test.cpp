#include "library/arrival.h"

#include <gtest/gtest.h>

namespace venuebox::library {
namespace {
using client::TransportError;
using net::Delivery;
using After = net::Delivery::After;

// "200 body after ms", or what kept it away.
std::string seen(const Delivery& how, Nanoseconds deadline = seconds(10)) {
  const Arrival arrival =
      arrival_of(how, {.status = 200, .headers = {}, .body = "0123456789"}, deadline);
  const auto ms = std::to_string(arrival.after.raw / 1'000'000);
  if (const auto* error = std::get_if<TransportError>(&arrival.result)) {
    EXPECT_TRUE(error->may_have_arrived);
    return (error->kind == TransportError::Kind::timeout ? "timeout after " : "closed after ") + ms;
  }
  return std::get<gateway::ClientResponse>(arrival.result).body + " after " + ms;
}

TEST(Arrival, OfWhatIsLate) {
  EXPECT_EQ(seen({.wait = milliseconds(30)}), "0123456789 after 30");
  EXPECT_EQ(seen({.wait = seconds(30)}), "timeout after 10000");
  EXPECT_EQ(seen({.body_bytes_max = 0, .rest_after = milliseconds(7)}), "0123456789 after 7");
  EXPECT_EQ(seen({.piece_bytes = 100, .piece_every = milliseconds(5)}), "0123456789 after 10");
}

TEST(Arrival, OfWhatEndsOrHangs) {
  EXPECT_EQ(seen({.bytes_max = 0, .after = After::silent}), "timeout after 10000");
  EXPECT_EQ(seen({.body_bytes_max = 3, .after = After::silent}, seconds(1)), "timeout after 1000");
  EXPECT_EQ(seen({.bytes_max = 0, .after = After::reset}), "closed after 0");
  EXPECT_EQ(seen({.wait = milliseconds(3), .body_bytes_max = 9, .after = After::half_closed}),
            "closed after 3");
}

TEST(Arrival, OfAnotherLength) {
  EXPECT_EQ(seen({.content_length = 4}), "0123 after 0");
  EXPECT_EQ(seen({.content_length = 11}), "timeout after 10000");
}

}  // namespace
}  // namespace venuebox::library
