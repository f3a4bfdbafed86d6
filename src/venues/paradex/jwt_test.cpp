#include "venues/paradex/jwt.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "crypto/base64url.h"

namespace venuebox::venues::paradex {
namespace {
constexpr std::uint64_t kBox = 77;
constexpr Timestamp kNow = timestamp_from_ms(1'750'000'000'900);

std::string part(const std::string& token, int index) {
  std::size_t start = 0;
  for (; index > 0; --index)
    start = token.find('.', start) + 1;
  return token.substr(start, token.find('.', start) - start);
}

// The subject, or the fault.
std::string read(std::string_view token, Timestamp now = kNow, std::uint64_t box = kBox) {
  const auto result = subject_of_token(box, token, now);
  if (const auto* subject = std::get_if<std::string>(&result)) return *subject;
  constexpr std::string_view kNames[]{"missing", "malformed", "foreign", "expired"};
  return std::string(kNames[static_cast<std::size_t>(std::get<TokenFault>(result))]);
}

TEST(Jwt, SaysWhoseItIsAndHowLong) {
  const std::string token = issued_token(kBox, "0xab", kNow);
  EXPECT_EQ(crypto::bytes_from_base64url(part(token, 0)), R"({"alg":"HS256","typ":"JWT"})");
  EXPECT_EQ(crypto::bytes_from_base64url(part(token, 1)),
            R"({"typ":"at+JWT","exp":1750000300,"iat":1750000000,)"
            R"("iss":"Paradex testnet","sub":"0xab"})");
  EXPECT_EQ(read(token), "0xab");
}

TEST(Jwt, EndsAfterFiveMinutes) {
  const std::string token = issued_token(kBox, "0xab", kNow);
  EXPECT_EQ(read(token, timestamp_from_ms(1'750'000'299'999)), "0xab");
  EXPECT_EQ(read(token, timestamp_from_ms(1'750'000'300'000)), "expired");
}

TEST(Jwt, AnotherBoxesIsForeign) {
  const std::string token = issued_token(kBox, "0xab", kNow);
  EXPECT_EQ(read(token, kNow, kBox + 1), "foreign");
  // Even where it has also expired: whose end it would be is not known.
  EXPECT_EQ(read(token, kNow + seconds(301), kBox + 1), "foreign");
}

TEST(Jwt, NoPartCanBeExchanged) {
  const std::string token = issued_token(kBox, "0xab", kNow);
  const std::string other = issued_token(kBox, "0xcd", kNow);
  EXPECT_EQ(read(part(token, 0) + "." + part(other, 1) + "." + part(token, 2)), "foreign");
  const std::string no_algorithm = crypto::base64url(R"({"alg":"none","typ":"JWT"})");
  EXPECT_EQ(read(no_algorithm + "." + part(token, 1) + "." + part(token, 2)), "foreign");
  EXPECT_EQ(read(no_algorithm + "." + part(token, 1) + "."), "foreign");
}

TEST(Jwt, OtherTextIsNone) {
  const std::string token = issued_token(kBox, "0xab", kNow);
  EXPECT_EQ(read(""), "missing");
  for (const std::string& text :
       {std::string("valid_mock_token"), std::string(".."), std::string("a.b"),
        std::string("dummy.jwt.token"), token + ".e30", part(token, 0) + "." + part(token, 1),
        part(token, 0) + "." + part(token, 1) + ".=", std::string(5'000, 'a'), " " + token}) {
    EXPECT_EQ(read(text), "malformed") << text;
  }
}

RC_GTEST_PROP(Jwt, NoChangedByteIsLetIn, (std::uint8_t where, std::uint8_t bit)) {
  std::string token = issued_token(kBox, "0xab", kNow);
  char& byte = token[where % token.size()];
  byte = static_cast<char>(byte ^ (1 << (bit % 7)));
  RC_ASSERT(std::holds_alternative<TokenFault>(subject_of_token(kBox, token, kNow)));
}

}  // namespace
}  // namespace venuebox::venues::paradex
